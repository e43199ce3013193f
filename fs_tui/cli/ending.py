"""How a run ends: what is said on standard error, and the exit status.

status   when
0        done, and when the reader of a pipe had enough
1        the service refused, or the program has a fault
2        wrong use, settings or credentials
3        worth another try: network, limits, timeouts
4        the listing ended incomplete
129 143  SIGHUP, SIGTERM
130      ctrl-c
"""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

from fs_tui.errors import FsTuiError, ServiceError, UsageError

if TYPE_CHECKING:
    from types import FrameType

    import click

__all__ = ["ended", "listen_to_signals", "misused", "say", "say_error"]

INTERRUPTED = 130


def say(text: str) -> None:
    """Write one line for people to standard error, safe for a terminal."""
    from fs_tui.visible import visible

    try:
        sys.stderr.write(f"{visible(text)}\n")
        sys.stderr.flush()
    except OSError:
        # Nobody is listening; the exit status still tells.
        _give_up(2)


def say_error(error: FsTuiError) -> None:
    """Say what happened, why, and what to do next."""
    say(f"fs-tui: {error}")
    if isinstance(error, ServiceError):
        facts = [
            "" if error.detail == error.code else error.code,
            f"HTTP {error.http_status}" if error.http_status else "",
            f"request_id {error.request_id}" if error.request_id else "",
        ]
        if known := ", ".join(fact for fact in facts if fact):
            say(f"        ({known})")
    if error.hint:
        say(f"        {error.hint}")


def ended(error: BaseException) -> int:
    """Say why the run ended, and return its exit status."""
    match error:
        case FsTuiError():
            say_error(error)
            return error.exit_status
        case KeyboardInterrupt():
            say("fs-tui: interrupted")
            return INTERRUPTED
        case SystemExit():
            return error.code if isinstance(error.code, int) else 1
        case BrokenPipeError():
            _give_up(1)
            return 0
        case BaseExceptionGroup(exceptions=[only]):
            return ended(only)
        case _:
            return _crashed(error)


def misused(error: click.ClickException) -> UsageError:
    """Return what click found wrong with the command line as one of our errors."""
    from click import NoSuchOption
    from click import UsageError as ClickUsageError

    detail = error.format_message()
    context = error.ctx if isinstance(error, ClickUsageError) else None
    hint = f"See '{context.command_path} --help'." if context else "See 'fs-tui --help'."
    if isinstance(error, NoSuchOption):
        hint += " An id that begins with '-' goes after '--'."
    return UsageError(detail, hint=hint)


def listen_to_signals() -> None:
    """End in order on SIGTERM and SIGHUP: files are closed, connections too; 143 and 129."""
    signal.signal(signal.SIGTERM, _stop)
    # nohup ignores SIGHUP, and that is to stay so.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _stop)


def _stop(signum: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + signum)


def _crashed(error: BaseException) -> int:
    """A fault of the program: its type and where the log lies, never its text or locals."""
    from fs_tui.cli.log import write_crash

    path = write_crash(error)
    say(f"fs-tui: The program has a fault and had to stop: {type(error).__name__}.")
    if path is not None:
        say(f"        The place in the program is written in {path}; it holds no data.")
    return 1


def _give_up(descriptor: int) -> None:
    """Point a stream that nobody reads at nothing, so that the last flush does not complain."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, descriptor)
    os.close(nothing)
