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
        item: What it shows, for whoever asks what is under the cursor; the table leaves it alone.
    """

    number: str
    cells: tuple[str, ...]
    marked: bool = False
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

    def forget(self, first: int | None = None, last: int | None = None) -> None:
        """Forget the rows `first` to `last - 1` (all without limits), and count anew."""
        old_count, self.count = self.count, max(0, self.source.row_count())
        if first is None and last is None:
            self._blocks.clear()
            return
        low = 0 if first is None else first // self.BLOCK
        high = None if last is None else max(0, last - 1) // self.BLOCK
        # The block in which the table ended, or ends now, has another length.
        edge = min(old_count, self.count) // self.BLOCK if old_count != self.count else None
        for block in list(self._blocks):
            inside = block >= low and (high is None or block <= high)
            if inside or (edge is not None and block >= edge):
                del self._blocks[block]

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

    def missing(self, first: int, last: int) -> tuple[int, int] | None:
        """The smallest range that holds every row of `first` to `last - 1` that is not loaded."""
        gaps = list(self._gaps(max(0, first), min(last, self.count)))
        return (gaps[0], gaps[-1] + 1) if gaps else None

    def _gaps(self, first: int, last: int) -> Iterator[int]:
        return (index for index in range(first, last) if self.row(index) is None)
