"""RangeSet: a set of positions, kept as few ranges as it can be."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["RangeSet"]


class RangeSet:
    """Positions as sorted, disjoint, half-open ranges that do not touch."""

    __slots__ = ("_ends", "_starts", "count")

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        self.count = 0
        """How many positions it holds."""

    def __contains__(self, position: int) -> bool:
        index = bisect_right(self._starts, position) - 1
        return index >= 0 and position < self._ends[index]

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self._starts, self._ends, strict=True)

    def __bool__(self) -> bool:
        return bool(self._starts)

    def add(self, first: int, last: int) -> None:
        """Add the positions `first` to `last - 1`."""
        if first >= last:
            return
        low = bisect_left(self._ends, first)
        high = bisect_right(self._starts, last)
        if low < high:
            first = min(first, self._starts[low])
            last = max(last, self._ends[high - 1])
            self.count -= sum(self._ends[i] - self._starts[i] for i in range(low, high))
        self._starts[low:high] = [first]
        self._ends[low:high] = [last]
        self.count += last - first

    def remove(self, first: int, last: int) -> None:
        """Remove the positions `first` to `last - 1`, where they are in it."""
        if first >= last:
            return
        low = bisect_right(self._ends, first)
        high = bisect_left(self._starts, last)
        if low >= high:
            return
        self.count -= sum(self._ends[i] - self._starts[i] for i in range(low, high))
        left, right = self._starts[low], self._ends[high - 1]
        kept = [(a, b) for a, b in ((left, first), (last, right)) if a < b]
        self._starts[low:high] = [a for a, _ in kept]
        self._ends[low:high] = [b for _, b in kept]
        self.count += sum(b - a for a, b in kept)

    def clear(self) -> None:
        """Empty it."""
        self._starts.clear()
        self._ends.clear()
        self.count = 0

    def end_of(self, position: int) -> int:
        """The first position from `position` on that is not in it."""
        index = bisect_right(self._starts, position) - 1
        return self._ends[index] if index >= 0 and position < self._ends[index] else position

    def start_of(self, position: int) -> int:
        """Where the run that is in it and ends with `position` begins; behind it if it is not."""
        index = bisect_right(self._starts, position) - 1
        return self._starts[index] if index >= 0 and position < self._ends[index] else position + 1

    def next_start(self, position: int) -> int | None:
        """The first position from `position` on that is in it."""
        if position in self:
            return position
        index = bisect_left(self._starts, position)
        return self._starts[index] if index < len(self._starts) else None

    def start_before(self, position: int) -> int:
        """The first position of the free run that ends with `position`, which is not in it."""
        index = bisect_right(self._ends, position) - 1
        return self._ends[index] if index >= 0 else 0

    def overlaps(self, first: int, last: int) -> bool:
        """Whether any position of `first` to `last - 1` is in it."""
        start = self.next_start(first)
        return start is not None and start < last

    def missing(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The ranges of `first` to `last - 1` that are not in it. It may grow meanwhile."""
        while first < last:
            first = self.end_of(first)
            if first >= last:
                return
            start = self.next_start(first)
            end = last if start is None else min(start, last)
            yield first, end
            first = end

    def within(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The ranges of `first` to `last - 1` that are in it."""
        while first < last:
            start = self.next_start(first)
            if start is None or start >= last:
                return
            end = min(self.end_of(start), last)
            yield start, end
            first = end
