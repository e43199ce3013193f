"""Faces as a stream, page after page, for commands: nothing is stored, memory stays flat."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fs_tui.errors import FsTuiError, IncompleteError
from fs_tui.faces.paging.concurrency import tells_of_limit
from fs_tui.faces.paging.pager import Pager
from fs_tui.faces.paging.positions import MAX_POSITION, Positions
from fs_tui.faces.paging.repeats import Repeats
from fs_tui.faces.status import LoadedFace
from fs_tui.tasks import start_task

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator, Sequence

    from fs_tui.faces.paging.requests import PageRequest
    from fs_tui.gateway import Event, Gateway
    from fs_tui.models import FacePage

__all__ = ["count_faces", "stream_faces"]


async def stream_faces(
    gateway: Gateway,
    group_id: str,
    *,
    start: int = 1,
    limit: int | None = None,
    concurrency: int = 1,
    enough: Callable[[], bool] = lambda: False,
) -> AsyncGenerator[Sequence[LoadedFace], None]:
    """A library's faces from position `start` on, in order, in chunks of a page.

    It ends normally when the proven end, or `limit` faces, are reached, or when `enough`, asked
    after each chunk, says so. The next pages are asked for while a chunk is worked on. A face that
    comes again on the page after is given again, as neither of its positions is known to be the
    right one, and the stream ends with an error.

    Raises:
        IncompleteError: The service lists no further, or the library changed while it was read.
        FsTuiError: A page failed; what came before it was given already.
    """
    last = MAX_POSITION if limit is None else start + limit - 1
    stream = _Stream(gateway, group_id, Pager(first=start, last=last), concurrency)
    left = last - start + 1
    try:
        while left > 0:
            for faces in stream.ready():
                yield faces[:left]
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
    pager = Pager()

    def on_gateway_event(event: Event) -> None:
        pager.search.one_by_one = pager.search.one_by_one or tells_of_limit(event, group_id)

    gateway.listen(on_gateway_event)
    pager.search.begin()
    while requests := list(iter(pager.next_request, None)):
        answers = (gateway.faces(group_id, start=r.start, limit=r.limit) for r in requests)
        results = await asyncio.gather(*answers, return_exceptions=True)
        for request, result in zip(requests, results, strict=True):
            if not isinstance(result, BaseException):
                pager.answered(request, result)
                continue
            if not isinstance(result, FsTuiError):
                raise result
            pager.failed(request, result)
            if pager.known.stopped is None:
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
        self._pages: dict[int, FacePage] = {}
        self._repeats = Repeats()
        self._page_before: dict[str, int] = {}
        self._error: FsTuiError | None = None

    def ready(self) -> Iterator[list[LoadedFace]]:
        """The pages that are next in order."""
        self._ask()
        while self._pages:
            start = min(self._pages)
            missing = self._position < start
            if missing and (self._error or self.pager.awaits(self._position, start)):
                return
            page = self._pages.pop(start)
            first = max(start, self._position)
            self._position = max(first, start + len(page.faces))
            faces = [LoadedFace(p, f) for p, f in enumerate(page.faces[first - start :], first)]
            self._compare(faces)
            yield faces
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
            self.pager.answered(request, page)
            if page.faces:
                self._pages[page.start] = page
                if (reason := self._repeats.seen(page)) is not None:
                    self.pager.known.block(page.start, reason)
        return True

    def check_end(self) -> None:
        """Raise unless the end is proven and nothing was seen to move."""
        known = self.pager.known
        if (error := self._error or known.stopped) is not None:
            raise error
        if known.changed:
            raise _changed(known)
        if known.total is None:
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

    def _compare(self, faces: Sequence[LoadedFace]) -> None:
        """Notice a face that is met again on its page, or on the one after: something moved."""
        page = {row.face.face_token: row.position for row in reversed(faces)}
        if len(page) < len(faces) or page.keys() & self._page_before.keys():
            places = page | self._page_before
            token, here = next(
                (row.face.face_token, row.position)
                for row in faces
                if places[row.face.face_token] != row.position
            )
            self.pager.known.note_change(f"one face was met at {places[token]:,} and at {here:,}")
        self._page_before = page

    def _has_room(self) -> bool:
        """Whether few enough pages wait for the reader and for one before them."""
        return len(self._tasks) + len(self._pages) <= self._concurrency


def _changed(known: Positions) -> IncompleteError:
    return IncompleteError(
        f"the library changed while it was read ({known.changed})", hint="Read it once more."
    )
