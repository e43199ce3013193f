"""Ranking: at which row which person stands, and where the index has each.

By user id it needs the id of every 512th person: found in half a second among three million. By
faces or time it needs each person's number too, sorted. Rows are looked up as they are wanted.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from copy import copy
from typing import TYPE_CHECKING

from fs_tui.faces.persons import PeopleOrder

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from fs_tui.faces.index.people_moment import Moment
    from fs_tui.faces.index.sorter import Sorter
    from fs_tui.faces.persons import PersonRow

__all__ = ["Ranking"]

_EVERY = 512
"""People between two marks."""


class Ranking:
    """The rows of a moment, 0-based; that of the faces without a user id is the last one.

    Args:
        moment: What it shows.
        least: Who has fewer faces is left out.

    Attributes:
        order: In which order.
        persons: How many persons it has; while `counted` is not true, so far.
        counted: Whether all people were counted.
        nobody: The row of the faces without a user id, once they were counted.
    """

    def __init__(self, moment: Moment, least: int) -> None:
        self.moment = moment
        self.least = least
        self.order = PeopleOrder.USER_ID
        self.persons = 0
        self.nobody: PersonRow | None = None
        self.counted = False
        self._strides = 0
        self._ids: list[str] = []
        self._starts = array("I")
        self._numbers: array[int] | None = None

    def row_count(self) -> int:
        return self.persons + (self.nobody is not None)

    async def count(self) -> AsyncGenerator[None, None]:
        """Find out where everybody is, stride by stride."""
        async for stride in self.moment.strides():
            ids, persons = await self.moment.ids(stride, _EVERY, self.least)
            places = range(self.persons, self.persons + persons + 1, _EVERY)
            self._ids += [stride.after, *ids]
            self._starts.extend(places[: len(ids) + 1])
            self.persons += persons
            self._strides += 1
            yield
        self.nobody = await self.moment.nobody(least=self.least)
        self.counted = True

    async def ordered(
        self, order: PeopleOrder, sorter: Sorter, done: Callable[[float], None]
    ) -> Ranking:
        """The same people in another order; `done` is told how far it is, 0 to 1."""
        strides_done = 0
        try:
            async for keys in self.moment.keys(order, self.least):
                await sorter.put(keys)
                strides_done += 1
                done(min(1.0, strides_done / max(1, self._strides)))
            numbers = await sorter.ordered()
        finally:
            sorter.stop()
        other = copy(self)
        other.order, other._numbers = order, numbers  # noqa: SLF001 - its own class
        return other

    async def rows(self, first: int, last: int) -> list[PersonRow]:
        """The rows `first` to `last - 1`, as far as there are any."""
        end = min(last, self.persons)
        places: list[tuple[str, int, int]] = []
        if self._numbers is not None:
            places = [self._place(number, 1) for number in self._numbers[first:end]]
        elif first < end:
            places = [self._place(first, end - first)]
        found = await self.moment.people(places, least=self.least) if places else []
        if self.nobody is not None and first <= self.persons < last:
            found.append(self.nobody)
        return found

    def _place(self, number: int, count: int) -> tuple[str, int, int]:
        """Where the person of a number is found, and the following ones."""
        mark = bisect_right(self._starts, number) - 1
        return self._ids[mark], number - self._starts[mark], count
