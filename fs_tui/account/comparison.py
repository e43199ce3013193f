"""Comparison: two sides in the order of one key, merged; what is only here, only there, or differs.

A in order ─┐
            ├──► merge ──► Difference, one by one, and counts of all
B in order ─┘

What was not read to its end never makes something missing on its side: a key that is not there is
'not seen in what was read', and that is only counted.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Sequence

__all__ = ["Comparison", "Counts", "Difference", "Item", "Side", "Value"]

Value: TypeAlias = "str | int | None"

_TOGETHER = 1_000
"""Keys between which the event loop breathes."""


class Side(Enum):
    """Where something is."""

    ONLY_A = "only_a"
    ONLY_B = "only_b"
    DIFFERS = "differs"


class Item(NamedTuple):
    """What a side holds under one key.

    Attributes:
        key: By which it is compared.
        shown: The id as that side writes it.
        size: How many rows it holds.
        values: What it tells of them; on both sides in the same order.
    """

    key: str
    shown: str
    size: int
    values: tuple[Value, ...] = ()


class Difference(NamedTuple):
    """One key about which the sides do not agree.

    Attributes:
        side: How.
        a: What A holds; None where it holds nothing.
        b: What B holds.
    """

    side: Side
    a: Item | None
    b: Item | None

    @property
    def shown(self) -> str:
        """The id; where the sides write it in two ways the lesser one, whichever is A."""
        return min(item.shown for item in (self.a, self.b) if item is not None)


@dataclass(slots=True)
class Counts:
    """What was met; complete when the merge has ended.

    Attributes:
        equal: Keys about which both sides agree.
        only_a: Keys that B surely does not have.
        only_b: Keys that A surely does not have.
        differs: Keys that both have, with something else.
        unseen: Keys that were not seen, or not seen whole, on a side that was not read to its end.
    """

    equal: int = 0
    only_a: int = 0
    only_b: int = 0
    differs: int = 0
    unseen: int = 0

    @property
    def agree(self) -> bool:
        """Whether no difference was found."""
        return not (self.only_a or self.only_b or self.differs)


class Comparison:
    """Merges two sides, each in the order of its keys, each key once.

    Python compares texts by code points, which is the order of their bytes in UTF-8: SQLite's.

    Args:
        a: One side.
        b: The other.
        told: Which of the values both sides tell: the others are not compared.
        sized: Whether the sizes are compared. A side that was not read to its end may hold more
            than was seen, never fewer.
        whole_a: Whether A was read to its proven end.
        whole_b: Whether B was.
    """

    def __init__(
        self,
        a: Iterator[Item],
        b: Iterator[Item],
        *,
        told: Sequence[int],
        sized: bool,
        whole_a: bool = True,
        whole_b: bool = True,
    ) -> None:
        self.counts = Counts()
        self._a, self._b = a, b
        self.told = tuple(told)
        self._told_of = itemgetter(*self.told or [0])
        self.sized = sized
        self._whole_a = whole_a
        self._whole_b = whole_b

    async def differences(self) -> AsyncGenerator[list[Difference], None]:
        """Merge, and give what differs, some at a time; `counts` is whole when this has ended."""
        found: list[Difference] = []
        for number, difference in enumerate(self._merged(), 1):
            if difference is not None:
                found.append(difference)
            if not number % _TOGETHER:
                if found:
                    yield found
                    found = []
                await asyncio.sleep(0)
        if found:
            yield found

    def _merged(self) -> Iterator[Difference | None]:
        """What differs of each key, in order; None where nothing does, or that is not known."""
        a, b = next(self._a, None), next(self._b, None)
        while a is not None or b is not None:
            if b is None or (a is not None and a.key < b.key):
                yield self._only(Side.ONLY_A, a)
                a = next(self._a, None)
            elif a is None or b.key < a.key:
                yield self._only(Side.ONLY_B, b)
                b = next(self._b, None)
            else:
                yield self._compare(a, b)
                a, b = next(self._a, None), next(self._b, None)

    def _only(self, side: Side, item: Item | None) -> Difference | None:
        """What is on one side only, where the other was read to its end."""
        if side is Side.ONLY_A and self._whole_b:
            self.counts.only_a += 1
            return Difference(side, item, None)
        if side is Side.ONLY_B and self._whole_a:
            self.counts.only_b += 1
            return Difference(side, None, item)
        self.counts.unseen += 1
        return None

    def _compare(self, a: Item, b: Item) -> Difference | None:
        same = not self.told or self._told_of(a.values) == self._told_of(b.values)
        if same and (not self.sized or a.size == b.size):
            # Faces without a user id are nobody's.
            self.counts.equal += bool(a.key)
            return None
        if self.sized and not self._is_certain(a.size, b.size):
            self.counts.unseen += 1
            return None
        self.counts.differs += 1
        return Difference(Side.DIFFERS, a, b)

    def _is_certain(self, size_a: int, size_b: int) -> bool:
        """Whether what is missing of a side cannot make up for a difference."""
        if self._whole_a and self._whole_b:
            return True
        if self._whole_a:
            return size_b > size_a
        return self._whole_b and size_a > size_b
