"""Waits: the calls that will be tried again, and the sentence that counts down to the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.tui.words import duration

if TYPE_CHECKING:
    from fs_tui.models import RetryWait

__all__ = ["Waits"]


class Waits:
    """What waits, by call and library; moments are monotonic seconds."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, str], tuple[RetryWait, float]] = {}

    def __len__(self) -> int:
        return len(self._until)

    def begin(self, wait: RetryWait, until: float) -> None:
        """A call waits until a moment."""
        self._until[wait.call, wait.group_id] = (wait, until)

    def end(self, wait: RetryWait) -> bool:
        """A call waits no longer; returns whether it had waited."""
        return self._until.pop((wait.call, wait.group_id), None) is not None

    def clear(self) -> None:
        """Nothing waits any more."""
        self._until.clear()

    def sentence(self, now: float) -> str:
        """Say when the next of them is tried again; empty when none waits."""
        if not self._until:
            return ""
        wait, until = min(self._until.values(), key=lambda known: known[1])
        left = duration(max(1.0, until - now))
        return f"{wait.reason}; again in {left}, x stops (attempt {wait.attempt + 1})"
