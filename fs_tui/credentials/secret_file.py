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
from pathlib import Path
from typing import NamedTuple

from fs_tui.background import within
from fs_tui.errors import FileError

__all__ = ["PIPE_SECONDS", "SecretText", "read_secret"]

PIPE_SECONDS = 30.0
"""How long the other end of a pipe may take; it may have to ask a person."""

_LIMIT = 4096
_HINT = "The file holds the secret in one line and nothing else."


class SecretText(NamedTuple):
    """What a file holds; it does not show itself.

    Attributes:
        text: Its content.
        warning: Who else can read it; empty when nobody can.
    """

    text: str
    warning: str = ""

    def __repr__(self) -> str:
        """Without the text."""
        return "<SecretText>"


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
    place = f"{name}: {path}"
    try:
        content, warning = within(seconds, lambda: _read(place, path))
    except TimeoutError:
        raise FileError(f"{place}: nobody wrote to it and closed it within {seconds:g} s") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise FileError(f"{place}: {reason}", hint=f"Correct {name}, or unset it.") from error
    if len(content) > _LIMIT:
        raise FileError(f"{place}: it is too large to be one", hint=_HINT)
    return SecretText(_decoded(content), warning)


def _read(place: str, path: Path) -> tuple[bytes, str]:
    """Return what it holds, a little more than the limit at most, and who else can read it.

    Blocks until somebody writes to a pipe, and closes it.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOCTTY), "rb") as file:
        # The open file is what is judged: a name could be exchanged in between.
        warning = _judged(place, path, file.fileno())
        return file.read(_LIMIT + 1), warning


def _judged(place: str, path: Path, descriptor: int) -> str:
    """Return a warning about who else can read it; refuse what is no secret's place."""
    info = os.fstat(descriptor)
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


def _decoded(content: bytes) -> str:
    """Return it as text, without the mark that editors and shells of other systems begin with."""
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if wide else "utf-8-sig", errors="replace")
