"""Owns the words for what this machine is short of: open files, memory, space, threads.

OSError, MemoryError, … and whatever they caused ──► shortage ──► ResourceError
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from fs_tui.errors import ResourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["causes", "os_words", "require_descriptors", "require_memory", "shortage"]

_DESCRIPTORS = 24
"""What a session may have open at once: connections, databases, the keyring, a file, the loop."""

_MEGABYTES = 96
"""Of address space: `libraries` takes 70."""

_ROOM = "Make room there, or use another folder (TMPDIR for temporary files)."
_WORDS = {
    errno.EMFILE: (
        "this process may not open more files",
        "Raise its limit: ulimit -n 1024, then start again.",
    ),
    errno.ENFILE: ("this machine cannot open more files", "Close other programs."),
    errno.ENOMEM: (
        "there is no memory left",
        "Close other programs, or raise the limit on memory.",
    ),
    errno.EAGAIN: (
        "no more threads or processes can be started",
        "Close other programs, or raise the limits: ulimit -u, ulimit -v.",
    ),
    errno.ENOSPC: ("there is no space left on the disk", _ROOM),
    errno.EDQUOT: ("the disk quota is used up", _ROOM),
    errno.EFBIG: (
        "the file size limit is reached",
        "Raise the limit (ulimit -f), or use a disk that takes larger files.",
    ),
    errno.EROFS: ("the disk is read-only", _ROOM),
    errno.EIO: ("a disk or device failed", "Use another one, and look into the system's log."),
}
_OF_FILES = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
"""Where the file's name is worth saying."""

_IN_TEXTS = {
    "can't start new thread": errno.EAGAIN,
    "Error 24": errno.EMFILE,
    "Too many open files": errno.EMFILE,
    "Cannot allocate memory": errno.ENOMEM,
    "failed to map segment": errno.ENOMEM,
}
"""How Python and its loader of libraries word it where they give no number."""


def shortage(error: BaseException) -> ResourceError | None:
    """Return what the machine was short of, in words; None when it was something else.

    Args:
        error: Any; what caused it is looked at, too.
    """
    for link in causes(error):
        if isinstance(link, ResourceError):
            return link
        number = _number(link)
        if number in _WORDS:
            detail, hint = _WORDS[number]
            if number in _OF_FILES and isinstance(link, OSError) and link.filename is not None:
                detail = f"{detail}: {link.filename}"
            return ResourceError(detail, hint=hint)
    return None


def os_words(error: OSError) -> str:
    """Return what the operating system said, without the name of a file."""
    known = _WORDS.get(error.errno or 0)
    return known[0] if known else error.strerror or type(error).__name__


def require_descriptors() -> None:
    """Return when a session can open as many files as it may need.

    Later every library would say in its own words that it cannot, or hide it.

    Raises:
        ResourceError: It cannot.
    """
    opened: list[int] = []
    try:
        opened += (os.dup(2) for _ in range(_DESCRIPTORS))
    except OSError as error:
        short = shortage(error)
        if short is None:
            raise
        raise short from None
    finally:
        for descriptor in opened:
            os.close(descriptor)


def require_memory() -> None:
    """Return when this process may use as much memory as the least command takes.

    With less, imports fail in the middle: libraries print tracebacks, or name another cause.

    Raises:
        ResourceError: It may not.
    """
    try:
        import resource
    except ImportError:  # a system without such limits
        return
    for option, kind in (("-v", resource.RLIMIT_AS), ("-d", resource.RLIMIT_DATA)):
        limit = resource.getrlimit(kind)[0]
        if limit != resource.RLIM_INFINITY and limit < _MEGABYTES * 1_000_000:
            raise ResourceError(
                f"this process may use {limit // 1_000_000} MB of memory, and needs {_MEGABYTES}",
                hint=f"Raise its limit: ulimit {option} unlimited, then start again.",
            )


def _number(error: BaseException) -> int:
    match error:
        # Code in C that gets no memory may lose the error itself: Python tells that so.
        case MemoryError() | SystemError():
            return errno.ENOMEM
        case OSError(errno=int() as number):
            return number
        case RuntimeError() | ImportError():
            return next((known for text, known in _IN_TEXTS.items() if text in str(error)), 0)
        case _:
            return 0


def causes(error: BaseException) -> Iterator[BaseException]:
    """Walk an error, the members of groups, and what caused each."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        link = waiting.pop()
        if link is None or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        waiting += (link.__context__, link.__cause__)
        if isinstance(link, BaseExceptionGroup):
            waiting += link.exceptions
