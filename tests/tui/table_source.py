"""Row sources for the tests of the paged table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App, ComposeResult

from fs_tui.tui.table.paged_table import PagedDataTable
from fs_tui.tui.table.table_columns import Column
from fs_tui.tui.table.table_messages import (
    ColumnsMeasured,
    HeaderSelected,
    RowHighlighted,
    RowsWanted,
)
from fs_tui.tui.table.table_rows import RowCells

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from textual.message import Message

COLUMNS = (
    Column("token", "Token", min_width=8, max_width=32, weight=2, priority=3),
    Column("user", "User", min_width=6, max_width=24, weight=1, priority=4),
    Column("data", "Data", min_width=6, weight=2, priority=1),
    Column("added", "Added", min_width=16, max_width=16, weight=0, priority=2),
)


class Rows:
    """A source of `count` rows of which those in `loaded` are there."""

    def __init__(self, count: int, loaded: Container[int] | None = None) -> None:
        self.count = count
        self.loaded: Container[int] = range(count) if loaded is None else loaded
        self.marked: set[int] = set()
        self.data: dict[int, str] = {}
        self.asked: list[tuple[int, int]] = []

    def row_count(self) -> int:
        return self.count

    def number_width(self) -> int:
        return len(f"{self.count:,}")

    def rows(self, first: int, last: int) -> Sequence[RowCells | None]:
        self.asked.append((first, last))
        return [self._row(index) if index in self.loaded else None for index in range(first, last)]

    def _row(self, index: int) -> RowCells:
        cells = (
            f"token-{index:026}",
            f"user-{index}",
            self.data.get(index, ""),
            "2026-02-01 12:00",
        )
        return RowCells(f"{index + 1:,}", cells, index in self.marked)


class TableApp(App[None]):
    """A table that fills the screen, and what it said."""

    def __init__(self, source: Rows, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self.source = source
        self.said: list[Message] = []

    def compose(self) -> ComposeResult:
        table = PagedDataTable(COLUMNS)
        table.set_source(self.source)
        yield table

    @property
    def table(self) -> PagedDataTable:
        return self.query_one(PagedDataTable)

    @property
    def lines(self) -> list[str]:
        """What is on the screen, without the scrollbar's column."""
        strips = self.screen._compositor.render_strips()
        return [strip.crop(0, self.size.width - 1).text for strip in strips]

    def on_paged_data_table_row_highlighted(self, message: RowHighlighted) -> None:
        self.said.append(message)

    def on_paged_data_table_header_selected(self, message: HeaderSelected) -> None:
        self.said.append(message)

    def on_paged_data_table_rows_wanted(self, message: RowsWanted) -> None:
        self.said.append(message)

    def on_paged_data_table_columns_measured(self, message: ColumnsMeasured) -> None:
        self.said.append(message)

    def wanted(self) -> list[tuple[int, int]]:
        return [
            (message.first, message.last)
            for message in self.said
            if isinstance(message, RowsWanted)
        ]

    def highlighted(self) -> list[int]:
        return [message.cursor_row for message in self.said if isinstance(message, RowHighlighted)]
