"""StatusLine: under the table, the truth about completeness."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from fs_tui.visible import visible

__all__ = ["StatusLine"]

_MOST_LINES = 3
"""As many as the style sheet allows."""


class StatusLine(Widget):
    """Says what is loaded and whether that is all.

    Attributes:
        summary: What it says.
    """

    DEFAULT_CSS = """
    StatusLine {
        height: auto;
        min-height: 1;
        max-height: 3;
        color: $text-muted;
        padding: 0 1;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.summary = ""

    def show(self, summary: str) -> None:
        """Say what is loaded and whether that is all."""
        summary = visible(summary, limit=400)
        if summary != self.summary:
            room = self.size.width
            self.summary, before = summary, self.summary
            self.refresh(layout=max(len(summary), len(before)) > room)

    def render(self) -> Content:
        """Return the words; where they need more room than there is, they end in an ellipsis."""
        summary = Content(self.summary)
        width = self.content_size.width
        lines = summary.wrap(width) if width else []
        if len(lines) <= _MOST_LINES:
            return summary
        last = (lines[_MOST_LINES - 1] + " …").truncate(width, ellipsis=True)
        return Content("\n").join([*lines[: _MOST_LINES - 1], last])
