"""Faces as a stream, page after page, for commands: nothing is stored, memory stays flat."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from fs_tui.errors import FsTuiError, IncompleteError
from fs_tui.faces.paging.concurrency import tells_of_limit
from fs_tui.faces.paging.pager import Pager
from fs_tui.faces.paging.positions import MAX_POSITION, Positions
from fs_tui.faces.paging.repeats import Repeats, repeat
from fs_tui.faces.paging.requests import HEAD_START
from fs_tui.models import FaceRows
from fs_tui.tasks import start_task
from fs_tui.words import changed_meanwhile

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator, Sequence

    from fs_tui.faces.paging.requests import PageRequest
    from fs_tui.gateway import Event, Gateway
    from fs_tui.models import Face, FacePage

__all__ = ["FaceRun", "count_faces", "stream_faces"]


class FaceRun(NamedTuple):
    """Faces at positions that follow each other.

    Attributes:
        first: The 1-based position of the first one.
    """

    first: int
    faces: Sequence[Face]


async def stream_faces(
    gateway: Gateway,
    group_id: str,
    *,
    start: int = 1,
    limit: int | None = None,
    concurrency: int = 1,
    enough: Callable[[], bool] = lambda: False,
) -> AsyncGenerator[FaceRun, None]:
    """A library's faces from position `start` on, in order, in runs of a page.

    It ends normally when the proven end, or `limit` faces, are reached, or when `enough`, asked
    after each run, says so. The next pages are asked for while a run is worked on. A face that
    comes again on the page after is given again, as neither of its positions is known to be the
    right one, and the stream ends with an error. A page that repeats an earlier one is not given.

    Raises:
        IncompleteError: The service lists no further, or the library changed while it was read.
        ProtocolError: It gives the same faces whatever it is asked for.
        FsTuiError: A page failed; what came before it was given already.
    """
    last = MAX_POSITION if limit is None else start + limit - 1
    stream = _Stream(gateway, group_id, Pager(first=start, last=last), concurrency)
    left = last - start + 1
    try:
        while left > 0:
            for first, faces in stream.ready():
                # The service would wait: the next request leaves before these are worked on.
                for _ in range(HEAD_START):
                    await asyncio.sleep(0)
                yield FaceRun(first, faces[:left])
                left = 0 if enough() else left - len(faces)
                if left <= 0:
                    break
            else:
                if not await stream.advance():
                    break
    finally:
        await stream.aclose()
    if left > 0:
        stream.check_end()
    elif stream.pager.known.changed:
        raise _changed(stream.pager.known)


async def count_faces(gateway: Gateway, group_id: str) -> int:
    """The proven number of faces, in logarithmically many requests, three at a time.

    Once the account's limit was met, they go one by one.

    Raises:
        IncompleteError: The end cannot be proven: the detail says how far the service lists, or how
            its answers contradict each other.
        FsTuiError: A request failed.
    """
    pager, repeats = Pager(), Repeats()

    def on_gateway_event(event: Event) -> None:
        pager.search.one_by_one = pager.search.one_by_one or tells_of_limit(event, group_id)

    gateway.listen(on_gateway_event)
    pager.search.begin()
    while requests := list(iter(pager.next_request, None)):
        answers = (gateway.faces(group_id, start=r.start, limit=r.limit) for r in requests)
        results = await asyncio.gather(*answers, return_exceptions=True)
        for request, result in zip(requests, results, strict=True):
            if not isinstance(result, BaseException):
                if result.faces and (repeated := repeats.seen(result)) is not None:
                    raise repeated
                pager.known.note_change(pager.torn(result))
                pager.answered(request, result)
                continue
            if not isinstance(result, FsTuiError):
                raise result
            if not pager.failed(request, result) and pager.known.stopped is None:
                raise result
    known = pager.known
    if known.total is None:
        reason = known.stopped or pager.search.lost
        raise reason or IncompleteError("the end could not be proven")
    if known.changed:
        raise _changed(known)
    return known.total


class _Stream:
    """Pages ahead of the reader, given in order."""

    def __init__(self, gateway: Gateway, group_id: str, pager: Pager, concurrency: int) -> None:
        self.pager = pager
        pager.scanning = True
        self._gateway = gateway
        self._group_id = group_id
        self._concurrency = concurrency
        self._position = pager.known.highest + 1
        self._tasks: dict[asyncio.Task[FacePage], PageRequest] = {}
        self._pages: dict[int, tuple[FacePage, FacePage]] = {}
        self._repeats = Repeats(in_a_row=1)
        self._before = FaceRun(0, ())
        self._tokens_before: set[str] = set()
        self._error: FsTuiError | None = None

    def ready(self) -> Iterator[FaceRun]:
        """The pages that are next in order."""
        self._ask()
        while self._pages:
            start = min(self._pages)
            missing = self._position < start
            if missing and (self._error or self.pager.awaits(self._position, start)):
                return
            page, new = self._pages.pop(start)
            if (repeated := self._repeats.seen(page)) is not None:
                self._end(start, repeated)
                return
            run = FaceRun(start, new.faces)
            if not self._is_new(run):
                self._end(start, repeat(self._before.first, start, page.request_id))
                return
            self._position = max(self._position, start + len(run.faces))
            yield run
            self._ask()

    async def advance(self) -> bool:
        """Wait for an answer; False when nothing more will come."""
        self._ask()
        if not self._tasks:
            return False
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            request = self._tasks.pop(task)
            try:
                page = task.result()
            except FsTuiError as error:
                self.pager.failed(request, error)
                self._error = self._error or (None if self.pager.known.stopped else error)
                continue
            self.pager.known.note_change(self.pager.torn(page))
            new = self.pager.answered(request, page)
            if new.faces:
                self._pages[new.start] = page, new
        return True

    def check_end(self) -> None:
        """Raise unless the end is proven and nothing was seen to move."""
        known = self.pager.known
        if (error := self._error or known.stopped) is not None:
            raise error
        if known.changed:
            raise _changed(known)
        if not known.whole:
            raise IncompleteError(f"the end after face {known.highest:,} could not be proven")

    async def aclose(self) -> None:
        """Cancel what is under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _ask(self) -> None:
        """Send what may be sent: a page that failed ends the asking, the others still come."""
        while self._error is None and (not self._tasks or self._has_room()):
            request = self.pager.next_request(allowed=self._concurrency)
            if request is None:
                return
            call = self._gateway.faces(self._group_id, start=request.start, limit=request.limit)
            self._tasks[start_task(call, name="faces")] = request

    def _end(self, start: int, reason: FsTuiError) -> None:
        """Neither ask for nor give anything from `start` on."""
        self.pager.known.block(start, reason)
        self._error = self._error or reason
        self._pages.clear()

    def _is_new(self, run: FaceRun) -> bool:
        """Compare a run with the one before; a face that is met again shows that something moved.

        Returns:
            False when all of it was given already.
        """
        tokens = set(FaceRows.tokens_of(run.faces))
        twice = len(tokens) < len(run.faces) or not tokens.isdisjoint(self._tokens_before)
        if twice and tokens <= self._tokens_before:
            return False
        if twice:
            self.pager.known.note_change(self._met_twice(run))
        self._before, self._tokens_before = run, tokens
        return True

    def _met_twice(self, run: FaceRun) -> str:
        places: dict[str, int] = {}
        for first, faces in (self._before, run):
            for here, face in enumerate(faces, first):
                there = places.setdefault(face.face_token, here)
                if there != here:
                    return f"one face was met at {there:,} and at {here:,}"
        raise AssertionError

    def _has_room(self) -> bool:
        """Whether few enough pages wait for the reader and for one before them."""
        return len(self._tasks) + len(self._pages) <= self._concurrency


def _changed(known: Positions) -> IncompleteError:
    return IncompleteError(changed_meanwhile(known.changed), hint="Read it once more.")
