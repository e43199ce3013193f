"""What every dialogue has: a frame with a title and key hints, one typed result, esc to leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.style import Style
from textual.widgets import Static

from fs_tui.visible import visible

if TYPE_CHECKING:
    from fs_tui.errors import FsTuiError

__all__ = [
    "HEIGHTS",
    "LEAVE",
    "TAB_BINDINGS",
    "WIDTHS",
    "Dialog",
    "DialogBox",
    "Hint",
    "Notice",
    "OneAnswer",
    "error_text",
    "hints_line",
]

ResultT = TypeVar("ResultT")

Hint = tuple[str, str, str]
"""A key as a person writes it, what it does, and the action of a click on it ("" for none)."""

WIDTHS: list[tuple[int, str]] = [(0, "-narrow"), (56, "-broad")]
"""Cells from which a form has room for long labels."""

HEIGHTS: list[tuple[int, str]] = [(0, "-low"), (24, "-high")]
"""Lines from which a form has room for air between its fields."""

LEAVE: Hint = ("esc", "close", "screen.leave")


class DialogBox(VerticalScroll, can_focus=False):
    """The frame of a dialogue: scrolls when the terminal is lower than its content."""

    SCOPED_CSS = False  # the screen's breakpoint classes are above this widget
    DEFAULT_CSS = """
    DialogBox {
        width: 76;
        max-width: 100%;
        height: auto;
        max-height: 100%;
        padding: 1 2 0 2;
        background: $surface;
        border: round $border;
        border-title-color: $foreground;
        border-title-style: bold;
        border-subtitle-color: $text-muted;
        scrollbar-size-vertical: 1;
    }
    .-narrow DialogBox { padding: 1 1 0 1; }
    .-low DialogBox { padding: 0 1; }
    """

    def __init__(self, title: str, hints: tuple[Hint, ...] = (LEAVE,)) -> None:
        super().__init__()
        self.border_title = Content(title)
        self.show_hints(hints)

    def show_hints(self, hints: tuple[Hint, ...]) -> None:
        """Name the keys that work now; a click on one does the same."""
        self.border_subtitle = hints_line(hints)


class Notice(Static):
    """A sentence of a dialogue: what it waits for, or what went wrong; takes no room when empty."""

    SCOPED_CSS = False  # the screen's breakpoint classes are above this widget
    DEFAULT_CSS = """
    Notice {
        display: none;
        margin-bottom: 1;
        color: $foreground;
        &.-said { display: block; }
        &.-error { color: $text-error; }
    }
    .-low Notice { margin-bottom: 0; }
    """

    def __init__(self) -> None:
        super().__init__(Content(""), markup=False)
        self.text = ""

    def say(self, text: str) -> None:
        """Show a text of ours, or none when it is empty."""
        self._show(text, error=False)

    def say_error(self, error: FsTuiError) -> None:
        """Show what happened and what to do next."""
        self._show("✗ " + error_text(error), error=True)

    def _show(self, text: str, *, error: bool) -> None:
        self.text = text
        self.set_class(bool(text), "-said")
        self.set_class(error, "-error")
        self.update(Content(text))
        if text:
            # Below the fold of a low terminal it would never be read.
            self.call_after_refresh(self.scroll_visible, animate=False)


def hints_line(hints: tuple[Hint, ...]) -> Content:
    """Return key hints for the lower border of a frame; an action of "" is not for clicking."""
    return Content(" · ").join(
        Content.styled(f"{key} {word}", Style.from_meta({"@click": action}) if action else "")
        for key, word, action in hints
    )


def error_text(error: FsTuiError) -> str:
    """Return an error's title, detail and hint, safe to show."""
    said = visible(str(error), limit=600).removesuffix(".") + "."
    return f"{said} {visible(error.hint)}".rstrip()


class OneAnswer(Screen[ResultT]):
    """A screen that closes once, and closes itself.

    Textual's `dismiss` takes away whatever screen is on top: two quick keys would take the browser
    with them, and an answer from the service the command palette.
    """

    _answered = False

    def dismiss(self, result: ResultT | None = None) -> AwaitComplete:
        """Close with a result, together with what lies above; later results are dropped."""
        if self._answered or self not in self.app.screen_stack:
            return AwaitComplete()
        self._answered = True
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)


TAB_BINDINGS = (
    Binding("tab", "app.focus_next", "Next field", show=False, priority=True),
    Binding("shift+tab", "app.focus_previous", "Previous field", show=False, priority=True),
)
"""With priority, or what is typed right behind the tab would reach the field before it."""


class Dialog(OneAnswer[ResultT | None], ModalScreen[ResultT | None]):
    """A dialogue over the browser; its result is one typed value, or None when it was left."""

    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: $background 60%;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close", show=False),
        *TAB_BINDINGS,
    ]
    AUTO_FOCUS = "*"
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    def action_leave(self) -> None:
        """Close without a result."""
        self.dismiss(None)
