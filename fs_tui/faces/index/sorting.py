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
import queue
import sqlite3
import threading
from array import array
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from fs_tui.faces.index.store import CHUNK
from fs_tui.models import FACE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.faces.index.store import FaceStore
    from fs_tui.faces.query import Order

__all__ = ["ordered"]

_COLUMN = {field.name: field.source for field in FACE_FIELDS if field.ordered}
_AT_ONCE = 4
_SCATTERED = CHUNK // 4
_CACHE_KIB = 16_000
_FETCH = 4_096


async def ordered(store: FaceStore, positions: array[int], order: Order) -> array[int]:
    """Sort ascending positions, all of which are in the store, by an order.

    Equal keys follow by position; descending is the exact reverse. Cancelling it is safe.
    """
    if order.field:
        result = await _sorted(store, positions, _COLUMN[order.field])
    else:
        result = positions[:]
    if order.descending:
        result.reverse()
    return result


async def _sorted(store: FaceStore, positions: array[int], column: str) -> array[int]:
    sorter = _Sorter(positions)
    try:
        first = 0
        while first < len(positions):
            await sorter.room()
            part = positions[first : first + CHUNK]
            if part[-1] - part[0] == len(part) - 1:
                sorter.put(store.keys(column, part[0], part[-1] + 1))
            else:
                # Scattered rows lie on many pages of the database, and take longer each.
                part = part[:_SCATTERED]
                sorter.put(store.keys_at(column, part))
            first += len(part)
        return await sorter.result()
    finally:
        sorter.stop()


class _Sorter:
    """The thread, and what goes to it and comes back."""

    def __init__(self, positions: array[int]) -> None:
        self._positions = positions
        self._loop = asyncio.get_running_loop()
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._keys: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._done: asyncio.Future[array[int]] = self._loop.create_future()
        self._stopped = threading.Event()
        threading.Thread(target=self._run, name="sorting", daemon=True).start()

    async def room(self) -> None:
        """Wait until the thread can take another chunk; always lets the event loop breathe."""
        await asyncio.sleep(0)
        await self._free.acquire()
        if self._done.done():
            self._done.result()

    def put(self, keys: str) -> None:
        """Hand over the keys of the next positions."""
        self._keys.put(keys)

    async def result(self) -> array[int]:
        """The positions, sorted."""
        self._keys.put(None)
        return await self._done

    def stop(self) -> None:
        """Let the thread end."""
        self._stopped.set()
        self._keys.put(None)
        self._done.cancel()

    def _run(self) -> None:
        try:
            with closing(sqlite3.connect("", isolation_level=None)) as database:
                result = self._sort(database)
        except sqlite3.Error as error:
            self._tell(partial(self._fail, error))
        else:
            self._tell(partial(self._finish, result))

    def _fail(self, error: sqlite3.Error) -> None:
        if not self._done.done():
            self._done.set_exception(error)

    def _finish(self, result: array[int]) -> None:
        if not self._done.done():
            self._done.set_result(result)

    def _sort(self, database: sqlite3.Connection) -> array[int]:
        for setting in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KIB}"):
            database.execute(f"PRAGMA {setting}")
        database.execute("CREATE TABLE keys (key)")
        while (keys := self._keys.get()) is not None:
            database.execute("INSERT INTO keys SELECT value FROM json_each(?)", (keys,))
            self._tell(self._free.release)
        result = array("I")
        if self._stopped.is_set():
            return result
        database.set_progress_handler(self._stopped.is_set, 100_000)
        rows = database.execute("SELECT rowid - 1 FROM keys ORDER BY key, rowid")
        while some := rows.fetchmany(_FETCH):
            result.extend([self._positions[index] for (index,) in some])
        return result

    def _tell(self, what: Callable[[], object]) -> None:
        try:
            self._loop.call_soon_threadsafe(what)
        except RuntimeError:
            # The event loop is closed: nobody waits any more.
            self._stopped.set()
