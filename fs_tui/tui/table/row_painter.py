"""RowPainter: the lines of a table as strips in its colours; what was drawn lately is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip

from fs_tui.tui.table.table_lines import TableLines
from fs_tui.visible import cell_width, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from fs_tui.tui.table.table_columns import Column
    from fs_tui.tui.table.table_lines import Find
    from fs_tui.tui.table.table_rows import RowCells

__all__ = ["RowPainter"]


_AROUND = 2
"""Cells for the ellipses on either side of what is looked for."""

_MOST_FOUND = 36
"""Cells that a column is widened to, to show it."""


class RowPainter:
    """Draws lines of one width.

    Args:
        table: Whose component classes give the colours.
        columns: The columns after the row number.
    """

    def __init__(self, table: Widget, columns: Sequence[Column]) -> None:
        self._table = table
        self._strips: LRUCache[object, Strip] = LRUCache(512)
        self._fitted: object = None
        self._find: Find | None = None
        self._empty: tuple[str, ...] = ()
        self.lines = TableLines((), 0, 0)
        self.columns = tuple(columns)
        self.forget_texts()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Draw other columns; their texts are measured anew."""
        self.columns = tuple(columns)
        self.forget_texts()

    def forget_texts(self) -> None:
        """Forget how wide the texts are: those of other rows follow."""
        self._texts = [0] * len(self.columns)
        self._forget_found()

    def _forget_found(self) -> None:
        self._found = [0] * len(self.columns)

    def measure(self, rows: Iterable[RowCells | None]) -> None:
        """Take note of how wide texts are that are about to be drawn; columns never shrink."""
        for row in rows:
            if row is not None:
                for index, text in enumerate(row.cells):
                    length = len(text) if text.isascii() else cell_len(text)
                    self._texts[index] = max(self._texts[index], length)
                    if self._find is not None:
                        self._measure_found(self._find, index, text)

    def _measure_found(self, find: Find, index: int, text: str) -> None:
        """Take note of the room that what is looked for takes in a column."""
        for first, last in find(self.columns[index].key, text)[:1]:
            around = _AROUND if last - first < len(text) else 0
            cells = min(cell_len(text[first:last]) + around, _MOST_FOUND)
            self._found[index] = max(self._found[index], cells)

    def _shown_columns(self) -> Sequence[Column]:
        """The columns; one that holds what is looked for goes after all others."""
        if not any(self._found):
            return self.columns
        top = max(column.priority for column in self.columns)
        return [
            column.showing(cells, top) if cells else column
            for column, cells in zip(self.columns, self._found, strict=True)
        ]

    def fit(self, width: int, number_width: int) -> bool:
        """Lay the lines out in as many cells; returns whether they were others before."""
        fitted = (width, number_width, self.columns, *self._texts, *self._found)
        if fitted == self._fitted:
            return False
        self._fitted, before = fitted, self.lines
        self.lines = TableLines(self._shown_columns(), number_width, width, self._texts)
        if self.lines.slots == before.slots and width == before.width:
            return False
        self.forget()
        return True

    def forget(self) -> None:
        """Forget what was drawn: the colours are others now."""
        self._strips.clear()

    def header(self, order: str | None, *, descending: bool) -> Strip:
        """Draw the line of titles."""
        text = self.lines.header(order, descending=descending)
        return self._strip((text, self._table.get_component_rich_style("paged-table--header")))

    def look_for(self, find: Find | None) -> bool:
        """Let what `find` finds in texts stand out; returns whether lines look other now."""
        changes = find is not None or self._find is not None
        if changes:
            self._find = find
            self._forget_found()
            self.forget()
        return changes

    def row(
        self, index: int, row: RowCells | None, *, cursor: bool, in_range: bool = False
    ) -> Strip:
        """Draw a row, or the placeholder of one that is not loaded."""
        focus = self._table.has_focus
        style = self._style(index, row, cursor=cursor)
        # All but the item, which is not drawn.
        shown = index if row is None else row[:-1]
        key = (shown, cursor and focus, cursor, in_range, style)
        strip = self._strips.get(key)
        if strip is None:
            if row is None:
                text = self.lines.placeholder(index, cursor=cursor, focus=focus)
            else:
                text = self.lines.row(
                    row, cursor=cursor, focus=focus, in_range=in_range, find=self._find
                )
            strip = self._strips[key] = self._strip(*self._told_apart(text, row, style))
        return strip

    def say_empty(self, lines: tuple[str, ...]) -> bool:
        """Say in the middle of a table without rows why; returns whether it is said otherwise."""
        before, self._empty = self._empty, lines
        return before != lines

    def no_row(self, line: int | None, height: int) -> Strip:
        """Draw a line where no row is.

        Args:
            line: How far below the header it is where there are no rows at all, else None.
            height: How many lines there are below the header.
        """
        width = self.lines.width
        line = -1 if line is None else line - (height - len(self._empty)) // 2
        if not 0 <= line < len(self._empty):
            return Strip.blank(width, self._table.rich_style)
        text = visible(self._empty[line], limit=width)
        before = (width - cell_width(text)) // 2
        style = self._table.get_component_rich_style("paged-table--placeholder")
        return Strip([Segment(" " * before + text, style)]).adjust_cell_length(width, style)

    def _told_apart(self, text: str, row: RowCells | None, style: Style) -> list[tuple[str, Style]]:
        """The text of a line, with what is looked for in a style of its own."""
        if row is None or self._find is None:
            return [(text, style)]
        found = style + self._table.get_component_rich_style("paged-table--found", partial=True)
        runs, at = [], 0
        for first, last in self.lines.found(row, self._find):
            runs += [(text[at:first], style), (text[first:last], found)]
            at = last
        return [*runs, (text[at:], style)]

    def _style(self, index: int, row: RowCells | None, *, cursor: bool) -> Style:
        component = self._table.get_component_rich_style
        if cursor:
            return component("paged-table--cursor")
        style = component("paged-table--even" if index % 2 else "paged-table--odd")
        if row is None:
            # The partial style knows no ground, and would be white on a light one.
            style += Style(color=component("paged-table--placeholder").color)
        elif row.marked:
            style += component("paged-table--marked", partial=True)
        return style

    def _strip(self, *parts: tuple[str, Style]) -> Strip:
        """A line; neighbours of one style become one run, which halves the bytes on the wire."""
        segments = [Segment(text, style) for text, style in parts if text]
        return Strip(Segment.simplify(segments), self.lines.width)
