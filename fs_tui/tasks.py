"""Starts tasks that whoever starts them can register before their first step runs.

Textual makes asyncio's tasks eager from Python 3.12 on: `create_task(f())` runs `f` at once, and
where nothing in it waits, the task has ended before anybody has put it into a list. What asks for
it by then does not know it, and what is put into the list is dead. A task that is made here has not
begun when it is returned, on every Python and with every task factory.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

__all__ = ["deferred", "start_task"]

_T = TypeVar("_T")


def start_task(
    work: Coroutine[Any, Any, _T],  # Any: nothing is sent into it
    *,
    name: str,
) -> asyncio.Task[_T]:
    """Start some work on the running loop; its first step runs after the caller's own.

    Args:
        work: What is to be done. It is closed where the task is cancelled before it began.
        name: What is being done; without personal data, as asyncio prints it.
    """
    # The factory of the loop may be eager; a task that is made without it never is.
    return asyncio.Task(work, loop=asyncio.get_running_loop(), name=name)


def deferred(
    work: Callable[[], Coroutine[Any, Any, None]],  # Any: nothing is sent into it
) -> Callable[[], Coroutine[Any, Any, None]]:
    """Return work whose first step runs one turn later: for frameworks that make the task."""

    async def later() -> None:
        await asyncio.sleep(0)
        await work()

    return later
