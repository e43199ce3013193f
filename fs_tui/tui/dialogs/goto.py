"""Go to a position of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.tui.forms.dialog import LEAVE, Dialog, Hint
from fs_tui.tui.forms.field import Field
from fs_tui.tui.forms.form import Form
from fs_tui.words import count

if TYPE_CHECKING:
    from textual.app import ComposeResult

__all__ = ["GoToPosition"]

_HINTS: tuple[Hint, ...] = (("enter", "go", "screen.submit"), LEAVE)

_MOST_DIGITS = 10
"""No library holds ten thousand million faces."""


class GoToPosition(Dialog[int]):
    """Returns a 1-based position. `last` is the proven last one; None while the end is unknown."""

    DEFAULT_CSS = "GoToPosition DialogBox { width: 60; }"

    def __init__(self, *, last: int | None = None) -> None:
        super().__init__()
        self._last = last
        hint = "1 and up; the end is not known yet" if last is None else f"1 to {count(last)}"
        self._field = Field("Position", hint=hint, check=self._problem)
        self._form = Form("Go to position", _HINTS, [self._field], self.action_submit)

    def compose(self) -> ComposeResult:
        """Ask for one number."""
        with self._form:
            yield self._field
            yield self._form.notice

    def action_submit(self) -> None:
        """Return the number if it is a position."""
        if self._form.filled_in():
            self.dismiss(int(_digits(self._field.value)))

    def _problem(self, text: str) -> str:
        digits = _digits(text)
        if not digits:
            return "a number is needed"
        if not (digits.isascii() and digits.isdigit()):
            return "digits only"
        if len(digits) > _MOST_DIGITS:
            return "no library is that long"
        if int(digits) < 1:
            return "positions begin with 1"
        if self._last is not None and int(digits) > self._last:
            return f"the last one is {count(self._last)}"
        return ""


def _digits(text: str) -> str:
    """Return a number as it is read elsewhere on the screen (`2,500`) without its commas."""
    return text.replace(",", "").replace("_", "").replace(" ", "")
