"""KeyedTable: the rows of one side of a comparison, in the order of a key.

rows ──► add ──► rows (key, …) ──► sorted once, on disk ──► persons or faces, some at a time

The database is private and leaves nothing behind. Keys are ordered by their bytes in UTF-8. For a
command, where nothing else is to answer meanwhile: sorting millions takes seconds in one step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from fs_tui.faces.index.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["KeyedFace", "KeyedPerson", "KeyedRow", "KeyedTable"]

KeyedRow: TypeAlias = (
    "tuple[str, str | None, str | None, str | None, int | None, int | None, int | None]"
)
"""A key, the id as it was given where that is another text, user id, user data, milliseconds; of a
person also those of the last face, and how many there are."""

KeyedPerson: TypeAlias = "tuple[str, str | None, int, int | None, int | None]"
"""A key, the least of its ids as they were given, how many faces, first and last time."""

KeyedFace: TypeAlias = "tuple[str, str | None, int, str | None, str | None, int | None, int]"
"""A key and how many rows it has, with what the first of them holds, and which one that is."""

_CACHE_KIB = 16_000

_PERSONS = (
    "SELECT key, min(shown), sum(coalesce(faces, 1)), min(added_ms),"
    " max(coalesce(last_ms, added_ms)) FROM rows GROUP BY key ORDER BY key"
)
_FACES = (
    # Where there are several rows, the columns are those of the one that `min` finds.
    "SELECT key, shown, count(*), user_id, user_data, added_ms, min(rowid) FROM rows"
    " GROUP BY key ORDER BY key"
)


class KeyedTable:
    """Belongs to one thread. Every method raises ResourceError where there is no room."""

    def __init__(self) -> None:
        schema = (
            "CREATE TABLE rows"
            " (key TEXT NOT NULL, shown TEXT, user_id TEXT, user_data TEXT, added_ms INTEGER,"
            " last_ms INTEGER, faces INTEGER)"
        )
        self._database = Database(schema, "BEGIN", cache_kib=_CACHE_KIB)

    def add(self, rows: Sequence[KeyedRow]) -> None:
        """Take in some rows."""
        self._database.run_each("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def persons(self) -> Iterator[list[KeyedPerson]]:
        """One for each key, in order, some thousand at a time."""
        # Asking lets the handlers of signals run amid a statement of seconds.
        self._database.interrupt_when(lambda: False)
        return self._database.batches(_PERSONS)

    def faces(self) -> Iterator[list[KeyedFace]]:
        """One for each key, in order, some thousand at a time."""
        self._database.interrupt_when(lambda: False)
        return self._database.batches(_FACES)

    def close(self) -> None:
        """Drop everything."""
        self._database.close()
