"""Runs blocking work in daemon threads: what hangs there holds up neither a caller nor the exit."""

from __future__ import annotations

from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["start", "within"]

T = TypeVar("T")


def start(work: Callable[[], T]) -> Future[T]:
    """Begin `work` in a daemon thread; the future gets its result or its error."""
    future: Future[T] = Future()
    # A running future cannot be cancelled, so the thread may always set its result.
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - it is handed to whoever waits
            future.set_exception(error)
        else:
            future.set_result(result)

    Thread(target=run, name="fs-tui background", daemon=True).start()
    return future


def within(seconds: float, work: Callable[[], T]) -> T:
    """Return the result of `work`, or give up on it.

    Raises:
        TimeoutError: It took longer; it may still go on behind the scenes.
    """
    return start(work).result(timeout=seconds)
