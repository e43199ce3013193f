"""Reloads in the browser: what is shown stays, and what was whole is whole again."""

from __future__ import annotations

from fs_tui.tui.options import BrowserOptions
from tests.tui.browser import Browser, running

OFTEN = BrowserOptions(auto_reload=0.05)


def hits(browser: Browser) -> list[str]:
    """The tokens of the rows that are shown."""
    rows = browser.listing.rows(0, browser.listing.row_count())
    return [row.face.face_token for row in rows if row is not None]


async def filter_everything(browser: Browser) -> None:
    """Filter the whole first library, and go to the fourth hit."""
    await browser.enter_faces()
    browser.at_once("/goh\r")
    await browser.until(lambda: browser.listing.status.complete)
    await browser.says("in all 250 faces")
    await browser.press("j", "j", "j")


async def test_a_quiet_auto_reload_keeps_all_pages_the_filter_and_the_cursor() -> None:
    async with running(options=OFTEN) as browser:
        await filter_everything(browser)
        token, said, shown = browser.token, browser.truth, hits(browser)
        asked, looks = browser.asked("list"), {browser.listing.status.loaded_at}

        def looked_often() -> bool:
            looks.add(browser.listing.status.loaded_at)
            assert browser.truth == said
            assert (browser.token, hits(browser)) == (token, shown)
            return len(looks) > 5

        await browser.until(looked_often)
        assert browser.listing.status.generation == 0
        assert browser.asked("list") - asked <= 2 * len(looks)


async def test_an_auto_reload_after_a_deletion_makes_a_filter_over_all_whole_again() -> None:
    async with running(options=OFTEN) as browser:
        await filter_everything(browser)
        token, shown = browser.token, hits(browser)
        browser.service.population["first"].delete(shown[0])
        await browser.until(lambda: "in all 249 faces" in browser.text)
        await browser.until(lambda: browser.token == token)
        assert hits(browser) == shown[1:]
        assert browser.table.cursor_row == 2


async def test_a_failed_auto_reload_leaves_all_pages_and_is_said_once() -> None:
    async with running(options=OFTEN) as browser:
        await filter_everything(browser)
        token, shown = browser.token, hits(browser)
        browser.faults.fail("error", "list", code="AUTHORIZATION_ERROR:DENIED", times=None)
        await browser.until(lambda: browser.errors)
        asked = browser.asked("list")
        await browser.until(lambda: browser.asked("list") > asked + 3)
        assert len(browser.errors) == 1
        assert (browser.token, hits(browser)) == (token, shown)
        assert browser.listing.status.complete
        browser.faults.clear()
        await browser.until(lambda: browser.listing.status.stopped is None)
        assert browser.listing.status.generation == 0


async def test_r_reads_anew_what_was_whole_and_keeps_filter_and_cursor() -> None:
    async with running() as browser:
        await filter_everything(browser)
        token, shown = browser.token, hits(browser)
        await browser.press("r")
        await browser.until(lambda: browser.listing.status.generation == 1)
        await browser.until(lambda: browser.listing.status.complete)
        await browser.says("in all 250 faces")
        await browser.until(lambda: browser.token == token)
        assert hits(browser) == shown


async def test_r_reads_anew_after_a_reload_that_failed() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.faults.fail("error", "list", code="AUTHORIZATION_ERROR:DENIED")
        await browser.press("r")
        await browser.until(lambda: browser.listing.status.stopped)
        asked = browser.asked("list")
        await browser.press("r")
        await browser.until(lambda: browser.listing.status.generation == 1)
        assert browser.asked("list") > asked
        assert browser.listing.status.stopped is None


async def test_r_gives_up_nothing_that_was_loaded_in_part_and_still_stands() -> None:
    """Offline, and when the service is back."""
    async with running({"first": 2_500}) as browser:
        browser.faults.page_cap = 100
        browser.faults.latency = 0.02
        await browser.enter_faces()
        await browser.press("a")
        await browser.until(lambda: browser.listing.status.loaded >= 500)
        await browser.press("x")
        await browser.settle()
        loaded = browser.listing.status.loaded
        assert loaded < 2_500
        browser.faults.fail("reset", "list", times=None)
        await browser.press("r")
        await browser.until(lambda: browser.listing.status.stopped)
        await browser.press("r")
        await browser.settle()
        browser.faults.clear()
        await browser.press("r")
        await browser.until(lambda: browser.listing.status.stopped is None)
        await browser.settle()
        assert browser.listing.status.loaded >= loaded
        browser.service.population["first"].delete(browser.tokens("first")[3])
        await browser.press("r")
        await browser.until(lambda: browser.tokens("first")[3] in str(browser.listing.face(4)))


async def test_an_auto_reload_loads_what_was_added_behind_what_stays() -> None:
    async with running(options=OFTEN) as browser:
        await filter_everything(browser)
        token, row = browser.token, browser.table.cursor_row
        browser.service.population["first"].grow(20)
        await browser.until(lambda: "in all 270 faces" in browser.text)
        assert (browser.token, browser.table.cursor_row) == (token, row)
        assert browser.listing.status.generation == 0


async def test_a_reload_that_brings_nothing_new_says_so_and_one_that_does_not() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("r")
        await browser.until(
            lambda: browser.message == "Read again: what is on screen is as it was."
        )
        token = browser.token
        browser.service.population["first"].delete(token)
        await browser.press("r")
        await browser.until(lambda: browser.token != token)
        await browser.settle()
        assert "as it was" not in browser.message
        await browser.press("shift+tab", "r")
        same = "Read again: the same 3 libraries as before."
        await browser.until(lambda: same in [getattr(one, "note", "") for one in browser.app.said])
