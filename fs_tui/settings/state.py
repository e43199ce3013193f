"""What the program remembers of a profile from one run to the next, in the state folder.

Choices only: how the screen is laid out, what was answered. The file is not encrypted, so no id or
name of a library or of a person may stand in it.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from fs_tui import private_files

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["State", "private_state_folder", "state_folder"]

T = TypeVar("T")

_NAME = "state.json"
_SIZE_LIMIT = 1 << 20
"""Bytes; what we write is a few hundred a profile."""


def state_folder() -> Path:
    """Return the platform's state folder of this program, whether it exists or not."""
    import platformdirs

    return platformdirs.user_state_path("fs-tui", appauthor=False)


def private_state_folder() -> Path:
    """Return the state folder, made where it is missing.

    Raises:
        OSError: It cannot be made.
    """
    folder = state_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


class State:
    """One profile's choices; nothing depends on them.

    A file that cannot be read holds none, and one that cannot be written stays as it is.

    Args:
        profile: Its name.
    """

    def __init__(self, profile: str) -> None:
        self._profile = profile

    def get(self, name: str, kind: type[T]) -> T | None:
        """Return what was put under a name; None where nothing was, or something of another kind.

        Args:
            name: What it is called.
            kind: `bool`, `int`, `str`, `list` or `dict`, as JSON has them.
        """
        value = _table(_read().get(self._profile)).get(name)
        # A bool is an int for Python, and not for whoever asks.
        return value if type(value) is kind else None

    def put(self, name: str, value: object) -> None:
        """Remember a value that JSON can hold."""
        profiles = _read()
        profiles[self._profile] = {**_table(profiles.get(self._profile)), name: value}
        with suppress(OSError):
            _write(json.dumps(profiles, indent=1))


def _table(value: object) -> dict[str, Any]:  # Any: whatever JSON holds
    return value if isinstance(value, dict) else {}


def _read() -> dict[str, Any]:  # Any: the same
    """Every profile's choices; asked each time, as another fs-tui may have put some meanwhile."""
    try:
        with (state_folder() / _NAME).open("rb") as file:
            return _table(json.loads(file.read(_SIZE_LIMIT)))
    except (OSError, ValueError, RecursionError):
        return {}


def _write(text: str) -> None:
    """Put a whole new file in the place of the one before."""
    file = private_state_folder() / _NAME
    partial = file.with_name(f"{_NAME}.{os.getpid()}.part")
    with suppress(FileNotFoundError):
        partial.unlink()
    try:
        with os.fdopen(private_files.create(partial), "w", encoding="utf-8") as new:
            new.write(text + "\n")
        partial.replace(file)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
