"""KeyedTable: the rows of one side of a comparison, in the order of a key, in a thread.

rows ──► add ──► rows (key, …) ──► sorted once, on disk ──► persons or faces, some at a time

The database is private and leaves nothing behind. Keys are ordered by their bytes in UTF-8.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from fs_tui.faces.index.database import Database
from fs_tui.faces.index.database_thread import DatabaseThread
from fs_tui.tasks import start_task

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator, Sequence

__all__ = ["KeyedFace", "KeyedPerson", "KeyedRow", "KeyedTable"]

_AT_ONCE = 4
"""Portions that are on their way into the database together."""

_CACHE_KIB = 16_000

_PERSONS = (
    "SELECT key, min(shown), count(*), min(added_ms), max(added_ms) FROM rows"
    " GROUP BY key ORDER BY key"
)
_FACES = (
    # Where there are several, the columns are those of the first one.
    "SELECT key, shown, count(*), user_id, user_data, added_ms, min(rowid) FROM rows"
    " GROUP BY key ORDER BY key"
)


class KeyedRow(NamedTuple):
    """What is put in.

    Attributes:
        key: By which it is compared.
        shown: The id as it was given, where that is not the key.
        user_id: Of a face; None where that is not known.
        user_data: The same.
        added_ms: Milliseconds since 1970 UTC.
    """

    key: str
    shown: str | None = None
    user_id: str | None = None
    user_data: str | None = None
    added_ms: int | None = None


class KeyedPerson(NamedTuple):
    """All rows of one key, taken together.

    Attributes:
        key: As it was put in.
        shown: The least of the ids as they were given; None where that is the key.
        rows: How many there are, at least 1.
        first_ms: The earliest time; None where no row has one.
        last_ms: The latest.
    """

    key: str
    shown: str | None
    rows: int
    first_ms: int | None
    last_ms: int | None


class KeyedFace(NamedTuple):
    """The first row of one key.

    Attributes:
        rows: How many there are of that key, at least 1.
    """

    key: str
    shown: str | None
    rows: int
    user_id: str | None
    user_data: str | None
    added_ms: int | None


class KeyedTable:
    """Belongs to one event loop. Every method raises ResourceError where there is no room."""

    def __init__(self) -> None:
        schema = (
            "CREATE TABLE rows"
            " (key TEXT NOT NULL, shown TEXT, user_id TEXT, user_data TEXT, added_ms INTEGER)"
        )
        self._thread = DatabaseThread(Database(schema, "BEGIN", cache_kib=_CACHE_KIB))
        self._adding: deque[asyncio.Task[None]] = deque()

    async def add(self, rows: Sequence[KeyedRow]) -> None:
        """Take in some rows; returns before they are in, but never runs far ahead."""
        task = start_task(self._thread.run(lambda database: _insert(database, rows)), name="rows")
        self._adding.append(task)
        if len(self._adding) >= _AT_ONCE:
            await self._adding.popleft()

    async def persons(self) -> AsyncGenerator[list[KeyedPerson], None]:
        """One for each key, in order, some thousand at a time."""
        async for rows in self._read(_PERSONS):
            yield [KeyedPerson(*row) for row in rows]

    async def faces(self) -> AsyncGenerator[list[KeyedFace], None]:
        """One for each key, in order, some thousand at a time."""
        async for rows in self._read(_FACES):
            yield [KeyedFace(*row[:-1]) for row in rows]

    def close(self) -> None:
        """Drop everything; who waits for something is cancelled."""
        self._thread.close()
        for task in self._adding:
            if not task.cancel() and not task.cancelled():
                task.exception()

    async def _read(self, query: str) -> AsyncGenerator[list[tuple[Any, ...]], None]:
        # Any: the columns of the query.
        while self._adding:
            await self._adding.popleft()
        batches = await self._thread.run(lambda database: database.batches(query))
        while rows := await self._thread.run(lambda _: next(batches, None)):
            yield rows


def _insert(database: Database, rows: Sequence[KeyedRow]) -> None:
    database.run_each("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", rows)
