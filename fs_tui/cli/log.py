"""The log: off unless asked for, private, redacted; and the report of a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["start", "state_folder", "write_crash"]


def state_folder() -> Path:
    """Return the platform's state folder of this program, whether it exists or not."""
    raise NotImplementedError


def start() -> Path:
    """Write a redacted log from now on; return its file (0600)."""
    raise NotImplementedError


def write_crash(error: BaseException) -> Path | None:
    """Write where the program failed: types and lines, no texts, no locals. None if it cannot."""
    raise NotImplementedError
