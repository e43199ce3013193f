"""KeyedStore: the faces of a kept index in the order of a key, for a comparison; in no other file.

kept index ──► some of the keys at a time, sorted in memory ──► persons or faces, some at a time
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fs_tui.faces.index.keyed_table import KeyedFace, KeyedPerson
    from fs_tui.faces.index.store import FaceStore

__all__ = ["KeyedStore"]

_SAMPLE = 4_096
"""Rows of an index that show where its keys are to be divided."""

_PERSONS_TOGETHER = 750_000
_FACES_TOGETHER = 600_000
"""Rows of an index that are sorted together: some 60 MB."""


class KeyedStore:
    """What KeyedTable gives, of the faces of a kept index, which stay as they are meanwhile.

    Args:
        store: Where they are.
        column: What the key is made of: `user_id` or `face_token`.
        key_of: Makes it; None takes the column as it is.
    """

    def __init__(
        self, store: FaceStore, column: str, key_of: Callable[[str], str] | None = None
    ) -> None:
        self._database = store.database
        self._rows = store.stored.count
        self._last = store.gaps.row(self._rows)
        self._key, self._shown = column, "NULL"
        if key_of is not None:
            self._key = f"key_of({column})"
            self._shown = f"nullif({column}, {self._key})"
            self._database.define("key_of", key_of)

    def nameless(self) -> int:
        """How many faces have no key."""
        query = f"SELECT count(*) FROM faces WHERE {self._key} = ''"  # noqa: S608 - names of ours
        return int(self._database.rows(query)[0][0])

    def persons(self) -> Iterator[list[KeyedPerson]]:
        """One for each key, in order, some thousand at a time."""
        columns = f"min({self._shown}), count(*), min(added_ms), max(added_ms)"
        return self._parts(columns, _PERSONS_TOGETHER)

    def faces(self) -> Iterator[list[KeyedFace]]:
        """One for each key, in order, some thousand at a time."""
        # Where there are several rows, the columns are those of the one that `min` finds.
        columns = f"{self._shown}, count(*), user_id, user_data, added_ms, min(position)"
        return self._parts(columns, _FACES_TOGETHER, f"{self._key} <> '' AND ")

    def _parts(
        self, columns: str, together: int, where: str = ""
    ) -> Iterator[list[Any]]:  # Any: as Database.rows
        self._database.interrupt_when(lambda: False)
        key = self._key
        grouped = (
            f"SELECT {key}, {columns} FROM faces"  # noqa: S608 - names of ours
            f" WHERE {where}{key} >= ? AND (? IS NULL OR {key} < ?) GROUP BY {key} ORDER BY {key}"
        )
        bounds = ["", *self._bounds(self._rows // together), None]
        for low, high in pairwise(bounds):
            yield from self._database.batches(grouped, (low, high, high))

    def _bounds(self, parts: int) -> list[str]:
        """Keys that divide all of them into some more parts of about the same size."""
        if not parts:
            return []
        rows = json.dumps(list(range(1, self._last + 1, self._last // _SAMPLE + 1)))
        query = (
            f"SELECT {self._key} AS key FROM faces"  # noqa: S608 - names of ours
            " WHERE position IN (SELECT value FROM json_each(?)) ORDER BY key"
        )
        keys = [key for (key,) in self._database.rows(query, (rows,))]
        dividing = {keys[len(keys) * part // (parts + 1)] for part in range(1, parts + 1)}
        return sorted(dividing - {""})
