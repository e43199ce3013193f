"""PeopleFeed: brings what a store holds into a people table, and what comes later behind it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fs_tui.faces.index.people_table import PeopleTable
from fs_tui.faces.ranges import RangeSet

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.faces.index.people_table import Moment
    from fs_tui.faces.index.store import FaceStore
    from fs_tui.faces.query import Query

__all__ = ["PeopleFeed"]


_PORTION = 8_192
"""Positions that are looked at in one step: some milliseconds."""


class PeopleFeed:
    """Belongs to one event loop. Its table is private, and closed with it.

    Args:
        store: Where the faces are.
        query: What a face must pass to count; None lets all pass.
    """

    def __init__(self, store: FaceStore, query: Query | None = None) -> None:
        self._store = store
        self._query = query
        self._table = self._made()
        self._fed = RangeSet()
        self._edits = store.edits

    def _made(self) -> PeopleTable:
        return PeopleTable(self._store.scratch, in_memory=self._store.is_kept)

    @property
    def covered(self) -> int:
        """How many faces of the store were looked at."""
        return self._fed.count

    @property
    def behind(self) -> bool:
        """Whether the store holds what was not looked at, or holds it no more as it was."""
        if self._store.closed:
            return False
        return self._store.stored.count != self._fed.count or self._store.edits != self._edits

    async def moment(self, done: Callable[[int], None] = lambda _covered: None) -> Moment:
        """Take in what the store holds; all that was taken in so far.

        Args:
            done: Is told how many faces of the store were looked at.

        Raises:
            ResourceError: This machine has no room for it.
        """
        if self._store.edits != self._edits:
            # Rows of the table are never changed: people who look at it would see both states.
            older, self._table = self._table, self._made()
            self._fed, self._edits = RangeSet(), self._store.edits
            await older.aclose()
        await self._table.expect(self._store.stored.count - self._fed.count)
        for first, last in self._store.steps():
            for start, end in list(self._store.stored.within(first, last)):
                for missing, behind in list(self._fed.missing(start, end)):
                    for new in range(missing, behind, _PORTION):
                        await self._take_in(new, min(new + _PORTION, behind))
                        done(self._fed.count)
        return await self._table.moment()

    async def _take_in(self, first: int, last: int) -> None:
        if self._store.closed:
            return
        keys = self._store.people(self._query, first, last)
        self._store.read_through()
        # Before it waits: they come in, even where waiting for them is cancelled.
        self._fed.add(first, last)
        await self._table.add(keys)
        await asyncio.sleep(0)

    async def aclose(self) -> None:
        """Drop the table."""
        await self._table.aclose()
