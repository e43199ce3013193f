"""A plain page whose text the terminal itself can select."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from fs_tui.tui.words import count
from fs_tui.visible import visible

if TYPE_CHECKING:
    from textual.app import ComposeResult

__all__ = ["PlainText", "SetMouse"]

_MOST_LINES = 2000
"""Nobody selects more with a mouse; more belongs into a file."""


class SetMouse(Protocol):
    """Switches mouse reports of the terminal on or off."""

    def __call__(self, *, on: bool) -> None:
        """Switch."""


class _Page(VerticalScroll, can_focus=True):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Down", show=False),
        Binding("k", "scroll_up", "Up", show=False),
        Binding("g", "scroll_home", "Top", show=False),
        Binding("G", "scroll_end", "Bottom", show=False),
        Binding("space", "page_down", "A page down", show=False),
    ]


class PlainText(Screen[None]):
    """Shows `text` without frames and scrollbars, from the first cell of each line.

    Args:
        text: What is to be selected, raw; shown through `visible`.
        what: What it is, a few words of ours, for the line at the top.
        set_mouse: Switches the app's mouse capture off while the page is open, and on again, so
            that the terminal's own selection works.
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

    def __init__(self, text: str, *, what: str, set_mouse: SetMouse) -> None:
        super().__init__()
        self._text = text
        self._what = what
        self._set_mouse = set_mouse

    def compose(self) -> ComposeResult:
        """Show one line about the page, then the text alone."""
        head = f"Select {self._what} with the mouse, copy as your terminal does · esc back"
        yield Static(Content(visible(head)), markup=False, classes="plain--head")
        with _Page():
            yield Static(self._content(), markup=False, classes="plain--text")

    def on_mount(self) -> None:
        """Give the mouse to the terminal."""
        self._set_mouse(on=False)

    def on_unmount(self) -> None:
        """Take the mouse back."""
        self._set_mouse(on=True)

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
