"""Database: the one place where databases are opened, and where their errors become ours.

A database has no name: it lives in memory until its cache is full and then in a file that is
unlinked already, so nothing of it stays behind, whatever happens. It keeps no journal: a write that
fails leaves it broken, and to read it then may never end. So what failed once is asked no more.
"""

from __future__ import annotations

import os
import sqlite3
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fs_tui.errors import ResourceError
from fs_tui.shortage import shortage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import TracebackType

__all__ = ["Database"]

_FETCH = 4_096
"""Rows that are taken out of a long answer together."""

_NO_STORAGE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


def _failure(error: BaseException) -> ResourceError | None:
    """What an error says of this machine; None where it is a mistake of ours."""
    # The last byte; the others say more closely what could not be done.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return ResourceError(f"no room for temporary files in {_folder()}; set TMPDIR")
    if code in _NO_STORAGE:
        return ResourceError(f"temporary files in {_folder()} cannot be used ({error}); set TMPDIR")
    return shortage(error)


def _folder() -> str:
    """Where SQLite puts temporary files: the first of these that it may write into."""
    named = (os.environ.get("SQLITE_TMPDIR"), os.environ.get("TMPDIR"))
    folders = (*named, "/var/tmp", "/usr/tmp", "/tmp")  # noqa: S108 - named, not used
    usable = (name for name in folders if name and Path(name).is_dir() and os.access(name, 3))
    return next(usable, ".")


class Database:
    """A private temporary database of one thread, opened when it is used first.

    Reading and writing raise ResourceError where there is no room, and after that at once.

    Args:
        schema: The statements that make its tables.
        cache_kib: How much of it stays in memory.
        failed: Is told once why it can be used no more.

    Attributes:
        failure: Why it can be used no more; None while it can.
    """

    def __init__(
        self,
        *schema: str,
        cache_kib: int,
        failed: Callable[[ResourceError], None] = lambda _failure: None,
    ) -> None:
        self.failure: ResourceError | None = None
        pragmas = ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{cache_kib}")
        self._first = (*(f"PRAGMA {pragma}" for pragma in pragmas), *schema)
        self._failed = failed

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        connection = sqlite3.connect("", isolation_level=None)
        try:
            for statement in self._first:
                connection.execute(statement)
        except BaseException:
            connection.close()
            raise
        return connection

    def run(self, statement: str, parameters: Sequence[str | int | None] = ()) -> None:
        """Run a statement that answers nothing."""
        with self:
            self._connection.execute(statement, parameters)

    def run_each(self, statement: str, rows: Iterable[Sequence[str | int | None]]) -> None:
        """Run a statement once for each row of parameters."""
        with self:
            self._connection.executemany(statement, rows)

    def rows(
        self, statement: str, parameters: Sequence[str | int | None] = ()
    ) -> list[tuple[Any, ...]]:  # Any: a column is whatever the statement asks for
        """The whole answer."""
        with self:
            return self._connection.execute(statement, parameters).fetchall()

    def batches(
        self, statement: str, parameters: Sequence[str | int | None] = ()
    ) -> Iterator[list[tuple[Any, ...]]]:  # Any: as above
        """The answer, some rows at a time."""
        with self:
            cursor = self._connection.execute(statement, parameters)
            while some := cursor.fetchmany(_FETCH):
                yield some

    def interrupt_when(self, asked: Callable[[], bool]) -> None:
        """Ask every few milliseconds whether a statement that runs is to be given up."""
        with self:
            self._connection.set_progress_handler(asked, 100_000)

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
        if error is not None and (failure := _failure(error)) is not None:
            self.failure = failure
            self._failed(failure)
            raise failure from error
