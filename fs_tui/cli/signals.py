"""Ends a run in order on ctrl-c, SIGTERM and SIGHUP: 130, 143 and 129.

before the loop   the signal raises, and what is open is closed on the way out
in the loop       the command's task is cancelled, so that files and connections are closed
what still hangs  is left behind after a grace: a name server, a reader that does not read
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

__all__ = ["cancelling", "listen", "received"]

received: list[int] = []
"""The exit statuses of the signals that came while something ran."""

_GRACE = 1.5
"""Seconds that closing may take after a signal."""


def listen() -> None:
    """Let SIGTERM and SIGHUP raise SystemExit with their status, as ctrl-c raises by itself."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        # nohup ignores SIGHUP, and that is to stay so.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _raise)


@contextmanager
def cancelling() -> Iterator[None]:
    """Let the signals cancel the running task while the block runs; then raise SystemExit.

    What has ended by itself meanwhile keeps its result, or its error; see `received`.
    """
    import asyncio

    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - called in a coroutine only
    loop = task.get_loop()

    def stop(number: int, _frame: FrameType | None) -> None:
        status = 128 + number
        if received:
            raise SystemExit(status)
        received.append(status)
        _end_within(_GRACE, status)
        loop.call_soon_threadsafe(task.cancel)

    before = {
        number: signal.signal(number, stop)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    except asyncio.CancelledError:
        if received:
            raise SystemExit(received[0]) from None
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _raise(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _end_within(seconds: float, status: int) -> None:
    """End the process after so long, from a thread that nothing can hold up."""
    timer = threading.Timer(seconds, os._exit, [status])
    timer.daemon = True
    timer.start()
