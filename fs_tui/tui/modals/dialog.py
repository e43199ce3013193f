"""What every dialogue has: a box with a title and key hints, one typed result, esc to leave."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

__all__ = ["Dialog", "DialogBox"]

ResultT = TypeVar("ResultT")


class DialogBox(VerticalScroll, can_focus=False):
    """The frame of a dialogue: scrolls when the terminal is lower than its content."""

    DEFAULT_CSS = """
    DialogBox {
        width: 76;
        max-width: 100%;
        height: auto;
        max-height: 100%;
        padding: 1 2;
        background: $surface;
        border: round $primary;
        border-title-color: $text;
        border-title-style: bold;
        border-subtitle-color: $text-muted;
        scrollbar-size-vertical: 1;
    }
    .-low DialogBox {
        padding: 0 2;
    }
    """

    def __init__(self, *, title: str, hints: str, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """Make the frame; `title` and `hints` are texts of ours, never from outside."""
        super().__init__(id=id)
        self.border_title = title
        self.border_subtitle = hints


class Dialog(ModalScreen[ResultT | None]):
    """A dialogue over the browser; its result is one typed value, or None when it was left."""

    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: $background 60%;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Close", show=False)]
    AUTO_FOCUS = "Input, OptionList, Button"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]  # noqa: RUF012 (Textual's own type)

    def action_leave(self) -> None:
        """Close without a result."""
        self.dismiss(None)
