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
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.faces.index.database import Database

__all__ = ["DatabaseThread"]

_T = TypeVar("_T")


class _Job:
    """Something to be done, and who waits for it."""

    def __init__(
        self,
        work: Callable[[Database], Any],  # Any: what it returns goes through as it is
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self.work = work
        self.done: asyncio.Future[Any] = loop.create_future()
        self.dropped = False
        self._loop = loop

    def tell(self, result: object, error: BaseException | None) -> None:
        """Hand over what came of it; where it was dropped, nobody waits."""
        # The event loop may be closed by now.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._finish, result, error)

    def _finish(self, result: object, error: BaseException | None) -> None:
        if self.done.done():
            return
        if self.dropped:
            self.done.cancel()
        elif error is None:
            self.done.set_result(result)
        else:
            self.done.set_exception(error)


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
        self._now: _Job | None = None

    async def run(self, work: Callable[[Database], _T]) -> _T:
        """Do something with the database, after all that was asked for before.

        Cancelling it ends a statement that runs; so does closing the thread.

        Raises:
            ResourceError: This machine has no room for it.
            CancelledError: The thread is closed.
        """
        job = _Job(work, asyncio.get_running_loop())
        if self._closed:
            raise asyncio.CancelledError
        if not self._begun:
            Thread(target=self._serve, name="fs-tui database", daemon=True).start()
            self._begun = True
        self._jobs.put(job)
        try:
            result: _T = await job.done
        except asyncio.CancelledError:
            job.dropped = True
            raise
        return result

    def close(self) -> None:
        """Let the thread end, and drop the database; what still waits is cancelled."""
        self._closed = True
        self._jobs.put(None)

    def _serve(self) -> None:
        watched = False
        while (job := self._jobs.get()) is not None:
            self._now = job
            job.dropped = job.dropped or self._closed
            result, error = None, None
            if not job.dropped:
                try:
                    if not watched:
                        self._database.interrupt_when(self._unwanted)
                        watched = True
                    result = job.work(self._database)
                except BaseException as failure:  # noqa: BLE001 - it is handed to whoever waits
                    error = failure
            job.dropped = job.dropped or self._closed
            job.tell(result, error)
            del job, result, error
        self._database.close()

    def _unwanted(self) -> bool:
        self.looks += 1
        return self._closed or self._now is None or self._now.dropped
