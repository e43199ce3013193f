"""PageFetcher: keeps the pager's requests going, for one library and one generation of its faces.

Pager ──next_request──► task ──► Gateway ──► page ──answered──► Pager ──► the next request goes out
                                              └──────── then it is kept: both overlap

What is looked at goes first. A scan meets failures with patience: it rests and asks again, leaves
a gap where asking again does not help, and after a few failures in a row waits for a success
elsewhere, or for `retry`.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fs_tui.errors import (
    FsTuiError,
    LimitError,
    NetworkError,
    ProtocolError,
    ResourceError,
    ServiceFailureError,
)
from fs_tui.faces.paging.concurrency import ConcurrencyLimit
from fs_tui.faces.paging.rate import RateMeter
from fs_tui.faces.paging.repeats import Repeats
from fs_tui.faces.paging.requests import HEAD_START, PageRequest, Purpose
from fs_tui.faces.status import Activity, ScanProgress
from fs_tui.tasks import start_task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fs_tui.faces.paging.pager import Pager
    from fs_tui.gateway import Gateway
    from fs_tui.models import FacePage

__all__ = ["PageFetcher", "patient_rest"]

_TRIES = 3
"""Failures in a row after which a scan waits for a success elsewhere."""

_SLOW = 1.0
"""Seconds after which a request of a scan no longer keeps a looked-at window waiting."""

_WAITED_FOR = 0.02
"""Seconds that an answer took that was waited for; one that is there at once takes half of it."""

_HELPLESS = (NetworkError, LimitError, ServiceFailureError, ProtocolError)
"""Errors that may pass, or that concern one page only; all others end a scan at once."""


def patient_rest(failures: int) -> float:
    """Seconds that a scan rests after so many failures in a row."""
    return float(min(30, 2**failures))


class PageFetcher:
    """The requests of one generation.

    Args:
        gateway: Is asked.
        group_id: The library.
        pager: Decides what is asked.
        concurrency: Requests that a scan may have under way together.
        keep: Takes the faces of a page and the position of the first one.
        changed: Is called after everything that changes what this object says.
        rest: Seconds to rest after so many failures in a row.
        torn: Is told how it was seen that the library changed. Where it sees to it, that page is
            not kept, and everything that asks is stopped.
    """

    def __init__(
        self,
        gateway: Gateway,
        group_id: str,
        pager: Pager,
        *,
        concurrency: int,
        keep: Callable[[FacePage], None],
        changed: Callable[[], None],
        rest: Callable[[int], float],
        torn: Callable[[str], bool],
    ) -> None:
        self.pager = pager
        self.error: FsTuiError | None = None
        self.loaded_at: datetime | None = None
        self.scan_wanted = False
        self.paused = False
        self.limit = ConcurrencyLimit(concurrency)
        self._gateway = gateway
        self._group_id = group_id
        self._keep = keep
        self._changed = changed
        self._rest = rest
        self._torn = torn
        self._rate_meter = RateMeter()
        self._tasks: dict[PageRequest, asyncio.Task[None]] = {}
        self._sent: dict[PageRequest, float] = {}
        self._keeping: set[asyncio.Task[None]] = set()
        self._failures = 0
        self._repeats = Repeats()
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    # What is known

    @property
    def busy(self) -> bool:
        """Whether requests are under way, or pages are on their way to the store."""
        return bool(self._tasks or self._keeping)

    @property
    def keeping(self) -> bool:
        """Whether pages are on their way to the store."""
        return bool(self._keeping)

    @property
    def settled_once(self) -> bool:
        """Whether the first answer is kept, or there will be none."""
        return not self._keeping and (self.loaded_at is not None or not self._tasks)

    @property
    def in_flight(self) -> int:
        """Requests under way."""
        return len(self._tasks)

    @property
    def scanning(self) -> bool:
        """Whether a scan goes on."""
        return self.scan_wanted and not self.paused

    @property
    def stalled(self) -> bool:
        """Whether a scan rests because of failures."""
        return self.scan_wanted and self.paused and self._failures > 0

    @property
    def activity(self) -> Activity:
        """What is going on."""
        if self.pager.search.running:
            return Activity.PROBING
        if self.scan_wanted:
            return Activity.PAUSED if self.paused else Activity.SCANNING
        return Activity.LOADING if self._tasks else Activity.IDLE

    def progress(self, loaded: int) -> ScanProgress | None:
        """How far the scan is; None when there is none."""
        if not self.scan_wanted:
            return None
        rate = self._rate_meter.rate(asyncio.get_running_loop().time())
        total = self.pager.known.total
        left = None if total is None or not rate else (total - loaded) / rate
        return ScanProgress(loaded, total, rate, left, self.in_flight, self.limit.now)

    # What is to be asked for

    def want(self, first: int, last: int, ahead: int) -> None:
        """Positions are looked at."""
        self._drop(self.pager.want(first, last, ahead=ahead))
        self.pump()

    def seek(self, position: int) -> None:
        """A position is to be shown."""
        self._drop(self.pager.seek(position))
        self.pump()

    def find_end(self) -> None:
        """Begin to search for the end."""
        self.pager.search.begin()
        self.pump()

    def scan(self) -> None:
        """Begin to load everything, or go on with it."""
        self.scan_wanted, self.paused = True, False
        self._failures = 0
        self._rate_meter.rest()
        self.pump()

    def pause(self) -> None:
        """Ask no more for the scan for now."""
        if self.scan_wanted:
            self.paused = True
            self._failures = 0
            self.pump()

    def retry(self) -> None:
        """Forget what went wrong and ask again, at once: nothing waits any longer."""
        if self._gave_up:
            return
        self.error = None
        self._set_timer(None)
        self._drop(list(self._tasks))
        self.pager.retry()
        self._repeats = Repeats()
        if self.stalled:
            self.paused = False
        self._failures = 0
        self.pump()

    def confirm(self) -> None:
        """What is loaded was asked for again and stands; what failed is asked for again."""
        self.loaded_at = datetime.now(UTC)
        if self.pager.known.gaps:
            self.retry()
        else:
            self.error = None

    def cancel(self) -> None:
        """Stop everything that asks."""
        self.scan_wanted = self.paused = False
        self.pager.search.stop()
        self.pager.look_away()
        self._drop(list(self._tasks))
        self.pump()

    async def settle(self) -> None:
        """Wait until what has come is kept."""
        if self._keeping:
            await asyncio.wait(self._keeping)

    def give_up(self, error: ResourceError, *, for_good: bool) -> None:
        """Pause the scan, as there is no room for what it brings; or ask nothing ever more."""
        self.error = error
        self.paused = self.scan_wanted
        self._drop(list(self._tasks))
        if for_good:
            self.pager.known.block(1, error)
        self.pump()

    @property
    def _gave_up(self) -> bool:
        return isinstance(self.pager.known.stopped, ResourceError)

    async def aclose(self) -> None:
        """Cancel what is under way; nothing is kept or told after this."""
        self._closed = True
        self._set_timer(None)
        tasks = [*self._tasks.values(), *self._keeping]
        self._drop(list(self._tasks))
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    # Requests

    def pump(self) -> None:
        """Send what is to be sent now."""
        if self._closed:
            return
        self.pager.scanning = self.scanning and self._timer is None
        self.pager.search.one_by_one = self.limit.wary
        while (request := self.pager.next_request(allowed=self._allowed())) is not None:
            task = start_task(self._fetch(request), name=f"faces {request.purpose.value}")
            task.add_done_callback(self._surface)
            self._tasks[request] = task
            self._sent[request] = asyncio.get_running_loop().time()
        gaps = self.pager.known.gaps
        over = self.scanning or (self.scan_wanted and not gaps and not self._gave_up)
        if over and self._timer is None and self.pager.scan_done and not self._keeping:
            # What is left are gaps; `retry` goes on with them.
            self.scan_wanted = bool(gaps)
            self.paused = self.scan_wanted
            self._failures = int(self.paused)
        self._changed()

    def _allowed(self) -> int:
        """One more than allowed for what is looked at, when a scan's request is slow."""
        allowed = self.limit.now
        if not self._tasks or not self.pager.wants_window:
            return allowed
        loop = asyncio.get_running_loop()
        age = loop.time() - min(self._sent.values())
        if age >= _SLOW:
            return allowed + 1
        loop.call_later(_SLOW - age, self.pump)
        return allowed

    def _drop(self, requests: Iterable[PageRequest]) -> None:
        for request in requests:
            self._tasks.pop(request).cancel()
            self._sent.pop(request)
            self.pager.released(request)

    async def _fetch(self, request: PageRequest) -> None:
        try:
            page = await self._gateway.faces(
                self._group_id, start=request.start, limit=request.limit
            )
        except FsTuiError as error:
            if self._ended(request) is not None:
                self._failed(request, error)
            return
        task, took = asyncio.current_task(), self._ended(request)
        if task is None or took is None:
            return
        self._keeping.add(task)
        try:
            new = self._answered(request, page)
            self.pump()
            if self.in_flight <= 1 or took >= _WAITED_FOR:
                # The service would wait: the next request is written to its connection before
                # this page is kept. Beside others that are answered at once a page is kept while
                # it is warm.
                for _ in range(HEAD_START):
                    await asyncio.sleep(0)
            if new is not None and new.faces:
                self._keep(new)
                self._rate_meter.note(asyncio.get_running_loop().time(), len(new.faces))
        finally:
            self._keeping.discard(task)
        self.pump()

    def _ended(self, request: PageRequest) -> float | None:
        """Take a request off the list: how long it took; None when it was dropped meanwhile."""
        if self._tasks.pop(request, None) is None:
            return None
        return asyncio.get_running_loop().time() - self._sent.pop(request)

    def _answered(self, request: PageRequest, page: FacePage) -> FacePage | None:
        """Take in a page; the part that is new, if it is of the positions that were asked for."""
        repeated = self._repeats.seen(page) if page.faces else None
        torn = self.pager.torn(page) if repeated is None else ""
        if torn and self._torn(torn):
            self.pager.released(request)
            self.cancel()
            return None
        new = None
        if repeated is None:
            new = self.pager.answered(request, page)
        else:
            self.pager.repeated(request, repeated)
        self.limit.answered()
        self.loaded_at = datetime.now(UTC)
        self._failures = 0
        if isinstance(self.error, NetworkError):
            # The service is back: what failed because it was away is asked again.
            self.pager.known.gaps.clear()
            if self.scan_wanted and self.paused:
                self.paused = False
        if not self.pager.known.gaps:
            self.error = None
        return new

    def _failed(self, request: PageRequest, error: FsTuiError) -> None:
        if isinstance(error, LimitError):
            self.limit.limited()
        if request.purpose is not Purpose.SCAN:
            if not self.pager.failed(request, error):
                self._remember(error)
            self.pump()
            return
        self._failures += 1
        last_try = self._failures >= _TRIES
        if isinstance(error, NetworkError | LimitError) and not last_try:
            self.pager.released(request)
        else:
            self.pager.failed(request, error)
        self._remember(error)
        if self.pager.known.stopped is None and (last_try or not isinstance(error, _HELPLESS)):
            self.paused = True
        elif (asked := error.retry_after or 0.0) or isinstance(error, NetworkError | LimitError):
            self._rest_for(max(asked, self._rest(self._failures)))
        self.pump()

    def _remember(self, error: FsTuiError) -> None:
        """Keep an error to be shown, unless the pager took it as an answer about the end."""
        if self.pager.known.stopped is None:
            self.error = error

    def _rest_for(self, seconds: float) -> None:
        """Let the scan rest; of two failures side by side the longer rest holds."""
        now = asyncio.get_running_loop().time()
        if self._timer is None or self._timer.when() < now + seconds:
            self._set_timer(seconds)

    def _set_timer(self, seconds: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if seconds is not None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._go_on)

    def _go_on(self) -> None:
        self._timer = None
        self.pump()

    def _surface(self, task: asyncio.Task[None]) -> None:
        """Tell the event loop of an error that is a mistake of ours: nobody awaits the task."""
        if task.cancelled() or (error := task.exception()) is None:
            return
        for request, running in list(self._tasks.items()):
            if running is task:
                self._ended(request)
                self.pager.released(request)
        self.cancel()
        context = {"message": "a page could not be taken in", "exception": error}
        asyncio.get_running_loop().call_exception_handler(context)
