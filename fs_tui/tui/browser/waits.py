"""Waits: the calls that will be tried again, and the countdown to the next attempt."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from fs_tui.words import duration

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.timer import Timer

    from fs_tui.models import RetryWait

__all__ = ["Waits"]

_STEP = 1.0
"""Seconds between two steps of the countdown."""


class Waits:
    """What waits, by call and library; counts down for as long as something does.

    Args:
        every: Calls a function each time that some seconds have passed.
        say: Shows the countdown; an empty sentence ends it.
        can_stop: Whether the key that stops it is heard now: under a dialogue it is not.
    """

    def __init__(
        self,
        every: Callable[[float, Callable[[], None]], Timer],
        say: Callable[[str], None],
        can_stop: Callable[[], bool],
    ) -> None:
        self._every = every
        self._say = say
        self._can_stop = can_stop
        self._until: dict[tuple[str, str], tuple[RetryWait, float]] = {}
        self._timer: Timer | None = None

    def __len__(self) -> int:
        return len(self._until)

    def begin(self, wait: RetryWait, until: float) -> None:
        """A call waits until a moment, in monotonic seconds."""
        self._until[wait.call, wait.group_id] = (wait, until)
        self._count_down()
        if self._timer is None:
            self._timer = self._every(_STEP, self._count_down)

    def end(self, wait: RetryWait) -> None:
        """A call waits no longer."""
        waited = self._until.pop((wait.call, wait.group_id), None)
        if waited is not None and not self._until:
            self.clear()
            self._say("")

    def clear(self) -> None:
        """Nothing waits any more; what is said about it is left to the caller."""
        self._until.clear()
        if self._timer is not None:
            self._timer.stop()
        self._timer = None

    def _count_down(self) -> None:
        wait, until = min(self._until.values(), key=lambda known: known[1])
        left = duration(max(1.0, until - monotonic()))
        key = ", x stops" if self._can_stop() else ""
        self._say(f"{wait.reason}; again in {left}{key} (attempt {wait.attempt + 1})")
