"""A text that repaints only the lines that change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Region
from textual.visual import Visual
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.strip import Strip

__all__ = ["LineText"]


class LineText(Widget):
    """Shows a text in the whole room of its parent; a longer one makes it as high as it needs.

    A Static repaints everything, and lays the screen out, for each text that it is given: with the
    details of a face beside the table that is most of what a move of the cursor has to send.

    Attributes:
        content: The text.
    """

    DEFAULT_CSS = """
    LineText {
        width: 1fr;
        height: auto;
        min-height: 100%;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.content = Content("")
        self._shown: list[Strip] = []

    def update(self, content: Content) -> None:
        """Show another text."""
        before, self.content = self._shown, content
        if not self.size:
            # What was drawn to see how much room it needs would stand.
            self.refresh(layout=True)
            return
        lines = self._lines()
        if max(len(lines), self._room) != self.size.height:
            self.refresh(layout=True)
            return
        blank: list[Strip | None] = [None] * abs(len(lines) - len(before))
        pairs = zip([*before, *blank], [*lines, *blank], strict=False)
        changed = [
            Region(0, y, max(_written(old), _written(new)), 1)
            for y, (old, new) in enumerate(pairs)
            if old != new
        ]
        if changed:
            self.refresh(*changed)

    def render(self) -> Content:
        """Return the text, and remember how it looks."""
        self._shown = self._lines() if self.size else []
        return self.content

    @property
    def _room(self) -> int:
        """Lines that the parent has for it."""
        parent = self.parent
        return parent.scrollable_content_region.height if isinstance(parent, Widget) else 0

    def _lines(self) -> list[Strip]:
        return Visual.to_strips(self, self.content, self.size.width, None, self.visual_style)


def _written(line: Strip | None) -> int:
    """Cells of a line up to the last one that is not blank: the blank ones stay as they are."""
    return 0 if line is None else cell_len(line.text.rstrip())
