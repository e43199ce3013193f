"""What reads a library whole says first what that takes, and asks where it is much."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from fs_tui.errors import NetworkError
from fs_tui.tui.dialogs.confirm import Confirm
from tests.tui.browser import Browser, running

if TYPE_CHECKING:
    from fs_tui.sandbox.service import Service


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fs_tui.account.cost.MANY", 5)


def _is_asked(browser: Browser) -> bool:
    return isinstance(browser.app.screen, Confirm)


@pytest.mark.parametrize("keys", ["a", "R", "/a\r", "pa", "ta"])
async def test_what_takes_many_requests_is_asked_for_before_the_first_of_them(keys: str) -> None:
    async with running({"large": 30_000}) as browser:
        await browser.enter_faces("large")
        browser.at_once(keys)
        await browser.until(lambda: _is_asked(browser))
        await browser.says("Reading large takes about 3")
        assert browser.listing.status.scan is None
        await browser.press("n")
        await browser.settle()
        assert browser.listing.status.scan is None
        assert browser.listing.status.loaded < 5_000


@pytest.mark.parametrize("keys", ["a", "/a\r"])
async def test_what_takes_few_requests_costs_one_to_know_that_and_is_not_asked_for(
    keys: str,
) -> None:
    async with running({"small": 2_500}) as browser:
        await browser.enter_faces("small")
        browser.at_once(keys)
        await browser.until(lambda: browser.listing.status.complete)
        assert browser.asked("list") == 1 + 1 + 3


async def test_what_looks_for_the_end_does_not_make_pages_look_fast() -> None:
    async with running({"large": 30_000}) as browser:
        await browser.enter_faces("large")
        assert browser.app.session is not None
        gateway, page = browser.app.session.gateway, browser.app.page_seconds
        small = [gateway.faces("large", start=n, limit=1) for n in range(1, 20)]
        await asyncio.gather(*small)
        assert browser.app.page_seconds == page
        await gateway.faces("large", start=1, limit=1_000)
        assert browser.app.page_seconds != page


async def test_what_is_whole_is_not_read_again_unasked() -> None:
    async with running({"large": 10_000}) as browser:
        await browser.enter_faces("large")
        await browser.press("a")
        await browser.until(lambda: _is_asked(browser))
        await browser.press("y")
        await browser.until(lambda: browser.listing.status.complete)
        asked = browser.asked("list")
        for keys in (["r"], ["p", "r"]):
            await browser.press(*keys)
            await browser.until(lambda: _is_asked(browser))
            await browser.says("Reading large takes about 11 requests")
            await browser.press("n")
            await browser.settle()
        assert browser.asked("list") == asked
        assert browser.listing.status.complete


async def test_a_look_by_itself_says_what_changed_and_reads_nothing_large_again() -> None:
    async with running({"large": 10_000}) as browser:
        await browser.enter_faces("large")
        await browser.press("a")
        await browser.until(lambda: _is_asked(browser))
        await browser.press("y")
        await browser.until(lambda: browser.listing.status.complete)
        browser.service.population["large"].delete_at([1])
        browser.pane.reloader.recheck()
        await browser.says("the library changed while it was read")
        await browser.until(lambda: "large · 10,000+" in browser.title)
        await browser.settle()
        assert browser.listing.status.loaded == 10_000
        assert browser.listing.status.scan is None


@pytest.mark.parametrize("key", ["x", "escape"])
async def test_finding_out_how_much_there_is_says_so_and_ends_when_it_is_cancelled(
    key: str,
) -> None:
    async with running({"large": 10_000}) as browser:
        await browser.enter_faces("large")
        browser.faults.fail("hold", "list", times=None)
        await browser.press("a")
        await browser.says("finding out how much there is to read")
        await browser.until(lambda: browser.faults.held)
        await browser.press(key)
        browser.faults.failures.clear()
        browser.faults.release()
        await browser.until(lambda: "finding out" not in browser.text)
        await asyncio.sleep(0)
        await browser.settle()
        assert not _is_asked(browser)
        assert browser.listing.status.scan is None


async def test_why_it_cannot_be_found_out_is_said() -> None:
    async with running({"large": 10_000}) as browser:
        await browser.enter_faces("large")
        browser.faults.fail("drop", "list", times=None)
        await browser.press("a")
        await browser.until(lambda: isinstance(browser.listing.status.stopped, NetworkError))
        await browser.until(lambda: "finding out" not in browser.text)
        assert not _is_asked(browser)


async def test_loading_all_says_why_nothing_is_left_to_load() -> None:
    def refuses(service: Service) -> None:
        service.faults.max_start = 1000

    async with running({"small": 2_500}, prepare=refuses) as browser:
        await browser.enter_faces("small")
        await browser.press("a")
        await browser.until(lambda: browser.listing.status.loaded == 1_999)
        words = "All that the service lists is loaded: it lists no further than face"
        for _ in range(20):
            # Why the listing ends may be told just then, in the place of what the key says.
            await browser.press("a")
            await browser.settle()
            if words in browser.message:
                break
        assert words in browser.message


async def test_loading_all_says_that_what_was_loaded_changed_meanwhile() -> None:
    async with running({"small": 2_500}) as browser:
        await browser.enter_faces("small")
        browser.faults.overlap = True
        await browser.press("a")
        await browser.until(lambda: browser.listing.status.changed)
        await browser.until(lambda: browser.listing.status.scan is None)
        await browser.press("a")
        await browser.says("R reads it again")


async def test_loading_all_asks_again_for_what_stopped_the_listing_and_says_what_stops_it() -> None:
    def contradicts(service: Service) -> None:
        service.faults.next = "stuck"

    async with running({"small": 2_500}, prepare=contradicts) as browser:
        await browser.enter_faces("small")
        asked = browser.asked("list")
        await browser.press("j", "a")
        await browser.until(lambda: "it names" in browser.message)
        assert browser.asked("list") > asked + 1
        browser.faults.clear()
        await browser.press("a")
        await browser.until(lambda: browser.listing.status.complete)


async def test_everything_is_read_again_where_the_row_that_is_looked_at_cannot_be_asked_for() -> (
    None
):
    def refuses(service: Service) -> None:
        service.faults.max_start = 1000

    async with running({"small": 2_500}, prepare=refuses) as browser:
        await browser.enter_faces("small")
        await browser.press("a")
        await browser.until(lambda: browser.listing.status.loaded == 1_999)
        await browser.press("G")
        await browser.until(lambda: browser.cursor.position == 1_999)
        await browser.press("R")
        await browser.until(lambda: browser.listing.status.generation == 1)
        await browser.until(lambda: browser.listing.status.loaded == 1_999)
        await browser.says("the service lists no further than face 1,999")


async def test_what_has_ended_is_not_offered_to_be_cancelled() -> None:
    async with running({"large": 10_000}) as browser:
        await browser.enter_faces("large")
        for keys in (["a"], ["p", "a"]):
            await browser.press(*keys)
            await browser.until(lambda: _is_asked(browser))
            await browser.press("n")
            await browser.until(lambda: not _is_asked(browser) and "x cancel" not in browser.text)
        browser.at_once("fnobody\r")
        await browser.until(lambda: _is_asked(browser))
        await browser.press("n")
        await browser.until(lambda: not _is_asked(browser) and "x cancel" not in browser.text)
