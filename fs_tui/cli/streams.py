"""Owns the three standard streams: none is missing, and what standard output does not take is said.

closed standard input    reading it is an error, and not an empty text
closed standard output   writing to it is an error: what was asked for would be lost
closed standard error    nobody listens, and the exit status still tells
"""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from typing import TYPE_CHECKING

from fs_tui.errors import OutputError
from fs_tui.shortage import os_words

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

__all__ = ["discard", "settle"]


def settle() -> None:
    """Make the streams of this process usable, before anything else is opened.

    No file or connection of ours gets the number of one that is missing.
    """
    for number, flags in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free is this one.
            os.set_inheritable(os.open(os.devnull, flags), True)  # noqa: FBT003 - its only argument
    # Not what somebody has put in their place, as tests do.
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8")
    if sys.stdout is None or sys.stdout is sys.__stdout__:
        sys.stdout = _output(sys.stdout)
    if sys.stderr is None:
        raw = io.FileIO(2, "w", closefd=False)
        sys.stderr = io.TextIOWrapper(raw, "utf-8", "backslashreplace", write_through=True)


def discard(descriptor: int) -> None:
    """Point a stream at nothing, so that the last flush does not complain."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, descriptor)
    os.close(nothing)


def _output(before: io.TextIOWrapper | None) -> io.TextIOWrapper:
    raw = _Output(1, "w", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=before.encoding if before else "utf-8",
        errors=before.errors if before else "strict",
        line_buffering=raw.isatty(),
    )


class _Output(io.FileIO):
    """Standard output; a reader that goes away is for the caller to judge."""

    def write(self, data: ReadableBuffer, /) -> int:
        """Write all or a part of it.

        Raises:
            OutputError: It is closed, or what it leads to takes no more.
            BrokenPipeError: The reader of the pipe has gone.
        """
        while True:
            try:
                written = super().write(data)
            except BrokenPipeError:
                discard(1)
                raise
            except OSError as error:
                discard(1)
                closed = error.errno == errno.EBADF
                raise OutputError(
                    "standard output is closed" if closed else os_words(error)
                ) from None
            if written is not None:
                return written
            # Whoever shares the pipe may have made it one that does not wait.
            select.select((), (self,), ())
