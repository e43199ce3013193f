"""Following the end of a library: what is new, what moved, and how it meets trouble."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_tui.errors import (
    AuthenticationError,
    ConnectError,
    FsTuiError,
    IncompleteError,
    LimitError,
)
from fs_tui.faces.following import FollowEvent, Tail, follow
from fs_tui.models import FacePage
from tests.unit.fake_gateway import FakeGateway, make_face

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _look(tail: Tail, numbers: Sequence[int]) -> tuple[list[int], list[int | None]]:
    """Let a tail look at a library: the numbers that are new, and the counts of shifts."""
    if tail.end is None:
        tail.begin(len(numbers))
    start, limit = tail.request()
    faces = tuple(map(make_face, numbers[start - 1 : start - 1 + limit]))
    events = tail.met(FacePage(start, limit, faces))
    added = [int(event.face.face_token, 16) for event in events if event.face is not None]
    return added, [event.count for event in events if event.event == "shifted"]


def test_what_stands_behind_the_end_is_new_and_nothing_else() -> None:
    tail = Tail()
    assert _look(tail, range(1, 251)) == ([], [])
    assert _look(tail, range(1, 251)) == ([], [])
    assert _look(tail, range(1, 254)) == ([251, 252, 253], [])
    assert _look(tail, range(1, 254)) == ([], [])


def test_the_first_new_position_can_be_given() -> None:
    tail = Tail(98)
    assert _look(tail, range(1, 101)) == ([98, 99, 100], [])
    assert _look(tail, range(1, 102)) == ([101], [])


def test_a_position_behind_the_end_is_waited_for() -> None:
    tail = Tail(104)
    assert _look(tail, range(1, 101)) == ([], [])
    assert _look(tail, range(1, 106)) == ([104, 105], [])
    assert _look(tail, range(1, 107)) == ([106], [])


@pytest.mark.parametrize("gone", [{5}, {5, 60, 61}, {100}, {90, 100}, set(range(40, 70))])
def test_deletions_are_told_by_their_number(gone: set[int]) -> None:
    tail = Tail()
    _look(tail, range(1, 101))
    added, shifted = _look(tail, [n for n in range(1, 103) if n not in gone])
    if not added:  # None of the twenty stood where it was: it looks further back.
        added, shifted = _look(tail, [n for n in range(1, 103) if n not in gone])
    assert (added, shifted) == ([101, 102], [len(gone)])
    assert _look(tail, [n for n in range(1, 104) if n not in gone]) == ([103], [])


def test_a_face_that_comes_to_stand_among_the_last_is_new_and_one_further_before_a_shift() -> None:
    tail = Tail()
    _look(tail, range(1, 101))
    assert _look(tail, [*range(1, 99), 500, 99, 100]) == ([500], [])
    assert _look(tail, [*range(1, 10), 501, *range(10, 99), 500, 99, 100]) == ([], [-1])


def test_a_library_that_is_emptied_or_filled_anew_is_told_where_it_can_be_counted() -> None:
    tail = Tail()
    _look(tail, range(1, 11))
    assert _look(tail, []) == ([], [10])
    assert _look(tail, [700]) == ([700], [])
    assert _look(tail, [800, 801]) == ([800, 801], [1])


def test_an_end_that_is_lost_is_told_without_a_number_and_found_anew() -> None:
    tail = Tail()
    _look(tail, range(1, 2001))
    other = range(5001, 7001)
    assert _look(tail, other) == ([], [])
    assert _look(tail, other) == ([], [None])
    assert tail.end is None
    assert _look(tail, other) == ([], [])
    assert _look(tail, range(5001, 7002)) == ([7001], [])


@given(
    st.integers(0, 150),
    st.lists(st.tuples(st.integers(0, 6), st.sets(st.integers(0, 400), max_size=9)), max_size=12),
)
def test_every_new_face_is_told_once_and_what_went_is_counted(
    begun: int, looks: list[tuple[int, set[int]]]
) -> None:
    """Whatever goes and comes between two looks, as long as a few known ones stay."""
    numbers, following = list(range(begun)), begun
    tail = Tail()
    _look(tail, numbers)
    for came, gone in looks:
        left = [n for at, n in enumerate(numbers) if at not in gone or at >= len(numbers) - 10]
        fresh = list(range(following, following + came))
        went, following = len(numbers) - len(left), following + came
        numbers = left + fresh
        assert _look(tail, numbers) == (fresh, [went] if went else [])


@pytest.mark.parametrize("cap", [1_000, 500])
async def test_where_a_later_start_is_refused_it_looks_from_one_that_is_promised(cap: int) -> None:
    gateway = FakeGateway(1_300)
    gateway.refuse_above, gateway.cap = 1_000, cap
    grown = iter([1_302, 1_305])

    def enough(events: list[FollowEvent]) -> bool:
        gateway.numbers = range(1, next(grown, 1_305) + 1)
        return len(events) == 8

    events = await asyncio.wait_for(_followed(gateway, enough, first=1_298), 30)
    assert [event.face for event in events] == list(map(make_face, range(1_298, 1_306)))


@pytest.mark.parametrize(("cap", "listed"), [(1_000, 1_999), (100, 1_098)])
async def test_where_the_service_lists_no_further_it_tells_of_what_it_lists_and_ends(
    cap: int, listed: int
) -> None:
    gateway = FakeGateway(1_040)
    gateway.refuse_above, gateway.cap = 1_000, cap
    seen: list[FollowEvent] = []

    def enough(events: list[FollowEvent]) -> bool:
        seen[:] = events
        gateway.numbers = range(1, 2_101)
        return False

    with pytest.raises(IncompleteError, match=f"does not list face {listed + 1:,} and"):
        await asyncio.wait_for(_followed(gateway, enough, first=1_040), 30)
    assert [event.face for event in seen] == list(map(make_face, range(1_040, listed + 1)))


async def test_as_many_faces_as_a_page_of_a_service_may_hold_are_no_end_of_the_listing() -> None:
    gateway = FakeGateway(1_098)
    gateway.refuse_above = 1_000

    def enough(events: list[FollowEvent]) -> bool:
        gateway.numbers = range(1, 1_100 if len(events) < 2 else 1_101)
        return len(events) == 3

    events = await asyncio.wait_for(_followed(gateway, enough, first=1_098), 30)
    assert [event.face for event in events] == list(map(make_face, (1_098, 1_099, 1_100)))


async def _followed(
    gateway: FakeGateway,
    enough: Callable[[list[FollowEvent]], bool],
    told: Callable[[FsTuiError | None], None] = lambda _trouble: None,
    first: int | None = None,
) -> list[FollowEvent]:
    events: list[FollowEvent] = []
    async with aclosing(follow(gateway, "lib", every=0.01, first=first, told=told)) as stream:
        async for some in stream:
            events += some
            if enough(events):
                break
    return events


async def test_a_lost_network_is_told_once_and_it_goes_on() -> None:
    gateway = FakeGateway(50)
    said: list[FsTuiError | None] = []

    def told(trouble: FsTuiError | None) -> None:
        said.append(trouble)
        if trouble is None:
            gateway.numbers = range(1, 52)

    gateway.failing = lambda _start, _limit: (
        ConnectError("no route") if 20 < len(gateway.calls) < 24 else None
    )
    events = await asyncio.wait_for(_followed(gateway, bool, told), 30)
    assert [event.face for event in events] == [make_face(51)]
    assert [type(one) for one in said] == [ConnectError, type(None)]


async def test_what_another_try_would_not_help_ends_it() -> None:
    gateway = FakeGateway(50)
    gateway.errors = [AuthenticationError("AUTHENTICATION_ERROR", http_status=403)]
    with pytest.raises(AuthenticationError):
        await asyncio.wait_for(_followed(gateway, bool), 30)


async def test_no_request_comes_sooner_than_asked_for_nor_before_a_limit_allows() -> None:
    gateway = FakeGateway(5)
    clock = asyncio.get_running_loop().time
    sent: list[float] = []
    limit = LimitError("CONCURRENCY_LIMIT_EXCEEDED", http_status=429)
    limit.retry_after = 0.2

    def failing(start: int, _limit: int) -> FsTuiError | None:
        sent.append(clock())
        return limit if len(sent) == 6 else None

    stream = follow(gateway, "lib", every=0.02, first=1)
    async with aclosing(stream):
        await anext(stream)
        gateway.failing = failing
        waiting = asyncio.ensure_future(anext(stream))
        while len(sent) < 9:  # noqa: ASYNC110 - the gateway has no event for it
            await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.wait([waiting])
    pauses = [later - earlier for earlier, later in pairwise(sent)]
    assert min(pauses) > 0.019
    assert pauses[5] > 0.19
