"""Lends a command an open session, and closes it whatever happens."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, TypeVar

from fs_tui.cli.ending import say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fs_tui.cli.context import Options
    from fs_tui.gateway import Connector, Event, Session

__all__ = ["with_session"]

T = TypeVar("T")


def with_session(options: Options, use: Callable[[Session], Awaitable[T]]) -> T:
    """Open a session, let `use` work with it, close it; ctrl-c and signals included.

    Raises:
        FsTuiError: The settings, the credentials, or what `use` raises.
    """
    from fs_tui.cli.connect import connector

    connecting = connector(options)
    connecting.prepare(ask=True)
    return asyncio.run(_lend(connecting, use))


async def _lend(connecting: Connector, use: Callable[[Session], Awaitable[T]]) -> T:
    session = await connecting.open()
    try:
        if session.warning:
            say(f"fs-tui: {session.warning}")
        session.gateway.listen(_tell)
        return await use(session)
    finally:
        await session.gateway.aclose()


def _tell(event: Event) -> None:
    """Say what a person at a terminal should know while a command works."""
    from fs_tui.models import ClockDrift, RetryWait

    match event:
        case ClockDrift(seconds=seconds):
            way = "behind" if seconds > 0 else "ahead"
            say(f"fs-tui: this machine's clock is {abs(seconds):.0f} s {way}; signs are corrected.")
        case RetryWait(seconds=seconds, reason=reason) if seconds and sys.stderr.isatty():
            say(f"fs-tui: {reason}; trying again in {seconds:.0f} s")
        case _:
            pass
