"""Trouble in the browser: waits that count down, offline, a clock that is off, sizes, quitting."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from fs_tui.api.transport import TransportOptions
from fs_tui.tui.dialogs.create import CreateLibrary
from fs_tui.tui.forms.field import Field
from fs_tui.tui.host import Job
from fs_tui.tui.pages.errors import Errors
from fs_tui.tui.pages.requests import Requests
from tests.tui.browser import Browser, running

if TYPE_CHECKING:
    from fs_tui.sandbox.service import Service

PATIENT = TransportOptions(retry_budget=3600, retry_wait=60, retry_wait_max=600)
"""Waits a long time between two tries."""
QUICK = TransportOptions(retry_budget=3600, retry_wait=0.02, retry_wait_max=0.02)
"""Tries again at once."""


async def test_a_wait_counts_down_and_says_why_and_x_cancels_it_at_once() -> None:
    async with running(transport=PATIENT) as browser:
        await browser.enter_faces()
        await browser.says("✓ confirmed by face_info")
        browser.faults.fail("error", "list", code="CONCURRENCY_LIMIT_EXCEEDED", times=None)
        await browser.press("pagedown", "pagedown", "pagedown")
        await browser.until(lambda: "; again in " in browser.message)
        assert "x stops" in browser.message
        row = browser.table.cursor_row
        await browser.press("x")
        await browser.until(lambda: browser.message == "cancelled")
        await browser.until(lambda: browser.listing.status.in_flight == 0)
        assert browser.table.cursor_row == row
        asked = browser.asked("list")
        await browser.settle()
        assert browser.asked("list") == asked
        assert browser.listing.status.loaded == 100
        browser.faults.clear()
        await browser.press("k")
        await browser.until(lambda: browser.listing.status.loaded > 100)


async def test_esc_cancels_a_wait_too_and_a_later_wish_works() -> None:
    async with running(transport=PATIENT) as browser:
        await browser.shows("first")
        browser.faults.fail("error", "list", code="CONCURRENCY_LIMIT_EXCEEDED")
        await browser.press("j", "enter")
        await browser.until(lambda: "; again in " in browser.message)
        await browser.press("escape")
        await browser.until(lambda: browser.message == "cancelled")
        await browser.press("r")
        await browser.shows("second")


async def test_the_end_of_one_wait_does_not_end_the_countdown_of_another() -> None:
    async with running(transport=PATIENT) as browser:
        await browser.shows("first")
        browser.faults.fail("error", code="CONCURRENCY_LIMIT_EXCEEDED", times=None)
        await browser.press("j", "enter")
        await browser.until(lambda: len(browser.screen._waits) == 2)
        browser.app.cancel(Job.LIBRARY)
        await browser.until(lambda: len(browser.screen._waits) == 1)
        assert "; again in " in browser.message


async def test_a_failure_that_passes_is_tried_again_unasked() -> None:
    async with running(transport=QUICK) as browser:
        browser.faults.fail("error", "list", code="INTERNAL_ERROR", times=3)
        await browser.shows("first")
        await browser.until(lambda: browser.message == "")
        assert [(met.call, met.group_id, met.then) for met in browser.errors] == [
            ("list", "first", f"attempt {attempt}, to be tried again in 1 s")
            for attempt in (1, 2, 3)
        ]


async def test_a_failure_whose_wait_was_cancelled_is_in_the_list_of_errors() -> None:
    async with running(transport=PATIENT) as browser:
        await browser.shows("first")
        browser.faults.fail("error", "list", code="INTERNAL_ERROR", status=500, times=None)
        await browser.press("j", "enter")
        await browser.until(lambda: "; again in " in browser.message)
        await browser.press("x", "!")
        await browser.says("Messages of this run")
        await browser.says("INTERNAL_ERROR")


async def test_a_countdown_names_no_key_that_a_dialogue_would_take() -> None:
    async with running(transport=PATIENT) as browser:
        await browser.shows("first")
        browser.faults.fail("error", code="INTERNAL_ERROR", times=None)
        await browser.press("n")
        await browser.until(lambda: isinstance(browser.app.screen, CreateLibrary))
        await browser.settle()
        browser.app.screen.query_one("#group_id", Field).value = "new"
        browser.app.screen.query_one("#group_name", Field).value = "New"
        await browser.press("enter")
        await browser.until(lambda: "; again in " in browser.message)
        assert "x stops" not in browser.message


async def test_ctrl_c_says_how_to_leave_where_one_is() -> None:
    async with running() as browser:
        await browser.shows("first")
        await browser.press("ctrl+c")
        said = [notice.message for notice in browser.app._notifications]
        assert said == ["Press q to quit."]
        for key, title in (("!", "Messages of this run"), ("L", "Request log")):
            await browser.press(key)
            await browser.says(title)
            browser.app.clear_notifications()
            await browser.press("ctrl+c")
            said = [notice.message for notice in browser.app._notifications]
            assert said == ["Press esc to go back; q quits from there."]
            await browser.press("escape")


async def test_offline_is_said_with_its_time_and_everything_loaded_still_works() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.says("✓ confirmed by face_info")
        browser.faults.fail("drop", times=None)
        await browser.press("pagedown", "pagedown")
        await browser.until(lambda: "offline since" in browser.title)
        await browser.press("g")
        browser.at_once("/goh")
        await browser.until(lambda: browser.listing.status.view.filter_text == "goh")
        await browser.until(browser.listing.row_count)
        await browser.press("escape")
        browser.sidebar.focus()
        await browser.press("j", "k")
        await browser.until(lambda: browser.pane.group_id == "first")
        browser.faults.clear()
        await browser.press("r")
        await browser.until(lambda: "offline" not in browser.title)


async def test_it_comes_back_by_itself_at_the_next_success() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.faults.fail("drop", times=None)
        await browser.press("j")
        await browser.until(lambda: "offline since" in browser.title)
        browser.faults.clear()
        await browser.press("j")
        await browser.until(lambda: "offline" not in browser.title)


async def test_a_cancelled_request_is_no_sign_of_being_offline() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.faults.fail("hold", "list", times=None)
        await browser.press("G")
        await browser.until(lambda: browser.faults.held)
        await browser.press("escape")
        await browser.until(lambda: browser.listing.status.in_flight == 0)
        await browser.settle()
        assert "offline" not in browser.title
        assert not browser.errors


async def test_a_clock_that_is_off_is_said_and_a_right_one_is_not() -> None:
    def off(service: Service) -> None:
        service.faults.clock_offset = 4000

    async with running(prepare=off) as browser:
        await browser.shows("first")
        await browser.until(lambda: "clock 1 h 07 min behind" in browser.title)
    async with running() as browser:
        await browser.shows("first")
        assert "clock" not in browser.title


async def test_the_error_list_and_the_request_log_hold_what_happened() -> None:
    async with running() as browser:
        await browser.shows("first")
        browser.faults.fail("error", "group_info", code="INTERNAL_ERROR")
        await browser.press("j")
        await browser.until(lambda: browser.errors)
        await browser.press("!")
        await browser.until(lambda: isinstance(browser.app.screen, Errors))
        await browser.says("INTERNAL_ERROR")
        await browser.press("escape", "L")
        await browser.until(lambda: isinstance(browser.app.screen, Requests))
        await browser.says("group_list")
        await browser.says("group_info")
        await browser.press("escape")
        assert browser.sidebar.has_focus


async def test_quitting_ends_at_once_while_everything_hangs() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.faults.fail("hold", times=None)
        await browser.press("a", "j", "r", "G")
        await browser.until(lambda: browser.faults.held >= 2)
        began = time.monotonic()
        await browser.press("q")
    assert time.monotonic() - began < 10
    assert browser.service.under_way == 0


async def test_quitting_ends_at_once_while_a_wait_runs() -> None:
    async with running(
        transport=PATIENT, prepare=lambda s: s.faults.fail("error", "group_list", times=None)
    ) as browser:
        await browser.until(lambda: "; again in " in browser.message)
        began = time.monotonic()
        await browser.press("q")
    assert time.monotonic() - began < 10


def _has_lines(browser: Browser, lines: int) -> bool:
    return browser.text.count("\n") + 1 == lines


async def test_no_size_and_no_resize_is_too_much() -> None:
    sizes = [(1, 1), (2, 1), (1, 30), (200, 1), (20, 5), (59, 15), (60, 16), (99, 21), (100, 22)]
    async with running(size=(1, 1)) as browser:
        await browser.shows("first")
        for width, height in [*sizes, (200, 60), (3, 3), (120, 36)]:
            await browser.pilot.resize_terminal(width, height)
            await browser.until(partial(_has_lines, browser, height))
        await browser.enter_faces()
        browser.at_once("90G")
        await browser.until(lambda: browser.cursor.position == 90)
        await browser.press("slash")
        for width, height in [*sizes, (120, 36)]:
            await browser.pilot.resize_terminal(width, height)
        assert browser.cursor.position == 90
        assert browser.table.cursor_row in browser.table.visible_rows


async def test_where_there_is_too_little_room_a_sentence_says_so() -> None:
    async with running(size=(39, 9)) as browser:
        await browser.says("40x10")
        assert "second" not in browser.text
        await browser.pilot.resize_terminal(40, 10)
        await browser.says("second")
        await browser.until(lambda: browser.sidebar.has_focus)
        await browser.enter_faces()
        await browser.pilot.resize_terminal(39, 10)
        await browser.settle()
        await browser.pilot.resize_terminal(40, 10)
        await browser.until(lambda: browser.table.has_focus)


async def test_a_message_that_is_too_long_for_its_room_says_what_shows_all() -> None:
    async with running(size=(80, 24)) as browser:
        await browser.enter_faces()
        browser.app.say("a word " * 40, "error")
        await browser.says("a word … ! shows all")
        browser.app.say("a word and the end", "error")
        await browser.says("and the end")
