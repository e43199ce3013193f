"""Lends a command an open session, and closes it whatever happens."""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from fs_tui.cli.ending import say
from fs_tui.cli.signals import cancelling
from fs_tui.cli.unhandled import run
from fs_tui.shortage import require_descriptors

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

    from fs_tui.cli.context import Options
    from fs_tui.gateway import Connector, Event, Listener, Session
    from fs_tui.settings.options import Settings

__all__ = ["request_log", "with_session"]

T = TypeVar("T")


def with_session(
    options: Options,
    use: Callable[[Session], Awaitable[T]],
    settings: Settings | None = None,
) -> T:
    """Open a session, let `use` work with it, close it; ctrl-c and signals included.

    Args:
        options: The global options.
        use: What the command does.
        settings: Those of this run, where the command has loaded them already.

    Raises:
        FsTuiError: The settings, the credentials, or what `use` raises.
    """
    from fs_tui.cli.connect import connector

    require_descriptors()
    with request_log(options) as record:
        connecting = connector(options, settings)
        connecting.prepare(ask=True)
        return run(_lend(connecting, (_tell, record), use))


@contextmanager
def request_log(options: Options) -> Iterator[Listener]:
    """Yield what takes the requests for the file of --log-requests; without one, nothing does.

    Raises:
        FileError: The file cannot be opened.
    """
    if options.log_requests is None:
        yield lambda _event: None
        return
    from fs_tui.cli.request_log import RequestLogFile

    log = RequestLogFile(options.log_requests)
    try:
        yield log
    finally:
        log.close()
        if log.failure:
            say(f"fs-tui: the request log {options.log_requests} is incomplete: {log.failure}.")


async def _lend(
    connecting: Connector, listeners: Iterable[Listener], use: Callable[[Session], Awaitable[T]]
) -> T:
    with cancelling():
        session = await connecting.open()
        # What is imported by now stays: no search for garbage looks at it again.
        gc.freeze()
        try:
            if session.warning:
                say(f"fs-tui: {session.warning}")
            for listener in listeners:
                session.gateway.listen(listener)
            return await use(session)
        finally:
            await session.gateway.aclose()


def _tell(event: Event) -> None:
    """Say what a person at a terminal should know while a command works."""
    from fs_tui.models import ClockDrift, RetryWait

    match event:
        case ClockDrift(seconds=seconds):
            way = "behind" if seconds > 0 else "ahead"
            clock = f"this machine's clock is {abs(seconds):.0f} s {way}"
            say(f"fs-tui: {clock}; requests are signed with the service's time.")
        case RetryWait(seconds=seconds, reason=reason) if seconds and sys.stderr.isatty():
            say(f"fs-tui: {reason}; trying again in {seconds:.0f} s")
        case _:
            pass
