"""Follows the end of a library: which faces come, and how many of those before them went.

Tail.request ──► one page around the end ──► Tail.met ──► added, shifted

Faces are sorted by creation time: a page that begins a little before the end shows the last known
faces again, what follows them, and, where they stand elsewhere, by how much they moved.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fs_tui.errors import (
    ArgumentError,
    FsTuiError,
    IncompleteError,
    LimitError,
    NetworkError,
    ProtocolError,
    ServiceFailureError,
)
from fs_tui.faces.paging.asker import StartRefusedError
from fs_tui.faces.paging.end_search import LAST_START
from fs_tui.faces.paging.positions import MAX_POSITION
from fs_tui.faces.paging.requests import USUAL_PAGE, proves_end
from fs_tui.faces.paging.stream import count_faces
from fs_tui.gateway import MAX_PAGE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from fs_tui.gateway import Gateway
    from fs_tui.models import Face, FacePage

__all__ = ["FollowEvent", "Tail", "follow"]

_OVERLAP = 20
"""Known faces that a page begins with: so many may go between two looks."""

_SLOWEST = 60.0
"""Seconds between two tries, at most, where the service fails; more only where it asks for more."""

_UNPROVEN = 3
"""Searches for the end that may fail in a row because faces come and go meanwhile."""

_PASSING = (NetworkError, LimitError, ServiceFailureError, ProtocolError)


@dataclass(frozen=True, slots=True)
class FollowEvent:
    """What was seen at one look.

    Attributes:
        event: `added`, with the face, or `shifted`, with a count.
        face: The new one.
        count: By how many places the faces before the end moved up: so many went. Below 0 they
            moved down: some were added before them. None where that cannot be told.
    """

    event: str
    face: Face | None = None
    count: int | None = None


class Tail:
    """The last known faces of a library; pure.

    Args:
        first: The first position whose face is told of; None for what comes behind the end.

    Attributes:
        end: The position of the last known face; None while it is to be found.
        stopped: The service lists no further than the last page; None while it does.
    """

    def __init__(self, first: int | None = None) -> None:
        self.end = None if first is None else first - 1
        self._told_from = first or 1
        self._known_to = self.end or 0
        self._tokens: list[str] = []
        self._overlap = USUAL_PAGE
        self._furthest = MAX_POSITION
        self.stopped: StartRefusedError | None = None

    def begin(self, total: int) -> None:
        """The library has so many faces: what comes behind them is new."""
        self.end = self._known_to = total
        self._tokens = []
        self._overlap = USUAL_PAGE

    def request(self) -> tuple[int, int]:
        """Start and limit of the page that shows what came."""
        assert self.end is not None  # noqa: S101 - it was found before
        return max(1, min(self.end - self._overlap + 1, self._furthest)), MAX_PAGE

    def refused(self, start: int) -> bool:
        """A `start` was refused; whether one is left that is promised (API.md section 4, no. 3)."""
        self._furthest = LAST_START
        return start > LAST_START

    def met(self, page: FacePage) -> list[FollowEvent]:
        """What a page tells; `end` is None afterwards where it shows no face that was known."""
        if page.start == self._furthest and not proves_end(page):
            if page.start == LAST_START and page.next is None and len(page.faces) == USUAL_PAGE:
                # All that a page holds, or all that there are: with one more it would be told.
                self._furthest -= 1
                return []
            following = page.start + len(page.faces)
            self.stopped = StartRefusedError(following)
            if self.end is not None and following <= self.end:
                return []
        known = {token: index for index, token in enumerate(self._tokens)}
        places = [n for n, face in enumerate(page.faces) if face.face_token in known]
        if self._tokens and not places:
            return self._lost(page)
        if places:
            gone, new = self._moved(page, known, places)
        else:
            gone, new = 0, range(max(0, self._known_to + 1 - page.start), len(page.faces))
        added = [page.faces[n] for n in new if page.start + n >= self._told_from]
        self._stands(page)
        return [
            *([FollowEvent("shifted", count=gone)] if gone else ()),
            *(FollowEvent("added", face) for face in added),
        ]

    def _moved(
        self, page: FacePage, known: dict[str, int], places: list[int]
    ) -> tuple[int, Sequence[int]]:
        """How many faces went before the end, and which places of the page hold new ones.

        What is not known is new among and behind the known faces; before them it may be old.
        """
        assert self.end is not None  # noqa: S101 - there are known faces
        new = [
            n for n in range(places[0], len(page.faces)) if page.faces[n].face_token not in known
        ]
        among = places[-1] - places[0] + 1 - len(places)
        return self.end - (page.start + places[-1]) + among, new

    def _stands(self, page: FacePage) -> None:
        """Remember the end of a page as that of the library."""
        if not page.faces and page.start > 1:
            self.end = None
            return
        self.end = self._known_to = page.start + len(page.faces) - 1
        self._tokens = [face.face_token for face in page.faces[-USUAL_PAGE:]]
        self._overlap = _OVERLAP
        if self.end >= self._told_from - 1:
            # Later faces may come to stand before that position, when some are deleted.
            self._told_from = 1

    def _lost(self, page: FacePage) -> list[FollowEvent]:
        """None of the known faces is on the page: they went, or stand further before."""
        if page.start == 1 and proves_end(page):
            gone = self.end
            self._stands(page)
            return [
                FollowEvent("shifted", count=gone),
                *(FollowEvent("added", face) for face in page.faces),
            ]
        if self._overlap < USUAL_PAGE:
            self._overlap = USUAL_PAGE
            return []
        self.end, self._tokens = None, []
        return [FollowEvent("shifted")]


async def follow(
    gateway: Gateway,
    group_id: str,
    *,
    every: float,
    first: int | None = None,
    told: Callable[[FsTuiError | None], None] = lambda _trouble: None,
) -> AsyncGenerator[list[FollowEvent], None]:
    """What happens at the end of a library, for ever; some events at a time.

    Args:
        gateway: Is asked.
        group_id: The library.
        every: Seconds between two requests, at least; the search for the end, at the beginning and
            where it was lost, takes a few side by side.
        first: The first position whose face counts as new; the one behind the end when not given.
        told: Is told why nothing can be seen for now, once, and with None that it is over.

    Raises:
        FsTuiError: What another try would not help.
    """
    tail = Tail(first)
    clock = asyncio.get_running_loop().time
    failures, due = 0, clock()
    while True:
        await asyncio.sleep(due - clock())
        due = clock() + every
        try:
            if tail.end is None:
                tail.begin(await count_faces(gateway, group_id))
            page = await _page(gateway, group_id, tail)
        except StartRefusedError:
            raise
        except FsTuiError as error:
            moving = isinstance(error, IncompleteError) and failures < _UNPROVEN
            if not (moving or isinstance(error, _PASSING)):
                raise
            if not failures:
                told(error)
            failures += 1
            pause = min(every * 2**failures, max(every, _SLOWEST))
            due = max(due, clock() + max(pause, error.retry_after or 0.0))
            continue
        if failures:
            told(None)
            failures = 0
        if page is not None and (events := tail.met(page)):
            yield events
        if tail.stopped is not None:
            raise tail.stopped


async def _page(gateway: Gateway, group_id: str, tail: Tail) -> FacePage | None:
    """The page that a tail asks for; None where it is to ask from further before.

    Raises:
        StartRefusedError: The service lists no further.
        FsTuiError: The request failed.
    """
    start, limit = tail.request()
    try:
        return await gateway.faces(group_id, start=start, limit=limit)
    except ArgumentError as error:
        if start == 1 or not error.is_of_start:
            raise
        if not tail.refused(start):
            raise StartRefusedError(start) from error
    return None
