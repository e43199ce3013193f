"""Owns the reading of an add_time, which each call writes in its own way (API.md section 4, 2)."""

from __future__ import annotations

from datetime import UTC, datetime

from fs_tui import times

__all__ = ["EARLIEST_MS", "LATEST_MS", "milliseconds"]

EARLIEST_MS = -62_000_000_000_000
LATEST_MS = 253_000_000_000_000
"""The years 5 to 9987: every time zone's reading of such a moment is still a datetime."""


def milliseconds(value: object) -> int | None:
    """Read an add_time: epoch milliseconds, also as text, or ISO 8601, or null.

    A text without an offset is taken as UTC. What is no time that a calendar knows is None, like a
    missing one: a strange time must not hide a face.
    """
    if type(value) is int:  # as of nearly every face
        return value if EARLIEST_MS < value < LATEST_MS else None
    if isinstance(value, str):
        value = _of_text(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # The comparison also refuses infinities and NaN.
    return int(value) if EARLIEST_MS < value < LATEST_MS else None


def _of_text(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return _of_iso(text)


def _of_iso(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return times.milliseconds(moment)
    except (ValueError, OverflowError):
        return None
