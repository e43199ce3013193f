"""A question with two answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from fs_tui.tui.forms.choice import Choice
from fs_tui.tui.forms.dialog import HEIGHTS, WIDTHS, DialogBox, OneAnswer
from fs_tui.visible import visible

if TYPE_CHECKING:
    from textual.app import ComposeResult

__all__ = ["Confirm"]


class Confirm(OneAnswer[bool], ModalScreen[bool]):
    """Returns True for yes; esc is no, and so is enter unless yes was chosen before.

    Args:
        question: One short sentence of ours, the title.
        detail: What it is about; may hold text from outside, raw.
        yes: The word for yes.
        no: The word for no.
    """

    DEFAULT_CSS = """
    Confirm {
        align: center middle;
        background: $background 60%;
    }
    Confirm DialogBox { width: 60; }
    Confirm Static { margin-bottom: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "answer(False)", "No", show=False),
        Binding("y", "answer(True)", "Yes", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    def __init__(
        self, question: str, *, detail: str = "", yes: str = "Yes", no: str = "No"
    ) -> None:
        super().__init__()
        self._question = question
        self._detail = detail
        self._choice: Choice[bool] = Choice("", ((False, no), (True, yes)))

    def compose(self) -> ComposeResult:
        """Show the question, what it is about, and the answers."""
        hints = (
            ("y", "yes", "screen.answer(True)"),
            ("n", "no", "screen.answer(False)"),
            ("enter", "takes the highlighted one", ""),
        )
        with DialogBox(self._question, hints):
            if self._detail:
                yield Static(Content(visible(self._detail, limit=2000)), markup=False)
            yield self._choice

    def on_choice_submitted(self, event: Choice.Submitted) -> None:
        """Enter takes the marked answer."""
        event.stop()
        self.dismiss(self._choice.value)

    def on_choice_clicked(self, event: Choice.Clicked) -> None:
        """A click is an answer."""
        event.stop()
        self.dismiss(self._choice.value)

    def action_answer(self, answer: bool) -> None:  # noqa: FBT001  an action's argument is positional
        """Answer at once."""
        self.dismiss(answer)
