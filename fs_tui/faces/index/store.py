"""FaceStore: the faces that were loaded, in a database of one thread: private, or kept encrypted.

Nothing here takes longer than a few milliseconds; what looks at everything goes chunk by chunk.
Without gaps, which only a kept one has, the number of a row is the position of its face.
"""

from __future__ import annotations

import json
from array import array
from binascii import unhexlify
from typing import TYPE_CHECKING, Any

from fs_tui.faces.index.conditions import Contents, condition
from fs_tui.faces.index.database import MOST_PARAMETERS, Database
from fs_tui.faces.index.gaps import Gaps
from fs_tui.faces.ranges import RangeSet
from fs_tui.models import FACE_FIELDS, FACE_TOKEN, Face, FaceRows
from fs_tui.records import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    from fs_tui.errors import ResourceError
    from fs_tui.faces.query import Query

__all__ = ["CHUNK", "FACES_TABLE", "FaceStore"]

CHUNK = 16_384
"""Positions that one step of a long query looks at: about 5 ms."""

_CACHE_KIB = 24_000

_TYPES = {Kind.TEXT: "TEXT", Kind.NUMBER: "NUMERIC", Kind.TIME: "INTEGER"}
_TEXTS = [index for index, field in enumerate(FACE_FIELDS) if field.kind is Kind.TEXT]
_TOKEN = FACE_FIELDS.index(FACE_TOKEN)

FACES_TABLE = (
    "CREATE TABLE faces (position INTEGER PRIMARY KEY, "
    + ", ".join(f"{field.source} {_TYPES[field.kind]}" for field in FACE_FIELDS)
    + ")"
)
"""Its `position` is the number of the row."""

_SCHEMA = (
    # What is only read from end to end: to look at each row of large pages is a twentieth shorter.
    "PRAGMA page_size = 32768",
    FACES_TABLE,
    # One transaction without an end: nobody else reads, and nothing is ever taken back.
    "BEGIN",
)

_COLUMNS = ", ".join(["position", *(field.source for field in FACE_FIELDS)])

_WIDTH = 1 + len(FACE_FIELDS)
_ROW = f"({', '.join('?' * _WIDTH)})"
_INSERT = "INSERT OR REPLACE INTO faces VALUES " + _ROW  # noqa: S608 - placeholders only
_INSERT_TOGETHER = {
    rows: _INSERT + f", {_ROW}" * (rows - 1)
    for rows in (333, 99, 1)
    if rows * _WIDTH <= MOST_PARAMETERS
}
"""By how many rows it inserts: pages that follow each other bring 999 new faces each, or 99."""


