"""Opens the files that we write: for their owner alone, and never through a link."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["append", "create"]

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
_MODE = 0o600


def create(path: Path) -> int:
    """Return the descriptor of a new file.

    Raises:
        OSError: There is something of that name already, or it cannot be made.
    """
    return os.open(path, _FLAGS | os.O_EXCL, _MODE)


def append(path: Path) -> int:
    """Return the descriptor of a file that is made, or written on at its end.

    Others cannot read it from now on, even if they could.

    Raises:
        OSError: It is a link, no regular file or another user's, or cannot be opened.
    """
    # A pipe is not waited for: it is refused.
    descriptor = os.open(path, _FLAGS | os.O_APPEND | os.O_NONBLOCK, _MODE)
    try:
        _take_from_others(descriptor)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _take_from_others(descriptor: int) -> None:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise OSError(errno.EINVAL, "not a regular file")
    try:
        os.fchmod(descriptor, _MODE)
    except PermissionError as error:
        raise OSError(errno.EPERM, "belongs to another user") from error
