"""How a run ends: what is said on standard error, and the exit status."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from fs_tui.cli.streams import discard
from fs_tui.errors import FileError, FsTuiError, ServiceError, UsageError
from fs_tui.shortage import os_words, shortage
from fs_tui.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import click

__all__ = ["EXIT_STATUS", "combined", "ended", "misused", "say", "say_error", "tell", "worst"]

EXIT_STATUS = (
    ("0", "done"),
    ("1", "the service refused, or an internal error"),
    ("2", "wrong use, settings or credentials, or no room on this machine"),
    ("3", "worth another try: network, limits, timeouts"),
    ("4", "the answer is incomplete (what was read is written)"),
    ("5", "the answer is no"),
    ("130", "interrupted"),
    ("129, 143", "ended by SIGHUP, SIGTERM"),
)
"""What each says, for help and man page."""

_INTERRUPTED = 130
_ORDER = (2, 1, 3, 4, 5, 0)
"""Where several hold, a signal's wins, and then the first of these."""


def say(text: str) -> None:
    """Write one line for people to standard error, safe for a terminal."""
    try:
        sys.stderr.write(f"{visible(text)}\n")
        sys.stderr.flush()
    except OSError:
        # Nobody is listening; the exit status still tells.
        discard(2)


def tell(sentence: str) -> None:
    """Say a sentence, given without its full stop, and who says it."""
    say(f"fs-tui: {sentence}.")


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
            # Of standard output: the reader had enough.
            status = 0
        case BaseExceptionGroup(exceptions=several):
            status = combined(*map(ended, several))
        case _:
            status = _crashed(error)
    return status


def combined(*statuses: int) -> int:
    """Return the one exit status of a run for which several hold."""
    signals = [status for status in statuses if status > 128]  # noqa: PLR2004 - as shells count
    return signals[0] if signals else min(statuses, key=_ORDER.index)


def worst(errors: Sequence[FsTuiError]) -> FsTuiError:
    """Return the one of several errors whose exit status is that of the run."""
    return min(errors, key=lambda error: _ORDER.index(error.exit_status))


def misused(error: click.ClickException) -> UsageError:
    """Return what click found wrong with the command line as one of our errors."""
    from click import NoSuchOption
    from click import UsageError as ClickUsageError

    # click lists choices a line each.
    detail = error.format_message().replace("\n\t", " ")
    context = error.ctx if isinstance(error, ClickUsageError) else None
    hint = f"See '{context.command_path} --help'." if context else "See 'fs-tui --help'."
    if isinstance(error, NoSuchOption):
        hint += " An id that begins with '-' goes after '--'."
    return UsageError(detail, hint=hint)


def _crashed(error: BaseException) -> int:
    """Say what nobody has foreseen: never its text or locals, but what the system said."""
    short = shortage(error)
    if short is not None:
        return ended(short)
    path = _crash_report(error)
    match error:
        case OSError(filename=None):
            tell(f"The operating system refused something: {os_words(error)}")
            status = 2
        case OSError(filename=name):
            status = ended(FileError(f"{name}: {os_words(error)}"))
        case _:
            tell(f"Internal error, the program had to stop: {type(error).__name__}")
            status = 1
    if path is not None:
        say(f"        A crash report without personal data is in {path}.")
    return status


def _crash_report(error: BaseException) -> Path | None:
    try:
        from fs_tui.cli.log import write_crash

        return write_crash(error)
    except Exception:  # noqa: BLE001 - a report that cannot be written is no second crash
        return None
