"""The programs that the benchmark compares with: `python -m tests.bench.apps NAME [WORD]…`.

datatable  the browser's three panes around Textual's DataTable with 2,000 rows
paged      the same panes around our table with five million rows

With `alone` the details of the row with the cursor are not shown; their pane is put away by
`no-details`, put below the table by `below`, and `no-sidebar` puts that away.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import DataTable, Static

from fs_tui.tui.table.paged_table import PagedDataTable
from fs_tui.tui.table.table_columns import Column
from fs_tui.tui.table.table_rows import RowCells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fs_tui.tui.table.table_messages import RowHighlighted

__all__: list[str] = []

_FIVE_MILLION = 5_000_000
_ROWS_OF_DATATABLE = 2_000

_COLUMNS = (
    Column("token", "Face token", min_width=9, max_width=32, weight=3, priority=3),
    Column("user_id", "User id", min_width=8, max_width=28, weight=2, priority=4),
    Column("user_data", "User data", min_width=8, weight=2, priority=1),
    Column("added", "Added", min_width=19, max_width=19, weight=0, priority=2),
)


def _cells(row: int) -> tuple[str, str, str, str]:
    token = f"{row * 2_654_435_761 % (1 << 128):032x}"
    return token, f"staff-{row:07}", f"note {row % 97}", "2026-02-01 12:30:15"


class Panes(App[None]):
    """A sidebar, a table, and the details of the row with the cursor."""

    CSS = """
    #sidebar { width: 26; height: 1fr; }
    DataTable { width: 1fr; height: 1fr; }
    #detail { width: 38; height: 1fr; }
    #detail Static { height: 1; margin-bottom: 1; }
    .below #detail { dock: bottom; width: 1fr; height: 8; }
    .below #detail Static { margin-bottom: 0; }
    .no-details #detail, .no-sidebar #sidebar { display: none; }
    """

    def __init__(self, *words: str) -> None:
        super().__init__()
        self._words = words
        detail = not {"alone", "no-details"} & {*words}
        self._fields = [Static("", markup=False) for _ in range(5)] if detail else []

    def panes(self, table: DataTable[str] | PagedDataTable) -> ComposeResult:
        with Horizontal(classes=" ".join(self._words)):
            yield Static("Libraries", id="sidebar")
            yield table
            with Vertical(id="detail"):
                yield from self._fields

    def show(self, row: int) -> None:
        for field, text in zip(self._fields, (f"face {row + 1:,}", *_cells(row)), strict=False):
            field.update(text)


class WithDataTable(Panes):
    """The reference."""

    def compose(self) -> ComposeResult:
        yield from self.panes(DataTable(cursor_type="row", zebra_stripes=True))

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_column("#", width=9)
        table.add_column("Face token", width=14)
        table.add_column("User id", width=13)
        table.add_column("User data", width=9)
        for row in range(_ROWS_OF_DATATABLE):
            table.add_row(f"{row + 1:,}", *_cells(row)[:3])

    def on_data_table_row_highlighted(self, message: DataTable.RowHighlighted) -> None:
        self.show(message.cursor_row)


class Computed:
    """Five million rows that cost nothing to hold."""

    def row_count(self) -> int:
        return _FIVE_MILLION

    def number_width(self) -> int:
        return len(f"{_FIVE_MILLION:,}")

    def rows(self, first: int, last: int) -> Sequence[RowCells | None]:
        return [RowCells(f"{row + 1:,}", _cells(row)) for row in range(first, last)]


class WithPagedTable(Panes):
    """Ours, without anything behind it."""

    def compose(self) -> ComposeResult:
        yield from self.panes(PagedDataTable(_COLUMNS))

    def on_mount(self) -> None:
        self.query_one(PagedDataTable).set_source(Computed())

    def on_paged_data_table_row_highlighted(self, message: RowHighlighted) -> None:
        self.show(message.cursor_row)


if __name__ == "__main__":
    name, *rest = sys.argv[1:]
    {"datatable": WithDataTable, "paged": WithPagedTable}[name](*rest).run()
