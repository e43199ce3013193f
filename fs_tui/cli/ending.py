"""How a run ends: what is said on standard error, and the exit status."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

from fs_tui.errors import FileError, FsTuiError, ServiceError, UsageError

if TYPE_CHECKING:
    import click

__all__ = ["EXIT_STATUS", "ended", "misused", "say", "say_error"]

EXIT_STATUS = (
    ("0", "done"),
    ("1", "the service refused, or the program has a fault"),
    ("2", "wrong use, settings or credentials"),
    ("3", "worth another try: network, limits, timeouts"),
    ("4", "the listing ended incomplete (what was read is written)"),
    ("130", "interrupted"),
    ("129, 143", "ended by SIGHUP, SIGTERM"),
)
"""What each says, for help and man page."""

_INTERRUPTED = 130


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
            status = error.exit_status
        case KeyboardInterrupt():
            status = _INTERRUPTED
        case SystemExit(code=int() as status):
            pass
        case BrokenPipeError():
            _give_up(1)
            status = 0
        case OSError(errno=errno.ENOSPC | errno.EDQUOT | errno.EFBIG | errno.EIO):
            # Files of ours say so themselves; what is left is standard output.
            _give_up(1)
            status = ended(FileError(f"standard output: {error.strerror}"))
        case BaseExceptionGroup(exceptions=[only]):
            status = ended(only)
        case _:
            status = _crashed(error)
    return status


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
