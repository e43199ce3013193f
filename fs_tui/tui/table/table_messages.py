"""What a table says to its parent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from textual.widget import Widget

__all__ = ["ColumnsMeasured", "HeaderSelected", "RowHighlighted", "RowsWanted"]


class _OfTable(Message):
    """Of several that wait, only a table's last one of a kind matters."""

    def __init__(self, table: Widget) -> None:
        super().__init__()
        self.table = table

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, type(self)) and message.table is self.table


class RowHighlighted(_OfTable, namespace="paged_data_table"):
    """The cursor came to a row, or was hidden, or the row under it has changed.

    Attributes:
        cursor_row: The row's 0-based index.
    """

    def __init__(self, table: Widget, cursor_row: int) -> None:
        super().__init__(table)
        self.cursor_row = cursor_row


class ColumnsMeasured(_OfTable, namespace="paged_data_table"):
    """The columns need other room than before to be shown all: `least_width` says how much."""


class HeaderSelected(_OfTable, namespace="paged_data_table"):
    """A click on a column's title.

    Attributes:
        key: The column's key; empty for the row numbers.
    """

    def __init__(self, table: Widget, key: str) -> None:
        super().__init__(table)
        self.key = key

    def can_replace(self, message: Message) -> bool:  # noqa: ARG002  Textual's signature
        """Each click counts: a second one turns the order round."""
        return False


class RowsWanted(_OfTable, namespace="paged_data_table"):
    """Rows that are visible, or will be soon, are not loaded.

    Posted again only when the range differs or the source has changed since.

    Attributes:
        first: The first row that is wanted, 0-based.
        last: The last one plus 1; may lie beyond `row_count`: the user comes near the end of what
            is known.
    """

    def __init__(self, table: Widget, first: int, last: int) -> None:
        super().__init__(table)
        self.first = first
        self.last = last
