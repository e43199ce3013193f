"""F: the cursor stays at the end, what comes appears there and is marked, any move leaves it."""

from __future__ import annotations

import pytest

from fs_tui.tui.browser import follower
from tests.tui.browser import Browser, running


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "_PAUSE", 0.05)
    monkeypatch.setattr(follower, "_LONGEST", 0.1)


async def follow(browser: Browser) -> None:
    await browser.enter_faces()
    await browser.press("F")
    await browser.says("Following the end")
    await browser.until(lambda: browser.token == browser.tokens("first")[-1])


async def test_what_comes_appears_at_the_end_and_is_marked() -> None:
    async with running() as browser:
        await follow(browser)
        browser.service.population["first"].grow(2)
        await browser.until(lambda: browser.token == browser.tokens("first")[-1])
        await browser.until(lambda: " +251" in browser.text and "▌+252" in browser.text)
        assert browser.listing.status.total == 252
        asked = browser.asked("list")
        browser.service.population["first"].grow(1)
        await browser.until(lambda: browser.listing.status.total == 253)
        assert browser.asked("list") - asked < 8


async def test_that_it_follows_is_said_for_as_long_as_it_does() -> None:
    async with running() as browser:
        await follow(browser)
        await browser.press("M")
        await browser.until(lambda: "Following" not in browser.message)
        assert "following the end, x stops it" in browser.truth
        await browser.says("x cancel")
        await browser.press("x")
        await browser.until(lambda: "following" not in browser.truth)
        await browser.until(lambda: "x cancel" not in browser.text)


async def test_each_look_is_one_request_and_one_at_a_time() -> None:
    async with running() as browser:
        await follow(browser)
        asked = browser.asked("list")
        await browser.until(lambda: browser.asked("list") > asked + 4)
        looks = [one for one in browser.service.received if one.call == "list"][-4:]
        assert len({one.fields["start"] for one in looks}) == 1


async def test_any_move_leaves_it() -> None:
    async with running() as browser:
        await follow(browser)
        await browser.press("k")
        await browser.until(lambda: "Following" not in browser.text)
        token = browser.token
        browser.service.population["first"].grow(2)
        await browser.settle()
        assert browser.token == token


@pytest.mark.parametrize("key", ["escape", "x"])
async def test_escape_and_cancel_leave_it(key: str) -> None:
    async with running() as browser:
        await follow(browser)
        await browser.press(key)
        await browser.until(lambda: "Following" not in browser.text)


async def test_a_deletion_before_the_end_is_said_and_ends_it() -> None:
    async with running() as browser:
        await follow(browser)
        browser.service.population["first"].delete_at([3])
        await browser.says("r reloads")


async def test_trouble_is_said_and_it_goes_on() -> None:
    async with running() as browser:
        await follow(browser)
        browser.faults.fail("drop", "list", times=2)
        await browser.until(lambda: browser.errors)
        browser.service.population["first"].grow(1)
        await browser.until(lambda: browser.listing.status.total == 251)
        await browser.says("Following the end")


async def test_nothing_is_painted_while_nothing_comes() -> None:
    async with running() as browser:
        await follow(browser)
        await browser.settle()
        asked, shown = browser.asked("list"), browser.listing.status.revision
        await browser.until(lambda: browser.asked("list") > asked + 4)
        assert browser.listing.status.revision == shown
