"""What the details show, and what is copied of it, wherever one came from."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.tui.browser import running

if TYPE_CHECKING:
    from fs_tui.sandbox.service import Service


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
        await browser.says("There is nothing to go back to.")
        await browser.press("]")
        await browser.until(lambda: browser.fields["id"] == "second")
        await browser.press("]")
        await browser.says("There is nothing to go forward to.")


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
        await browser.until(lambda: browser.message.startswith("Read again"))
        assert browser.listing.status.generation == 1


async def test_a_message_goes_with_the_next_key_and_is_kept_in_the_list() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("]")
        await browser.says("There is nothing to go forward to.")
        height = browser.table.size.height
        await browser.press("j")
        assert not browser.message
        assert browser.table.size.height == height
        await browser.press("!")
        await browser.says("There is nothing to go forward to.")


async def test_a_message_about_what_runs_stays_until_it_ends() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.app.say("exporting …", "wait")
        await browser.press("j")
        assert browser.message == "exporting …"
        browser.app.unsay("exporting …")
        assert not browser.message


async def test_x_says_whether_anything_was_cancelled() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.says("confirmed by face_info")
        # What was asked of the library may still be under way.
        await browser.until(lambda: all(worker.is_finished for worker in browser.app.workers))
        await browser.press("x")
        assert browser.message == "Nothing is running that could be cancelled."
        browser.faults.fail("hold", "list", times=None)
        await browser.press("a")
        await browser.until(lambda: browser.faults.held)
        await browser.press("x")
        assert browser.message == "cancelled"


@pytest.mark.parametrize(("zone", "lines"), [("UTC", 2), ("Asia/Singapore", 3)])
async def test_a_time_is_told_once_with_weekday_and_age_and_in_utc_where_that_differs(
    zone: str, lines: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        async with running() as browser:
            await browser.enter_faces()
            shown = dict(browser.detail.card.fields)["added"]
            assert shown[0].startswith("2025-03-04 ")
            assert shown[1].startswith("Tuesday, ")
            assert len(shown) == lines
            assert shown[2:] == ("2025-03-04T00:30:00.000Z",)[: lines - 2]
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()


async def test_the_details_say_how_many_faces_of_the_person_are_known() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("j")  # two faces of one person follow each other
        await browser.says("at least 2 of this person: u")
        await browser.press("a")
        await browser.until(lambda: browser.listing.status.complete)
        await browser.until(lambda: "at least" not in str(browser.detail.card.fields))
        await browser.says("of this person: u")


async def test_a_value_that_is_longer_than_its_line_goes_on_below_itself() -> None:
    def long_texts(service: Service) -> None:
        service.faults.hostile["user_data"] = " ".join(f"word{number}" for number in range(40))

    async with running(prepare=long_texts, size=(80, 24)) as browser:
        await browser.enter_faces()
        await browser.press("tab")
        await browser.press("z")
        await browser.says("word39")
        lines = [line[1:] for line in browser.text.splitlines() if "word" in line]
        assert lines[0].startswith(" data     word0 ")
        assert all(line.startswith("          word") for line in lines[1:])
