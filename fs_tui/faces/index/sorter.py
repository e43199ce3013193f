"""Sorter: sorts any number of keys without holding up the event loop.

One `ORDER BY` over five million rows takes seconds in one step, and during it a connection answers
nobody. So the keys go, portion by portion, into a private database in a thread of its own; it sorts
there, and only their numbers come back.

event loop                          thread
keys as JSON  ──some at once──►  INSERT … SELECT FROM json_each
their numbers, sorted  ◄───────  SELECT rowid … ORDER BY key, rowid
"""

from __future__ import annotations

from array import array
from collections import deque
from itertools import chain
from typing import TYPE_CHECKING

from fs_tui.faces.index.database_thread import DatabaseThread
from fs_tui.tasks import start_task

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

    from fs_tui.faces.index.database import Database

__all__ = ["Sorter"]

_AT_ONCE = 4
_CACHE_KIB = 2_000
"""More is slower: what is sorted at once then outgrows the processor's own cache."""

_SCHEMA = (
    # A part is sorted beside the reading of the next one.
    "PRAGMA threads = 1",
    "CREATE TABLE keys (key)",
    # Those that follow are numbered from 0: a number that is reckoned would be sorted with them.
    "INSERT INTO keys (rowid, key) VALUES (-1, NULL)",
)
_SORTED = "SELECT rowid FROM keys WHERE rowid >= 0 ORDER BY key, rowid"


class Sorter:
    """Keys are numbered from 0 as they come; equal ones follow by number. Cancelling is safe.

    Args:
        scratch: Makes the database (FaceStore.scratch).
    """

    def __init__(self, scratch: Callable[..., Database]) -> None:
        self._thread = DatabaseThread(scratch(*_SCHEMA, cache_kib=_CACHE_KIB))
        self._adding: deque[asyncio.Task[None]] = deque()

    async def put(self, keys: str) -> None:
        """Take in the next keys, a JSON array; returns before they are in, never far ahead.

        Raises:
            ResourceError: There is no room for them, or for those before.
        """

        def add(database: Database) -> None:
            database.run("INSERT INTO keys SELECT value FROM json_each(?)", (keys,))

        self._adding.append(start_task(self._thread.run(add), name="keys"))
        if len(self._adding) >= _AT_ONCE:
            await self._adding.popleft()

    async def ordered(self, names: Sequence[int]) -> array[int]:
        """What is at the numbers of all keys, the least key first, and null before all others.

        Args:
            names: What stands for each key, by its number.

        Raises:
            ResourceError: There is no room to sort them.
        """
        while self._adding:
            await self._adding.popleft()
        return await self._thread.run(lambda database: _sort(database, names))

    def stop(self) -> None:
        """Drop everything; nobody waits for it any more."""
        self._thread.close()
        for task in self._adding:
            if not task.cancel() and not task.cancelled():
                task.exception()  # It was told already, or the same comes of the next one.


def _sort(database: Database, names: Sequence[int]) -> array[int]:
    result = array("I")
    for some in database.batches(_SORTED):
        result.extend(map(names.__getitem__, chain.from_iterable(some)))
    return result
