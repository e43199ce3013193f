"""Libraries that change between any two pages: what is called complete was so at one moment."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fs_tui.api.client import FaceSearchClient
from fs_tui.errors import IncompleteError, PagingError
from fs_tui.faces.listing import FaceListing
from fs_tui.faces.paging.stream import stream_faces
from fs_tui.faces.scopes import Scope
from fs_tui.sandbox.faults import Faults
from fs_tui.sandbox.population import Population
from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET, build_app

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fs_tui.sandbox.faces import FaceSet

LIBRARY = "city"
FIRST = 437


@dataclass(frozen=True)
class Event:
    """What other programs do before a page is answered.

    Attributes:
        kind: add, delete, or insert before the last face.
        where: Of a deletion, as a part of the library.
        many: How many faces.
    """

    kind: str
    where: float = 0.0
    many: int = 1


class Moving(Faults):
    """The sandbox's manners, with what happens before each of its pages, by their number.

    Attributes:
        states: The tokens that were listed at each page.
    """

    def __init__(self, events: dict[int, Event], **options: Any) -> None:  # as of Faults
        super().__init__(**options)
        self.events = events
        self.states: list[list[str]] = []

    def page(self, faces: FaceSet, start: int, limit: int) -> dict[str, Any]:
        match self.events.get(len(self.states) + 1):
            case Event("add", _, many):
                faces.grow(many)
            case Event("delete", where, many) if len(faces):
                at = 1 + int(where * len(faces))
                faces.delete_at(range(at, min(at + many, len(faces) + 1)))
            case Event("insert", _, many) if len(faces):
                faces.grow(many, len(faces))
        self.states.append([row[0] for row in faces.rows(1, len(faces))])
        return super().page(faces, start, limit)

    def check(self, rows: list[str]) -> None:
        """What is called complete holds each face that was there all the time, each once.

        Where what comes comes last, as the service's order has it, it is what was listed at the
        moment of one of the pages, from the first to the last face.
        """
        assert len(set(rows)) == len(rows)
        assert set(rows) >= set.intersection(*map(set, self.states))
        if "insert" not in {event.kind for event in self.events.values()}:
            assert rows in self.states


async def streamed(client: FaceSearchClient, concurrency: int) -> list[str] | None:
    """What a command writes; None where it says that it is not all."""
    rows: list[str] = []
    try:
        async with aclosing(stream_faces(client, LIBRARY, concurrency=concurrency)) as runs:
            async for _, faces in runs:
                rows += [face.face_token for face in faces]
    except (IncompleteError, PagingError):
        return None
    return rows


async def scanned(client: FaceSearchClient, concurrency: int) -> list[str] | None:
    """What a report reads."""
    return await _listed(client, concurrency)


async def browsed(client: FaceSearchClient, concurrency: int) -> list[str] | None:
    """What is shown of a library that somebody has looked at here and there, and then loaded."""
    return await _listed(client, concurrency, 1, 290, None, 150)


async def _listed(
    client: FaceSearchClient, concurrency: int, *looks: int | None
) -> list[str] | None:
    listing = FaceListing(client, LIBRARY, concurrency=concurrency, rest=lambda _: 0)
    try:
        for position in looks:
            await (listing.find_end() if position is None else listing.goto(position))
        listing.scan()
        status = await listing.finished()
        if not status.complete:
            return None
        rows = [row.face.face_token async for part in listing.chunks(Scope.ALL) for row in part]
        assert len(rows) == status.total
        return rows
    finally:
        await listing.aclose()


def read(
    reading: Callable[[FaceSearchClient, int], Awaitable[list[str] | None]],
    concurrency: int,
    moving: Moving,
    first: int = FIRST,
) -> list[str] | None:
    """Read the whole library of a sandbox of one's own."""

    async def work() -> list[str] | None:
        app = build_app(Population({LIBRARY: first}), moving)
        client = FaceSearchClient("https://sandbox", DEMO_API_KEY, DEMO_API_SECRET, asgi_app=app)
        try:
            async with asyncio.timeout(60):
                return await reading(client, concurrency)
        finally:
            await client.aclose()

    return asyncio.run(work())


READINGS = pytest.mark.parametrize("reading", [streamed, scanned, browsed])
CONCURRENCY = pytest.mark.parametrize("concurrency", [1, 4])
EVENTS = st.builds(
    Event,
    st.sampled_from(["add", "delete", "delete", "insert"]),
    st.floats(0, 1, exclude_max=True),
    st.integers(1, 3) | st.sampled_from([1, 1, 99, 100]),
)


@READINGS
@CONCURRENCY
@given(
    first=st.sampled_from([0, 1, 2, 99, 100, 101, 199, FIRST]),
    cap=st.sampled_from([100, 1000]),
    following=st.sampled_from(["number", "absent"]),
    events=st.dictionaries(st.integers(1, 12), EVENTS, max_size=3),
)
@example(FIRST, 100, "absent", {3: Event("delete"), 4: Event("add")})
# The last page holds one face, and that face comes again where the next page begins.
@example(199, 100, "number", {4: Event("insert", 0.0, 99)})
@settings(max_examples=60, deadline=None)
def test_what_is_called_complete_was_the_library_at_one_moment(  # noqa: PLR0917 - drawn
    reading: Callable[[FaceSearchClient, int], Awaitable[list[str] | None]],
    concurrency: int,
    first: int,
    cap: int,
    following: Any,
    events: dict[int, Event],
) -> None:
    moving = Moving(events, page_cap=cap, next=following)
    rows = read(reading, concurrency, moving, first)
    if rows is not None:
        moving.check(rows)
    if not any(number <= len(moving.states) for number in events):
        assert rows == moving.states[-1]


@READINGS
@CONCURRENCY
@pytest.mark.parametrize("where", [0.0, 0.2, 0.5])
def test_a_face_that_goes_amid_the_pages_hides_no_other_one(
    reading: Callable[[FaceSearchClient, int], Awaitable[list[str] | None]],
    concurrency: int,
    where: float,
) -> None:
    """One that came at the end meanwhile lets numbers and end agree."""
    events = {4: Event("delete", where), 5: Event("add")}
    moving = Moving(events, page_cap=100)
    rows = read(reading, concurrency, moving)
    if rows is not None:
        moving.check(rows)
