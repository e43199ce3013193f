"""What the details show, and what is copied of it, wherever one came from."""

from __future__ import annotations

import asyncio
from unittest.mock import patch

import pytest

from fs_tui.tui.browser import statusline
from fs_tui.tui.terminal.clipboard import Clipboard
from tests.tui.browser import running


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What reaches the clipboard."""
    texts: list[str] = []

    async def copy(_self: Clipboard, text: str, what: str) -> str:
        texts.append(text)
        return f"Sent {what} to the terminal."

    monkeypatch.setattr(Clipboard, "copy", copy)
    return texts


async def test_the_way_back_shows_the_details_of_the_library_that_it_leads_to() -> None:
    async with running() as browser:
        await browser.shows("first")
        await browser.press("j")
        await browser.shows("second")
        await browser.until(lambda: browser.fields["id"] == "second")
        await browser.press("[")
        await browser.until(lambda: browser.pane.group_id == "first")
        await browser.until(lambda: browser.fields["id"] == "first")
        await browser.press("[")
        await browser.says("There is nothing further back.")
        await browser.press("]")
        await browser.until(lambda: browser.fields["id"] == "second")
        await browser.press("]")
        await browser.says("There is nothing further on.")


async def test_what_is_copied_is_what_the_focused_pane_shows(copied: list[str]) -> None:
    async with running() as browser:
        await browser.enter_faces()
        row, *_, last = browser.tokens("first")
        await browser.press("y")
        await browser.until(lambda: copied == [row])
        await browser.press("ctrl+g")
        browser.at_once(f"{last}\r")
        await browser.until(lambda: browser.detail.has_focus and browser.fields["token"] == last)
        await browser.press("y")
        await browser.until(lambda: copied == [row, last])
        await browser.press("Y")
        await browser.says("Copy")
        await browser.press("enter")
        await browser.until(lambda: copied == [row, last, last])


async def test_a_row_that_nothing_brings_is_not_said_to_be_loading() -> None:
    async with running(size=(120, 20)) as browser:
        await browser.enter_faces()
        browser.faults.fail("hold", "list", times=None)
        await browser.press(*["pagedown"] * 8)
        await browser.until(lambda: browser.detail.card.title == "Loading …")
        await browser.until(lambda: browser.faults.held)
        await browser.press("x")
        await browser.until(lambda: browser.detail.card.title == "Not loaded")
        browser.faults.clear()
        browser.faults.release()
        await browser.press("r")
        await browser.until(lambda: browser.token)
        await browser.until(lambda: browser.detail.card.title == "Face")


async def test_a_failed_page_is_named_once_and_its_row_is_not_loading() -> None:
    async with running(size=(120, 20)) as browser:
        await browser.enter_faces()
        browser.faults.fail("error", "list", code="AUTHORIZATION_ERROR:DENIED", times=None)
        await browser.press(*["pagedown"] * 8)
        await browser.until(lambda: browser.detail.card.title == "Not loaded")
        reason = browser.listing.status.stopped
        assert reason is not None
        await browser.until(lambda: reason.title.casefold() in browser.truth.casefold())
        assert reason.title not in browser.message
        assert reason.hint in browser.message


async def test_a_reload_says_that_it_runs_until_it_is_done() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.faults.fail("hold", "list")
        await browser.press("r")
        await browser.until(lambda: browser.faults.held)
        assert browser.message == "reloading …"
        assert "100 faces loaded" in browser.truth
        browser.faults.release()
        await browser.until(lambda: not browser.message)
        assert browser.listing.status.generation == 1


async def test_a_brief_message_goes_away_by_itself() -> None:
    with patch.object(statusline, "_BRIEF_SECONDS", 0.05):
        async with running() as browser:
            await browser.enter_faces()
            browser.pane.say("a note")
            browser.pane.say("a moment", "brief")
            await browser.until(lambda: not browser.message)
            browser.pane.say("a moment", "brief")
            browser.pane.say("a note")
            brief_is_over = asyncio.Event()
            browser.app.set_timer(2 * 0.05, brief_is_over.set)
            await brief_is_over.wait()
            assert browser.message == "a note"
