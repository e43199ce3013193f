"""A table of any number of rows that draws what is visible and stores nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message
from textual.scroll_view import ScrollView

from fs_tui.tui.widgets.table_columns import Column
from fs_tui.tui.widgets.table_rows import EmptySource, RowCells, RowSource

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Column", "EmptySource", "PagedDataTable", "RowCells", "RowSource"]


class PagedDataTable(ScrollView, can_focus=True):
    """DataTable's manners without its storage: rows come from a `RowSource` as they are drawn.

    Args:
        columns: The columns after the row number, which the table draws by itself.

    Attributes:
        cursor_row: The 0-based index of the row with the cursor; 0 when there are no rows.
    """

    class RowMessage(Message):
        """Something about one row.

        Attributes:
            table: The table.
            cursor_row: The row's 0-based index.
        """

        table: PagedDataTable
        cursor_row: int

    class RowHighlighted(RowMessage):
        """The cursor came to a row, or the row under it has changed (was loaded, for example)."""

    class RowSelected(RowMessage):
        """Enter, or a click on the row with the cursor."""

    class HeaderSelected(Message):
        """A click on a column's title.

        Attributes:
            table: The table.
            key: The column's key; empty for the row numbers.
        """

        table: PagedDataTable
        key: str

    class RowsWanted(Message):
        """Rows that are visible, or will be soon, are not loaded.

        Posted again only when the range differs or the source has changed since.

        Attributes:
            table: The table.
            first: The first row that is wanted, 0-based.
            last: The last one plus 1; may lie beyond `row_count()`: the user comes near the end of
                what is known.
            visible: Whether a row that is on screen is among them.
        """

        table: PagedDataTable
        first: int
        last: int
        visible: bool

    # bound: up, down, pageup, pagedown, home, end, ctrl+home, ctrl+end, enter; actions:
    # cursor_up, cursor_down, page_up, page_down, scroll_top, scroll_bottom, select_cursor

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self._columns = tuple(columns)

    @property
    def row_count(self) -> int:
        """How many rows the source has."""
        raise NotImplementedError

    @property
    def visible_rows(self) -> range:
        """The indices of the rows that are on screen."""
        raise NotImplementedError

    def set_source(self, source: RowSource, *, cursor_row: int = 0) -> None:
        """Show another source's rows, with the cursor at `cursor_row` (clamped)."""
        raise NotImplementedError

    def source_changed(self, first: int | None = None, last: int | None = None) -> None:
        """Say that the rows `first` to `last - 1` (without limits: any), or their number, changed.

        Cursor and scroll position stay as far as the rows still exist; only visible lines that
        look different are repainted.
        """
        raise NotImplementedError

    def set_order(self, key: str | None, *, descending: bool = False) -> None:
        """Show in the header which column orders the rows; None shows none, "" the numbers."""
        raise NotImplementedError

    def move_cursor(self, row: int) -> None:
        """Put the cursor on a row (clamped) and scroll it into view, without animation."""
        raise NotImplementedError

    def row_at_cursor(self) -> RowCells | None:
        """What the row with the cursor shows; None when it is not loaded or there is none."""
        raise NotImplementedError
