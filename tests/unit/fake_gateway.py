"""A gateway without a service: faces computed from their position, gates instead of waiting."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fs_tui.errors import ArgumentError, LibraryNotFoundError
from fs_tui.faces.listing import FaceListing
from fs_tui.models import Face, FacePage, Library, LibraryDraft

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from fs_tui.errors import FsTuiError
    from fs_tui.gateway import Listener

__all__ = ["FakeGateway", "make_face", "opened"]

FIRST_MS = 1_769_739_690_208


def make_face(number: int) -> Face:
    """The face that was enrolled as the `number`-th one."""
    return Face(
        face_token=f"{number:032x}",
        user_id=f"user_{number * 7919 % 1000:03d}",
        user_data=f"Test user {number}",
        added_ms=FIRST_MS + number * 1000,
    )


class FakeGateway:
    """One library whose faces are `numbers`, in order. Implements Gateway.

    Attributes:
        numbers: The faces; change it at will between requests.
        cap: Rows that a page has at most, whatever `limit` says.
        refuse_above: `start` above this is refused; None for never.
        next_of: Makes `next` of a page out of (start, limit, rows); None gives none.
        errors: Raised one by one instead of the next answers; None in it means a good answer.
        failing: Called with (start, limit) for each request; what it returns is raised.
        calls: Every (start, limit) that was asked for.
        gate: While it is cleared, answers wait.
        at_once: Whether answers come without a turn of the event loop, as the demo's do.
        in_flight: Requests that wait now; `most_in_flight` at most so far.
    """

    def __init__(self, count: int = 0, *, group_id: str = "lib") -> None:
        self.group_id = group_id
        self.numbers: list[int] | range = range(1, count + 1)
        self.cap = 1000
        self.refuse_above: int | None = None
        self.next_of: Callable[[int, int, int], int | None] | None = None
        self.errors: list[FsTuiError | None] = []
        self.failing: Callable[[int, int], FsTuiError | None] | None = None
        self.calls: list[tuple[int, int]] = []
        self.face_calls: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.at_once = False
        self.in_flight = 0
        self.most_in_flight = 0
        self.cancelled = 0
        self.closed = False
        self.listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        self.listeners.append(listener)

    async def libraries(self) -> tuple[Library, ...]:
        return (Library(self.group_id, "A library"),)

    async def library(self, group_id: str) -> Library:
        self._check(group_id)
        return Library(group_id, "A library")

    async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
        self.calls.append((start, limit))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await self.gate.wait()
            if not self.at_once:
                await asyncio.sleep(0)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.in_flight -= 1
        self._check(group_id)
        if self.errors and (error := self.errors.pop(0)) is not None:
            raise error
        if self.failing is not None and (error := self.failing(start, limit)) is not None:
            raise error
        if self.refuse_above is not None and start > self.refuse_above:
            raise ArgumentError("BAD_ARGUMENTS: start", http_status=400)
        numbers = self.numbers[start - 1 : start - 1 + min(limit, self.cap)]
        following = self.next_of(start, limit, len(numbers)) if self.next_of else None
        return FacePage(start, limit, tuple(map(make_face, numbers)), following)

    async def face(self, group_id: str, face_token: str) -> Face:
        self._check(group_id)
        self.face_calls.append(face_token)
        return make_face(int(face_token, 16))

    async def create(self, draft: LibraryDraft) -> Library:
        return Library(draft.group_id, draft.group_name)

    async def aclose(self) -> None:
        self.closed = True

    def _check(self, group_id: str) -> None:
        if group_id != self.group_id:
            raise LibraryNotFoundError("INVALID_GROUP_ID", http_status=400)


@asynccontextmanager
async def opened(
    gateway: FakeGateway, *, concurrency: int = 1, rest: float = 0
) -> AsyncIterator[FaceListing]:
    """A listing of a gateway's library; its scan rests `rest` seconds after each failure."""
    listing = FaceListing(gateway, gateway.group_id, concurrency=concurrency, rest=lambda _: rest)
    try:
        yield listing
    finally:
        await listing.aclose()
