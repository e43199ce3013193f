"""KeyedRows: one side of a comparison in the order of a key: persons or faces, some at a time.

rows       ──► KeyedTable, private ──► all of them sorted once, on disk     ─┐
kept index ──► KeyedStore ──► some of its keys at a time, sorted in memory ─┴► persons, faces

Nothing of it stays behind, and a kept index goes into no other file. Keys are ordered by their
bytes in UTF-8. For a command, where nothing else is to answer meanwhile: sorting millions takes
seconds in one step.
"""

# ruff: noqa: S608 - what statements are put together from are constants and names of ours
from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from fs_tui.faces.index.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fs_tui.faces.index.store import FaceStore

__all__ = ["KeyedRow", "KeyedRows", "KeyedStore", "KeyedTable"]

KeyedRow: TypeAlias = (
    "tuple[str, str | None, str | None, str | None, int | None, int | None, int | None]"
)
"""A key, the id as it was given where that is another text, user id, user data, milliseconds; of a
person also those of the last face, and how many there are."""

_CACHE_KIB = 16_000

_PERSONS = (
    "SELECT key, min(shown), sum(coalesce(faces, 1)), min(added_ms),"
    " max(coalesce(last_ms, added_ms)) FROM {rows}"
    " WHERE key >= ? AND (? IS NULL OR key < ?) GROUP BY key ORDER BY key"
)
_FACES = (
    # Where there are several rows, the columns are those of the one that `min` finds.
    "SELECT key, shown, count(*), user_id, user_data, added_ms, min(number) FROM {rows}"
    " WHERE key <> '' AND key >= ? AND (? IS NULL OR key < ?) GROUP BY key ORDER BY key"
)

_SAMPLE = 4_096
"""Rows of an index that show where its keys are to be divided."""

_PERSONS_TOGETHER = 750_000
_FACES_TOGETHER = 600_000
"""Rows of an index that are sorted together: some 60 MB."""


class KeyedRows:
    """Belongs to one thread. Every method raises ResourceError where there is no room.

    Args:
        database: Where the rows are.
        rows: What they are there: a relation with the columns of KeyedRow, and their `number`.
    """

    def __init__(self, database: Database, rows: str) -> None:
        self._database = database
        self._relation = rows

    def nameless(self) -> int:
        """How many rows have no key."""
        query = f"SELECT count(*) FROM {self._relation} WHERE key = ''"
        return int(self._database.rows(query)[0][0])

    def persons(self) -> Iterator[list[tuple[Any, ...]]]:  # Any: as Database.rows
        """One for each key, in order, some thousand at a time.

        Each is a key, the least of its ids as they were given, faces, first and last time.
        """
        return self._groups(_PERSONS, self._bounds(_PERSONS_TOGETHER))

    def faces(self) -> Iterator[list[tuple[Any, ...]]]:  # Any: as Database.rows
        """One for each key that is not empty, in order, some thousand at a time.

        Each is a key and how the first of its rows has it, how many rows these are, and what the
        first of them holds: user id, user data, time.
        """
        return self._groups(_FACES, self._bounds(_FACES_TOGETHER))

    def _bounds(self, _together: int) -> list[str]:
        """Keys that divide the rows into parts that are sorted one after the other."""
        return []

    def _groups(self, query: str, bounds: list[str]) -> Iterator[list[tuple[Any, ...]]]:
        # Asking lets the handlers of signals run amid a statement of seconds.
        self._database.interrupt_when(lambda: False)
        grouped = query.format(rows=self._relation)
        for low, high in pairwise(["", *bounds, None]):
            yield from self._database.batches(grouped, (low, high, high))


class KeyedTable(KeyedRows):
    """A table of its own, which leaves nothing behind."""

    def __init__(self) -> None:
        schema = (
            "CREATE TABLE rows"
            " (key TEXT NOT NULL, shown TEXT, user_id TEXT, user_data TEXT, added_ms INTEGER,"
            " last_ms INTEGER, faces INTEGER, number INTEGER PRIMARY KEY)"
        )
        super().__init__(Database(schema, "BEGIN", cache_kib=_CACHE_KIB), "rows")

    def add(self, rows: Sequence[KeyedRow]) -> None:
        """Take in some rows."""
        self._database.run_each("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, NULL)", rows)

    def close(self) -> None:
        """Drop everything."""
        self._database.close()


class KeyedStore(KeyedRows):
    """The faces of a kept index, which stay as they are, and where they are, meanwhile.

    Args:
        store: Where they are.
        column: What the key is made of: `user_id` or `face_token`.
        key_of: Makes it; None takes the column as it is.
    """

    def __init__(
        self, store: FaceStore, column: str, key_of: Callable[[str], str] | None = None
    ) -> None:
        key, shown = column, "NULL"
        if key_of is not None:
            key = f"key_of({column})"
            shown = f"nullif({column}, {key})"
            store.database.define("key_of", key_of)
        rows = (
            f"(SELECT {key} AS key, {shown} AS shown, user_id, user_data, added_ms,"
            " NULL AS last_ms, NULL AS faces, position AS number FROM faces)"
        )
        super().__init__(store.database, rows)
        self._count = store.stored.count
        self._last = store.gaps.row(self._count)

    def _bounds(self, together: int) -> list[str]:
        parts = self._count // together
        if not parts:
            return []
        rows = json.dumps(list(range(1, self._last + 1, self._last // _SAMPLE + 1)))
        query = (
            f"SELECT key FROM {self._relation}"
            " WHERE number IN (SELECT value FROM json_each(?)) ORDER BY key"
        )
        keys = [key for (key,) in self._database.rows(query, (rows,))]
        dividing = {keys[len(keys) * part // (parts + 1)] for part in range(1, parts + 1)}
        return sorted(dividing - {""})
