"""Lends a command open sessions, and closes them whatever happens."""

from __future__ import annotations

import gc
import sys
from contextlib import AsyncExitStack, contextmanager
from typing import TYPE_CHECKING, TypeVar

from fs_tui.cli.ending import say, tell
from fs_tui.cli.signals import cancelling
from fs_tui.cli.unhandled import run
from fs_tui.shortage import require_descriptors

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

    from fs_tui.cli.connect import PreparedConnector
    from fs_tui.cli.context import Options
    from fs_tui.gateway import Event, Listener, Session
    from fs_tui.settings.options import Settings

__all__ = ["request_log", "with_session", "with_sessions"]

T = TypeVar("T")


def with_session(
    options: Options,
    use: Callable[[Session], Awaitable[T]],
    settings: Settings | None = None,
    *,
    kept: bool | None = None,
) -> T:
    """Open a session, let `use` work with it, close it; ctrl-c and signals included.

    Args:
        options: The global options.
        use: What the command does.
        settings: Those of this run, where the command has loaded them already.
        kept: Pages may come out of kept indexes, where the profile keeps them; False reads none,
            and takes out of them what turns out to be gone. None leaves them alone.

    Raises:
        FsTuiError: The settings, the credentials, or what `use` raises.
    """
    from fs_tui.cli.connect import connector

    async def with_one(sessions: Sequence[Session]) -> T:
        (session,) = sessions
        return await use(session)

    require_descriptors()
    return with_sessions(options, [connector(options, settings)], with_one, kept=kept)


def with_sessions(
    options: Options,
    connectors: Sequence[PreparedConnector],
    use: Callable[[Sequence[Session]], Awaitable[T]],
    *,
    kept: bool | None = None,
) -> T:
    """Open sessions, none or several, let `use` work with them, close them; as `with_session`.

    Raises:
        FsTuiError: The credentials, or what `use` raises.
    """
    with request_log(options) as record:
        for connecting in connectors:
            connecting.prepare(ask=True)
        return run(_lend(connectors, (_tell, record), use, kept=kept and not options.fresh))


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
            tell(f"the request log {options.log_requests} is incomplete: {log.failure}")


async def _lend(
    connectors: Iterable[PreparedConnector],
    listeners: Iterable[Listener],
    use: Callable[[Sequence[Session]], Awaitable[T]],
    *,
    kept: bool | None,
) -> T:
    with cancelling():
        async with AsyncExitStack() as stack:
            sessions = []
            for connecting in connectors:
                session = await connecting.open()
                session = await _over_kept(connecting, session, pages=kept)
                stack.push_async_callback(session.gateway.aclose)
                if session.warning:
                    say(f"fs-tui: {session.warning}")
                for listener in listeners:
                    session.gateway.listen(listener)
                sessions.append(session)
            # What is imported by now stays: no search for garbage looks at it again.
            gc.freeze()
            return await use(sessions)


async def _over_kept(
    connecting: PreparedConnector, session: Session, *, pages: bool | None
) -> Session:
    """Let pages come out of kept indexes where the profile keeps them, or clean those there are."""
    from fs_tui.cli.keeping import expire_kept, keeper_of

    if pages is None:
        await expire_kept(connecting.settings)
        return session
    keeper = await keeper_of(connecting.settings, session, cleaning=not pages)
    if keeper is None:
        return session
    from fs_tui.faces.kept_gateway import KeptGateway

    gateway = KeptGateway(session.gateway, keeper, tell, pages=pages)
    return session._replace(gateway=gateway)


def _tell(event: Event) -> None:
    """Say what a person at a terminal should know while a command works."""
    from fs_tui.models import ClockDrift, RetryWait

    match event:
        case ClockDrift(seconds=seconds):
            way = "behind" if seconds > 0 else "ahead"
            clock = f"this machine's clock is {abs(seconds):.0f} s {way}"
            tell(f"{clock}; requests are signed with the service's time")
        case RetryWait(seconds=seconds, reason=reason) if seconds and sys.stderr.isatty():
            say(f"fs-tui: {reason}; trying again in {seconds:.0f} s")
        case _:
            pass
