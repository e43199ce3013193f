"""Libraries in the browser: switching, creating, reloading, back and forward; no late paint."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from fs_tui.models import Library
from fs_tui.tui.dialogs.create import CreateLibrary, DraftTexts
from fs_tui.tui.forms.field import Field
from fs_tui.tui.options import BrowserOptions
from tests.tui.browser import Browser, running

if TYPE_CHECKING:
    from textual.geometry import Region

    from fs_tui.sandbox.service import Service

FOURTH = Library("fourth", "A new one", "", "s21")


async def test_a_highlight_that_rests_opens_the_library() -> None:
    async with running() as browser:
        await browser.shows("first")
        await browser.press("j")
        await browser.shows("second")
        assert browser.sidebar.has_focus
        assert browser.token == browser.tokens("second")[0]


async def test_running_along_the_list_asks_for_no_faces() -> None:
    async with running({f"lib-{n}": 5 for n in range(8)}, rest=3600) as browser:
        await browser.shows("lib-0")
        await browser.press(*"jjjjjjj")
        await browser.settle()
        assert browser.asked("list") == 1
        await browser.press("enter")
        await browser.shows("lib-7")
        assert browser.asked("list") == 2


async def test_an_old_librarys_answer_that_comes_late_paints_nothing() -> None:
    def held(service: Service) -> None:
        service.faults.fail("hold", "list")
        service.faults.fail("hold", "group_info")

    async with running(prepare=held) as browser:
        await browser.until(lambda: browser.faults.held == 2)
        await browser.press("j", "enter")
        await browser.shows("second")
        browser.faults.release()
        await browser.settle()
        assert browser.pane.group_id == "second"
        assert browser.token == browser.tokens("second")[0]
        assert "Faces of second" in browser.text
        assert "offline" not in browser.title


async def test_details_that_come_late_are_not_the_highlighted_librarys() -> None:
    async with running(
        rest=3600, prepare=lambda service: service.faults.fail("hold", "group_info")
    ) as browser:
        await browser.shows("first")
        await browser.press("j")
        browser.faults.release()
        await browser.settle()
        assert browser.fields["id"] == "second"
        assert browser.detail.card.mark == ""


async def test_details_whose_asking_was_cancelled_are_asked_for_again() -> None:
    async with running(
        rest=0.01, prepare=lambda service: service.faults.fail("hold", "group_info")
    ) as browser:
        await browser.shows("first")
        await browser.until(lambda: browser.faults.held)
        await browser.press("x")
        await browser.until(lambda: browser.message == "cancelled")
        await browser.press("enter")
        await browser.until(lambda: browser.asked("group_info", group_id="first") == 2)
        browser.faults.release()


async def test_switching_quickly_ends_with_the_last_librarys_rows() -> None:
    async with running({f"lib-{n}": 150 for n in range(6)}) as browser:
        await browser.shows("lib-0")
        browser.faults.fail("hold", "list", times=None)
        for _ in range(5):
            await browser.press("j", "enter", "shift+tab")
        browser.faults.failures.clear()
        browser.faults.release()
        await browser.shows("lib-5")
        await browser.settle()
        assert browser.token == browser.tokens("lib-5")[0]
        assert browser.listing.status.loaded == 100


async def test_what_was_loaded_is_there_again_at_once() -> None:
    async with running() as browser:
        await browser.shows("first")
        await browser.press("j")
        await browser.shows("second")
        browser.faults.fail("hold", None, times=None)
        await browser.press("k")
        await browser.until(lambda: browser.pane.group_id == "first")
        assert browser.token == browser.tokens("first")[0]


async def test_the_reload_keeps_the_selection_and_brings_new_libraries() -> None:
    async with running() as browser:
        await browser.shows("first")
        await browser.press("j")
        await browser.shows("second")
        browser.service.population.forget("first")
        await browser.press("r")
        await browser.until(lambda: len(browser.sidebar.libraries) == 2)
        assert browser.sidebar.current
        assert browser.sidebar.current.group_id == "second"
        await browser.says("✓ confirmed by group_info")


async def _create(browser: Browser, group_id: str) -> CreateLibrary:
    await browser.shows("first")
    await browser.press("n")
    await browser.until(lambda: isinstance(browser.app.screen, CreateLibrary))
    form = browser.app.screen
    assert isinstance(form, CreateLibrary)
    await browser.settle()
    form.query_one("#group_id", Field).value = group_id
    form.query_one("#group_name", Field).value = "A new one"
    await browser.press("enter")
    return form


async def test_a_created_library_is_selected_and_said() -> None:
    async with running() as browser:
        await _create(browser, "fourth")
        await browser.until(lambda: browser.pane.group_id == "fourth")
        assert browser.sidebar.current
        assert browser.sidebar.current.group_id == "fourth"
        await browser.says("Library fourth was created.")
        await browser.settle()
        assert browser.message == "Library fourth was created."
        assert browser.service.served["create"] == 1


async def test_keys_of_one_packet_fill_in_the_create_form_in_their_order() -> None:
    async with running() as browser:
        await browser.shows("first")
        await browser.press("n")
        await browser.until(lambda: isinstance(browser.app.screen, CreateLibrary))
        await browser.settle()
        browser.at_once("forth\x7f\x7f\x7furth\tame\x01N\x05s\r")
        await browser.says("Library fourth was created.")
        (created,) = [sent for sent in browser.service.received if sent.call == "create"]
        assert (created.fields["group_id"], created.fields["group_name"]) == ("fourth", "Names")


async def test_keys_behind_the_esc_of_a_form_are_for_the_browser() -> None:
    async with running() as browser:
        await browser.shows("first")
        await browser.press("n")
        await browser.until(lambda: isinstance(browser.app.screen, CreateLibrary))
        await browser.settle()
        browser.at_once("fo\x1bj")
        await browser.shows("second")
        assert browser.screen.draft.group_id == "fo"


async def _leave_while_checking(browser: Browser) -> None:
    browser.faults.fail("hold", "create")
    browser.faults.fail("hold", "group_info", times=None)
    await _create(browser, "fourth")
    await browser.says("Creating…")
    await browser.until(lambda: browser.asked("create"))
    await browser.press("escape")
    await browser.says("It may have been created: checking…")
    await browser.press("escape")
    await browser.until(lambda: browser.app.screen is browser.screen)
    await browser.says("Checking whether library fourth was created …")
    assert browser.screen.draft.group_name == "A new one"


async def test_a_create_whose_form_was_left_is_selected_and_said_when_it_is_there() -> None:
    async with running() as browser:
        await _leave_while_checking(browser)
        browser.service.population.add(FOURTH)
        browser.faults.clear()
        await browser.says("Library fourth was created.")
        assert browser.sidebar.current
        assert browser.sidebar.current.group_id == "fourth"
        assert browser.screen.draft == DraftTexts()


async def test_a_create_whose_form_was_left_and_that_was_not_executed_is_said() -> None:
    async with running() as browser:
        await _leave_while_checking(browser)
        browser.faults.clear()
        await browser.until(
            lambda: "not created: The create of fourth was cancelled" in browser.message
        )
        assert browser.screen.draft.group_id == "fourth"
        assert [met.error.title for met in browser.errors] == ["The library was not created"]


async def test_stopping_the_check_says_that_the_outcome_is_not_known() -> None:
    async with running() as browser:
        await _leave_while_checking(browser)
        await browser.press("x")
        await browser.until(lambda: "The check for library fourth was cancelled" in browser.message)
        assert browser.screen.draft.pending is None
        assert len(browser.errors) == 1


async def test_quitting_does_not_wait_for_the_check() -> None:
    async with running() as browser:
        await _leave_while_checking(browser)
        began = time.monotonic()
        await browser.press("q")
    assert time.monotonic() - began < 10


async def test_the_form_takes_the_check_over_when_it_is_opened_again() -> None:
    async with running() as browser:
        await _leave_while_checking(browser)
        await browser.press("n")
        await browser.says("It may have been created: checking…")
        browser.service.population.add(FOURTH)
        browser.faults.clear()
        await browser.says("Library fourth was created.")
        assert not browser.errors
        assert browser.asked("create") == 1


async def test_an_id_that_exists_is_said_at_the_form_with_nothing_typed_lost() -> None:
    async with running() as browser:
        await browser.shows("first")
        browser.service.population.add(FOURTH)  # by someone else, since the list was read
        form = await _create(browser, "fourth")
        await browser.says("already exists")
        assert [(met.call, met.group_id) for met in browser.errors] == [("create", "fourth")]
        assert browser.app.screen is form
        assert form.query_one("#group_id", Field).value == "fourth"
        await browser.press("escape")
        await browser.until(lambda: browser.app.screen is browser.screen)
        await browser.press("n")
        await browser.says("A new one")


async def test_read_only_takes_the_action_away() -> None:
    async with running(options=BrowserOptions(read_only=True)) as browser:
        await browser.shows("first")
        await browser.press("n")
        await browser.settle()
        assert browser.app.screen is browser.screen
        assert "read-only" in browser.title
        assert "n new" not in browser.text
        assert "New library" not in [offer.title for offer in browser.screen.offers()]


async def test_back_and_forward_go_through_libraries_positions_and_filters() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.at_once("42G")
        await browser.until(lambda: browser.cursor.position == 42)
        browser.at_once("/goh\r")
        await browser.until(lambda: browser.listing.status.complete)
        await browser.press("j")
        hit = browser.cursor.position
        browser.sidebar.focus()
        await browser.press("j")
        await browser.shows("second")

        await browser.press("[")
        await browser.until(lambda: browser.pane.group_id == "first")
        await browser.until(lambda: browser.cursor.position == hit)
        assert browser.filterbar.text == "goh"
        assert browser.sidebar.current
        assert browser.sidebar.current.group_id == "first"
        await browser.press("[")
        await browser.until(lambda: browser.cursor.position == 42)
        assert not browser.filterbar.is_open
        await browser.press("[")
        await browser.settle()
        assert browser.cursor.position == 42
        await browser.press("]", "]", "]")
        await browser.until(lambda: browser.pane.group_id == "second")


async def test_the_auto_reload_keeps_the_cursor_on_its_face() -> None:
    async with running(options=BrowserOptions(auto_reload=0.05)) as browser:
        await browser.enter_faces()
        browser.at_once("42G")
        await browser.until(lambda: browser.cursor.position == 42 and browser.token)
        token = browser.token
        browser.service.population["first"].delete(browser.tokens("first")[0])
        await browser.until(lambda: browser.cursor.position == 41)
        assert browser.token == token


async def test_a_modal_and_a_resize_while_loading_change_nothing() -> None:
    async with running(prepare=lambda service: service.faults.fail("hold", "list")) as browser:
        await browser.until(lambda: browser.faults.held)
        await browser.press("?")
        await browser.pilot.resize_terminal(70, 20)
        await browser.press("escape")
        await browser.pilot.resize_terminal(120, 36)
        assert browser.asked("list") == 1
        browser.faults.release()
        await browser.shows("first")
        assert browser.asked("list") == 1
        assert browser.sidebar.has_focus


async def test_the_cursor_stays_while_a_modal_lies_over_pages_that_come() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.faults.fail("hold", "list")
        await browser.press("pagedown", "pagedown", "pagedown")
        row = browser.table.cursor_row
        await browser.press("?")
        browser.faults.release()
        await browser.until(lambda: browser.listing.status.loaded > 100)
        await browser.press("escape")
        assert browser.table.cursor_row == row
        assert browser.table.has_focus


async def test_with_as_many_libraries_as_may_be_a_new_one_is_refused_at_once() -> None:
    async with running(dict.fromkeys(map(str, range(10)), 1)) as browser:
        await browser.shows("0")
        await browser.press("n")
        await browser.says("The account already has its 10 libraries")
        assert browser.app.screen is browser.screen
        assert browser.asked("create") == 0


@pytest.mark.parametrize(("key", "page"), [("?", "Help"), (":", "Everything by name")])
async def test_help_and_palette_open_out_of_a_menu_and_q_closes_it(key: str, page: str) -> None:
    async with running() as browser:
        await browser.shows("first")
        await browser.press("s", "q")
        assert browser.app.screen is browser.screen
        await browser.press("s", key)
        await browser.says(page)


async def test_the_palette_takes_libraries_by_name_and_orders_one_a_line() -> None:
    def named(service: Service) -> None:
        service.population.add(Library("city_main", "[/x]City registry"), 7)

    async with running(prepare=named, size=(80, 24)) as browser:
        await browser.shows("first")
        await browser.press(":")
        await browser.says("Request log")
        offered = [line for line in browser.text.splitlines() if line.strip()]
        assert len(offered) > 14
        browser.at_once("city\r")
        await browser.shows("city_main")
        await browser.until(lambda: browser.table.has_focus)
        await browser.press(":")
        browser.at_once("order by user id ↓")
        await browser.says("z to a")
        await browser.press("enter")
        await browser.says("User id ▼")


async def test_a_slash_among_the_libraries_narrows_these_and_enter_opens_one() -> None:
    async with running() as browser:
        await browser.shows("first")
        browser.at_once("/sec\r")
        await browser.shows("second")
        await browser.until(lambda: browser.table.has_focus)
        assert not browser.filterbar.is_open


async def test_a_move_among_the_libraries_paints_the_two_that_change() -> None:
    async with running(size=(120, 36)) as browser:
        await browser.shows("first")
        await browser.settle()
        painted = []
        refresh = browser.sidebar.refresh

        def refreshed(*regions: Region, **options: bool) -> object:
            painted.append(regions)
            return refresh(*regions, **options)

        with patch.object(browser.sidebar, "refresh", refreshed):
            await browser.press("j")
            await browser.shows("second")
        lines = {y for regions in painted for region in regions for y in region.line_range}
        assert all(painted)
        assert {0, 1, 2, 3} <= lines
        assert not lines & {4, 5, 6, 7, 8}