class FaceStore:
    """Faces by position. Every method raises ResourceError where this machine has no room.

    Args:
        failed: Is told once that it can be used no more, and why.
        kept: The encrypted database that holds them; a private one when not given.
        gaps: Where faces were taken out of it.
        contents: What its texts hold; those of none when not given.
    """

    def __init__(
        self,
        failed: Callable[[ResourceError], None] = lambda _failure: None,
        *,
        kept: Database | None = None,
        gaps: Gaps | None = None,
        contents: Contents | None = None,
    ) -> None:
        self.stored = RangeSet()
        """The positions that are in it."""
        self._again: set[int] = set()
        self.edits = 0
        """How often what was in it was replaced by something else, or taken out."""
        self.closed = False
        self.contents = Contents(hex_tokens=True) if contents is None else contents
        self.gaps = Gaps() if gaps is None else gaps
        self.is_kept = kept is not None
        self._database = kept or Database(*_SCHEMA, cache_kib=_CACHE_KIB, failed=failed)

    @property
    def database(self) -> Database:
        """Where they lie, for what reads all of them in another order."""
        return self._database

    @property
    def failure(self) -> ResourceError | None:
        """Why it can be used no more; None while it can."""
        return self._database.failure

    @property
    def again(self) -> int:
        """At how many positions stands a face that stands at an earlier one too."""
        return len(self._again)

    def scratch(self, *schema: str, cache_kib: int) -> Database:
        """Return a new database for what is reckoned from the faces, for any one thread."""
        return Database(*schema, cache_kib=cache_kib, in_memory=self.is_kept)

    def add(self, start: int, faces: Sequence[Face]) -> None:
        """Keep the faces that stand at `start` and the following positions."""
        if self.stored.overlaps(start, start + len(faces)) and any(self.others(start, faces)):
            self.edits += 1
        if not faces:
            return
        columns = FaceRows.columns_of(faces)
        row = self.gaps.row
        # What stands on both sides of a gap has rows on both sides.
        first = 0
        while first < len(faces):
            stop = len(faces)
            while row(start + stop - 1) - row(start + first) > stop - 1 - first:
                stop -= 1
            self._insert(row(start + first), [column[first:stop] for column in columns])
            first = stop
        self._note(columns)
        self.stored.add(start, start + len(faces))

    def take_out(self, positions: Iterable[int]) -> None:
        """Remove the faces at some positions, all counted before the first one goes."""
        self.edits += 1
        self._again.clear()
        rows = [self.gaps.row(position) for position in positions]
        self._database.run_each("DELETE FROM faces WHERE position = ?", [(row,) for row in rows])
        for row in rows:
            self.gaps.add(row)
        last = self.stored.end_of(1)
        self.stored.remove(last - len(rows), last)

    def _note(self, columns: Sequence[Sequence[Any]]) -> None:
        """Keep in mind what the texts of some faces hold."""
        nul, hex_tokens = self.contents.nul, self.contents.hex_tokens
        for index in _TEXTS:
            texts = "".join(columns[index])
            if index == _TOKEN and hex_tokens:
                hex_tokens = _is_hex(texts)
            nul = nul or "\0" in texts
        if (nul, hex_tokens) != (self.contents.nul, self.contents.hex_tokens):
            self.contents = Contents(nul, hex_tokens)

    def _insert(self, start: int, columns: Sequence[Sequence[Any]]) -> None:
        # Hundreds of rows a statement: half of the time that one by one takes.
        first, count = 0, len(columns[0])
        for together, statement in _INSERT_TOGETHER.items():
            parameters: list[str | int | None] = [None] * (together * _WIDTH)
            while count - first >= together:
                last = first + together
                parameters[::_WIDTH] = range(start + first, start + last)
                for column, values in enumerate(columns, 1):
                    parameters[column::_WIDTH] = values[first:last]
                self._database.run(statement, parameters)
                first = last

    def others(self, start: int, faces: Sequence[Face]) -> Iterator[tuple[int, Face, Face]]:
        """Where the faces from `start` on are not those that are in it: position, kept, new."""
        kept = self.window(start, start + len(faces))
        for position, face in enumerate(faces, start):
            known = kept.get(position)
            if known is not None and known != face:
                yield position, known, face

    def window(self, first: int, last: int) -> dict[int, Face]:
        """The faces at the positions `first` to `last - 1` that are in it."""
        query = f"SELECT {_COLUMNS} FROM faces WHERE position >= ? AND position < ?"  # noqa: S608 - constants
        rows = self._database.rows(query, self._rows(first, last))
        return self._by_position(rows)

    def _rows(self, first: int, last: int) -> tuple[int, int]:
        """The rows of the positions `first` to `last - 1`, in the same form."""
        return self.gaps.row(first), self.gaps.row(max(last, 1) - 1) + 1 if last > 1 else last

    def _by_position(self, rows: Iterable[tuple[Any, ...]]) -> dict[int, Face]:
        if not self.gaps:
            return {row[0]: Face(*row[1:]) for row in rows}
        return {self.gaps.position(row[0]): Face(*row[1:]) for row in rows}

    def at(self, positions: Iterable[int]) -> dict[int, Face]:
        """The faces at some positions; a few thousand at most."""
        if isinstance(positions, range):
            return self.window(positions.start, positions.stop)
        query = f"SELECT {_COLUMNS} FROM faces WHERE position IN (SELECT value FROM json_each(?))"  # noqa: S608 - constants
        rows = self._database.rows(query, (self._listed(positions),))
        return self._by_position(rows)

    def _listed(self, positions: Iterable[int]) -> str:
        """The rows of some positions, as a JSON array."""
        return json.dumps(list(map(self.gaps.row, positions) if self.gaps else positions))

    def hits(self, query: Query, first: int, last: int) -> array[int]:
        """The positions of `first` to `last - 1`, ascending, whose faces pass; one step."""
        where, parameters = self._passing(query, first, last)
        statement = f"SELECT position FROM faces WHERE {where} ORDER BY position"  # noqa: S608 - placeholders only
        rows = self._database.rows(statement, parameters)
        found = array("I", [row[0] for row in rows])
        return array("I", map(self.gaps.position, found)) if self.gaps else found

    def keys(self, column: str, first: int, last: int) -> str:
        """One column of the positions `first` to `last - 1`, as a JSON array; one step."""
        # Without an index the rows are read in their order; a subquery that says so takes half as
        # long again.
        query = (
            f"SELECT json_group_array({column}) FROM faces NOT INDEXED"  # noqa: S608 - a name of ours
            " WHERE position >= ? AND position < ?"
        )
        return str(self._database.rows(query, self._rows(first, last))[0][0])

    def keys_at(self, column: str, positions: Sequence[int]) -> str:
        """A column of some ascending positions as a JSON array; one step."""
        query = (
            f"SELECT json_group_array({column}) FROM (SELECT {column} FROM faces"  # noqa: S608 - a name of ours
            " WHERE position IN (SELECT value FROM json_each(?)) ORDER BY position)"
        )
        parameters = (self._listed(positions),)
        return str(self._database.rows(query, parameters)[0][0])

    def people(self, query: Query | None, first: int, last: int) -> str | list[tuple[Any, ...]]:
        """User ids and times of the positions `first` to `last - 1` whose faces pass; one step.

        Returns:
            Pairs, as a JSON array where none of the texts has a NUL, at which it would end there.
        """
        where, parameters = self._once(query, first, last)
        chosen = f"SELECT user_id, added_ms FROM faces WHERE {where}"  # noqa: S608 - placeholders only
        if self.contents.nul:
            return self._database.rows(chosen, parameters)
        together = f"SELECT json_group_array(json_array(user_id, added_ms)) FROM ({chosen})"  # noqa: S608 - the same
        return str(self._database.rows(together, parameters)[0][0])

    def without_data(self, query: Query | None, first: int, last: int) -> int:
        """How many faces of `first` to `last - 1` pass and have no user data; one step."""
        where, parameters = self._once(query, first, last)
        statement = f"SELECT count(*) FROM faces WHERE user_data = '' AND {where}"  # noqa: S608 - placeholders only
        return int(self._database.rows(statement, parameters)[0][0])

    def count_once(self, positions: Iterable[int]) -> None:
        """The tokens at some positions stand at earlier ones too: no report counts them twice."""
        new = set(positions) - self._again
        if new:
            self._again |= new
            self.edits += 1

    def _once(
        self, query: Query | None, first: int, last: int
    ) -> tuple[str, tuple[str | int, ...]]:
        """As `_passing`, each face once."""
        where, parameters = self._passing(query, first, last)
        again = [position for position in self._again if first <= position < last]
        if not again:
            return where, parameters
        left_out = "position NOT IN (SELECT value FROM json_each(?))"
        return f"{where} AND {left_out}", (*parameters, self._listed(again))

    def _passing(
        self, query: Query | None, first: int, last: int
    ) -> tuple[str, tuple[str | int, ...]]:
        """The condition for faces of some positions that pass, and its parameters."""
        where, parameters = ("TRUE", ()) if query is None else condition(query, self.contents)
        return f"position >= ? AND position < ? AND {where}", (
            *self._rows(first, last),
            *parameters,
        )

    def places(self, tokens: Container[str]) -> Iterator[list[tuple[str, int]]]:
        """Which of some tokens are in it, and where, one step after the other."""
        query = "SELECT face_token, position FROM faces WHERE position >= ? AND position < ?"
        position = self.gaps.position
        # Rows that are all taken out of the database are twice the work of others. An IN would
        # build its index anew at each step: 48 ms for some ten thousand tokens.
        for first, last in self.steps(CHUNK // 2):
            rows = self._database.rows(query, self._rows(first, last))
            yield [(token, position(row)) for token, row in rows if token in tokens]

    def steps(self, positions: int = CHUNK) -> Iterator[tuple[int, int]]:
        """The ranges that long work goes through, one step each; it follows what is added."""
        first = 1
        while (start := self.stored.next_start(first)) is not None:
            first = start + positions
            yield start, first

    def read_through(self) -> None:
        """All was read once: let go of what of it is in memory and need not be."""
        self._database.run("PRAGMA shrink_memory")

    def close(self) -> None:
        """Drop everything."""
        self.closed = True
        self._database.close()


def _is_hex(text: str) -> bool:
    try:
        unhexlify(text)
    except ValueError:
        return False
    return True
