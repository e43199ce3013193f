"""PeopleTable: user ids and times of a store's faces, indexed together, in a thread.

store ──► portions ──► keys (n, user_id, added_ms) ──► their index ──► Moment: people, counts
  ▲ what comes later is added behind; where what was there has changed, all is begun anew
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from fs_tui.faces.index.database_thread import DatabaseThread
from fs_tui.faces.index.people_moment import Moment
from fs_tui.faces.ranges import RangeSet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fs_tui.faces.index.database import Database
    from fs_tui.faces.index.store import FaceStore
    from fs_tui.faces.query import Query

__all__ = ["PeopleTable"]

_PORTION = 8_192
"""Positions that are looked at in one step: some milliseconds."""

_AT_ONCE = 4
"""Portions that are on their way into the database together."""

_CACHE_KIB = 16_000

_TABLE = "CREATE TABLE keys (n INTEGER PRIMARY KEY, user_id TEXT NOT NULL, added_ms INTEGER)"
_INDEX = "CREATE INDEX IF NOT EXISTS by_person ON keys (user_id, added_ms)"
_NO_INDEX = "DROP INDEX IF EXISTS by_person"

_TREE = (
    "CREATE TABLE keys (n INTEGER NOT NULL, user_id TEXT NOT NULL, added_ms INTEGER,"
    " PRIMARY KEY (user_id, n)) WITHOUT ROWID"
)
"""The same in one tree: in memory it takes a third of the room, 130 MB for five million faces. In a
file each portion would change nearly all of its pages."""


class PeopleTable:
    """Belongs to one event loop. Its database is private, and closed with it.

    Args:
        store: Where the faces are.
        query: What a face must pass to count; None lets all pass.

    Attributes:
        store: The same.
    """

    def __init__(self, store: FaceStore, query: Query | None = None) -> None:
        self.store = store
        self._query = query
        self._begin()

    def _begin(self) -> None:
        table = _TREE if self.store.is_kept else _TABLE
        database = self.store.scratch(table, "BEGIN", cache_kib=_CACHE_KIB)
        self._thread = DatabaseThread(database)
        self._writing: deque[asyncio.Future[None]] = deque()
        self._faces = 0
        self._looked_at = RangeSet()
        self._edits = self.store.edits

    @property
    def covered(self) -> int:
        """How many faces of the store were looked at."""
        return self._looked_at.count

    @property
    def behind(self) -> bool:
        """Whether the store holds what was not looked at, or holds it no more as it was."""
        store = self.store
        return not store.closed and (store.stored.count, store.edits) != (self.covered, self._edits)

    async def moment(self, done: Callable[[int], None] = lambda _covered: None) -> Moment:
        """Take in what the store holds; all that was taken in so far.

        Args:
            done: Is told how many faces of the store were looked at.

        Raises:
            ResourceError: This machine has no room for it.
        """
        store = self.store
        if store.edits != self._edits:
            # Rows of the table are never changed: people who look at it would see both states.
            self.close()
            self._begin()
        if store.stored.count - self.covered > self._faces:
            # More are to come than there are: the index is made faster when they are there.
            await self._write(self._drop_index)
        for first, last in store.steps():
            for start, end in list(store.stored.within(first, last)):
                for missing, behind in list(self._looked_at.missing(start, end)):
                    for new in range(missing, behind, _PORTION):
                        await self._take_in(new, min(new + _PORTION, behind))
                        done(self.covered)
        await self._write(self._make_index)
        return Moment(self._thread, self._faces, in_memory=store.is_kept)

    async def _take_in(self, first: int, last: int) -> None:
        if self.store.closed:
            return
        keys = self.store.people(self._query, first, last)
        self.store.read_through()
        # Before it waits: they come in, even where waiting for them is cancelled.
        self._looked_at.add(first, last)
        await self._write(lambda database: self._insert(database, keys), _AT_ONCE - 1)
        await asyncio.sleep(0)

    def _insert(self, database: Database, keys: str | Sequence[tuple[str, int | None]]) -> None:
        if isinstance(keys, str):
            # A statement over all of them leaves the interpreter to the others meanwhile. In the
            # order of the people they lie side by side there.
            database.run(
                "INSERT INTO keys (n, user_id, added_ms) SELECT ? + key,"
                " json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS added"
                " FROM json_each(?) ORDER BY id, added",
                (self._faces + 1, keys),
            )
            self._faces += database.rows("SELECT changes()")[0][0]
        else:
            insert = "INSERT INTO keys (n, user_id, added_ms) VALUES (?, ?, ?)"
            numbered = enumerate(keys, self._faces + 1)
            database.run_each(insert, ((number, *pair) for number, pair in numbered))
            self._faces += len(keys)

    def _drop_index(self, database: Database) -> None:
        # It stays while it is read: people are being listed.
        if not self.store.is_kept and not database.answering:
            database.run(_NO_INDEX)

    def _make_index(self, database: Database) -> None:
        if not self.store.is_kept:
            database.run(_INDEX)

    async def _write(self, work: Callable[[Database], None], most: int = 0) -> None:
        """Begin to change the database, and wait until no more than so many are under way.

        Whoever waits for it may be cancelled, but not the work: it would leave it broken.
        """
        self._writing.append(self._thread.begin(work))
        while len(self._writing) > most:
            first = self._writing[0]
            await asyncio.wait([first])
            if self._writing and self._writing[0] is first:
                self._writing.popleft().result()

    def close(self) -> None:
        """Drop everything; who waits for something is cancelled."""
        self._thread.close()
