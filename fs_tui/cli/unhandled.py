"""Errors that nobody waits for, of tasks, threads and finalizers: in the log, never on the screen.

a task of ours   ends the run as an error, once the command itself has ended well
all else         is noted in the log
"""

from __future__ import annotations

import sys
import threading
import warnings
from contextlib import closing
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine

__all__ = ["run", "silence"]

T = TypeVar("T")


def silence() -> None:
    """Keep tracebacks of threads and finalizers, and warnings for programmers, off the terminal."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    sys.unraisablehook = lambda failed: _note("a finalizer", failed.exc_value)
    threading.excepthook = lambda failed: _note("a thread", failed.exc_value)


def run(command: Coroutine[Any, Any, T]) -> T:  # Any: nothing is sent into it
    """Run a command's work on an event loop; the one way in which commands do.

    Raises:
        BaseException: What the work raises; else what ended a task that nobody has asked for its
            result, since what it was to do is not done.
    """
    import asyncio
    import logging

    # Without a handler Python would write the warnings of libraries to standard error.
    if not logging.getLogger().handlers:
        logging.getLogger().addHandler(logging.NullHandler())
    lost: list[BaseException] = []

    def note(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:  # Any: asyncio's
        error = context.get("exception")
        _note("the event loop", error)
        if error is not None and not {"task", "future"}.isdisjoint(context):
            lost.append(error)

    with closing(command), asyncio.Runner() as runner:
        runner.get_loop().set_exception_handler(note)
        result = runner.run(command)
    if lost:
        raise lost[0]
    return result


def _note(what: str, error: BaseException | None) -> None:
    import logging

    logging.getLogger(__name__).error("nobody waits for what failed in %s", what, exc_info=error)
