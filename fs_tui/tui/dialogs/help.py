"""The help: made from the real bindings, with the status line and the filter language."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from fs_tui.tui.bindings import SCROLLING
from fs_tui.tui.forms.dialog import LEAVE, Dialog, DialogBox
from fs_tui.tui.keys import GROUPS, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult
    from textual.geometry import Size

    from fs_tui.tui.keys import Action

__all__ = ["Help"]

_Section = tuple[str, tuple[tuple[str, str], ...]]
"""A heading and its lines: what it is called, what it means."""

_LEFT = 20
"""Cells of the left column."""

_STATUS: _Section = (
    "The line under the table says how much is known",
    (
        ("more exist", "the list goes on; moving down loads it"),
        ("all loaded", "the end was reached, so the number is the total"),
        ("incomplete", "the list ended early, it says why; r tries again"),
        ("hits in … faces", "the filter saw only these; enter extends it to all"),
    ),
)


class _HelpBox(DialogBox, can_focus=True):
    """A frame that takes the keys, to scroll."""

    BINDINGS: ClassVar[list[BindingType]] = [*SCROLLING]


class _Sections(Widget):
    """Headed lines in two columns, the right one wrapped within itself."""

    DEFAULT_CSS = "_Sections { width: 1fr; height: auto; margin-bottom: 1; }"

    def __init__(self, sections: Sequence[_Section]) -> None:
        super().__init__()
        self._sections = sections

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  Textual's signature
        """Count the lines that `render` makes in a width."""
        return len(self._lines(width))

    def render(self) -> Content:
        """Return all sections, a blank line between two."""
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        lines: list[Content] = []
        for title, entries in self._sections:
            if lines:
                lines.append(Content(""))
            lines.append(Content.styled(title, "bold $text-primary"))
            for left, right in entries:
                head, *tail = wrap(right, max(8, width - _LEFT)) or [""]
                lines.append(Content.assemble((f"  {left}".ljust(_LEFT), "bold"), head))
                lines.extend(Content(" " * _LEFT + line) for line in tail)
        return lines


class Help(Dialog[None]):
    """Returns nothing.

    Args:
        actions: Those that the run offers.
        here: What has the focus, in words.
        hints: The actions that matter there, with a word for each; they come first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1,q", "leave", "Close", show=False),
    ]

    def __init__(
        self, actions: Sequence[Action], here: str = "", hints: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__()
        self._actions = actions
        self._here = here
        self._hints = hints

    def compose(self) -> ComposeResult:
        """Show one long text; the frame scrolls."""
        with _HelpBox("Help", (("j/k", "scroll", "screen.page_down"), LEAVE)):
            from fs_tui.faces.filter_language import SYNTAX

            examples = tuple((example, meaning) for (example, *_), meaning in SYNTAX)
            filters = ("Filter: words, or a field and a colon", examples)
            yield _Sections([*self._keys(), filters, _STATUS])

    def action_page_down(self) -> None:
        """Scroll a page, for a click on the hint."""
        self.query_one(_HelpBox).scroll_page_down(animate=False)

    def _keys(self) -> Iterator[_Section]:
        known = {action.name: action for action in self._actions if action.keys}
        here = [(known[name], word) for name, word in self._hints if name in known]
        if here:
            lines = tuple((shown(action.keys[0]), _said(action, word)) for action, word in here)
            yield f"Here: {self._here}", lines
        for group in GROUPS:
            yield (
                group,
                tuple(
                    (" ".join(map(shown, action.keys)), action.label)
                    for action in self._actions
                    if action.group == group
                ),
            )


def _said(action: Action, word: str) -> str:
    """What a key does where one is: in general, behind the word for it there if that is another."""
    begins = action.label.casefold().startswith(word.casefold())
    return action.label if begins else f"{word} — {action.label}"
