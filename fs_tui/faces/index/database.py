"""Database: the one place where databases are opened, and where their errors become ours.

kind        where it lives                                      a write that fails
----------  --------------------------------------------------  ----------------------------------
private     in memory until its cache is full, then in a file   leaves it broken: it has no journal
            that is unlinked already: nothing of it stays
in memory   nowhere else, for what belongs to an encrypted one  the same
encrypted   in a file; every byte of it, of its journal and of  leaves it as it was before
            what it sorts is encrypted, or in memory

To read a broken one may never end. So what failed once is asked no more.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fs_tui.errors import ResourceError
from fs_tui.shortage import shortage

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
    from types import TracebackType

    Parameters = Sequence[str | int | None] | Mapping[str, str | int | None]

__all__ = ["MOST_PARAMETERS", "OPERATIONS", "Database", "EncryptedFile", "cipher_missing"]

_FETCH = 4_096
"""Rows that are taken out of a long answer together."""

MOST_PARAMETERS = 32_766 if sqlite3.sqlite_version_info >= (3, 32) else 999
"""Of one statement."""

_NO_STORAGE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


OPERATIONS = 100_000
"""Of a statement, between two looks at whether it is to be given up: a few milliseconds."""

_LONGEST_WAIT = 0.05
"""Seconds for which writing waits for more, while more is written."""

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class EncryptedFile(NamedTuple):
    """Where an encrypted database lies.

    Attributes:
        path: A file that is there.
        key: 32 bytes.
    """

    path: Path
    key: bytes

    def __repr__(self) -> str:
        """Without the key."""
        return f"<EncryptedFile {self.path}>"


def cipher_missing() -> bool:
    """Whether the package that encrypts is not installed, or cannot be loaded."""
    try:
        import sqlcipher3  # noqa: F401 - whether it can be loaded
    except ImportError:
        return True
    return False


def _failure(error: BaseException, file: EncryptedFile | None) -> ResourceError | None:
    """What an error says of this machine; None where it is a mistake of ours."""
    # The last byte; the others say more closely what could not be done. Both trees of errors,
    # that of sqlite3 and that of sqlcipher3, have it.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if file is not None:
        return _failure_of(file, code, error)
    if code == sqlite3.SQLITE_FULL:
        return ResourceError(f"no room for temporary files in {_folder()}; set TMPDIR")
    if code in _NO_STORAGE:
        return ResourceError(f"temporary files in {_folder()} cannot be used ({error}); set TMPDIR")
    return shortage(error)


def _failure_of(file: EncryptedFile, code: int, error: BaseException) -> ResourceError | None:
    folder = file.path.parent
    # A file of SQLite's own that cannot grow is no SQLITE_FULL.
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _is_full(folder)):
        return ResourceError(f"no room for the kept index in {folder}", hint=_KEPT_ROOM)
    if code in _DAMAGED:
        damage = ResourceError(
            f"the kept index {file.path} is damaged, or of another version or key",
            hint=_KEPT_DAMAGED,
        )
        damage.is_damage = True
        return damage
    if code in _NO_STORAGE or code == sqlite3.SQLITE_BUSY:
        return ResourceError(f"the kept index in {folder} cannot be used ({error})")
    return shortage(error)


def _is_full(folder: Path) -> bool:
    with suppress(OSError):
        return os.statvfs(folder).f_bavail == 0
    return False


_KEPT_ROOM = "Make room there, or set keep = false in the profile; what was kept before is whole."
_KEPT_DAMAGED = (
    "It is put aside when this run ends: start again, and the library can be read again."
)


def _folder() -> str:
    """Where SQLite puts temporary files: the first of these that it may write into."""
    named = (os.environ.get("SQLITE_TMPDIR"), os.environ.get("TMPDIR"))
    folders = (*named, "/var/tmp", "/usr/tmp", "/tmp")  # noqa: S108 - named, not used
    usable = (name for name in folders if name and Path(name).is_dir() and os.access(name, 3))
    return next(usable, ".")


_PRIVATE = (
    # Four times the usual page: a pass is a tenth shorter, and an insert a seventh.
    "page_size = 16384",
    "journal_mode = OFF",
    "synchronous = OFF",
)
_NO_FILES = "temp_store = MEMORY"
"""Else what is sorted goes into plain files: of a database in memory, and of an encrypted one."""

_KEPT = (
    # Four times the usual page: a fifth of the time that a page of faces takes. Every file is
    # opened so.
    "cipher_page_size = 16384",
    _NO_FILES,
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "secure_delete = ON",
)


class Database:
    """A database of one thread, opened when it is used first.

    Reading and writing raise ResourceError where there is no room, and after that at once.

    Args:
        schema: The statements that make its tables.
        cache_kib: How much of it stays in memory.
        failed: Is told once why it can be used no more.
        settled: Is told when what was written in transactions is in the file.
        file: An encrypted one lies there; the others are private.
        in_memory: Nothing of a private one ever goes into a file.

    Attributes:
        failure: Why it can be used no more; None while it can.
        answering: How many answers of `batches` are not read to their end: until then no index
            and no table can be dropped.
    """

    def __init__(
        self,
        *schema: str,
        cache_kib: int,
        failed: Callable[[ResourceError], None] = lambda _failure: None,
        settled: Callable[[], None] = lambda: None,
        file: EncryptedFile | None = None,
        in_memory: bool = False,
    ) -> None:
        self.failure: ResourceError | None = None
        self.answering = 0
        pragmas = (*(_PRIVATE if file is None else _KEPT), f"cache_size = -{cache_kib}")
        if in_memory:
            pragmas = (_NO_FILES, *pragmas)
        self._first = (*(f"PRAGMA {pragma}" for pragma in pragmas), *schema)
        self._failed = failed
        self._settled = settled
        self._file = file
        self._in_memory = in_memory
        self._begun: float | None = None

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        connection = self._opened()
        try:
            for statement in self._first:
                connection.execute(statement)
        except BaseException:
            connection.close()
            raise
        return connection

    def _opened(self) -> sqlite3.Connection:
        if self._file is None:
            return sqlite3.connect(":memory:" if self._in_memory else "", isolation_level=None)
        from sqlcipher3 import dbapi2

        # Its connections are what sqlite3's are.
        connection: sqlite3.Connection = dbapi2.connect(str(self._file.path), isolation_level=None)
        # What is wrong with a file is said by us, and not over the screen.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{self._file.key.hex()}'\"")
        return connection

    @contextmanager
    def transaction(self, *, waits: bool = False) -> Iterator[None]:
        """Let what is written in the block be written whole or not at all, in an encrypted one.

        Args:
            waits: It is in the file only when what follows is, or after `settle`: to write it
                takes half as long then.
        """
        if self._file is None:
            yield
            return
        if self._begun is None:
            self.run("BEGIN IMMEDIATE")
            self._begun = time.monotonic()
        self.run("SAVEPOINT block")
        try:
            yield
            self.run("RELEASE block")
        except BaseException:
            with suppress(Exception):
                # What failed may have ended the transaction already.
                self._connection.execute("ROLLBACK TO block")
                self._connection.execute("RELEASE block")
            with suppress(ResourceError):
                self.settle()
            raise
        if not waits or time.monotonic() - self._begun > _LONGEST_WAIT:
            self.settle()

    @property
    def waits(self) -> bool:
        """Whether something was written that is not in the file yet."""
        return self._begun is not None

    def settle(self) -> None:
        """Write into the file what waits for that."""
        if self._begun is None:
            return
        self._begun = None
        try:
            self.run("COMMIT")
        except BaseException:
            with suppress(Exception):
                self._connection.execute("ROLLBACK")
            raise
        self._settled()

    def run(self, statement: str, parameters: Parameters = ()) -> None:
        """Run a statement that answers nothing."""
        with self:
            self._connection.execute(statement, parameters)

    def run_each(self, statement: str, rows: Iterable[Sequence[str | int | None]]) -> None:
        """Run a statement once for each row of parameters."""
        with self:
            self._connection.executemany(statement, rows)

    def rows(
        self, statement: str, parameters: Parameters = ()
    ) -> list[tuple[Any, ...]]:  # Any: a column is whatever the statement asks for
        """The whole answer."""
        with self:
            return self._connection.execute(statement, parameters).fetchall()

    def batches(
        self, statement: str, parameters: Parameters = ()
    ) -> Generator[list[tuple[Any, ...]], None, None]:  # Any: as above
        """The answer, some rows at a time."""
        self.answering += 1
        try:
            with self:
                cursor = self._connection.execute(statement, parameters)
                while some := cursor.fetchmany(_FETCH):
                    yield some
        finally:
            self.answering -= 1

    def define(self, name: str, function: Callable[[str], str]) -> None:
        """Let statements call a function, which always makes the same of the same text."""
        with self:
            self._connection.create_function(name, 1, function, deterministic=True)

    def feed(self, name: str, function: Callable[[], str | None]) -> None:
        """Let statements take in what a function gives, another thing each time."""
        with self:
            self._connection.create_function(name, 0, function)

    def interrupt_when(self, asked: Callable[[], bool]) -> None:
        """Ask every few milliseconds whether a statement that runs is to be given up."""
        with self:
            self._connection.set_progress_handler(asked, OPERATIONS)

    def close(self) -> None:
        """Drop everything."""
        if "_connection" in self.__dict__:
            self._connection.close()

    def __enter__(self) -> None:
        if self.failure is not None:
            raise self.failure

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if error is not None and (failure := _failure(error, self._file)) is not None:
            self.failure = failure
            self._failed(failure)
            raise failure from error
