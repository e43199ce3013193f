"""How long an event loop is held up: a task that wants to run every few milliseconds."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Heartbeat"]

_BEAT = 0.002


class Heartbeat:
    """Measures the longest stall of the loop that it was made on.

    Attributes:
        longest: Seconds by which a beat came late at worst, since `reset`.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self._task = asyncio.get_running_loop().create_task(self._beat())

    async def _beat(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                began = time.perf_counter()
                await asyncio.sleep(_BEAT)
                self.longest = max(self.longest, time.perf_counter() - began - _BEAT)

    def reset(self) -> None:
        """Forget what was measured."""
        self.longest = 0.0

    def stop(self) -> None:
        """End the task."""
        self._task.cancel()

    @contextlib.contextmanager
    def over(self, stalls: dict[str, float], name: str) -> Iterator[None]:
        """Put the longest stall within the block into `stalls`, in seconds."""
        self.reset()
        yield
        stalls[name] = self.longest
