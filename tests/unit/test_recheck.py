"""What is loaded is looked at again: in few requests, and nothing goes that still stands."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from fs_tui.errors import ConnectError, IncompleteError
from fs_tui.faces.filter_language import parse
from fs_tui.faces.listing import FaceListing
from fs_tui.faces.status import describe, describe_view
from tests.unit.fake_gateway import FakeGateway

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fs_tui.models import FacePage


@asynccontextmanager
async def loaded(gateway: FakeGateway) -> AsyncIterator[FaceListing]:
    """A listing that has read everything; its requests are forgotten."""
    listing = FaceListing(gateway, gateway.group_id, rest=lambda _: 0)
    try:
        listing.scan()
        await listing.finished()
        gateway.calls.clear()
        yield listing
    finally:
        await listing.aclose()


def tokens(listing: FaceListing) -> list[int]:
    rows = listing.rows(0, listing.row_count())
    return [int(row.face.face_token, 16) for row in rows if row is not None]


@pytest.mark.parametrize("count", [0, 1, 98, 99, 100, 101, 199, 200, 1_000, 2_498, 2_500])
async def test_where_nothing_moved_everything_stays_after_two_requests(count: int) -> None:
    gateway = FakeGateway(count)
    async with loaded(gateway) as listing:
        before = listing.status
        assert before.loaded_at is not None
        assert not await listing.recheck(1)
        after = listing.status
        assert len(gateway.calls) <= 2
        assert (after.generation, after.loaded, after.complete) == (0, count, True)
        assert after.loaded_at is not None
        assert after.loaded_at > before.loaded_at
        assert after.scan is None
        assert describe(after) == describe(before)


async def test_an_end_that_no_short_page_proves_takes_a_third_request() -> None:
    gateway = FakeGateway(2_498)
    gateway.next_of = lambda start, _limit, rows: start + rows
    async with loaded(gateway) as listing:
        assert not await listing.recheck(500)
        assert gateway.calls == [(401, 100), (2_400, 100), (2_499, 100)]
        assert listing.status.complete
        assert listing.status.scan is None


async def test_what_was_added_is_loaded_behind_what_stays_and_a_filter_takes_it_in() -> None:
    gateway = FakeGateway(2_498)
    async with loaded(gateway) as listing:
        await listing.set_filter(parse('data:"user 7"'))
        listing.toggle_mark(700)
        gateway.numbers = [*range(1, 2_499), 7_001, 7_002, 9_000]
        assert not await listing.recheck(700)
        status = await listing.finished()
        assert len(gateway.calls) == 3
        assert gateway.calls[-1][0] == 2_498
        assert describe(status) == "all 2,501 faces loaded"
        assert describe_view(status) == "113 hits in all 2,501 faces"
        assert (status.generation, status.marked) == (0, 1)


@pytest.mark.parametrize("added", [1, 99, 100, 5_000])
async def test_any_number_that_was_added_is_all_loaded(added: int) -> None:
    gateway = FakeGateway(200)
    async with loaded(gateway) as listing:
        gateway.numbers = range(1, 201 + added)
        assert not await listing.recheck(1)
        status = await listing.finished()
        assert (status.loaded, status.complete, status.changed) == (200 + added, True, "")


async def test_the_first_face_of_an_empty_library_is_met() -> None:
    gateway = FakeGateway(0)
    async with loaded(gateway) as listing:
        gateway.numbers = [1]
        assert not await listing.recheck(0)
        status = await listing.finished()
        assert describe(status) == "all 1 face loaded"


async def test_an_end_that_was_proven_is_proven_anew_and_no_more_is_loaded() -> None:
    gateway = FakeGateway(5_000)
    listing = FaceListing(gateway, gateway.group_id)
    try:
        await listing.find_end()
        gateway.numbers = range(1, 5_004)
        before = listing.status.loaded
        assert not await listing.recheck(1)
        assert await listing.find_end() == 5_003
        assert listing.status.loaded == before + 3
        assert not listing.status.complete
    finally:
        await listing.aclose()


@pytest.mark.parametrize("gone", [1, 1_200, 2_498])
async def test_what_was_deleted_is_seen_and_a_reload_makes_whole_what_was_whole(gone: int) -> None:
    gateway = FakeGateway(2_498)
    async with loaded(gateway) as listing:
        await listing.set_filter(parse('data:"user"'))
        gateway.numbers = [n for n in range(1, 2_499) if n != gone]
        assert await listing.recheck(1_150)
        assert len(gateway.calls) <= 2
        # The old rows stay to be looked at, and are not said to be all that there is.
        assert listing.status.loaded == 2_498
        assert "all" not in describe(listing.status)
        assert "changed while it was read" in describe(listing.status)
        await listing.reload()
        assert describe(listing.status).startswith("100 faces loaded, more may exist")
        status = await listing.finished()
        assert describe(status) == "all 2,497 faces loaded"
        assert describe_view(status) == "2,497 hits in all 2,497 faces"
        assert status.generation == 1
        assert tokens(listing) == gateway.numbers


async def test_a_reload_of_a_part_that_stands_drops_nothing() -> None:
    gateway = FakeGateway(2_500)
    listing = FaceListing(gateway, gateway.group_id)
    try:
        for position in (50, 150, 250):
            await listing.goto(position)
        await listing.reload()
        assert listing.status.scan is None
        assert (await listing.finished()).loaded == 300
    finally:
        await listing.aclose()


async def test_a_reload_of_a_part_that_moved_loads_only_what_is_looked_at() -> None:
    gateway = FakeGateway(2_500)
    listing = FaceListing(gateway, gateway.group_id)
    try:
        for position in (50, 150, 250):
            await listing.goto(position)
        gateway.numbers = range(2, 2_501)
        await listing.reload()
        assert listing.status.scan is None
        assert (await listing.finished()).loaded == 100
    finally:
        await listing.aclose()


async def test_what_the_service_lists_no_further_than_is_read_anew_as_far() -> None:
    gateway = FakeGateway(2_500)
    gateway.refuse_above = 1_000
    async with loaded(gateway) as listing:
        limit = listing.status.limit_position
        assert limit
        assert not await listing.recheck(1)
        assert isinstance(listing.status.stopped, IncompleteError)
        gateway.numbers = range(2, 2_501)
        assert await listing.recheck(1)
        await listing.reload()
        status = await listing.finished()
        assert (status.loaded, status.limit_position) == (limit, limit)


async def test_where_a_later_start_is_refused_the_end_is_looked_at_from_an_earlier_one() -> None:
    gateway = FakeGateway(1_500)
    gateway.refuse_above = 1_000
    async with loaded(gateway) as listing:
        assert listing.status.complete
        assert not await listing.recheck(1)
        assert (listing.status.complete, listing.status.stopped) == (True, None)
        gateway.numbers = range(1, 1_504)
        assert await listing.grow() == 3
        assert (listing.status.total, listing.status.complete) == (1_503, True)
        gateway.cap = 100
        with pytest.raises(IncompleteError, match="does not list face 1,100 and"):
            await listing.grow()


async def test_what_a_face_says_under_the_same_token_is_renewed() -> None:
    class Renaming(FakeGateway):
        renamed = ""

        async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
            page = await super().faces(group_id, start=start, limit=limit)
            first = page.faces[0]._replace(user_data=self.renamed or page.faces[0].user_data)
            return type(page)(page.start, page.limit, (first, *page.faces[1:]), page.next)

    gateway = Renaming(250)
    async with loaded(gateway) as listing:
        await listing.set_filter(parse("data:surname"))
        gateway.renamed = "A new surname"
        assert not await listing.recheck(1)
        assert describe_view(listing.status) == "2 hits in all 250 faces"
        revision = listing.status.revision
        assert not await listing.recheck(1)
        assert listing.status.revision == revision


@pytest.mark.parametrize("good", [0, 1])
async def test_a_recheck_that_fails_leaves_everything_and_is_said_until_one_succeeds(
    good: int,
) -> None:
    gateway = FakeGateway(2_498)
    async with loaded(gateway) as listing:
        before = listing.status
        gateway.errors = [*[None] * good, ConnectError("refused")]
        assert not await listing.recheck(1)
        after = listing.status
        assert isinstance(after.stopped, ConnectError)
        assert (after.generation, after.loaded, after.complete) == (0, 2_498, True)
        assert after.loaded_at == before.loaded_at
        gateway.errors = [ConnectError("refused")]
        assert not await listing.recheck(1)
        assert listing.status.stopped is after.stopped
        assert not await listing.recheck(1)
        assert listing.status.stopped is None


async def test_a_recheck_fills_what_failed_once_the_service_is_back() -> None:
    gateway = FakeGateway(2_500)
    listing = FaceListing(gateway, gateway.group_id)
    try:
        await listing.goto(1)
        gateway.errors = [ConnectError("refused")]
        assert await listing.goto(150) is None
        assert not await listing.recheck(1)
        assert await listing.goto(150) == 149
        assert listing.status.stopped is None
    finally:
        await listing.aclose()


async def test_what_comes_after_a_reload_or_a_close_is_dropped() -> None:
    gateway = FakeGateway(250)
    async with loaded(gateway) as listing:
        gateway.gate.clear()
        late = asyncio.ensure_future(listing.recheck(1))
        await asyncio.sleep(0)
        assert gateway.in_flight == 1
        await listing.aclose()
        gateway.gate.set()
        assert not await late
