"""ChangeNotifier: tells of changes: subscribers at once, then each 50 ms; waiters at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ChangeNotifier"]

_Status = TypeVar("_Status")

_PAUSE = 0.05
"""Seconds between two notices to subscribers, where many come one after the other."""
_AT_ONCE = 3
"""Notices after a rest that wait for nothing: that a page was asked for, its rows, that it ends."""


class ChangeNotifier(Generic[_Status]):
    """Belongs to one event loop.

    Args:
        status: Returns what subscribers are told.
    """

    def __init__(self, status: Callable[[], _Status]) -> None:
        self._status = status
        self._subscribers: list[Callable[[_Status], None]] = []
        self._waiters: list[asyncio.Future[None]] = []
        self._notice: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._closed = False

    @property
    def pending(self) -> bool:
        """Whether subscribers have something to hear yet."""
        return self._notice is not None

    def subscribe(self, callback: Callable[[_Status], None]) -> Callable[[], None]:
        """Tell somebody of changes; returns what ends it."""
        self._subscribers.append(callback)

        def end() -> None:
            if callback in self._subscribers:
                self._subscribers.remove(callback)

        return end

    def changed(self) -> None:
        """Something is different now."""
        self._wake()
        if self._notice is None and self._subscribers and not self._closed:
            loop = asyncio.get_running_loop()
            self._due = max(self._due, loop.time() - (_AT_ONCE - 1) * _PAUSE)
            self._notice = loop.call_at(self._due, self._tell)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until a change makes something true, or nothing is told any more."""
        while not self._closed and not condition():
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter

    def catch_up(self) -> None:
        """Tell subscribers now what they have not heard yet."""
        if self._notice is not None:
            self._notice.cancel()
            self._tell()

    def close(self) -> None:
        """Tell nobody any more."""
        self._closed = True
        self._subscribers.clear()
        if self._notice is not None:
            self._notice.cancel()
        self._wake()

    def _tell(self) -> None:
        self._notice = None
        self._due += _PAUSE
        for callback in list(self._subscribers):
            callback(self._status())

    def _wake(self) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)
