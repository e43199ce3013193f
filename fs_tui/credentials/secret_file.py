"""Reads files that hold one secret, and judges who else can read them.

what it is                                    what becomes of it
--------------------------------------------  -------------------------------------------------
private to this user (a file, or a pipe)      taken
open to others, and `chmod` would mend it     refused, with the `chmod`
open to others, and no `chmod` would work     taken, with a warning that lasts: so orchestrators
                                              mount secrets (mode 0444, read-only or root's)
neither file nor pipe                         refused
"""

from __future__ import annotations

import codecs
import os
import stat
import time
from pathlib import Path
from typing import NamedTuple

from fs_tui.errors import FileError

__all__ = ["PIPE_SECONDS", "SecretText", "read_secret"]

PIPE_SECONDS = 30.0
"""How long the other end of a pipe may take; it may have to ask a person."""

_LIMIT = 4096
_HINT = "The file holds the secret in one line and nothing else."


class SecretText(NamedTuple):
    """What a file holds.

    Attributes:
        text: Its content; not for eyes.
        warning: Who else can read it; empty when nobody can.
    """

    text: str
    warning: str


def read_secret(name: str, text: str, *, seconds: float = PIPE_SECONDS) -> SecretText:
    """Return the content of a file, or of a pipe until its other end is closed.

    Args:
        name: The variable that names the file, for errors.
        text: The file's path, as it was given.
        seconds: The deadline for a pipe.

    Raises:
        FileError: It cannot be read, is neither file nor pipe, is too large, or is open to others
            although it need not be.
    """
    path = Path(os.path.expanduser(text))  # noqa: PTH111 - Path's raises for an unknown user
    try:
        # Without O_NONBLOCK a pipe would hold us up before it is looked at.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        hint = f"Correct {name}, or unset it."
        raise FileError(f"{name}: {path}: {reason}", hint=hint) from error
    try:
        # The open file is what is judged: a name could be exchanged in between.
        info = os.fstat(descriptor)
        warning = _judged(f"{name}: {path}", path, descriptor, info)
        content = _content(descriptor, info, seconds)
    except TimeoutError:
        raise FileError(
            f"{name}: {path}: nobody wrote to this pipe and closed it within {seconds:g} s"
        ) from None
    finally:
        os.close(descriptor)
    if len(content) > _LIMIT:
        raise FileError(f"{name}: {path}: it is too large to be one", hint=_HINT)
    return SecretText(_decoded(content), warning)


def _judged(place: str, path: Path, descriptor: int, info: os.stat_result) -> str:
    """Return a warning about who else can read it; refuse what is no secret's place."""
    if not (stat.S_ISREG(info.st_mode) or stat.S_ISFIFO(info.st_mode)):
        raise FileError(f"{place}: it is neither a file nor a pipe", hint=_HINT)
    if not hasattr(os, "getuid"):
        return ""
    mode = stat.S_IMODE(info.st_mode)
    foreign = info.st_uid != os.getuid()
    opened = f"other users may use it (mode {mode:04o})" if mode & _OTHERS else ""
    if opened and not foreign and _can_be_closed(descriptor, mode):
        import shlex

        raise FileError(f"{place}: {opened}", hint=f"Run: chmod 600 {shlex.quote(str(path))}")
    if opened:
        return f"{opened}, which cannot be changed here"
    return "it belongs to another user" if foreign else ""


_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def _can_be_closed(descriptor: int, mode: int) -> bool:
    """Whether its owner can change its mode: not on a read-only mount, for one."""
    try:
        os.fchmod(descriptor, mode)  # the one that it has
    except OSError:
        return False
    return True


def _content(descriptor: int, info: os.stat_result, seconds: float) -> bytes:
    """Return what can be read, a little more than the limit at most."""
    if stat.S_ISREG(info.st_mode):
        return os.read(descriptor, _LIMIT + 1)
    import selectors

    content = bytearray()
    end = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while len(content) <= _LIMIT:
            if not selector.select(max(0, end - time.monotonic())):
                raise TimeoutError
            piece = os.read(descriptor, _LIMIT + 1)
            if not piece:
                break
            content += piece
    return bytes(content)


def _decoded(content: bytes) -> str:
    """Return it as text, without the mark that editors and shells of other systems begin with."""
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if wide else "utf-8-sig", errors="replace")
