"""KeySample: parts millions of whole numbers, of which it keeps one of some, by their size."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ALL", "KeyRange", "KeySample"]

_ONE_OF = 64


class KeyRange(NamedTuple):
    """Numbers from the least to the most, both among them."""

    least: int
    most: int


ALL = KeyRange(1 - 2**63, 2**63 - 1)
"""Whatever SQLite can hold, but for its very least: that is no time, and no count."""


class KeySample:
    """Is told all numbers, in any order."""

    def __init__(self) -> None:
        self._kept: list[int] = []
        self._count = 0

    def add(self, numbers: Sequence[int]) -> None:
        """Take note of some."""
        self._kept += numbers[-self._count % _ONE_OF :: _ONE_OF]
        self._count += len(numbers)

    def parts(self, size: int) -> list[KeyRange]:
        """Ranges that ascend, together all there are; each has about `size` numbers at most.

        But a number that very many are has a range to itself, however many.
        """
        kept = sorted(self._kept)
        count = -(-self._count // size)
        cuts = Counter(kept[len(kept) * part // count] for part in range(1, count))
        found: list[KeyRange] = []
        first = ALL.least
        for cut, times in cuts.items():
            if times > 1 and first < cut:
                found.append(KeyRange(first, cut - 1))
                first = cut
            found.append(KeyRange(first, cut))
            first = cut + 1
        return [*found, KeyRange(first, ALL.most)]
