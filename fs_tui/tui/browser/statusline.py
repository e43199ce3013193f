"""StatusLine: under the table, the truth about completeness, and the newest message."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.content import Content
from textual.widget import Widget

from fs_tui.visible import visible

if TYPE_CHECKING:
    from textual.timer import Timer

__all__ = ["Kind", "StatusLine"]

Kind = Literal["note", "brief", "wait", "error"]
"""A brief message is a note that goes away by itself."""

_MOST_LINES = 5
"""As many as the style sheet allows."""

_BRIEF_SECONDS = 8.0

_LIMIT = 300
"""Characters of a message."""

_PREFIXES = {"note": "", "brief": "", "wait": "… ", "error": "✗ "}


class StatusLine(Widget):
    """Line one says what is loaded and whether that is all; line two, if any, is a message."""

    DEFAULT_CSS = """
    StatusLine {
        height: auto;
        min-height: 1;
        max-height: 5;
        color: $text-muted;
        padding: 0 1;
    }
    StatusLine > .statusline--wait { color: $warning; }
    StatusLine > .statusline--error { color: $error; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"statusline--wait", "statusline--error"}

    def __init__(self) -> None:
        super().__init__()
        self._summary = ""
        self._message = ""
        self._kind: Kind = "note"
        self._fading: Timer | None = None

    @property
    def message(self) -> str:
        """What line two says; empty for none."""
        return self._message

    def show(self, summary: str) -> None:
        """Say what is loaded and whether that is all."""
        summary = visible(summary, limit=400)
        if summary != self._summary:
            room = self.size.width
            self._summary, before = summary, self._summary
            self.refresh(layout=max(len(summary), len(before)) > room)

    def say(self, message: str, kind: Kind = "note") -> None:
        """Show a message, or with an empty text none."""
        message = visible(message, limit=_LIMIT)
        if self._fading is not None:
            self._fading.stop()
            self._fading = None
        if message and kind == "brief":
            self._fading = self.set_timer(_BRIEF_SECONDS, partial(self.say, ""))
        if (message, kind) != (self._message, self._kind):
            height_changes = bool(message) != bool(self._message) or len(message) > self.size.width
            self._message, self._kind = message, kind
            self.refresh(layout=height_changes)

    def withdraw(self, message: str) -> None:
        """Show a message no longer, unless another one has taken its place."""
        if visible(message, limit=_LIMIT) == self._message:
            self.say("")

    def render(self) -> Content:
        """Return both lines; where they need more room than there is, they end in an ellipsis."""
        summary = Content(self._summary)
        if not self._message:
            return summary
        style = (
            self.get_visual_style(f"statusline--{self._kind}", partial=True)
            if self._kind in {"wait", "error"}
            else ""
        )
        between = "\n" if self._summary else ""
        both = Content.assemble(summary, between, (_PREFIXES[self._kind] + self._message, style))
        width = self.content_size.width
        lines = both.wrap(width) if width else []
        if len(lines) <= _MOST_LINES:
            return both
        last = (lines[_MOST_LINES - 1] + " …").truncate(width, ellipsis=True)
        return Content("\n").join([*lines[: _MOST_LINES - 1], last])
