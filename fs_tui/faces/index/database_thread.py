"""A database in a thread of its own: what takes seconds there holds nobody up.

event loop                     thread
await run(work)  ──────────►   work(database)      one after the other
result, error    ◄──────────
"""

from __future__ import annotations

import asyncio
import queue
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.faces.index.database import Database

__all__ = ["DatabaseThread"]

_T = TypeVar("_T")

_Job: TypeAlias = "tuple[Callable[[Database], Any], asyncio.Future[Any]]"  # Any: it goes through
"""Something to be done, and who waits for it."""


class DatabaseThread:
    """Belongs to one event loop; the thread is a daemon and begins with the first job.

    Args:
        database: Is used and closed in the thread only, from now on.

    Attributes:
        looks: How often statements did as many operations as there are between two looks at
            whether they are wanted: how far one is that does as many for each row.
    """

    def __init__(self, database: Database) -> None:
        self.looks = 0
        self._database = database
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._begun = False
        self._closed = False
        self._now: asyncio.Future[Any] | None = None

    def begin(self, work: Callable[[Database], _T]) -> asyncio.Future[_T]:
        """Do something with the database, after all that was asked for before.

        Returns:
            What comes of it: a result, ResourceError where this machine has no room for it, or
            CancelledError where the thread is closed. Cancelling it ends a statement that runs; so
            does closing the thread.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_T] = loop.create_future()
        if self._closed:
            done.cancel()
            return done
        if not self._begun:
            serve = Thread(target=self._serve, args=(loop,), name="fs-tui database", daemon=True)
            serve.start()
            self._begun = True
        self._jobs.put((work, done))
        return done

    async def run(self, work: Callable[[Database], _T]) -> _T:
        """Do something with the database, and wait for it; see `begin`."""
        return await self.begin(work)

    def close(self) -> None:
        """Let the thread end, and drop the database; what still waits is cancelled."""
        self._closed = True
        self._jobs.put(None)

    def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        watched = False
        while (job := self._jobs.get()) is not None:
            work, self._now = job
            result, error = None, None
            if not self._is_dropped:
                try:
                    if not watched:
                        self._database.interrupt_when(self._unwanted)
                        watched = True
                    result = work(self._database)
                except BaseException as failure:  # noqa: BLE001 - it is handed to whoever waits
                    error = failure
            # The event loop may be closed by now.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._tell, self._now, result, error)
            del job, work, result, error
        self._database.close()

    def _tell(self, done: asyncio.Future[Any], result: object, error: BaseException | None) -> None:
        """Hand over what came of a job."""
        if done.done():
            return
        if self._closed:
            done.cancel()
        elif error is None:
            done.set_result(result)
        else:
            done.set_exception(error)
            # Nobody may wait for it any more; whoever uses the database next is told again.
            done.exception()

    def _unwanted(self) -> bool:
        self.looks += 1
        return self._is_dropped

    @property
    def _is_dropped(self) -> bool:
        """Whether nobody wants what is being done."""
        return self._closed or self._now is None or self._now.cancelled()
