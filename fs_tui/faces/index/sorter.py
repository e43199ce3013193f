"""Sorter: sorts any number of keys without holding up the event loop.

One `ORDER BY` over five million rows takes seconds in one step, and during it a connection answers
nobody. So a private database in a thread of its own sorts them in one statement, which takes in
portion by portion while the next ones are read; only their numbers come back.

event loop                          thread
keys as JSON  ──some at once──►  json_each(portion()) … ORDER BY value, number
their numbers, sorted  ◄───────  a table of them
"""

from __future__ import annotations

import asyncio
import json
import queue
from array import array
from contextlib import suppress
from typing import TYPE_CHECKING

from fs_tui.faces.index.database import OPERATIONS
from fs_tui.faces.index.database_thread import DatabaseThread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fs_tui.faces.index.database import Database

__all__ = ["Sorter"]

_AT_ONCE = 4
_CACHE_KIB = 2_000
"""More is slower: what is sorted at once then outgrows the processor's own cache."""

_SCHEMA = (
    # At least 250 pages are sorted at once.
    "PRAGMA page_size = 8192",
    # Parts are sorted, and merged, beside the reading of the next one.
    "PRAGMA threads = 2",
    "CREATE TABLE sorted (place INTEGER PRIMARY KEY, number INTEGER)",
    "BEGIN",
)
_SORT = (
    "WITH RECURSIVE portions (keys, first) AS (SELECT portion(), ? UNION ALL"
    " SELECT portion(), first + json_array_length(keys) FROM portions WHERE keys IS NOT NULL)"
    " INSERT INTO sorted (number) SELECT first + key AS number FROM portions, json_each(keys)"
    " ORDER BY value, number"
)
"""The keys are stored nowhere; what a portion holds goes straight into the sorting."""

_SORTED = "SELECT json_group_array(number) FROM sorted WHERE place BETWEEN ? AND ?"
"""Together: one by one, to fetch the numbers would take as long as to sort the keys."""

_TOGETHER = 16_384

_OPERATIONS_A_KEY = 23
"""Of the two statements; it decides how steadily the share of what is done moves, and no more."""

_TELL_EVERY = 0.1
"""Seconds."""


class Sorter:
    """Equal keys follow each other as they came. Belongs to one event loop; cancelling is safe.

    Args:
        scratch: Makes the database (FaceStore.scratch).
        names: What stands for each key, in the order in which they come; a range where it can be
            one: to look up millions takes a quarter as long as to sort them.
    """

    def __init__(self, scratch: Callable[..., Database], names: Sequence[int]) -> None:
        self._names = names
        self._thread = DatabaseThread(scratch(*_SCHEMA, cache_kib=_CACHE_KIB))
        self._portions: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._loop = asyncio.get_running_loop()
        self._sorting: asyncio.Future[array[int]] | None = None

    async def put(self, keys: str) -> None:
        """Take in the next keys, a JSON array; returns before they are in, never far ahead.

        Raises:
            ResourceError: There is no room for them, or for those before.
        """
        if self._sorting is None:
            self._sorting = self._thread.begin(self._sort)
            # Nothing more is taken then; nobody is to wait for it.
            self._sorting.add_done_callback(lambda _: self._room.release())
        await self._room.acquire()
        if self._sorting.done():
            self._room.release()
            self._sorting.result()
        self._portions.put(keys)

    async def ordered(self, told: Callable[[float], None] = lambda _share: None) -> array[int]:
        """The names of all keys, the least key first, and null before all others.

        Args:
            told: Is told from time to time how much is done, 0 to 1.

        Raises:
            ResourceError: There is no room to sort them.
        """
        if self._sorting is None:
            return array("I")
        self._portions.put(None)
        while not (await asyncio.wait([self._sorting], timeout=_TELL_EVERY))[0]:
            told(min(1.0, self._thread.looks * OPERATIONS / _OPERATIONS_A_KEY / len(self._names)))
        return self._sorting.result()

    def stop(self) -> None:
        """Drop everything; nobody waits for it any more."""
        self._thread.close()
        self._portions.put(None)

    def _sort(self, database: Database) -> array[int]:
        """In the thread."""
        database.feed("portion", self._portion)
        names, result = self._names, array("I")
        start = names.start if isinstance(names, range) else None
        database.run(_SORT, (start or 0,))
        for first in range(1, len(names) + 1, _TOGETHER):
            ((numbers,),) = database.rows(_SORTED, (first, first + _TOGETHER - 1))
            some = json.loads(numbers)
            result.extend(some if start is not None else map(names.__getitem__, some))
        return result

    def _portion(self) -> str | None:
        """The next keys, once they are there; None behind the last ones."""
        keys = self._portions.get()
        # The event loop may be closed by now.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._room.release)
        return keys
