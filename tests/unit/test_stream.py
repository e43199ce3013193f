"""Faces as a stream: in order, each once, and never silently cut short."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from fs_tui.errors import ConnectError, IncompleteError, LimitError, PagingError, ProtocolError
from fs_tui.faces.paging.stream import count_faces, stream_faces
from fs_tui.models import FacePage, RetryWait
from tests.unit.fake_gateway import FakeGateway, make_face

if TYPE_CHECKING:
    from fs_tui.errors import FsTuiError


async def positions(
    gateway: FakeGateway, *, seen: list[int], enough: int = 10_000, **wish: int
) -> None:
    stream = stream_faces(gateway, "lib", enough=lambda: len(seen) >= enough, **wish)
    async for first, faces in stream:
        seen.extend(range(first, first + len(faces)))


@pytest.mark.parametrize("cap", [100, 1000])
@pytest.mark.parametrize("concurrency", [1, 4])
@pytest.mark.parametrize("count", [0, 1, 100, 1_000, 2_500])
async def test_everything_comes_once_and_in_order(count: int, concurrency: int, cap: int) -> None:
    gateway, seen = FakeGateway(count), list[int]()
    gateway.cap = cap
    await positions(gateway, seen=seen, concurrency=concurrency)
    assert seen == list(range(1, count + 1))
    assert gateway.most_in_flight <= concurrency


async def test_start_and_limit_are_kept_and_no_more_is_asked_for() -> None:
    gateway, seen = FakeGateway(5_000), list[int]()
    await positions(gateway, seen=seen, start=1_001, limit=50)
    assert seen == list(range(1_001, 1_051))
    assert gateway.calls == [(1_001, 50)]


async def test_answers_that_contradict_each_other_prove_no_number() -> None:
    gateway = FakeGateway(2_500)
    gateway.cap = 7  # each page looks like the last one
    with pytest.raises(IncompleteError, match="ended before face 8, and now goes on"):
        await count_faces(gateway, "lib")


async def test_a_start_beyond_the_end_gives_nothing() -> None:
    seen: list[int] = []
    await positions(FakeGateway(10), seen=seen, start=500)
    assert seen == []


async def test_a_refusal_ends_incomplete_after_what_could_be_read() -> None:
    gateway, seen = FakeGateway(2_500), list[int]()
    gateway.refuse_above = 1_000
    with pytest.raises(IncompleteError, match="no further than face"):
        await positions(gateway, seen=seen)
    assert seen == list(range(1, len(seen) + 1))
    assert len(seen) >= 1_000


async def test_an_error_comes_after_the_pages_before_it() -> None:
    gateway, seen = FakeGateway(5_000), list[int]()
    gateway.failing = lambda start, _: ConnectError("refused") if start == 1_999 else None
    with pytest.raises(ConnectError):
        await positions(gateway, seen=seen, concurrency=4)
    assert seen == list(range(1, 2_000))


@pytest.mark.parametrize("following", [1, -1])
async def test_a_next_that_leads_nowhere_is_an_error(following: int) -> None:
    gateway, seen = FakeGateway(5_000), list[int]()
    gateway.next_of = lambda *_: following
    with pytest.raises(ProtocolError):
        await positions(gateway, seen=seen)
    assert len(seen) == 1_000


@pytest.mark.parametrize("concurrency", [1, 4])
@pytest.mark.parametrize("twice", [2, 1_000])
async def test_a_face_at_two_positions_is_given_twice_and_ends_incomplete(
    twice: int, concurrency: int
) -> None:
    gateway, seen = FakeGateway(), list[int]()
    gateway.numbers = numbers = [*range(1, twice + 1), *range(twice, 2_500)]
    with pytest.raises(IncompleteError, match=f"met at {twice:,} and at {twice + 1:,}"):
        await positions(gateway, seen=seen, concurrency=concurrency)
    assert seen == list(range(1, len(numbers) + 1))


async def test_a_reader_that_has_enough_learns_that_the_library_changed_too() -> None:
    gateway, seen = FakeGateway(), list[int]()
    gateway.numbers = [*range(1, 1_001), *range(1_000, 5_000)]
    with pytest.raises(IncompleteError, match="changed while it was read"):
        await positions(gateway, seen=seen, enough=1_500)
    assert seen == list(range(1, 2_000))


@pytest.mark.parametrize("concurrency", [1, 4])
@pytest.mark.parametrize("again", [[*range(1, 101)], [*range(51, 101), *range(1, 51)]])
async def test_a_page_of_faces_that_were_given_already_is_not_given(
    again: list[int], concurrency: int
) -> None:
    gateway, seen = FakeGateway(), list[int]()
    gateway.cap = 100
    gateway.numbers = [*range(1, 101), *again * 5]
    with pytest.raises(ProtocolError, match="the faces of position 1 again at position 101"):
        await positions(gateway, seen=seen, concurrency=concurrency)
    assert seen == list(range(1, 101))


@pytest.mark.parametrize("concurrency", [1, 4])
async def test_a_reader_that_takes_its_time_has_few_pages_wait_for_it(concurrency: int) -> None:
    gateway = FakeGateway(500_000)
    stream = stream_faces(gateway, "lib", concurrency=concurrency)
    async for first, _ in stream:
        for _ in range(200):
            await asyncio.sleep(0)
        # One that is read, and as many as may be asked for together, twice.
        assert len(gateway.calls) <= first // 1_000 + 1 + 2 * concurrency
        if first > 20_000:
            break
    await stream.aclose()


async def test_leaving_the_stream_leaves_no_request_behind() -> None:
    gateway = FakeGateway(50_000)
    stream = stream_faces(gateway, "lib", concurrency=4)
    async for _ in stream:
        gateway.gate.clear()
        break
    await stream.aclose()
    assert gateway.in_flight == 0


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 54_321, 5_000_000])
async def test_counting_proves_the_total_in_few_requests(count: int) -> None:
    gateway = FakeGateway(count)
    assert await count_faces(gateway, "lib") == count
    assert len(gateway.calls) <= 45
    assert gateway.most_in_flight <= 3


async def test_counting_says_when_the_end_cannot_be_proven() -> None:
    gateway = FakeGateway(5_000)
    gateway.refuse_above = 1_000
    with pytest.raises(IncompleteError, match="no further than face"):
        await count_faces(gateway, "lib")


async def test_counting_ends_where_start_is_ignored() -> None:
    class Stuck(list[int]):
        def __getitem__(self, index: object) -> list[int]:  # type: ignore[override]
            return list(range(1, 101))

    gateway = FakeGateway()
    gateway.numbers = Stuck()
    with pytest.raises(PagingError, match="position 1 again"):
        await count_faces(gateway, "lib")
    assert len(gateway.calls) < 10


async def test_pages_that_overtake_a_slow_one_wait_for_it_and_are_few() -> None:
    class Overtaken(FakeGateway):
        """Its second page waits for the gate, and no other one."""

        async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
            if start == 1_000:
                await self.gate.wait()
                return FacePage(start, limit, tuple(map(make_face, range(1_000, 2_000))))
            self.calls.append((start, limit))
            numbers = self.numbers[start - 1 : start - 1 + limit]
            return FacePage(start, limit, tuple(map(make_face, numbers)))

    gateway, seen = Overtaken(100_000), list[int]()
    gateway.gate.clear()
    reading = asyncio.ensure_future(positions(gateway, seen=seen, enough=100_000, concurrency=4))
    for _ in range(1_000):
        await asyncio.sleep(0)
    assert seen == list(range(1, 1_001))
    assert len(gateway.calls) <= 1 + 2 * 4
    gateway.gate.set()
    await reading
    assert seen == list(range(1, 100_001))


async def test_no_more_is_given_than_was_wished_where_a_page_holds_more() -> None:
    class Lavish(list[int]):
        def __getitem__(self, index: object) -> list[int]:  # type: ignore[override]
            return list(range(1, 101))

    gateway, seen = FakeGateway(), list[int]()
    gateway.numbers = Lavish()
    await positions(gateway, seen=seen, limit=50)
    assert seen == list(range(1, 51))


async def test_a_page_that_begins_like_any_earlier_one_is_not_given() -> None:
    gateway, seen = FakeGateway(), list[int]()
    gateway.cap = 100
    gateway.numbers = [*range(1, 199), 1, *range(301, 400)]
    with pytest.raises(PagingError, match="the faces of position 1 again at position 199"):
        await positions(gateway, seen=seen)
    assert seen == list(range(1, 200))


@pytest.mark.parametrize("concurrency", [1, 2, 4])
async def test_no_page_that_comes_behind_one_that_was_given_already_is_given(
    concurrency: int,
) -> None:
    gateway, seen = FakeGateway(), list[int]()
    gateway.cap = 100
    gateway.numbers = [*range(1, 101), *range(51, 101), *range(1, 51), *range(201, 1_001)]
    with pytest.raises(PagingError, match="position 1 again at position 101"):
        await positions(gateway, seen=seen, concurrency=concurrency)
    assert seen == list(range(1, 101))


async def test_counting_ends_with_the_error_of_a_request() -> None:
    gateway = FakeGateway(50_000)
    gateway.errors = [None, ConnectError("refused")]
    with pytest.raises(ConnectError):
        await count_faces(gateway, "lib")


async def test_counting_goes_one_by_one_once_a_limit_was_met_whatever_is_told_later() -> None:
    gateway, beside = FakeGateway(50_000), list[int]()

    def tell(_start: int, _limit: int) -> FsTuiError | None:
        beside.append(gateway.in_flight)
        for library in ("lib", "other"):
            for listener in gateway.listeners:
                listener(RetryWait("list", library, 1, 2.0, LimitError.title))
        return None

    gateway.failing = tell
    assert await count_faces(gateway, "lib") == 50_000
    assert set(beside[3:]) == {0}
