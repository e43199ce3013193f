"""The table and the details in the browser: pages on demand, the end, positions, look-ups."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from fs_tui.faces.status import Activity
from tests.tui.browser import Browser, running

if TYPE_CHECKING:
    from fs_tui.sandbox.service import Service


async def test_further_pages_come_near_the_end_and_stop_exactly_at_the_last_face() -> None:
    async with running({"clinic": 2500}) as browser:
        await browser.enter_faces("clinic")
        for rows in range(100, 2500, 100):
            browser.table.move_cursor(rows)
            await browser.until(partial(_shows_loaded, browser, rows + 100))
        browser.table.move_cursor(2499)
        await browser.until(lambda: browser.truth == "all 2,500 faces loaded")
        assert browser.table.row_count == 2500
        await browser.until(lambda: browser.token == browser.tokens("clinic")[-1])
        starts = [int(r.fields["start"]) for r in browser.service.received if r.call == "list"]
        # Each page begins with the last face of the one before; one more proves the end.
        assert starts == [1, *range(100, 2501, 100)]
        assert browser.service.peak <= 2  # one page, and details beside it


async def test_a_page_that_fails_leaves_rows_and_cursor_and_r_brings_it() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.faults.fail("error", "list")
        await browser.press("pagedown", "pagedown", "pagedown")
        await browser.says("INTERNAL_ERROR")
        row, token = browser.table.cursor_row, browser.token
        assert token
        assert "100 faces loaded" in browser.truth
        assert "more may exist" not in browser.truth
        await browser.press("r")
        await browser.until(lambda: "INTERNAL_ERROR" not in browser.text)
        await browser.until(lambda: browser.listing.status.loaded > 100)
        assert (browser.table.cursor_row, browser.token) == (row, token)
        assert browser.errors[-1].error.code == "INTERNAL_ERROR"  # type: ignore[attr-defined] # a ServiceError


async def test_the_details_show_the_row_at_once_and_face_info_after_a_rest() -> None:
    async with running(rest=0.05) as browser:
        browser.faults.fail("hold", "face_info", times=None)
        await browser.enter_faces()
        await browser.until(lambda: browser.fields["token"] == browser.tokens("first")[0])
        assert browser.detail.card.mark == ""
        await browser.until(lambda: browser.faults.held)
        browser.faults.failures.clear()
        browser.faults.release()
        await browser.says("✓ confirmed by face_info")
        assert browser.fields["position"] == "1"


async def test_scrolling_asks_for_no_face() -> None:
    async with running(rest=3600) as browser:
        await browser.enter_faces()
        await browser.press(*"jjjjj", "pagedown", "pagedown", "k", "g")
        await browser.settle()
        assert browser.asked("face_info") == 0
        assert browser.fields["token"] == browser.token


async def test_a_failed_look_up_is_shown_in_the_pane_and_kept() -> None:
    async with running() as browser:
        browser.faults.fail("error", "face_info", code="INTERNAL_ERROR", times=None)
        await browser.enter_faces()
        await browser.until(lambda: "INTERNAL_ERROR" in browser.detail.card.error)
        browser.faults.clear()
        assert browser.fields["token"] == browser.token
        assert browser.errors[-1].call == "face_info"
        await browser.press("j")
        await browser.says("✓ confirmed by face_info")
        assert browser.detail.card.error == ""


async def test_a_face_that_was_deleted_meanwhile_is_noticed_and_a_reload_offered() -> None:
    async with running(rest=0.05) as browser:
        await browser.shows("first")
        gone = browser.tokens("first")[0]
        browser.service.population["first"].delete(gone)
        await browser.enter_faces()
        await browser.until(lambda: "a listed face is no longer there" in browser.message)
        assert "Not in this library" in browser.detail.card.error
        await browser.press("r")
        await browser.until(lambda: browser.token not in {"", gone})
        assert browser.token == browser.tokens("first")[0]


async def test_the_details_of_the_library_are_confirmed_beside_the_rows() -> None:
    async with running() as browser:
        await browser.says("✓ confirmed by group_info")
        assert browser.fields["id"] == "first"
        assert browser.fields["model"] == "s21"
        assert len(dict(browser.detail.card.fields)["created"]) == 2  # local and UTC
        browser.faults.fail("error", "group_info", code="INTERNAL_ERROR")
        await browser.press("j")
        await browser.until(lambda: "INTERNAL_ERROR" in browser.detail.card.error)
        assert browser.fields["id"] == "second"


async def test_the_end_is_found_and_said_as_a_total() -> None:
    async with running({"clinic": 2500}) as browser:
        await browser.enter_faces("clinic")
        await browser.press("G")
        await browser.until(lambda: browser.token == browser.tokens("clinic")[-1])
        assert browser.table.cursor_row == 2499
        await browser.until(lambda: " of 2,500 faces loaded" in browser.truth)
        assert browser.asked("list") <= 20


async def test_looking_for_the_end_is_said_and_esc_stops_it() -> None:
    async with running({"clinic": 2500}) as browser:
        await browser.enter_faces("clinic")
        browser.faults.fail("hold", "list", times=None)
        await browser.press("G")
        await browser.says("looking for the end")
        await browser.press("escape")
        await browser.until(lambda: "looking for the end" not in browser.truth)
        assert browser.table.has_focus
        assert browser.token == browser.tokens("clinic")[0]
        browser.faults.failures.clear()
        browser.faults.release()
        await browser.settle()
        assert browser.table.cursor_row == 0


async def test_a_bound_of_start_is_said_and_is_no_total() -> None:
    def bounded(service: Service) -> None:
        service.faults.max_start = 101

    async with running({"clinic": 2500}, prepare=bounded) as browser:
        await browser.enter_faces("clinic")
        await browser.press("G")
        # On the way to it the bound is where the search has come to.
        await browser.until(
            lambda: (
                browser.listing.status.limit_position
                and browser.listing.status.activity is Activity.IDLE
            )
        )
        last = browser.listing.status.limit_position
        assert last
        assert last < 2500
        await browser.until(lambda: browser.table.cursor_row == last - 1)
        await browser.until(
            lambda: f"the service lists no further than face {last:,}" in browser.truth
        )
        assert "all" not in browser.truth
        reports = [record for record in browser.errors if record.call == "list"]
        await browser.press("k", "k", "g", "G")
        await browser.settle()
        assert len(reports) == len([r for r in browser.errors if r.call == "list"]) == 1


async def test_a_number_and_shift_g_go_to_that_position_loading_its_window_alone() -> None:
    async with running({"campus": 250_000}) as browser:
        await browser.enter_faces("campus")
        browser.at_once("125000G")
        await browser.until(lambda: browser.cursor.position == 125_000 and browser.token)
        assert browser.token == browser.service.population["campus"].rows(125_000, 1)[0][0]
        assert browser.listing.status.loaded <= 500
        assert browser.table.cursor_row in browser.table.visible_rows


async def test_digits_and_shift_g_typed_at_once_act_in_their_order() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.at_once("90Gjj")
        await browser.until(lambda: browser.cursor.position == 92)


@pytest.mark.parametrize(
    ("keys", "position"),
    [("12000Gjjk", 12_001), ("Gkk", 24_998), ("12000Gk13000Gj", 13_001), ("99999Gj", 2)],
)
async def test_keys_behind_a_jump_to_what_is_not_loaded_act_in_their_order(
    keys: str, position: int
) -> None:
    async with running({"campus": 25_000}) as browser:
        await browser.enter_faces("campus")
        browser.at_once(keys)
        await browser.until(lambda: browser.cursor.position == position and browser.token)
        await browser.settle()
        assert browser.cursor.position == position


async def test_a_move_behind_a_jump_that_has_nowhere_to_go_is_none() -> None:
    async with running({"few": 3}) as browser:
        await browser.enter_faces("few")
        browser.packet(*"99999G", "tab", "pagedown")
        await browser.says("There is no face at position 99,999")
        await browser.settle()
        assert browser.app.crash is None


async def test_what_is_marked_behind_a_jump_is_what_it_leads_to() -> None:
    async with running({"campus": 25_000}) as browser:
        await browser.enter_faces("campus")
        browser.at_once("12000G ")
        await browser.until(lambda: browser.listing.status.marked == 1)
        row = browser.listing.face(12_000)
        assert row is not None
        assert row.marked


async def test_a_row_that_is_not_loaded_cannot_be_marked_and_says_so() -> None:
    async with running({"campus": 25_000}) as browser:
        await browser.enter_faces("campus")
        browser.faults.fail("hold", "list", times=None)
        await browser.press(*["pagedown"] * 9)
        await browser.until(lambda: not browser.token)
        for key in ("space", "v"):
            await browser.press("up", "down", key)
            await browser.says("This face is not loaded yet: it cannot be marked.")


async def test_keys_behind_a_jump_that_is_cancelled_go_with_it() -> None:
    async with running({"campus": 25_000}) as browser:
        await browser.enter_faces("campus")
        browser.faults.fail("hold", "list", times=None)
        browser.at_once("12000Gjjj")
        await browser.press("x")
        browser.faults.failures.clear()
        browser.faults.release()
        await browser.settle()
        assert browser.table.cursor_row == 0
        await browser.press("j")
        await browser.until(lambda: browser.table.cursor_row == 1)


async def test_a_position_behind_the_end_is_said() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.at_once("9999G")
        await browser.says("There is no face at position 9,999.")
        assert browser.table.cursor_row == 0


async def test_esc_forgets_digits() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.at_once("42")
        await browser.says("42 … G goes to this position")
        await browser.press("escape", "G")
        await browser.until(lambda: browser.table.cursor_row == 249)


async def test_go_to_position_asks_for_one() -> None:
    async with running() as browser:
        await browser.shows("first")
        await browser.press(":")
        browser.at_once("go to position")
        await browser.says("a number and G")
        await browser.press("enter")
        await browser.says("the end is not known yet")
        await browser.press(*"150", "enter")
        await browser.until(lambda: browser.cursor.position == 150 and browser.token)
        assert browser.table.has_focus


def _shows_loaded(browser: Browser, faces: int) -> bool:
    # A row that is only wished for counts in the table's number of rows; one that has just been
    # loaded does not yet.
    return browser.listing.status.loaded >= faces and browser.table.row_count >= faces


async def _jump(browser: Browser, token: str) -> None:
    await browser.press("ctrl+g")
    await browser.says("Jump to a face")
    browser.at_once(f"{token}\r")


async def test_a_jump_by_token_goes_to_the_row_where_it_is_loaded() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await _jump(browser, browser.tokens("first")[42])
        await browser.until(lambda: browser.table.cursor_row == 42)
        assert browser.table.has_focus
        await browser.until(lambda: browser.fields["token"] == browser.tokens("first")[42])


async def test_a_jump_by_token_shows_the_face_where_its_row_is_not_loaded() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await _jump(browser, browser.tokens("first")[240])
        await browser.until(lambda: "its position is not known: enter" in browser.message)
        await browser.until(lambda: browser.fields["token"] == browser.tokens("first")[240])
        await browser.until(lambda: browser.detail.has_focus)
        await browser.until(lambda: "▌" not in browser.text)
        await browser.press("escape")
        await browser.until(lambda: "▌   1" in browser.text)
        await browser.until(lambda: browser.fields["token"] == browser.tokens("first")[0])


async def test_the_position_of_a_face_is_found_by_its_time_without_reading_the_library() -> None:
    async with running({"first": 20_000}) as browser:
        await browser.enter_faces()
        await _jump(browser, browser.tokens("first")[12_345])
        await browser.until(lambda: "not known: enter looks" in browser.fields["position"])
        await browser.press("enter")
        await browser.until(lambda: browser.fields["position"] == "12,346")
        assert browser.table.cursor_row == 12_345
        assert browser.table.show_cursor
        assert not browser.message
        assert browser.asked("list") < 60
        assert browser.listing.status.loaded < 10_000


async def test_where_times_do_not_lead_to_a_face_nothing_is_claimed() -> None:
    async with running({"first": 20_000}) as browser:
        await browser.enter_faces()
        await _jump(browser, browser.tokens("first")[12_345])
        await browser.until(lambda: "not known: enter looks" in browser.fields["position"])
        browser.faults.hostile = {"add_time": "1"}
        await browser.press("enter")
        await browser.until(lambda: "Its time does not lead to its position" in browser.message)
        assert not browser.table.show_cursor


async def test_a_jump_to_a_face_of_another_library_opens_that_library() -> None:
    async with running() as browser:
        await browser.enter_faces()
        token = browser.tokens("second")[7]
        await _jump(browser, token)
        await browser.says("enter asks the other 2")
        await browser.press("enter")
        await browser.until(lambda: browser.pane.group_id == "second")
        await browser.until(lambda: browser.table.cursor_row == 7)
        await browser.until(lambda: browser.fields["token"] == token)
        assert browser.sidebar.current
        assert browser.sidebar.current.group_id == "second"


async def test_a_jump_to_a_foreign_token_says_that_it_is_not_in_this_library() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await _jump(browser, browser.tokens("second")[0])
        await browser.says("not in this library")
        await browser.press("escape")
        assert browser.table.has_focus
        assert browser.table.cursor_row == 0


@pytest.mark.parametrize("cap", [100, 30])
async def test_a_service_that_caps_pages_is_read_to_its_end(cap: int) -> None:
    def capped(service: Service) -> None:
        service.faults.page_cap = cap

    async with running(prepare=capped) as browser:
        await browser.enter_faces()
        await browser.press("a")
        await browser.until(lambda: browser.truth == "all 250 faces loaded")


async def test_an_empty_library_says_so() -> None:
    async with running({"none": 0}) as browser:
        await browser.says("no faces: the library is empty")
        await browser.press("enter")
        await browser.settle()
        assert "confirmed by group_info" in browser.text
        await browser.press("G", "space", "v", "Y", "y", *"jk", "enter", "escape", "pagedown")
        await browser.settle()
        assert browser.truth == "no faces: the library is empty"


async def test_faces_that_were_added_while_reading_are_noticed() -> None:
    async with running({"little": 40}) as browser:
        await browser.enter_faces("little")
        await browser.until(lambda: browser.truth == "all 40 faces loaded")
        browser.service.population["little"].grow(3)
        await browser.press("r")
        await browser.until(lambda: browser.truth == "all 43 faces loaded")


async def test_a_library_that_changes_while_it_is_read_is_said() -> None:
    async with running(prepare=lambda service: setattr(service.faults, "overlap", True)) as browser:
        await browser.enter_faces()
        await browser.press("a")
        await browser.until(lambda: "the library changed while it was read" in browser.truth)
        assert "all" not in browser.truth.split(" · ")[0]
        browser.faults.overlap = False
        await browser.press("escape", "r")
        # A key that comes while the reload still scans would pause it.
        await browser.until(
            lambda: browser.listing.status.generation and not browser.pane.reloader.busy
        )
        await browser.until(lambda: "changed" not in browser.truth)
        await browser.press("a")
        await browser.until(lambda: browser.truth == "all 250 faces loaded")


async def test_an_end_that_comes_late_does_not_move_the_cursor_from_where_it_went_since() -> None:
    async with running({"clinic": 2500}) as browser:
        await browser.enter_faces("clinic")
        browser.faults.fail("hold", "list", times=None)
        await browser.press("G")
        await browser.until(lambda: browser.faults.held)
        await browser.press("g")
        browser.faults.failures.clear()
        browser.faults.release()
        await browser.until(lambda: browser.listing.status.activity is Activity.IDLE)
        await browser.settle()
        assert browser.table.cursor_row == 0


async def test_a_look_up_that_comes_late_is_not_the_next_faces() -> None:
    async with running() as browser:
        browser.faults.fail("hold", "face_info", times=None)
        await browser.enter_faces()
        await browser.until(lambda: browser.faults.held)
        await browser.press("j")
        browser.faults.failures.clear()
        browser.faults.release()
        await browser.until(lambda: browser.fields["position"] == "2" and browser.detail.card.mark)
        await browser.settle()
        assert browser.fields["token"] == browser.tokens("first")[1]


async def test_a_look_up_that_comes_late_leaves_the_library_that_is_looked_at_now() -> None:
    async with running() as browser:
        browser.faults.fail("hold", "face_info", times=None)
        await browser.enter_faces()
        await browser.until(lambda: browser.faults.held)
        await browser.press("shift+tab")
        await browser.until(lambda: browser.fields["id"] == "first")
        browser.faults.release()
        await browser.settle()
        assert browser.fields["id"] == "first"
        assert browser.sidebar.has_focus


async def test_a_look_up_that_comes_late_leaves_the_face_that_was_found_by_token() -> None:
    async with running() as browser:
        browser.faults.fail("hold", "face_info")
        await browser.enter_faces()
        await browser.until(lambda: browser.faults.held)
        last = browser.tokens("first")[-1]
        await browser.press("ctrl+g")
        browser.at_once(f"{last}\r")
        await browser.until(lambda: browser.fields["token"] == last)
        browser.faults.release()
        await browser.settle()
        assert browser.fields["token"] == last
        assert browser.detail.has_focus


async def test_the_mouse_opens_libraries_and_moves_the_cursor() -> None:
    async with running() as browser:
        await browser.shows("first")
        await browser.pilot.click(browser.sidebar, offset=(3, 3))
        await browser.shows("second")
        await browser.until(lambda: browser.table.has_focus)
        await browser.pilot.click(browser.table, offset=(12, 7))
        await browser.until(lambda: browser.table.cursor_row == 6)
        await browser.until(lambda: browser.fields["position"] == "7")


async def test_where_no_row_is_the_keys_that_are_named_lead_somewhere() -> None:
    async with running({"none": 0, "first": 250}) as browser:
        await browser.says("no faces: the library is empty")
        await browser.press("enter")
        await browser.until(lambda: browser.table.has_focus)
        await browser.says("F waits for the first one · h: libraries")
        await browser.says("shift+tab libraries")
        await browser.press("h")
        await browser.until(lambda: browser.sidebar.has_focus_within or browser.sidebar.has_focus)
        await browser.press("j")
        await browser.enter_faces("first")
        browser.at_once("/nobody is called so\r")
        await browser.until(lambda: browser.listing.status.complete)
        await browser.says("esc no filter")
        await browser.press("escape")
        await browser.until(lambda: browser.token)
