"""RowPainter: the lines of a table as strips in its colours; what was drawn lately is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.cache import LRUCache
from textual.strip import Strip

from fs_tui.tui.table.table_lines import TableLines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from textual.widget import Widget

    from fs_tui.tui.table.table_columns import Column
    from fs_tui.tui.table.table_rows import RowCells

__all__ = ["RowPainter"]


class RowPainter:
    """Draws lines of one width.

    Args:
        table: Whose component classes give the colours.
        columns: The columns after the row number.
    """

    def __init__(self, table: Widget, columns: Sequence[Column]) -> None:
        self._table = table
        self._columns = tuple(columns)
        self._strips: LRUCache[object, Strip] = LRUCache(512)
        self.lines = TableLines(self._columns, 0, 0)

    def fit(self, width: int, number_width: int) -> bool:
        """Lay the lines out in as many cells; returns whether they were others before."""
        if (width, number_width) == (self.lines.width, self.lines.number_width):
            return False
        self.lines = TableLines(self._columns, number_width, width)
        self.forget()
        return True

    def forget(self) -> None:
        """Forget what was drawn: the colours are others now."""
        self._strips.clear()

    def header(self, order: str | None, *, descending: bool) -> Strip:
        """Draw the line of titles."""
        text = self.lines.header(order, descending=descending)
        return self._strip((text, self._table.get_component_rich_style("paged-table--header")))

    def row(self, index: int, row: RowCells | None, *, cursor: bool) -> Strip:
        """Draw a row, or the placeholder of one that is not loaded."""
        focus = self._table.has_focus
        style, number_style = self._styles(index, row, cursor=cursor)
        key = (row, None if row else index, cursor and focus, cursor, style, number_style)
        strip = self._strips.get(key)
        if strip is None:
            if row is None:
                parts = self.lines.placeholder(index, cursor=cursor, focus=focus)
            else:
                parts = self.lines.row(row, cursor=cursor, focus=focus)
            strip = self._strip((parts[0], number_style), (parts[1], style))
            self._strips[key] = strip
        return strip

    def _styles(self, index: int, row: RowCells | None, *, cursor: bool) -> tuple[Style, Style]:
        """The style of the row, and that of its number."""
        component = self._table.get_component_rich_style
        if cursor:
            style = component("paged-table--cursor")
            return style, style
        style = component("paged-table--even" if index % 2 else "paged-table--odd")
        if row is None:
            style += component("paged-table--placeholder", partial=True)
        elif row.marked:
            style += component("paged-table--marked", partial=True)
        return style, style + component("paged-table--row-number", partial=True)

    def _strip(self, *parts: tuple[str, Style]) -> Strip:
        """A line; neighbours of one style become one run, which halves the bytes on the wire."""
        segments = [Segment(text, style) for text, style in parts if text]
        return Strip(Segment.simplify(segments), self.lines.width)
