"""Waiting for a condition of the browser, never for time."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

__all__ = ["until"]

_PATIENCE = 15.0
"""Seconds; only a failing test waits so long."""


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Let the app run until the condition holds."""
    deadline = monotonic() + _PATIENCE
    while not condition():
        assert monotonic() < deadline, "the condition was not met in time"
        await pilot.pause(0.02)
