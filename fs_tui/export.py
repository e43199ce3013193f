"""Rows into a file that has its name when it is whole, and not before.

FILE.partial, locked, for this writer alone ──► all is written ──► FILE, which nobody else made

A second writer of the same name takes FILE.2.partial, and finds at its end that FILE is there. What
an earlier run left behind is locked by nobody, and makes room.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fs_tui import private_files
from fs_tui.errors import FileError, FsTuiError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from fs_tui.records import Encoder

__all__ = ["ExportResult", "WholeFile", "check_free", "export"]

_WRITERS = 100
"""More of them do not write one name at once."""


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What became of an export.

    Attributes:
        path: The file that is there now, whole or with what could be written; None where no row
            could be.
        rows: How many rows it holds.
        error: Why it is not whole; None when it is.
    """

    path: Path | None
    rows: int
    error: FsTuiError | None = None


async def export(
    chunks: AsyncGenerator[Sequence[object], None],
    file: WholeFile,
    encoder: Encoder,
    progress: Callable[[int], None] = lambda _rows: None,
) -> ExportResult:
    """Write rows into a file. When their source raises, what came before stays, partial.

    Args:
        chunks: The rows.
        file: Is closed in any case.
        encoder: How they are written.
        progress: Is told how many rows are written so far.

    Raises:
        asyncio.CancelledError: What is written stays, partial.
    """
    rows, error = 0, None
    try:
        file.write(encoder.head())
        async with aclosing(chunks):
            async for some in chunks:
                file.write(encoder.rows(some))
                rows += len(some)
                progress(rows)
                await asyncio.sleep(0)
        file.write(encoder.foot())
        await file.finish()
    except FsTuiError as reason:
        error = reason
    finally:
        file.close(keep=rows > 0)
    if error is None:
        return ExportResult(file.path, rows)
    return ExportResult(file.partial if rows else None, rows, error)


class WholeFile:
    """A file for its owner alone; until it is whole it is a `.partial` beside its place.

    Args:
        path: The file. Where it is a link, the file that it leads to is meant.
        overwrite: Whether a file that is there may be replaced.

    Attributes:
        path: The file; behind a link, the one that it leads to.
        partial: What is written to.

    Raises:
        FileError: The file exists and is not to be replaced, is none, or cannot be written.
    """

    def __init__(self, path: Path, *, overwrite: bool = False) -> None:
        check_free(path, overwrite=overwrite)
        self.path = Path(os.path.realpath(path)) if path.is_symlink() else path
        self._overwrite = overwrite
        self._size = 0
        try:
            self.partial, descriptor = _partial(self.path)
        except OSError as error:
            raise _unusable(path, error) from error
        self._file = os.fdopen(descriptor, "wb", buffering=0)

    def write(self, data: bytes) -> None:
        """Write a piece: all of it or, on an error, nothing.

        Raises:
            FileError: There is no room, or the like.
        """
        view = memoryview(data)
        written = 0
        try:
            while written < len(view):
                written += self._file.write(view[written:]) or 0
        except OSError as error:
            # What does not fit must not leave half a row.
            self._file.truncate(self._size)
            raise _unusable(self.path, error) from error
        self._size += len(view)

    async def finish(self) -> None:
        """Give the file its name.

        Raises:
            FileError: Something else has this name by now, or what lies at `partial` is not what
                was written.
        """
        try:
            # A slow disk may take a minute for it, and would hold up everything else.
            await asyncio.to_thread(os.fsync, self._file.fileno())
            self._check(self.partial)
            if self._overwrite:
                check_free(self.path, overwrite=True)
                self.partial.replace(self.path)
            else:
                self._take_free_name()
            self._check(self.path)
        except FileExistsError as error:
            raise FileError(f"{self.path} was created meanwhile by another program") from error
        except OSError as error:
            raise _unusable(self.path, error) from error

    def close(self, *, keep: bool) -> None:
        """Let go of it; what is not whole stays as it is, or goes."""
        if not keep and self._is_ours(self.partial):
            self.partial.unlink(missing_ok=True)
        self._file.close()

    def _take_free_name(self) -> None:
        """Take the name if nothing has it: to look and then to rename would leave a gap."""
        try:
            os.link(self.partial, self.path, follow_symlinks=False)
        except FileExistsError:
            raise
        except OSError:
            # A file system without links. A name that was made here is ours to replace.
            os.close(private_files.create(self.path))
            self.partial.replace(self.path)
        else:
            self.partial.unlink()

    def _check(self, path: Path) -> None:
        if not self._is_ours(path) or os.fstat(self._file.fileno()).st_size != self._size:
            raise FileError(f"{path} was changed by another program while it was written")

    def _is_ours(self, path: Path) -> bool:
        return _leads_to(path, self._file.fileno())


def check_free(path: Path, *, overwrite: bool) -> None:
    """Look whether a file can have this name.

    Raises:
        FileError: There is one, and it is not to be replaced. What is there is a device, a pipe or
            a folder: no file is to take its place. Or it cannot be looked at: a folder that may not
            be entered, links in a circle, a name that is too long.
    """
    try:
        path.stat()
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unusable(path, error) from error
    if not path.is_file():
        hint = "Choose another name; a command without -o can be redirected to it."
        raise FileError(f"{path} is not a regular file", hint=hint)
    if not overwrite:
        raise FileError(f"{path} exists already", hint="Choose another name, or replace it.")


def _unusable(path: Path, error: OSError) -> FileError:
    why = error.strerror or "it cannot be written"
    return FileError(f"{path}: {why}", hint="Choose another place.")


def _partial(path: Path) -> tuple[Path, int]:
    """Make the file that is written, which no other writer has."""
    for number in range(1, _WRITERS):
        middle = "" if number == 1 else f".{number}"
        partial = path.with_name(f"{path.name}{middle}.partial")
        _remove_abandoned(partial)
        try:
            descriptor = private_files.create(partial)
        except FileExistsError:
            continue
        if _lock(descriptor) is not False and _leads_to(partial, descriptor):
            return partial, descriptor
        # Another writer took it for abandoned before it was locked.
        os.close(descriptor)
    raise FileError(f"{path} has too many unfinished files beside it", hint="Remove *.partial.")


def _remove_abandoned(partial: Path) -> None:
    """Remove what an ended run left there; what is locked, a link or no file is let alone."""
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if _lock(descriptor) and _leads_to(partial, descriptor) and partial.is_file():
            partial.unlink()
    except OSError:
        # Another user's. The next name is taken.
        return
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool | None:
    """Whether a file is locked for us now; None where the file system has no locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _leads_to(path: Path, descriptor: int) -> bool:
    """Whether a name is that of an open file."""
    try:
        return os.path.samestat(path.lstat(), os.fstat(descriptor))
    except OSError:
        return False
