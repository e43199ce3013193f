"""What a listing has under way: beside what, for how long, and what becomes of it by `retry`."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import pytest

from fs_tui.errors import ConnectError, LimitError, PagingError
from fs_tui.faces.paging import fetcher
from fs_tui.faces.status import Activity
from fs_tui.models import RetryWait
from tests import waiting
from tests.unit.fake_gateway import FakeGateway, opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fs_tui.models import Face, FacePage

until = partial(waiting.until, pause=0)

_NEVER = 3_600.0
"""Seconds that no test waits."""


# Beside what


async def test_a_newer_goto_cancels_the_request_of_an_older_one() -> None:
    gateway = FakeGateway(100_000)
    gateway.gate.clear()
    async with opened(gateway) as listing:
        older = asyncio.ensure_future(listing.goto(5_000))
        await until(lambda: gateway.calls == [(4_901, 100)])
        newer = asyncio.ensure_future(listing.goto(90_000))
        await until(lambda: gateway.calls[1:] == [(89_901, 100)])
        gateway.gate.set()
        assert (await older, await newer) == (None, 89_999)
        assert gateway.cancelled == 1


async def test_the_end_is_searched_for_one_by_one_where_a_limit_was_met_of_late() -> None:
    gateway = FakeGateway(2_500)
    async with opened(gateway, concurrency=8) as listing:
        listing.on_gateway_event(RetryWait("list", "lib", 1, 2.0, LimitError.title))
        assert await listing.find_end() == 2_500
        assert gateway.most_in_flight == 1


@pytest.mark.parametrize(("slow", "beside"), [(0.001, 2), (_NEVER, 1)])
async def test_a_window_goes_beside_a_request_of_a_scan_that_is_slow_alone(
    monkeypatch: pytest.MonkeyPatch, slow: float, beside: int
) -> None:
    monkeypatch.setattr(fetcher, "_SLOW", slow)
    gateway = FakeGateway(100_000)
    gateway.gate.clear()
    async with opened(gateway) as listing:
        listing.scan()
        await until(lambda: gateway.in_flight)
        listing.want(90_000, 90_030)
        await until(lambda: listing.status.in_flight == beside)
        gateway.gate.set()
        await until(lambda: listing.face(90_001))
        assert gateway.most_in_flight == beside


class Noted(FakeGateway):
    """Notes which pages are asked for; tests note beside them which are kept."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.order: list[str] = []

    async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
        self.order.append(f"asked for {start}")
        return await super().faces(group_id, start=start, limit=limit)


@pytest.mark.parametrize("least", [0.0, _NEVER])
async def test_beside_others_too_a_page_that_was_waited_for_is_kept_after_the_next_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, least: float
) -> None:
    monkeypatch.setattr(fetcher, "_WAITED_FOR", least)
    gateway = Noted(6_000)
    async with opened(gateway, concurrency=4) as listing:
        keep = listing.store.add

        def noted(start: int, faces: Sequence[Face]) -> None:
            gateway.order.append(f"kept {start}")
            keep(start, faces)

        monkeypatch.setattr(listing.store, "add", noted)
        listing.scan()
        await listing.finished()
    # The first page goes alone, and four after it.
    asked, kept = (gateway.order.index(what) for what in ("asked for 4996", "kept 1001"))
    assert (asked < kept) is (least == 0.0)


# What was dropped


class Clumsy(FakeGateway):
    """Ends a request that is cancelled with an error of its own."""

    async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
        try:
            return await super().faces(group_id, start=start, limit=limit)
        except asyncio.CancelledError:
            raise ConnectError("closed") from None


async def test_what_a_dropped_request_ends_with_is_no_failure() -> None:
    gateway = Clumsy(100_000)
    gateway.gate.clear()
    async with opened(gateway) as listing:
        listing.want(0, 30)
        await until(lambda: gateway.in_flight)
        listing.want(50_000, 50_030)
        await until(lambda: gateway.cancelled)
        gateway.gate.set()
        await until(lambda: listing.face(50_001))
        assert listing.status.stopped is None
        listing.want(0, 30)
        await until(lambda: listing.face(1))


# Retry


async def test_retry_ends_the_rest_of_a_scan() -> None:
    gateway = FakeGateway(2_500)
    gateway.errors = [LimitError("CONCURRENCY_LIMIT_EXCEEDED")]
    async with opened(gateway, rest=_NEVER) as listing:
        listing.scan()
        await until(lambda: listing.status.stopped)
        listing.retry()
        await until(lambda: listing.status.complete)


async def test_retry_leaves_a_scan_paused_that_the_user_paused() -> None:
    gateway = FakeGateway(5_000)
    async with opened(gateway) as listing:
        listing.scan()
        await until(lambda: listing.status.loaded)
        listing.pause()
        listing.retry()
        assert listing.status.activity is Activity.PAUSED


async def test_retry_goes_on_where_a_library_that_shrank_looked_like_repeated_pages() -> None:
    gateway = FakeGateway(1_000)
    gateway.cap = 100
    async with opened(gateway) as listing:
        for position in (201, 301, 400, 500):
            await listing.goto(position)
        gateway.numbers = range(201, 1_001)
        listing.scan()
        status = await listing.finished()
        assert isinstance(status.stopped, PagingError)
        listing.retry()
        listing.scan()
        status = await listing.finished()
        assert status.stopped is None
        assert status.loaded == 800
        assert status.changed
