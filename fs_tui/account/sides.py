"""SideReader: what is read of one side of a comparison, from a library or a file, how completely.

library      ──► stream_faces ──┐
file         ──► id_files ──────┴──► key, as the options want it ──► KeyedTable ─┬─► items, in order
kept library ───────────────────────────────────────────────────────► KeyedStore ─┘
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from fs_tui import background
from fs_tui.account.comparison import Comparison, Item
from fs_tui.account.id_files import FileRow, read_rows
from fs_tui.errors import FsTuiError, IncompleteError, UsageError
from fs_tui.faces.index.keyed_store import KeyedStore
from fs_tui.faces.index.keyed_table import KeyedTable
from fs_tui.faces.kept_gateway import KeptGateway
from fs_tui.faces.paging.stream import stream_faces
from fs_tui.models import FACE_TOKEN

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

    from fs_tui.faces.index.keyed_table import KeyedRow
    from fs_tui.faces.index.store import FaceStore
    from fs_tui.gateway import Gateway
    from fs_tui.models import Face

__all__ = ["FACE_VALUES", "PERSON_VALUES", "Key", "SideReader", "compare"]

FACE_VALUES = ("user_id", "user_data", "add_time")
"""What is compared of a face token."""

PERSON_VALUES = ("first_added", "last_added")
"""What is compared of a user id, beside the number of its faces."""

_FACE = frozenset({FACE_TOKEN.name, *FACE_VALUES})

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

    def rows(self, faces: Iterable[Face | FileRow]) -> list[KeyedRow]:
        """What is kept of faces, or of the rows of a file, for this comparison."""
        if self.is_changed:
            plain = replace(self, strip=False, ignore_case=False)
            return [
                (key := self.of(row[0]), None if key == row[0] else row[0], *row[2:])
                for row in plain.rows(faces)
            ]
        if self.is_token:
            return [
                (token or "", None, user_id or "", data or "", added, None, None)
                for token, user_id, data, added, *_ in faces
            ]
        return [
            (row.user_id or "", None, None, None, row.added_ms, *_of_person(row)) for row in faces
        ]

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
        self._table: KeyedTable | KeyedStore = self._read

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
        return self.columns | set(PERSON_VALUES)

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
        self._begin()
        self.columns = set(_FACE)
        store = await gateway.store_of(group_id) if isinstance(gateway, KeptGateway) else None
        if store is not None:
            self._take(store)
            done(self.rows)
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
        self.ended = datetime.now(UTC)

    async def read_file(
        self, path: str, *, done: Callable[[int], None] = lambda _rows: None
    ) -> None:
        """Read a file, or standard input.

        Raises:
            FileError: It cannot be read; see read_rows.
            ResourceError: This machine has no room.
        """
        self._begin()
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
        self.ended = datetime.now(UTC)

    async def items(self, *, named_only: bool) -> AsyncGenerator[list[Item], None]:
        """What is compared, in order, some at a time.

        Args:
            named_only: Leaves out the faces without a user id.
        """
        if self._key.is_token:
            for faces in self._table.faces():
                self.keys += len(faces)
                yield [
                    Item(key, shown or key, size, (user_id, data, added))
                    for key, shown, size, user_id, data, added, _ in faces
                ]
                await asyncio.sleep(0)
            return
        for persons in self._table.persons():
            self.keys += len(persons) - (not persons[0][0])
            yield [
                Item(key, shown or key, size, (first, last))
                for key, shown, size, first, last in persons
                if key or not named_only
            ]
            await asyncio.sleep(0)

    def close(self) -> None:
        """Drop what was read."""
        self._read.close()

    def _begin(self) -> None:
        self.started = datetime.now(UTC)

    def _take(self, store: FaceStore) -> None:
        """Take the faces of a kept index, where they are."""
        key_of = self._key.of if self._key.is_changed else None
        self._table = KeyedStore(store, self._key.name, key_of)
        self.rows, self.nameless = store.stored.count, self._table.nameless()
        self.ended = datetime.now(UTC)

    def _add(self, faces: Iterable[Face | FileRow]) -> None:
        rows = self._key.rows(faces)
        self.rows += len(rows)
        nameless = sum(not key for key, *_ in rows)
        self.nameless += nameless
        if nameless and self._key.is_token:
            rows = [row for row in rows if row[0]]
        self._read.add(rows)


def compare(key: Key, a: SideReader, b: SideReader) -> Comparison:
    """Compare two sides that were read, in what both of them tell."""
    sized = not key.is_token and not key.only_ids and a.tells_faces and b.tells_faces
    names: tuple[str, ...] = FACE_VALUES if key.is_token else PERSON_VALUES
    if key.only_ids or not (key.is_token or sized):
        names = ()
    told = [place for place, name in enumerate(names) if name in a.told & b.told]
    return Comparison(
        a.items(named_only=not sized),
        b.items(named_only=not sized),
        told=told,
        sized=sized,
        whole_a=a.shortfall is None,
        whole_b=b.shortfall is None,
    )
