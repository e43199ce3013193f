"""Waiting for a condition, never for time."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PATIENCE", "until", "wait_until"]

PATIENCE = 30.0
"""Seconds; only a failing test waits so long: the machine may be busy with other work."""


async def until(
    holds: Callable[[], object],
    *,
    pause: float = 0.005,
    shown: Callable[[], str] = lambda: "(nothing is shown)",
) -> None:
    """Let the event loop go on until a condition holds.

    Args:
        holds: Is looked at between the turns.
        pause: Seconds between two looks; 0 for what may be so for one turn only.
        shown: What a failure is to tell.
    """
    ends = time.monotonic() + PATIENCE
    await asyncio.sleep(0)
    while not holds():
        if time.monotonic() > ends:
            raise AssertionError(f"It never came to be:\n{shown()}")
        await asyncio.sleep(pause)


def wait_until(holds: Callable[[], object]) -> None:
    """Wait for what another thread or process does."""
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < ends, "It never came to be"
        time.sleep(0.01)
