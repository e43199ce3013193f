"""Waits: the calls that will be tried again, and the countdown to the next attempt."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from fs_tui.words import duration

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

    from fs_tui.models import RetryWait
    from fs_tui.tui.host import Host

__all__ = ["Waits"]

_STEP = 1.0
"""Seconds between two steps of the countdown."""


class Waits:
    """What waits, by call and library; counts down for as long as something does.

    Args:
        host: Shows the countdown.
        screen: Hears the key that stops it; under a dialogue it does not.
    """

    def __init__(self, host: Host, screen: Screen[None]) -> None:
        self._host = host
        self._screen = screen
        self._until: dict[tuple[str, str], tuple[RetryWait, float]] = {}
        self._timer: Timer | None = None

    def __len__(self) -> int:
        return len(self._until)

    def note(self, wait: RetryWait) -> None:
        """A call begins to wait, or waits no longer."""
        call = wait.call, wait.group_id
        if wait.seconds > 0:
            self._until[call] = (wait, monotonic() + wait.seconds)
            self._count_down()
            if self._timer is None:
                self._timer = self._screen.set_interval(_STEP, self._count_down)
        elif self._until.pop(call, None) is not None and not self._until:
            self.clear()
            self._host.say("")

    def clear(self) -> None:
        """Nothing waits any more; what is said about it is left to the caller."""
        self._until.clear()
        if self._timer is not None:
            self._timer.stop()
        self._timer = None

    def _count_down(self) -> None:
        wait, until = min(self._until.values(), key=lambda known: known[1])
        left = duration(max(1.0, until - monotonic()))
        key = ", x stops" if self._screen.is_active else ""
        words = f"{wait.reason}; again in {left}{key} (attempt {wait.attempt + 1})"
        self._host.say(words, "wait")
