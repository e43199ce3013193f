"""Sorts positions by a column without holding up the event loop.

One `ORDER BY` over five million rows takes seconds in one step, and during it the connection
answers nobody. So the keys go, chunk by chunk, into a second private database that belongs to a
daemon thread; it sorts there, and only the positions come back.

event loop                                    thread
keys of 16,384 positions as JSON  ──4 at once──►  INSERT … SELECT FROM json_each
positions, sorted                 ◄─────────────  SELECT rowid … ORDER BY key, rowid
"""

from __future__ import annotations

import asyncio
import json
import queue
import threading
from array import array
from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING

from fs_tui.background import start
from fs_tui.faces.index.store import CHUNK
from fs_tui.models import FACE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fs_tui.faces.index.database import Database
    from fs_tui.faces.index.store import FaceStore
    from fs_tui.faces.query import Order

__all__ = ["ordered"]

_COLUMN = {field.name: field.source for field in FACE_FIELDS if field.ordered}
_AT_ONCE = 4
_SCATTERED = CHUNK // 4
_CACHE_KIB = 2_000
"""More is slower: what is sorted at once then outgrows the processor's own cache."""

_SCHEMA = (
    # A part is sorted beside the reading of the next one.
    "PRAGMA threads = 1",
    "CREATE TABLE keys (key)",
)


async def ordered(store: FaceStore, positions: array[int], order: Order) -> array[int]:
    """Sort ascending positions, all of which are in the store, by an order.

    Equal keys follow by position; descending is the exact reverse. Cancelling it is safe.

    Raises:
        ResourceError: There is no room for the keys.
    """
    if order.field:
        result = await _sorted(store, positions, _COLUMN[order.field])
    else:
        result = positions[:]
    if order.descending:
        result.reverse()
    return result


async def _sorted(store: FaceStore, positions: array[int], column: str) -> array[int]:
    if await _in_order(store, positions, column):
        return positions[:]
    sorter = _Sorter(store, positions)
    try:
        for keys in _keys(store, positions, column):
            await sorter.room()
            sorter.put(keys)
        return await sorter.result()
    finally:
        sorter.stop()


async def _in_order(store: FaceStore, positions: array[int], column: str) -> bool:
    """Whether the keys never fall as it is: the service lists faces by the time of their creation.

    Where they do, the first chunk nearly always shows it.
    """
    before: list[str | int] = []
    for keys in _keys(store, positions, column):
        await asyncio.sleep(0)
        values = json.loads(keys)
        if None in values or before + values != sorted(before + values):
            return False
        before = values[-1:]
    return True


def _keys(store: FaceStore, positions: array[int], column: str) -> Iterator[str]:
    """The keys of ascending positions, a chunk at a time."""
    first = 0
    while first < len(positions):
        part = positions[first : first + CHUNK]
        if part[-1] - part[0] == len(part) - 1:
            yield store.keys(column, part[0], part[-1] + 1)
        else:
            # Scattered rows lie on many pages of the database, and take longer each.
            part = part[:_SCATTERED]
            yield store.keys_at(column, part)
        first += len(part)


class _Sorter:
    """The thread, and what goes to it and comes back."""

    def __init__(self, store: FaceStore, positions: array[int]) -> None:
        self._store = store
        self._positions = positions
        self._loop = asyncio.get_running_loop()
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._keys: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._sorted = asyncio.wrap_future(start(self._run))

    async def room(self) -> None:
        """Wait until the thread can take another chunk; always lets the event loop breathe."""
        await asyncio.sleep(0)
        await self._free.acquire()
        if self._stopped.is_set():
            await self._sorted

    def put(self, keys: str) -> None:
        """Hand over the keys of the next positions."""
        self._keys.put(keys)

    async def result(self) -> array[int]:
        """The positions, sorted."""
        self._keys.put(None)
        return await self._sorted

    def stop(self) -> None:
        """Let the thread end; nobody waits for it any more."""
        self._stopped.set()
        self._keys.put(None)
        if not self._sorted.cancelled() and not self._sorted.cancel():
            self._sorted.exception()

    def _run(self) -> array[int]:
        try:
            with closing(self._store.scratch(*_SCHEMA, cache_kib=_CACHE_KIB)) as database:
                return self._sort(database)
        except BaseException:
            self._stopped.set()
            raise
        finally:
            self._tell_of_room()

    def _sort(self, database: Database) -> array[int]:
        while (keys := self._keys.get()) is not None:
            database.run("INSERT INTO keys SELECT value FROM json_each(?)", (keys,))
            self._tell_of_room()
        result = array("I")
        if self._stopped.is_set():
            return result
        database.interrupt_when(self._stopped.is_set)
        position = self._positions.__getitem__
        for some in database.batches("SELECT rowid - 1 FROM keys ORDER BY key, rowid"):
            result.extend(map(position, chain.from_iterable(some)))
        return result

    def _tell_of_room(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._free.release)
        except RuntimeError:
            # The event loop is closed: nobody waits any more.
            self._stopped.set()
