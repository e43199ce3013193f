"""What a table asks its rows from, and the few of them that it remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["EmptySource", "RowCells", "RowSource", "RowWindow"]


class RowCells(NamedTuple):
    """What one row shows. Every text has passed `visible()` already and is one line.

    Attributes:
        number: The row number or position, as it is to be shown.
        cells: One text for each of the table's columns, in their order.
        marked: Whether the user has marked the row.
        is_new: Whether it has come a moment ago.
        item: What it shows, for whoever asks what is under the cursor; the table leaves it alone.
    """

    number: str
    cells: tuple[str, ...]
    marked: bool = False
    is_new: bool = False
    item: object = None


class RowSource(Protocol):
    """Where the rows come from. Called while drawing: answers at once, and never raises.

    Whoever changes what it answers says so by `PagedDataTable.source_changed`.
    """

    def row_count(self) -> int:
        """How many rows the table has, those included that are known but not loaded."""

    def number_width(self) -> int:
        """How many cells the longest row number takes."""

    def rows(self, first: int, last: int) -> Sequence[RowCells | None]:
        """The rows `first` to `last - 1`, 0-based; None for each one that is not loaded.

        Always `last - first` of them; the table never asks beyond `row_count()`.
        """


class EmptySource:
    """A source without rows, for a table that has not been given any."""

    def row_count(self) -> int:
        """No rows."""
        return 0

    def number_width(self) -> int:
        """No room."""
        return 0

    def rows(self, first: int, last: int) -> Sequence[RowCells | None]:
        """Nothing is loaded."""
        return [None] * (last - first)


class RowWindow:
    """The rows around what is visible, fetched from a source in blocks and forgotten soon."""

    BLOCK = 64
    """Rows that are fetched together."""

    KEPT = 6
    """Blocks that are remembered: enough for a tall screen and what lies before and after it."""

    def __init__(self, source: RowSource) -> None:
        self.source = source
        self.count = max(0, source.row_count())
        self._blocks: dict[int, Sequence[RowCells | None]] = {}

    def forget(self) -> None:
        """Forget the rows, and count anew."""
        self.count = max(0, self.source.row_count())
        self._blocks.clear()

    def remembered(self, index: int) -> RowCells | None:
        """One row as it was fetched last; None when it was not loaded, or not fetched lately."""
        block, offset = divmod(index, self.BLOCK)
        rows = self._blocks.get(block, ())
        return rows[offset] if offset < len(rows) else None

    def row(self, index: int) -> RowCells | None:
        """One row; None when it is not loaded."""
        block = index // self.BLOCK
        if block not in self._blocks:
            while len(self._blocks) >= self.KEPT:
                del self._blocks[next(iter(self._blocks))]
            first = block * self.BLOCK
            self._blocks[block] = self.source.rows(first, min(first + self.BLOCK, self.count))
        return self.remembered(index)

    def wanted(self, first: int, last: int, screens: int) -> tuple[int, int] | None:
        """What is to be loaded while the rows `first` to `last - 1` are on screen.

        Args:
            first: 0-based.
            last: The last one plus 1.
            screens: As many screenfuls above and below are wanted too, the lower ones first.

        Returns:
            A range, which may lie beyond the last known row; None for nothing.
        """
        if on_screen := self.missing(first, last):
            return on_screen
        ahead = screens * (last - first)
        below = self.missing(last, last + ahead)
        if not below and last + ahead >= self.count:
            below = (self.count, self.count + ahead)
        return below or self.missing(first - ahead, first)

    def missing(self, first: int, last: int) -> tuple[int, int] | None:
        """The smallest range that holds every row of `first` to `last - 1` that is not loaded."""
        gaps = list(self._gaps(max(0, first), min(last, self.count)))
        return (gaps[0], gaps[-1] + 1) if gaps else None

    def _gaps(self, first: int, last: int) -> Iterator[int]:
        return (index for index in range(first, last) if self.row(index) is None)
