"""A listing over a gateway without a service: what is asked, shown and said."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import pytest

from fs_tui.errors import (
    AuthorizationError,
    ConnectError,
    IncompleteError,
    LibraryNotFoundError,
    LimitError,
    PagingError,
    ServiceFailureError,
)
from fs_tui.faces.filter_language import parse
from fs_tui.faces.listing import FaceListing
from fs_tui.faces.query import Order
from fs_tui.faces.scopes import Scope
from fs_tui.faces.status import Activity, ListingStatus, describe, describe_view
from fs_tui.models import RetryWait
from tests import waiting
from tests.unit.fake_gateway import FakeGateway, make_face, opened

if TYPE_CHECKING:
    from fs_tui.errors import FsTuiError


until = partial(waiting.until, pause=0)


def tokens(listing: FaceListing, first: int, last: int) -> list[int | None]:
    rows = listing.rows(first, last)
    return [None if row is None else int(row.face.face_token, 16) for row in rows]


def shows(listing: FaceListing, first: int) -> bool:
    return None not in tokens(listing, first, first + 30)


def has_asked(gateway: FakeGateway, times: int) -> bool:
    return len(gateway.calls) == times


async def test_opening_asks_exactly_once_before_the_first_rows() -> None:
    gateway = FakeGateway(2_500)
    async with opened(gateway) as listing:
        assert gateway.calls == []
        listing.want(0, 30)
        await until(lambda: listing.status.loaded)
        assert gateway.calls == [(1, 100)]
        assert tokens(listing, 0, 3) == [1, 2, 3]
        assert listing.rows(100, 101) == [None]
        assert describe(listing.status) == "100 faces loaded, more may exist"


async def test_pages_come_as_the_cursor_comes_near_the_end_one_request_at_a_time() -> None:
    gateway = FakeGateway(2_500)
    async with opened(gateway, concurrency=8) as listing:
        for first in range(0, 400, 10):
            listing.want(first, first + 30)
            await until(partial(shows, listing, first))
        assert gateway.calls == [(1, 100), *((start, 101) for start in (100, 200, 300, 400))]
        assert gateway.most_in_flight == 1


async def test_a_superseded_wish_is_cancelled_and_only_the_last_one_loads() -> None:
    gateway = FakeGateway(100_000)
    gateway.gate.clear()
    async with opened(gateway) as listing:
        for asked, first in enumerate((0, 5_000, 20_000, 40_000), 1):
            listing.want(first, first + 30)
            await until(partial(has_asked, gateway, asked))
        gateway.gate.set()
        await until(lambda: listing.status.loaded)
        await until(lambda: not listing.status.in_flight)
        assert gateway.cancelled == 3
        assert listing.status.loaded == 100
        assert tokens(listing, 40_000, 40_001) == [40_001]


async def test_goto_loads_that_window_alone_and_says_its_row() -> None:
    gateway = FakeGateway(100_000)
    async with opened(gateway) as listing:
        listing.want(0, 30)
        assert await listing.goto(50_000) == 49_999
        assert gateway.calls == [(1, 100), (49_901, 100)]
        assert listing.row_count() == 50_001


async def test_goto_beyond_the_end_is_none() -> None:
    gateway = FakeGateway(150)
    async with opened(gateway) as listing:
        assert await listing.goto(9_000) is None
        assert await listing.goto(0) is None
        assert await listing.goto(2**70) is None


async def test_a_goto_survives_that_the_table_still_wants_its_window() -> None:
    gateway = FakeGateway(100_000)
    gateway.gate.clear()
    async with opened(gateway) as listing:
        going = asyncio.ensure_future(listing.goto(50_000))
        await until(lambda: gateway.in_flight)
        listing.want(0, 30)
        gateway.gate.set()
        assert await going == 49_999


@pytest.mark.parametrize("count", [0, 3, 99, 100, 101, 999, 1_000, 1_001, 2_500])
async def test_a_scan_loads_everything_and_says_all(count: int) -> None:
    gateway = FakeGateway(count)
    async with opened(gateway) as listing:
        listing.scan()
        status = await listing.finished()
        assert (status.loaded, status.total, status.complete) == (count, count, True)
        assert status.activity is Activity.IDLE
        assert describe(status).startswith("all" if count else "no faces")


async def test_a_scan_keeps_to_its_concurrency() -> None:
    gateway = FakeGateway(20_000)
    async with opened(gateway, concurrency=4) as listing:
        listing.scan()
        await listing.finished()
        assert gateway.most_in_flight == 4


async def test_the_next_page_is_asked_for_before_the_last_one_is_kept() -> None:
    gateway = FakeGateway(5_000)
    async with opened(gateway) as listing:
        listing.scan()
        await until(lambda: len(gateway.calls) == 3)
        assert listing.status.loaded < 2_000 + 1
        assert gateway.in_flight == 1


async def test_browsing_goes_before_a_scan() -> None:
    gateway = FakeGateway(100_000)
    async with opened(gateway) as listing:
        listing.scan()
        await until(lambda: len(gateway.calls) == 3)
        listing.want(90_000, 90_030)
        await until(lambda: tokens(listing, 90_000, 90_001) == [90_001])
        assert gateway.calls[3] == (90_001, 100)


async def test_a_pause_while_the_last_page_comes_leaves_no_scan_behind() -> None:
    gateway = FakeGateway(250)
    async with opened(gateway) as listing:
        gateway.gate.clear()
        listing.scan()
        await until(lambda: gateway.in_flight)
        listing.pause()
        gateway.gate.set()
        await until(lambda: listing.status.complete)
        await until(lambda: not listing.status.in_flight)
        assert describe(listing.status) == "all 250 faces loaded"
        assert listing.status.activity is Activity.IDLE


async def test_a_scan_pauses_resumes_and_is_cancelled() -> None:
    gateway = FakeGateway(10_000)
    async with opened(gateway) as listing:
        listing.scan()
        await until(lambda: listing.status.loaded)
        listing.pause()
        await until(lambda: not listing.status.in_flight)
        asked = len(gateway.calls)
        assert listing.status.activity is Activity.PAUSED
        assert "paused" in describe(listing.status)
        listing.resume()
        await until(lambda: len(gateway.calls) > asked)
        listing.cancel()
        status = await listing.finished()
        assert status.activity is Activity.IDLE
        assert not status.complete
        assert "more may exist" in describe(status)


async def test_resume_begins_no_scan() -> None:
    gateway = FakeGateway(10_000)
    async with opened(gateway) as listing:
        listing.resume()
        assert listing.status.scan is None
        assert not listing.status.in_flight


async def test_of_what_is_loaded_only_what_joins_pages_is_asked_for_again() -> None:
    gateway = FakeGateway(3_000)
    async with opened(gateway) as listing:
        await listing.goto(1_550)
        listing.scan()
        await listing.finished()
        asked = [p for start, limit in gateway.calls for p in range(start, start + limit)]
        again = [p for p, times in Counter(asked).items() if times > 1 and p <= 3_000]
        assert sorted(again) == [1_000, 1_501, 1_600, 2_599]


async def test_five_million_end_is_found_in_few_requests_three_at_a_time() -> None:
    gateway = FakeGateway(5_000_000)
    async with opened(gateway) as listing:
        listing.want(0, 30)
        assert await listing.find_end() == 5_000_000
        assert len(gateway.calls) <= 45
        assert gateway.most_in_flight <= 4
        assert listing.row_count() == 5_000_000
        assert "of 5,000,000 faces loaded" in describe(listing.status)


async def test_a_refused_start_is_incomplete_and_says_how_far_it_lists() -> None:
    gateway = FakeGateway(2_500)
    gateway.refuse_above = 1_000
    async with opened(gateway) as listing:
        listing.scan()
        status = await listing.finished()
        assert status.loaded == status.limit_position
        assert isinstance(status.stopped, IncompleteError)
        assert not status.complete
        assert status.total is None
        assert f"no further than face {status.loaded:,}" in describe(status)
        assert "all" not in describe(status)


async def test_a_failed_page_leaves_rows_as_they_are_and_retry_fills_it() -> None:
    gateway = FakeGateway(2_500)
    async with opened(gateway) as listing:
        listing.want(0, 30)
        await until(lambda: listing.status.loaded)
        gateway.errors = [ServiceFailureError("INTERNAL_ERROR")]
        listing.want(80, 110)
        await until(lambda: listing.status.stopped)
        assert tokens(listing, 80, 82) == [81, 82]
        assert listing.rows(105, 106) == [None]
        assert isinstance(listing.status.stopped, ServiceFailureError)
        listing.want(81, 111)
        assert len(gateway.calls) == 2
        listing.retry()
        await until(lambda: tokens(listing, 105, 106) == [106])
        assert listing.status.stopped is None


async def test_retry_asks_at_once_for_what_waits_and_keeps_a_scan_with_all_that_it_loaded() -> None:
    gateway = FakeGateway(2_500)
    async with opened(gateway) as listing:
        # The first answer closes the gate for the next one.
        gateway.failing = lambda _start, _limit: gateway.gate.clear()
        listing.scan()
        await until(lambda: listing.status.loaded and gateway.in_flight)
        waiting, loaded = gateway.calls[-1], listing.status.loaded
        listing.retry()
        await until(lambda: gateway.cancelled)
        assert gateway.calls[-1] == waiting
        assert (listing.status.loaded, listing.status.in_flight) == (loaded, 1)
        gateway.failing = None
        gateway.gate.set()
        status = await listing.finished()
        assert status.complete
        assert status.loaded == 2_500


async def test_a_missing_library_is_said_and_not_asked_for_again() -> None:
    gateway = FakeGateway(10, group_id="lib")
    listing = FaceListing(gateway, "other")
    try:
        listing.want(0, 30)
        await until(lambda: listing.status.stopped)
        listing.want(0, 31)
        assert isinstance(listing.status.stopped, LibraryNotFoundError)
        assert len(gateway.calls) == 1
    finally:
        await listing.aclose()


async def test_a_bad_page_leaves_a_gap_in_a_scan_that_retry_fills() -> None:
    gateway = FakeGateway(5_000)
    gateway.failing = lambda start, _: (
        ServiceFailureError("INTERNAL_ERROR") if start == 1_999 else None
    )
    async with opened(gateway) as listing:
        listing.scan()
        status = await listing.finished()
        assert (status.loaded, status.missing, status.complete) == (4_001, 999, False)
        assert "could not be loaded" in describe(status)
        gateway.failing = None
        listing.retry()
        status = await listing.finished()
        assert (status.loaded, status.missing, status.complete) == (5_000, 0, True)
        assert describe(status) == "all 5,000 faces loaded"


async def test_a_scan_rests_while_the_service_is_away_and_goes_on_by_itself() -> None:
    gateway = FakeGateway(5_000)
    gateway.failing = lambda start, _: ConnectError("refused") if start > 1_000 else None
    async with opened(gateway) as listing:
        listing.scan()
        status = await listing.finished()
        assert status.activity is Activity.PAUSED
        assert isinstance(status.stopped, ConnectError)
        assert status.loaded == 1_999
        gateway.failing = None
        listing.want(4_000, 4_030)
        await until(lambda: listing.status.complete)
        assert listing.status.stopped is None


async def test_an_error_that_cannot_pass_ends_a_scan_at_once() -> None:
    gateway = FakeGateway(5_000)
    gateway.failing = lambda *_: AuthorizationError("AUTHORIZATION_ERROR:DENIED")
    async with opened(gateway) as listing:
        listing.scan()
        status = await listing.finished()
        assert len(gateway.calls) == 1
        assert isinstance(status.stopped, AuthorizationError)


_LONG, _SHORT = 0.06, 0.001
"""Seconds."""


@pytest.mark.parametrize(
    ("kind", "asked", "own"),
    [
        (LimitError, _LONG, 0),
        (LimitError, _LONG, _SHORT),
        (LimitError, _SHORT, _LONG),
        (LimitError, 0, _LONG),
        (ServiceFailureError, _LONG, _SHORT),
    ],
)
async def test_a_scan_rests_as_long_as_the_service_asks_and_never_less_than_by_itself(
    kind: type[LimitError | ServiceFailureError], asked: float, own: float
) -> None:
    refusal = kind("CODE")
    refusal.retry_after = asked
    gateway, asked_at = FakeGateway(3_000), list[float]()

    def fail(_start: int, _limit: int) -> FsTuiError | None:
        asked_at.append(asyncio.get_running_loop().time())
        return refusal if len(asked_at) == 2 else None

    gateway.failing = fail
    async with opened(gateway, rest=own) as listing:
        listing.scan()
        await listing.finished()
    assert asked_at[2] - asked_at[1] >= _LONG


async def test_of_two_failures_side_by_side_the_longer_rest_holds() -> None:
    patient, brief = (LimitError("CONCURRENCY_LIMIT_EXCEEDED") for _ in range(2))
    patient.retry_after = _LONG
    gateway, asked_at = FakeGateway(5_000), list[float]()
    failures: list[FsTuiError | None] = [None, patient, brief]

    def fail(_start: int, _limit: int) -> FsTuiError | None:
        asked_at.append(asyncio.get_running_loop().time())
        return failures.pop(0) if failures else None

    gateway.failing = fail
    async with opened(gateway, concurrency=2) as listing:
        listing.scan()
        await listing.finished()
    assert asked_at[3] - asked_at[1] >= _LONG


async def test_limits_lower_the_concurrency_and_calm_raises_it_again() -> None:
    gateway = FakeGateway(60_000)
    gateway.errors = [None, LimitError("CONCURRENCY_LIMIT_EXCEEDED")]
    async with opened(gateway, concurrency=4) as listing:
        listing.scan()
        await until(lambda: not gateway.errors)
        await until(lambda: listing.status.scan is not None and listing.status.scan.allowed == 2)
        await until(lambda: listing.status.scan is not None and listing.status.scan.allowed == 4)
        status = await listing.finished()
        assert status.complete


async def test_retries_inside_the_client_lower_the_concurrency_too() -> None:
    gateway = FakeGateway(60_000)
    async with opened(gateway, concurrency=4) as listing:
        listing.scan()
        listing.on_gateway_event(RetryWait("list", "other", 1, 2.0, LimitError.title))
        listing.on_gateway_event(RetryWait("list", "lib", 1, 0.0, LimitError.title))
        assert listing.status.scan is not None
        assert listing.status.scan.allowed == 4
        listing.on_gateway_event(RetryWait("list", "lib", 1, 2.0, LimitError.title))
        assert listing.status.scan.allowed == 2


async def test_trap_7_another_face_where_pages_meet_is_a_library_that_changed() -> None:
    gateway = FakeGateway(300)
    async with opened(gateway) as listing:
        await listing.goto(150)
        gateway.numbers = list(range(2, 301))
        listing.scan()
        status = await listing.finished()
        assert status.changed == "another face is at position 101 now"
        assert not status.complete
        assert "changed while it was read" in describe(status)
        assert "all" not in describe(status)


async def test_nothing_is_complete_while_a_token_may_stand_at_two_positions() -> None:
    gateway = FakeGateway()
    gateway.numbers = [*range(1, 250), 1]
    gateway.cap = 100
    async with opened(gateway) as listing:
        listing.scan()
        said: list[bool] = []

        def is_found_out() -> str:
            said.append(listing.status.complete)
            return listing.status.changed

        await until(is_found_out)
        assert not any(said)


class IgnoringStart(list[int]):
    """Faces of a service that gives the first ones whatever `start` says."""

    def __getitem__(self, index: object) -> list[int]:  # type: ignore[override]
        return list(range(1, 101))


async def test_a_service_that_ignores_start_is_an_error_and_its_repeats_are_not_kept() -> None:
    gateway = FakeGateway()
    gateway.numbers = IgnoringStart()
    async with opened(gateway) as listing:
        listing.scan()
        status = await listing.finished()
        assert isinstance(status.stopped, PagingError)
        assert (status.loaded, status.complete) == (100, False)
        assert len(gateway.calls) == 2


async def test_the_end_is_not_searched_for_where_start_is_ignored() -> None:
    gateway = FakeGateway()
    gateway.numbers = IgnoringStart()
    async with opened(gateway) as listing:
        listing.want(0, 30)
        assert await listing.find_end() is None
        assert isinstance(listing.status.stopped, PagingError)
        assert listing.status.loaded == 100


async def test_a_filter_shows_hits_and_says_what_it_covers() -> None:
    gateway = FakeGateway(2_500)
    async with opened(gateway) as listing:
        listing.want(0, 30)
        await until(lambda: listing.status.loaded)
        await listing.set_filter(parse('data:"user 7"'))
        assert tokens(listing, 0, 3) == [7, 70, 71]
        assert listing.row_count() == 11
        assert describe_view(listing.status) == "11 hits in 100 loaded, more may exist"
        listing.scan()
        status = await listing.finished()
        assert describe_view(status) == "111 hits in all 2,500 faces"
        assert tokens(listing, 11, 13) == [700, 701]
        assert listing.row_of_position(700) == 11
        assert listing.row_of_position(8) is None
        assert listing.position_of_row(1) == 70
        await listing.set_filter(None)
        assert listing.row_count() == 2_500


async def test_cancel_ends_a_filter_and_what_it_found_stays() -> None:
    gateway = FakeGateway(50_000)
    async with opened(gateway) as listing:
        listing.scan()
        await listing.finished()
        filtering = asyncio.ensure_future(listing.set_filter(parse("user")))
        await until(lambda: 0 < listing.status.view.rows < 50_000)
        listing.cancel()
        await filtering
        for _ in range(100):
            await asyncio.sleep(0)
        view = listing.status.view
        assert not view.working
        assert 0 < view.rows == view.covered < 50_000
        listing.retry()
        await listing.set_filter(parse("user"))
        assert listing.status.view.rows == 50_000


async def test_a_newer_filter_ends_an_older_one() -> None:
    gateway = FakeGateway(50_000)
    async with opened(gateway) as listing:
        listing.scan()
        await listing.finished()
        first = asyncio.ensure_future(listing.set_filter(parse("user")))
        await asyncio.sleep(0)
        await listing.set_filter(parse('data:"user 7"'))
        await first
        assert listing.status.view.filter_text == 'data:"user 7"'
        assert listing.status.view.rows == 1_111


async def test_the_rows_of_the_order_before_stand_until_the_new_one_does() -> None:
    gateway = FakeGateway(60_000)
    async with opened(gateway, concurrency=4) as listing:
        listing.scan()
        await listing.finished()
        await listing.set_order(Order("add_time", descending=True))
        ordering = asyncio.ensure_future(listing.set_order(Order("user_id")))
        await until(lambda: listing.status.view.order == Order("user_id"))
        shares: list[float] = []
        while not ordering.done():
            view = listing.status.view
            shares += [view.share] if view.share not in shares else []
            if view.stands == Order("user_id"):
                break
            assert view.stands == Order("add_time", descending=True)
            assert tokens(listing, 0, 2) == [60_000, 59_999]
            assert describe_view(listing.status) == f"ordering: {view.share:.0%} …"
            await asyncio.sleep(0)
        await ordering
        assert len(shares) > 2
        assert shares == sorted(shares)
        assert listing.status.view.stands == Order("user_id")
        assert listing.rows(0, 1)[0].face.user_id == "user_000"  # type: ignore[union-attr] # loaded


async def test_an_order_that_was_cancelled_leaves_the_one_before() -> None:
    gateway = FakeGateway(60_000)
    async with opened(gateway, concurrency=4) as listing:
        listing.scan()
        await listing.finished()
        await listing.set_order(Order("add_time", descending=True))
        ordering = asyncio.ensure_future(listing.set_order(Order("user_id")))
        await until(lambda: listing.status.view.share)
        listing.cancel()
        await ordering
        view = listing.status.view
        assert view.order == view.stands == Order("add_time", descending=True)
        assert tokens(listing, 0, 2) == [60_000, 59_999]


async def test_an_order_says_what_it_covers_and_follows_what_is_loaded() -> None:
    gateway = FakeGateway(2_500)
    async with opened(gateway) as listing:
        listing.want(0, 30)
        await until(lambda: listing.status.loaded)
        await listing.set_order(Order("add_time", descending=True))
        assert tokens(listing, 0, 2) == [100, 99]
        assert describe_view(listing.status) == "ordered: loaded only"
        listing.scan()
        await listing.finished()
        await until(lambda: listing.status.view.whole)
        assert tokens(listing, 0, 2) == [2_500, 2_499]
        assert listing.row_of_position(2_400) == 100
        await listing.set_filter(parse("user:user_919"))
        assert tokens(listing, 0, 3) == [2_001, 1_001, 1]


async def test_a_position_is_not_found_across_two_others() -> None:
    """The bytes of 256 and 512 side by side hold those of 1."""
    gateway = FakeGateway(600)
    async with opened(gateway) as listing:
        listing.scan()
        await listing.finished()
        await listing.set_filter(parse("user:=user_919|user:=user_264|user:=user_528"))
        await listing.set_order(Order("user_id"))
        assert tokens(listing, 0, 3) == [256, 512, 1]
        assert [listing.row_of_position(position) for position in (256, 512, 1)] == [0, 1, 2]
        assert listing.row_of_position(2) is None


async def test_marks_are_toggled_ranged_counted_and_exported() -> None:
    gateway = FakeGateway(250)
    async with opened(gateway) as listing:
        listing.scan()
        await listing.finished()
        assert listing.toggle_mark(5)
        assert not listing.toggle_mark(5)
        assert not listing.toggle_mark(9_999)
        assert listing.mark_rows(9, 12) == 3
        await listing.set_filter(parse('data:"user 24"'))
        assert listing.mark_rows(0, 2) == 2, "of this range, not of all that are marked"
        assert listing.status.marked == 5
        marked = [row.position async for rows in listing.chunks(Scope.MARKED) for row in rows]
        assert marked == [10, 11, 12, 24, 240]
        row = listing.rows(0, 1)[0]
        assert row is not None
        assert row.marked
        listing.clear_marks()
        assert listing.status.marked == 0


async def test_chunks_give_each_scope_in_its_order() -> None:
    gateway = FakeGateway(2_500)
    async with opened(gateway) as listing:
        listing.scan()
        await listing.finished()
        await listing.set_filter(parse('data:"user 7"'))
        await listing.set_order(Order(descending=True))
        found = [row.position async for rows in listing.chunks(Scope.FILTERED) for row in rows]
        assert found[:2] == [799, 798]
        assert len(found) == 111
        loaded = [row.position async for rows in listing.chunks(Scope.LOADED) for row in rows]
        assert loaded == list(range(1, 2_501))


async def test_a_reload_keeps_marks_by_token_and_shows_what_is_new() -> None:
    gateway = FakeGateway(50)
    async with opened(gateway) as listing:
        listing.want(0, 30)
        await until(lambda: listing.status.complete)
        listing.toggle_mark(10)
        gateway.numbers = [0, *range(1, 51)]
        await listing.reload()
        assert listing.status.generation == 1
        assert listing.status.loaded == 51
        marked = [row.position async for rows in listing.chunks(Scope.MARKED) for row in rows]
        assert marked == [11]


async def test_an_unfinished_reload_marks_nothing_in_the_rows_that_are_still_shown() -> None:
    gateway = FakeGateway(50)
    async with opened(gateway) as listing:
        listing.want(0, 30)
        await until(lambda: listing.status.complete)
        listing.toggle_mark(10)
        gateway.numbers = [0, *range(1, 51)]
        reloading = asyncio.ensure_future(listing.reload())
        shown: list[list[int]] = []

        def is_done() -> bool:
            rows = listing.rows(0, 51)
            shown.append([row.position for row in rows if row is not None and row.marked])
            return listing.status.generation == 1

        await until(is_done)
        assert shown == [[10]] * (len(shown) - 1) + [[11]]
        await reloading


async def test_a_newer_reload_ends_the_one_before_it_at_once() -> None:
    gateway = FakeGateway(50)
    async with opened(gateway) as listing:
        listing.want(0, 30)
        await until(lambda: listing.status.complete)
        gateway.gate.clear()
        older = asyncio.ensure_future(listing.reload())
        await until(lambda: gateway.in_flight == 1)
        newer = asyncio.ensure_future(listing.reload())
        async with asyncio.timeout(10):
            await older
        assert listing.status.generation == 0
        gateway.gate.set()
        await newer
        assert (listing.status.generation, listing.status.loaded) == (1, 50)


async def test_a_failed_reload_keeps_the_rows() -> None:
    gateway = FakeGateway(50)
    async with opened(gateway) as listing:
        listing.want(0, 30)
        await until(lambda: listing.status.complete)
        gateway.errors = [ConnectError("refused")]
        await listing.reload()
        assert listing.status.generation == 0
        assert listing.status.loaded == 50
        assert isinstance(listing.status.stopped, ConnectError)


async def test_a_late_answer_after_a_reload_or_a_close_is_dropped() -> None:
    gateway = FakeGateway(10_000)
    async with opened(gateway) as listing:
        listing.want(0, 30)
        await until(lambda: listing.status.loaded)
        gateway.gate.clear()
        listing.scan()
        await until(lambda: gateway.in_flight)
        reloading = asyncio.ensure_future(listing.reload())
        await until(lambda: gateway.in_flight == 2)
        gateway.gate.set()
        await reloading
        assert listing.status.loaded == 100
    assert listing.rows(0, 1) == [None]
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]


async def test_closing_ends_everything_that_waits() -> None:
    gateway = FakeGateway(10_000)
    gateway.gate.clear()
    listing = FaceListing(gateway, "lib")
    waits = [
        asyncio.ensure_future(listing.goto(5_000)),
        asyncio.ensure_future(listing.find_end()),
        asyncio.ensure_future(listing.finished()),
    ]
    await until(lambda: gateway.in_flight)
    await listing.aclose()
    async with asyncio.timeout(1):
        await asyncio.gather(*waits)


async def test_subscribers_are_told_once_for_many_changes() -> None:
    gateway = FakeGateway(30_000)
    told: list[ListingStatus] = []
    async with opened(gateway) as listing:
        end = listing.subscribe(told.append)
        listing.scan()
        await listing.finished()
        await until(lambda: told and told[-1].complete)
        assert len(told) < len(gateway.calls)
        end()
        before = len(told)
        listing.toggle_mark(1)
        await asyncio.sleep(0)
        assert len(told) == before


async def test_position_of_token() -> None:
    gateway = FakeGateway(300)
    async with opened(gateway) as listing:
        await listing.goto(250)
        assert await listing.position_of_token(make_face(250).face_token) == 250
        assert await listing.position_of_token(make_face(1).face_token) is None
