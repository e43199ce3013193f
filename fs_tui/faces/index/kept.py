"""KeptFile: one library's faces in an encrypted file, and what is known of them.

faces   the rows: those of the positions 1 to `prefix`, less the gaps; what a kill left beyond them
        is dropped when it is opened
gaps    the rows that were taken out
facts   the library, when it was read and proven, how far

Every page is written whole with the facts that it changes, or not at all; those that come within
a moment are written together.

Nothing is indexed by user id: people come in any order, and an index over (user_id, added_ms) that
grows page by page makes a scan of 200,000 faces take six times the processor time, and one of a
million many times more. What counts people sorts them in parts instead.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fs_tui.errors import ResourceError
from fs_tui.faces.index.conditions import Contents
from fs_tui.faces.index.database import Database
from fs_tui.faces.index.gaps import Gaps
from fs_tui.faces.index.kept_facts import VERSION, KeptFacts, facts_in
from fs_tui.faces.index.store import FACES_TABLE, FaceStore
from fs_tui.faces.kept_rows import Marks
from fs_tui.models import Face, FaceRows
from fs_tui.times import milliseconds, moment_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fs_tui.faces.index.database import EncryptedFile
    from fs_tui.faces.kept_rows import Change

__all__ = ["KeptFile"]

_TIMES = Face._fields.index("added_ms")
_CACHE_KIB = 24_000

_SCHEMA = (
    FACES_TABLE,
    "CREATE TABLE gaps (position INTEGER PRIMARY KEY)",
    "CREATE TABLE facts (document TEXT)",
    "INSERT INTO facts VALUES ('{}')",
)


class _KeptStore(FaceStore):
    """Writes each page with the facts that it changes."""

    def __init__(self, database: Database, gaps: Gaps, file: KeptFile) -> None:
        contents = Contents(file.facts.nul, file.facts.hex_tokens)
        super().__init__(kept=database, gaps=gaps, contents=contents)
        self.stored.add(1, file.facts.prefix + 1)
        self._file = file

    def add(self, start: int, faces: Sequence[Face]) -> None:
        """Keep the faces that stand at `start` and the following positions; see `settle`."""
        with self._database.transaction(waits=True):
            self.append(start, faces, self._file.facts)

    def append(self, start: int, faces: Sequence[Face], facts: KeptFacts) -> None:
        """The same within a transaction, with other facts."""
        before = self.stored.end_of(1)
        super().add(start, faces)
        prefix = self.stored.end_of(1) - 1
        facts = facts._replace(prefix=prefix, **self.contents._asdict())
        if facts.contents_ms is None:
            facts = facts._replace(contents_ms=self._file.began_ms, looked_ms=self._file.began_ms)
        if prefix >= before:
            if start == before and prefix == before - 1 + len(faces):
                times = FaceRows.columns_of(faces)[_TIMES] if faces else ()
            else:
                # What was read out of turn lies within it now.
                times = self._times(before, prefix)
            # Until the end is proven, there may be more.
            facts = facts.followed_by(times)._replace(complete=False)
        self._file.put(facts)

    def take_out(self, positions: Iterable[int]) -> None:
        """Remove the faces at some positions, all counted before the first one goes."""
        with self._database.transaction():
            self.remove(list(positions))
            self._file.put(self._file.facts._replace(prefix=self.stored.end_of(1) - 1))

    def remove(self, positions: Sequence[int]) -> None:
        """The same within a transaction; what was read out of turn goes too: it may have moved."""
        last = self.gaps.row(self.stored.end_of(1) - 1)
        self._database.run("DELETE FROM faces WHERE position > ?", (last,))
        for _, end in list(self.stored)[1:]:
            self.stored.remove(self.stored.end_of(1), end)
        rows = [(self.gaps.row(position),) for position in positions]
        self._database.run_each("INSERT OR IGNORE INTO gaps VALUES (?)", rows)
        super().take_out(positions)

    def _times(self, first: int, last: int) -> Sequence[int | None]:
        query = "SELECT added_ms FROM faces WHERE position BETWEEN ? AND ? ORDER BY position"
        rows = (self.gaps.row(first), self.gaps.row(last))
        return [time for (time,) in self._database.rows(query, rows)]


def _released(_failure: ResourceError | None, _facts: KeptFacts) -> None:
    """Nobody waits for it."""


class KeptFile:
    """A kept index that is open; belongs to one thread, and to one program at a time.

    Args:
        file: Where it lies; an empty file becomes one.
        facts: What a new one is about.
        release: Lets other programs have it; is told why it could be used no more, if that is so,
            and what it says of itself.

    Raises:
        KeptFileError: It is of another version, or what it says contradicts itself.
        ResourceError: It is damaged, another key's, or this machine does not let it be opened.

    Attributes:
        facts: What it says of itself.
        began_ms: When it was opened, or cleared: nothing was read of a new one before.
        notes: What people are to know of how it was opened, a sentence each.
        failed: Is told once that it can be used no more, and why.
        changed: Is told what a sync has changed, when it is done.
        torn: Is told that a scan has met another state of the library than it had read.
    """

    def __init__(
        self,
        file: EncryptedFile,
        facts: KeptFacts,
        release: Callable[[ResourceError | None, KeptFacts], None] = _released,
    ) -> None:
        self.file = file
        self.notes: list[str] = []
        self.failed: Callable[[ResourceError], None] = lambda _failure: None
        self.changed: Callable[[Change], None] = lambda _change: None
        self.torn: Callable[[], None] = lambda: None
        self.began_ms = _now()
        self._release = release
        self._open(facts)

    def _open(self, facts: KeptFacts) -> None:
        # What `facts` are where writing fails: those that are in the file.
        self._written = facts
        self._database = Database(
            file=self.file, cache_kib=_CACHE_KIB, failed=self._fail, settled=self._note_written
        )
        try:
            self.facts = self._opened(facts)
            gaps = Gaps(row for (row,) in self._database.rows("SELECT position FROM gaps"))
            store = _KeptStore(self._database, gaps, self)
            # What a kill left behind a hole, or somebody has looked at beyond it.
            last = gaps.row(self.facts.prefix)
            self._database.run("DELETE FROM faces WHERE position > ?", (last,))
        except BaseException:
            self._database.close()
            raise
        self._store = store

    def reopen(self) -> None:
        """Try a file again that could be used no more: what was written into it is there.

        Raises:
            ResourceError: It still cannot be used.
        """
        self._store.closed = True
        self._database.close()
        self._open(self.facts)

    @property
    def store(self) -> FaceStore:
        """Its faces; another object after `clear`."""
        return self._store

    def _opened(self, facts: KeptFacts) -> KeptFacts:
        facts = facts._replace(used_ms=self.began_ms)
        if not self._database.rows("SELECT 1 FROM sqlite_master LIMIT 1"):
            with self._database.transaction():
                for statement in _SCHEMA:
                    self._database.run(statement)
                self._database.run(f"PRAGMA user_version = {VERSION}")
                self.put(facts)
            return facts
        known = facts_in(self._database)
        used = known.used_ms
        if used is not None and used > self.began_ms + _MINUTE_MS:
            self.notes.append(
                f"the clock of this machine was set back: the kept index of {known.group_id} was"
                f" used at {_words(used)}, which is later than now"
            )
        known = known._replace(used_ms=self.began_ms)
        self.put(known)
        return known

    def _note_written(self) -> None:
        self._written = self.facts

    def _fail(self, failure: ResourceError) -> None:
        """What waited to be written is not kept, and not counted."""
        self.facts = self._written
        if "_store" in self.__dict__:
            stored = self._store.stored
            for _, end in list(stored):
                stored.remove(self.facts.prefix + 1, end)
        self.failed(failure)

    def put(self, facts: KeptFacts) -> None:
        """Write what is known now."""
        self.facts = facts
        self._database.run("UPDATE facts SET document = ?", (json.dumps(facts._asdict()),))
        if not self._database.waits:
            self._note_written()

    def read_whole(self, doubt: str) -> None:
        """All was read that there is, and the end is proven.

        Args:
            doubt: How it was seen to change meanwhile; empty where it was not.
        """
        facts = self.facts._replace(complete=True, doubt=self.facts.doubt or doubt)
        if facts.contents_ms is None:
            facts = facts._replace(contents_ms=self.began_ms, looked_ms=self.began_ms)
        self.put(facts)
        self.settle()

    def is_of(self, made_ms: int | None) -> bool:
        """Whether it may be of the library that was made then; that is noted if it was not known.

        None is a time that is not known.
        """
        if made_ms is not None and self.facts.made_ms is None:
            self.put(self.facts._replace(made_ms=made_ms))
        return made_ms in {None, self.facts.made_ms}

    @property
    def is_fresh(self) -> bool:
        """Whether all of it was read since it was opened or cleared."""
        contents = self.facts.contents_ms
        return contents is not None and contents >= self.began_ms

    # What a sync asks and tells; see KeptRows.

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self.facts.prefix

    @property
    def times_never_fall(self) -> bool:
        """Whether every row has a time, and none an earlier one than the row before it."""
        return not self.facts.falls

    @property
    def marks(self) -> Marks:
        """What is known of the rows as a whole."""
        facts = self.facts
        return Marks(facts.complete, facts.doubt, facts.looked_at, facts.contents_as_of)

    async def rows(self, first: int, last: int) -> Sequence[Face]:
        """The rows `first` to `last - 1`; fewer where there are no more."""
        found = self.store.window(first, min(last, self.count + 1))
        return [found[position] for position in sorted(found)]

    async def apply(self, change: Change) -> None:
        """Do all of a change in one transaction, or nothing of it."""
        with self._database.transaction():
            for position, face in change.corrected:
                self._store.append(position, [face], self.facts)
            if change.taken:
                self._store.remove(change.taken)
            marks = change.marks
            facts = self.facts._replace(
                prefix=self.facts.prefix - len(change.taken),
                contents_ms=_number(marks.contents_as_of),
                looked_ms=_number(marks.looked_at),
                doubt=marks.doubt,
            )
            if change.added:
                self._store.append(facts.prefix + 1, change.added, facts)
            known = self.facts if change.added else facts
            self.put(known._replace(complete=marks.complete))
        if change.taken:
            self._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        if change.taken or change.added or change.corrected:
            self.changed(change)

    def note_look(self, *, added: int, gone: int, shown: bool = False) -> None:
        """A look at the end has brought and taken out so many; `shown` are these and the others."""
        facts = self.facts
        news = (0, 0) if shown else (facts.added + added, facts.gone + gone)
        if news != (facts.added, facts.gone):
            self.put(facts._replace(added=news[0], gone=news[1]))

    def clear(self, facts: KeptFacts | None = None) -> None:
        """Drop every face, for a new reading.

        Args:
            facts: Whose library it is; the same one's when not given.
        """
        known = facts or self.facts
        self.began_ms = _now()
        with self._database.transaction():
            self._database.run("DELETE FROM faces")
            self._database.run("DELETE FROM gaps")
            self.put(
                KeptFacts(known.group_id, known.endpoint, known.made_ms, used_ms=self.began_ms)
            )
        self._store = _KeptStore(self._database, Gaps(), self)

    def drop(self, face_tokens: Iterable[str]) -> int:
        """Take faces out that the service does not have any more; how many there were.

        It looks at every face: a second for some millions.
        """
        query = "SELECT position FROM faces WHERE face_token IN (SELECT value FROM json_each(?))"
        rows = self._database.rows(query, (json.dumps(list(face_tokens)),))
        self._drop([self.store.gaps.position(row) for (row,) in rows])
        return len(rows)

    def drop_at(self, position: int, face_token: str) -> bool:
        """Take one out whose position is known; False where it is not there."""
        there = self.store.at([position]).get(position)
        if there is None or there.face_token != face_token:
            return False
        self._drop([position])
        return True

    def _drop(self, positions: Sequence[int]) -> None:
        if positions:
            self.store.take_out(positions)
            # Of the journal, too.
            self._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def settle(self) -> None:
        """Write into the file what came last: pages wait for those that follow."""
        self._database.settle()

    def close(self) -> None:
        """Close it, and let other programs have it; once is enough."""
        with suppress(ResourceError):  # It was told when it happened.
            self.settle()
        self._database.close()
        if "_store" in self.__dict__:
            self._store.closed = True
        release, self._release = self._release, _released
        release(self._database.failure, self.facts)


_MINUTE_MS = 60_000


def _now() -> int:
    return milliseconds(datetime.now(UTC))


def _number(moment: datetime | None) -> int | None:
    return None if moment is None else milliseconds(moment)


def _words(number: int) -> str:
    return moment_of(number).astimezone().strftime("%d %b %Y %H:%M")
