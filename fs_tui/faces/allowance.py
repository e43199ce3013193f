"""Allowance: how many requests may be under way together, lowered by limits and won back slowly."""

from __future__ import annotations

__all__ = ["Allowance"]

_CALM = 20
"""Answers without a limit after which one more request is tried."""


class Allowance:
    """Halved by each limit, one more after each calm stretch, never above what was set."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._calm = 0
        self.now = most
        """Requests that may be under way together now, at least 1."""

    def limited(self) -> None:
        """The account's limit was met."""
        self.now = max(1, self.now // 2)
        self._calm = 0

    def answered(self) -> None:
        """A request was answered."""
        self._calm += 1
        if self._calm >= _CALM and self.now < self._most:
            self.now += 1
            self._calm = 0
