"""ConcurrencyLimit: how many requests may run at once; limits lower it, calm raises it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import LimitError
from fs_tui.models import RetryWait

if TYPE_CHECKING:
    from fs_tui.gateway import Event

__all__ = ["ConcurrencyLimit", "tells_of_limit"]

_CALM = 20
"""Answers without a limit after which one more request is tried."""


class ConcurrencyLimit:
    """Halved by each limit, one more after each calm stretch, never above what was set."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._calm = 0
        self.now = most
        """Requests that may be under way together now, at least 1."""
        self.wary = False
        """Whether a limit was met of late: nothing then goes beyond `now`."""

    def limited(self) -> None:
        """The account's limit was met."""
        self.now = max(1, self.now // 2)
        self.wary = True
        self._calm = 0

    def answered(self) -> None:
        """A request was answered."""
        self._calm += 1
        if self._calm >= _CALM:
            self.now = min(self.now + 1, self._most)
            self.wary = False
            self._calm = 0


def tells_of_limit(event: Event, group_id: str) -> bool:
    """Whether an event says that a page of this library waits because of the account's limit."""
    if not isinstance(event, RetryWait) or event.group_id != group_id or event.call != "list":
        return False
    return event.reason == LimitError.title and event.seconds > 0
