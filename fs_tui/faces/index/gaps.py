"""Gaps: where faces were taken out of a kept index, whose rows keep their numbers for ever.

A row's number never changes: to number two million rows anew takes 13 seconds. The position of a
face is its row's number less the gaps before it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Gaps"]


class Gaps:
    """Numbers of rows that are there no more; both rows and positions count from 1."""

    def __init__(self, rows: Iterable[int] = ()) -> None:
        self._rows = sorted(rows)
        # A gap at row r is passed from this position on.
        self._positions = [row - before for before, row in enumerate(self._rows)]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows)

    def add(self, row: int) -> None:
        """A row was taken out."""
        insort(self._rows, row)
        self._positions = [number - before for before, number in enumerate(self._rows)]

    def row(self, position: int) -> int:
        """The row of the face at a position."""
        return position + bisect_right(self._positions, position)

    def position(self, row: int) -> int:
        """The position of the face of a row that is there."""
        return row - bisect_left(self._rows, row)
