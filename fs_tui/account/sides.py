"""SideReader: what is read of one side of a comparison, from a library or a file, how completely.

library      ──► stream_faces ──┐
file         ──► id_files ──────┴──► key, as the options want it ──► KeyedTable ─┬─► items, in order
kept library ───────────────────────────────────────────────────────► KeyedStore ─┘
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from fs_tui import background
from fs_tui.account.comparison import Comparison, Item
from fs_tui.account.id_files import FileRow, read_rows
from fs_tui.errors import FsTuiError, IncompleteError, UsageError
from fs_tui.faces.index.keyed_rows import KeyedStore, KeyedTable
from fs_tui.faces.kept_gateway import KeptGateway
from fs_tui.faces.paging.stream import stream_faces
from fs_tui.models import FACE_TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fs_tui.faces.index.keyed_rows import KeyedRow, KeyedRows
    from fs_tui.gateway import Gateway
    from fs_tui.models import Face

__all__ = ["Key", "SideReader", "compare"]

_FACE_VALUES = ("user_id", "user_data", "add_time")
"""What is compared of a face token."""

_PERSON_VALUES = ("first_added", "last_added")
"""What is compared of a user id, beside the number of its faces."""

_FACE = frozenset({FACE_TOKEN.name, *_FACE_VALUES})

_BATCH = 4_096


@dataclass(frozen=True, slots=True)
class Key:
    """By what two sides are compared.

    Attributes:
        name: `user_id` or `face_token`.
        ignore_case: Upper and lower case are the same.
        strip: Blanks around an id are none of it.
        only_ids: Nothing but which ids there are is compared.
    """

    name: str = "user_id"
    ignore_case: bool = False
    strip: bool = False
    only_ids: bool = False

    @property
    def is_token(self) -> bool:
        """Whether it names one face."""
        return self.name == FACE_TOKEN.name

    @property
    def values(self) -> tuple[str, ...]:
        """What may be compared of it, beside the number of a person's faces."""
        return _FACE_VALUES if self.is_token else _PERSON_VALUES

    def rows(self, faces: Iterable[Face | FileRow]) -> list[KeyedRow]:
        """What is kept of faces, or of the rows of a file, for this comparison."""
        rows: list[KeyedRow]
        if self.is_token:
            rows = [
                (token or "", None, user_id or "", data or "", added, None, None)
                for token, user_id, data, added, *_ in faces
            ]
        else:
            rows = [
                (row.user_id or "", None, None, None, row.added_ms, *_of_person(row))
                for row in faces
            ]
        if self.is_changed:
            return [
                (key := self.of(row[0]), None if key == row[0] else row[0], *row[2:])
                for row in rows
            ]
        return rows

    @property
    def is_changed(self) -> bool:
        """Whether what is compared of an id may be another text."""
        return self.strip or self.ignore_case

    def of(self, given: str) -> str:
        """What is compared of an id."""
        key = given.strip() if self.strip else given
        return key.casefold() if self.ignore_case else key


def _of_person(row: Face | FileRow) -> tuple[int | None, int | None]:
    """When the last face of a person was added, and how many there are; a face says neither."""
    return (row.last_ms, row.faces) if isinstance(row, FileRow) else (None, None)


