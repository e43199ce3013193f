"""A plain page whose text the terminal itself can select."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from fs_tui.tui.bindings import SCROLLING
from fs_tui.tui.forms.dialog import OneAnswer
from fs_tui.visible import visible
from fs_tui.words import count

if TYPE_CHECKING:
    from textual.app import ComposeResult

__all__ = ["MouseOwner", "PlainText"]

_MOST_LINES = 2000
"""Nobody selects more with a mouse; more belongs into a file."""


class MouseOwner(Protocol):
    """Who takes the mouse from the terminal, and gives it back."""

    @property
    def mouse(self) -> bool:
        """Whether the mouse is taken."""

    def set_mouse(self, *, on: bool) -> None:
        """Take it, or give it back."""


class _Page(VerticalScroll, can_focus=True):
    BINDINGS: ClassVar[list[BindingType]] = [*SCROLLING]


class PlainText(OneAnswer[None]):
    """Shows `text` without frames and scrollbars, from the first cell of each line.

    Args:
        text: What is to be selected, raw; shown through `visible`.
        what: What it is, a few words of ours, for the line at the top.
        terminal: Gives the mouse to the terminal while the page is open (the app does).
    """

    DEFAULT_CSS = """
    PlainText {
        background: $background;
        .plain--head { height: 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        _Page { height: 1fr; scrollbar-size: 0 0; background: $background; }
        .plain--text { width: 1fr; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "Back", show=False),
    ]
    AUTO_FOCUS = "_Page"

    def __init__(self, text: str, *, what: str, terminal: MouseOwner) -> None:
        super().__init__()
        self._text = text
        self._what = what
        self._terminal = terminal
        self._had_mouse = terminal.mouse

    def compose(self) -> ComposeResult:
        """Show one line about the page, then the text alone."""
        head = f"Select {self._what} with the mouse, copy as your terminal does · esc back"
        yield Static(Content(visible(head)), markup=False, classes="plain--head")
        with _Page():
            yield Static(self._content(), markup=False, classes="plain--text")

    def on_mount(self) -> None:
        """Give the mouse to the terminal."""
        self._terminal.set_mouse(on=False)

    def on_unmount(self) -> None:
        """Take the mouse back if it was taken before."""
        if self._had_mouse:
            self._terminal.set_mouse(on=True)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)

    def _content(self) -> Content:
        lines = self._text.split("\n")
        shown = [visible(line, limit=None) for line in lines[:_MOST_LINES]]
        if len(lines) > _MOST_LINES:
            left = count(len(lines) - _MOST_LINES, "more line")
            shown.append(f"… {left}: export them to a file")
        return Content("\n".join(shown))
