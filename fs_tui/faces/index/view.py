"""View: which positions the rows show: all of them, or what a filter and an order left.

faces stored ──► met ──► hits (ascending) ──► sorted rows      what comes later is taken in
set_filter   ──► one chunk of positions after the other         hits appear as they are found
set_order    ──► sorting                                        rows stay as they are meanwhile
"""

from __future__ import annotations

import asyncio
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING

from fs_tui.faces.index.sorting import ordered
from fs_tui.faces.query import PLAIN, Order, Query
from fs_tui.faces.ranges import RangeSet
from fs_tui.faces.status import ViewStatus
from fs_tui.shortage import shortage
from fs_tui.tasks import start_task

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.errors import ResourceError
    from fs_tui.faces.index.store import FaceStore

__all__ = ["View"]

_PART = 49_152
"""Positions that a filter looks at in one step: about 8 ms."""

_SMALL = 20_000
"""Rows up to which an order is made anew for every page that comes."""

_GROWTH = 1.1
"""Growth after which a larger one is made anew while a scan runs."""


class View:
    """Rows of a store.

    Args:
        store: Where the faces are.
        changed: Called whenever rows changed.
        failed: Is told that this machine has no room to filter or to order.

    Attributes:
        more_coming: Whether more pages are on their way, so that a large order can wait for them.
        failure: Why it could not go on; None where it could.
    """

    def __init__(
        self,
        store: FaceStore,
        *,
        changed: Callable[[], None],
        failed: Callable[[ResourceError], None],
    ) -> None:
        self.more_coming = False
        self.failure: ResourceError | None = None
        self._store = store
        self._changed = changed
        self._failed = failed
        self._query: Query | None = None
        self._order = PLAIN
        self._stands = PLAIN
        self._share = 0.0
        self._seen = RangeSet()
        self._hits = array("I")
        self._rows: array[int] | None = None
        self._sorted = 0
        self._stale = False
        self._cursor = 1
        self._ticket = 0
        self._halted = False
        self._task: asyncio.Task[None] | None = None

    @property
    def query(self) -> Query | None:
        """The filter."""
        return self._query

    @property
    def order(self) -> Order:
        """The order."""
        return self._order

    @property
    def positions(self) -> array[int] | None:
        """The position of each row; None when the rows are the library's own. Not to be changed."""
        if self._order != PLAIN and self._rows is not None:
            return self._rows
        return None if self._query is None else self._hits

    @property
    def hits(self) -> array[int]:
        """What passed the filter, ascending. Not to be changed."""
        return self._hits

    @property
    def settled_now(self) -> bool:
        """Whether filter and order have taken in everything that is stored."""
        stored = self._store.stored.count
        looked = self._query is None or self._seen.count == stored
        return self._task is None and looked and (self._order == PLAIN or not self._stale)

    def status(self, *, complete: bool, extent: int) -> ViewStatus:
        """What the view is, for the status line."""
        positions = self.positions
        covered = self._store.stored.count if self._query is None else self._seen.count
        if self._query is None and self._order != PLAIN:
            covered = self._sorted
        return ViewStatus(
            filter_text="" if self._query is None else self._query.text,
            order=self._order,
            stands=self._stands,
            share=self._share,
            rows=extent if positions is None else len(positions),
            covered=covered,
            working=self._task is not None,
            whole=complete and self.settled_now,
        )

    def set_filter(self, query: Query | None) -> None:
        """Begin to show only what passes.

        Raises:
            ResourceError: The faces can be read no more.
        """
        if query is not None and self._store.failure is not None:
            raise self._store.failure
        self._query = query
        self._seen.clear()
        self._hits = array("I")
        self._rows, self._stands = None, PLAIN
        self._cursor = 1
        self._begin()

    def set_order(self, order: Order) -> None:
        """Begin to order the rows.

        Raises:
            ResourceError: The faces can be read no more.
        """
        if order != PLAIN and self._store.failure is not None:
            raise self._store.failure
        self._order = order
        if order == PLAIN:
            self._rows, self._stands = None, PLAIN
        self._begin()

    def met(self, first: int, last: int) -> None:
        """Faces were stored at the positions `first` to `last - 1`."""
        if self._query is not None:
            self._look(first, last)
        self._stale = True
        self._halted = False

    def follow(self) -> None:
        """Take in what was stored, now or when enough has come together."""
        if self._task is not None or self._halted or self.failure is not None:
            return
        if self._unseen() is not None or self._sort_is_due():
            self._task = start_task(self._work(), name="view")

    async def settled(self) -> None:
        """Wait until the filter and the order stand, or newer ones took their place.

        Raises:
            ResourceError: They cannot stand.
        """
        ticket = self._ticket
        while self._task is not None and ticket == self._ticket:
            await asyncio.wait([self._task])
        if self.failure is not None and ticket == self._ticket:
            raise self.failure

    def halt(self) -> None:
        """Stop working until faces come, a filter or an order is set; what was found stays.

        An order that does not stand yet is dropped.
        """
        if self._task is not None:
            self._drop_unmade_order()
            self._halted = True
        self._stop()

    def _drop_unmade_order(self) -> None:
        if self._order != PLAIN and not self._sorted:
            self._order = self._stands
            self._sorted = 0 if self._rows is None else len(self._rows)

    def _stop(self) -> None:
        self._ticket += 1
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self._changed()

    def _begin(self) -> None:
        self._stop()
        self._halted = False
        self.failure = None
        self._stale = True
        self._sorted = 0
        self._share = 0.0
        self.follow()
        self._changed()

    async def _work(self) -> None:
        ticket = self._ticket
        try:
            while True:
                if (part := self._unseen()) is not None:
                    self._look(*part)
                    self._cursor = part[1]
                    self._changed()
                    await asyncio.sleep(0)
                elif self._sort_is_due():
                    await self._sort()
                else:
                    return
        except Exception as error:
            short = shortage(error)
            if short is None:
                raise
            if ticket == self._ticket:
                self.failure = short
                self._drop_unmade_order()
                self._failed(short)
        finally:
            if ticket == self._ticket:
                self._task = None
                self._changed()

    def _unseen(self) -> tuple[int, int] | None:
        """The next positions that the filter has not looked at."""
        if self._query is None or self._seen.count == self._store.stored.count:
            return None
        start = self._store.stored.next_start(self._cursor)
        return None if start is None else (start, start + _PART)

    def _look(self, first: int, last: int) -> None:
        """Filter some positions; what was found there before is replaced."""
        if self._query is None:
            return
        found = self._store.hits(self._query, first, last)
        for start, end in list(self._store.stored.within(first, last)):
            self._seen.add(start, end)
        if not self._hits or self._hits[-1] < first:
            self._hits.extend(found)
        else:
            low, high = bisect_left(self._hits, first), bisect_left(self._hits, last)
            self._hits[low:high] = found

    def _sort_is_due(self) -> bool:
        if self._order == PLAIN or not self._stale:
            return False
        count = self._store.stored.count if self._query is None else len(self._hits)
        return count <= _SMALL or count >= self._sorted * _GROWTH or not self.more_coming

    async def _sort(self) -> None:
        self._stale = False
        self._share = 0.0
        try:
            positions = await self._base()
            order = self._order
            rows = await ordered(self._store, positions, order, self._note_share)
        except BaseException:
            self._stale = True
            raise
        self._rows, self._sorted, self._stands = rows, len(rows), order
        self._changed()

    def _note_share(self, share: float) -> None:
        """Take note of how much of an order is made; it never grows less."""
        self._share = max(self._share, min(share, 0.99))
        self._changed()

    async def _base(self) -> array[int]:
        """The positions that are to be ordered, ascending."""
        if self._query is not None:
            return self._hits[:]
        positions = array("I")
        for first, last in self._store.steps():
            for start, end in list(self._store.stored.within(first, last)):
                positions.extend(range(start, end))
            await asyncio.sleep(0)
        return positions
