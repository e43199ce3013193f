"""The lines of a table as text: the header, a row, a row that is not loaded yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from rich.cells import cell_len

from fs_tui.tui.table.table_columns import GAP, Column, Cut, fit, fit_around, share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fs_tui.tui.table.table_rows import RowCells

__all__ = ["Find", "TableLines"]

Find: TypeAlias = "Callable[[str, str], Sequence[tuple[int, int]]]"
"""What of a text in a column is looked for: the column's key and the text to places in it."""

_CURSOR = "▌"
_CURSOR_BLURRED = "▏"
_MARKED = "•"
_IN_RANGE = "┆"
_NEW = "+"
_NOT_LOADED = "·"
_ASCENDING = "▲"
_DESCENDING = "▼"
_GUTTER = 2
"""Cells on the left: one for the cursor's bar, one for the mark's."""


class TableLines:
    """Lays out lines of `width` cells; every text that it returns has exactly that width.

    ▌•  1,234  e6f1…  user-17       …    gutter, row number, columns

    Args:
        columns: The columns after the row number.
        number_width: Cells of the longest row number.
        width: Cells of a line, 0 or more.
        texts: Cells of each column's widest text.
    """

    def __init__(
        self, columns: Sequence[Column], number_width: int, width: int, texts: Sequence[int] = ()
    ) -> None:
        self.width = width
        number_width = max(1, number_width)
        # The row number goes when there is room for the most important column only.
        rank = max((column.priority for column in columns), default=1) - 1
        number = Column("", "#", number_width, max_width=number_width, weight=0, priority=rank)
        self._columns = (number, *columns)
        self._texts = (number_width, *texts, *[0] * (len(columns) - len(texts)))
        self.slots = share(self._columns, width - _GUTTER, self._texts)

    @property
    def least(self) -> int:
        """Cells of the narrowest line that shows all columns."""
        widths = [
            column.least(texts)
            for column, texts in zip(self._columns, self._texts, strict=True)
            if column.max_width != 0
        ]
        return _GUTTER + sum(widths) + GAP * (len(widths) - 1)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the columns that are drawn, from left to right."""
        return tuple(self._columns[slot.column].key for slot in self.slots)

    def key_at(self, x: int) -> str | None:
        """The key of the column at a cell of the line, "" for the row number, None for none."""
        for slot in self.slots:
            if slot.x <= x - _GUTTER < slot.x + slot.width:
                return self._columns[slot.column].key
        return None

    def header(self, order: str | None, *, descending: bool) -> str:
        """The line of titles, with the arrow of the order at the column with the key `order`."""
        titles = []
        for slot in self.slots:
            column = self._columns[slot.column]
            title = column.title
            if column.key == order:
                arrow = _DESCENDING if descending else _ASCENDING
                title = f"{title} {arrow}"
                if cell_len(title) > slot.width:
                    title = fit(column.title, slot.width - 1) + arrow
            titles.append(fit(title.rjust(slot.width) if slot.column == 0 else title, slot.width))
        return self._line("", titles)

    def row(
        self,
        row: RowCells,
        *,
        cursor: bool,
        focus: bool,
        in_range: bool = False,
        find: Find | None = None,
    ) -> str:
        """A row's line."""
        mark = _MARKED if row.marked else _IN_RANGE if in_range else _NEW if row.is_new else " "
        gutter = self._cursor_bar(cursor=cursor, focus=focus) + mark
        return self._line(gutter, [text for text, _ in self._shown(row, find)])

    def found(self, row: RowCells, find: Find) -> list[tuple[int, int]]:
        """What of a row's line was looked for, as first sign and the one behind the last."""
        places = []
        at, end = _GUTTER, 0
        for slot, (text, spans) in zip(self.slots, self._shown(row, find), strict=True):
            at += slot.x - end
            end = slot.x + slot.width
            places += [(at + first, at + last) for first, last in spans]
            at += len(text)
        return places

    def _shown(
        self, row: RowCells, find: Find | None
    ) -> Iterator[tuple[str, list[tuple[int, int]]]]:
        """The text of each slot in its cells, and what of it was looked for."""
        for slot in self.slots:
            if slot.column == 0:
                yield fit(row.number.rjust(slot.width), slot.width), []
                continue
            column, text = self._columns[slot.column], row.cells[slot.column - 1]
            shown = fit(text, slot.width, ellipsis=column.cut is not Cut.PREFIX)
            spans = [] if find is None else list(find(column.key, text))
            moved = 0
            if spans and not shown.startswith(text[: spans[0][1]]):
                shown, moved = fit_around(text, *spans[0], slot.width)
            end = len(shown)
            spans = [(first - moved, min(last - moved, end)) for first, last in spans]
            yield shown, [span for span in spans if span[0] < span[1]]

    def placeholder(self, index: int, *, cursor: bool, focus: bool) -> str:
        """The line of a row that is not loaded."""
        return self._line(
            self._cursor_bar(cursor=cursor, focus=focus),
            [
                fit(
                    f"{index + 1:,}".rjust(slot.width) if slot.column == 0 else _NOT_LOADED,
                    slot.width,
                )
                for slot in self.slots
            ],
        )

    def _cursor_bar(self, *, cursor: bool, focus: bool) -> str:
        if not cursor:
            return " "
        return _CURSOR if focus else _CURSOR_BLURRED

    def _line(self, gutter: str, texts: Sequence[str]) -> str:
        """A line of texts that fit their slots."""
        parts = [fit(gutter, min(_GUTTER, self.width))]
        end = 0
        for slot, text in zip(self.slots, texts, strict=True):
            parts.append(" " * (slot.x - end))
            parts.append(text)
            end = slot.x + slot.width
        parts.append(" " * (self.width - _GUTTER - end))
        return "".join(parts)