class SideReader:
    """One side; read it once, then give its items.

    Args:
        name: What it is called, as it was typed.
        key: By what it is compared.

    Attributes:
        rows: How many rows were read.
        nameless: How many of them have no id.
        keys: How many different ids its items had; whole when they have ended.
        columns: Which of a face's fields it tells.
        shortfall: Why it was not read to its end; None where it was.
        started: When reading began, aware, UTC.
        ended: When it ended.
    """

    def __init__(self, name: str, key: Key) -> None:
        self.name = name
        self.rows = 0
        self.nameless = 0
        self.keys = 0
        self.columns: set[str] = set()
        self.shortfall: FsTuiError | None = None
        self.started = self.ended = datetime.now(UTC)
        self._key = key
        self._read = KeyedTable()
        self._rows: KeyedRows = self._read

    @property
    def tells_faces(self) -> bool:
        """Whether it says how many faces a person has: each row is one, or gives their number."""
        return self.lists_faces or "faces" in self.columns

    @property
    def lists_faces(self) -> bool:
        """Whether each row is a face."""
        return FACE_TOKEN.name in self.columns

    @property
    def told(self) -> set[str]:
        """What it says of its ids."""
        if self._key.is_token or "add_time" not in self.columns:
            return self.columns
        return self.columns | set(_PERSON_VALUES)

    async def read_library(
        self,
        gateway: Gateway,
        group_id: str,
        *,
        concurrency: int = 1,
        done: Callable[[int], None] = lambda _rows: None,
    ) -> None:
        """Read a library as far as it can be.

        Raises:
            FsTuiError: Nothing could be read, or this machine has no room.
        """
        self.started = datetime.now(UTC)
        self.columns = set(_FACE)
        store = await gateway.store_of(group_id) if isinstance(gateway, KeptGateway) else None
        if store is not None:
            self._rows = KeyedStore(
                store, self._key.name, self._key.of if self._key.is_changed else None
            )
            self.rows = store.stored.count
            done(self.rows)
            self._end()
            return
        runs = stream_faces(gateway, group_id, concurrency=concurrency)
        try:
            async with aclosing(runs):
                async for _, faces in runs:
                    self._add(faces)
                    done(self.rows)
        except UsageError:
            raise
        except FsTuiError as error:
            if not self.rows:
                raise
            self.shortfall = error
        self._end()

    async def read_file(
        self, path: str, *, done: Callable[[int], None] = lambda _rows: None
    ) -> None:
        """Read a file, or standard input.

        Raises:
            FileError: It cannot be read; see read_rows.
            ResourceError: This machine has no room.
        """
        self.started = datetime.now(UTC)
        rows = read_rows(path, self._key.name, self.columns)
        # A pipe may give nothing for long, which is to hold up no signal.
        while batch := await asyncio.wrap_future(
            background.start(lambda: list(islice(rows, _BATCH)))
        ):
            self._add(batch)
            done(self.rows)
        # Without rows JSON names no columns: nothing is all that there is of any.
        self.columns = self.columns or set(_FACE)
        if path.endswith(".partial"):
            self.shortfall = IncompleteError("its name says that it is not whole")
        self._end()

    def items(self, *, named_only: bool) -> Iterator[Item]:
        """What is compared, in order.

        Args:
            named_only: Leaves out the faces without a user id.
        """
        groups = self._rows.faces() if self._key.is_token else self._rows.persons()
        behind = 3 + len(self._key.values)
        for some in groups:
            self.keys += len(some) - (not some[0][0])
            yield from [
                Item(row[0], row[1] or row[0], row[2], row[3:behind])
                for row in some
                if row[0] or not named_only
            ]

    def close(self) -> None:
        """Drop what was read."""
        self._read.close()

    def _add(self, faces: Iterable[Face | FileRow]) -> None:
        rows = self._key.rows(faces)
        self.rows += len(rows)
        self._read.add(rows)

    def _end(self) -> None:
        self.ended = datetime.now(UTC)
        self.nameless = self._rows.nameless()


def compare(key: Key, a: SideReader, b: SideReader) -> Comparison:
    """Compare two sides that were read, in what both of them tell."""
    sized = not key.is_token and not key.only_ids and a.tells_faces and b.tells_faces
    names = key.values if sized or (key.is_token and not key.only_ids) else ()
    told = [place for place, name in enumerate(names) if name in a.told & b.told]
    return Comparison(
        a.items(named_only=not sized),
        b.items(named_only=not sized),
        told=told,
        sized=sized,
        whole_a=a.shortfall is None,
        whole_b=b.shortfall is None,
    )
