"""Filter, order and marks in the browser: as it is typed, what it covers, and the way back."""

from __future__ import annotations

import pytest
from textual import events
from textual.widgets import Input

from fs_tui.tui.browser.actions import BrowserActions
from fs_tui.tui.dialogs.help import Help
from tests.tui.browser import Browser, running


def tokens_with(browser: Browser, text: str) -> list[str]:
    """The tokens of the first library's loaded faces that hold a text, in their order."""
    found = browser.service.population["first"].rows(1, browser.listing.status.loaded)
    return [row[0] for row in found if any(text in field.casefold() for field in row[:3])]


def shown(browser: Browser) -> list[str]:
    """The tokens of the rows that are shown."""
    rows = browser.listing.rows(0, browser.listing.row_count())
    return [row.face.face_token for row in rows if row is not None]


async def test_it_filters_while_it_is_typed_and_says_what_is_covered() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("slash", *"go")
        await browser.until(lambda: shown(browser) == tokens_with(browser, "go"))
        await browser.says("in 100 loaded, more may exist")
        await browser.press("h")
        await browser.until(lambda: shown(browser) == tokens_with(browser, "goh"))
        assert browser.asked("list") <= 2


async def test_slash_and_a_word_typed_at_once_reach_the_prompt_whole() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.at_once("/goh")
        await browser.until(lambda: browser.filterbar.text == "goh")
        await browser.until(lambda: shown(browser) == tokens_with(browser, "goh"))


async def test_a_word_and_esc_typed_at_once_leave_no_filter() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.at_once("/goh\x1b")
        await browser.until(lambda: not browser.filterbar.is_open)
        await browser.settle()
        assert browser.listing.status.view.filter_text == ""
        assert browser.table.has_focus


@pytest.mark.parametrize(
    ("keys", "typed"),
    [
        ("/helo\x7flo", "hello"),
        ("/bc\x01a\x05d", "abcd"),
        ("/Q\x15W\x15E", "E"),
        ("/goh\x1b/", ""),
        ("/goh\x1b/xyz", "xyz"),
    ],
)
async def test_keys_of_one_packet_edit_the_filter_in_their_order(keys: str, typed: str) -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.at_once(keys)
        await browser.settle()
        assert browser.filterbar.text == typed
        assert browser.listing.status.view.filter_text == typed


async def test_keys_behind_the_enter_of_a_filter_are_not_for_the_prompt() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.at_once("/gox\x7fh\r?")
        await browser.until(lambda: isinstance(browser.app.screen, Help))
        assert browser.filterbar.text == "goh"
        await browser.until(lambda: browser.listing.status.complete)


async def test_a_paste_keeps_its_place_between_keys_of_one_packet() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.at_once("/a")
        browser.app.post_message(events.Paste("bcd"))
        browser.at_once("\x7fe")
        await browser.until(lambda: browser.filterbar.text == "abce")


async def test_keys_of_one_packet_edit_the_palette_in_their_order() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press(":")
        browser.at_once("helo\x7flo")
        palette = browser.app.screen
        await browser.until(lambda: palette.query_one(Input).value == "hello")


async def test_a_mistake_is_said_at_the_prompt_and_the_rows_stay() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("slash", *"after:2026-13")
        await browser.until(lambda: browser.filterbar.has_class("-wrong"))
        await browser.press("enter")
        await browser.settle()
        assert browser.listing.status.scan is None
        assert browser.asked("list") <= 2
        await browser.press("escape")
        assert not browser.filterbar.has_class("-wrong")


async def test_enter_extends_it_to_the_whole_library() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.at_once("/goh\r")
        await browser.until(lambda: browser.listing.status.complete)
        await browser.until(lambda: shown(browser) == tokens_with(browser, "goh"))
        await browser.says("in all 250 faces")
        assert browser.table.has_focus


async def test_esc_clears_it_and_returns_to_the_row() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.at_once("42G")
        await browser.until(lambda: browser.cursor.position == 42)
        browser.at_once("/goh")
        await browser.until(lambda: shown(browser) == tokens_with(browser, "goh"))
        assert browser.table.cursor_row == 0
        await browser.press("escape")
        await browser.until(lambda: browser.cursor.position == 42)
        assert not browser.filterbar.is_open
        assert browser.table.has_focus


async def test_esc_stops_the_scan_of_a_filter_first_and_clears_it_then() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.faults.fail("hold", "list", after=1, times=None)
        browser.at_once("/goh\r")
        await browser.says("loading everything")
        await browser.press("escape")
        await browser.until(lambda: browser.listing.status.scan is None)
        assert browser.filterbar.is_open
        await browser.press("escape")
        await browser.until(lambda: not browser.filterbar.is_open)


async def test_a_position_that_does_not_pass_the_filter_is_said_as_such() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.at_once("/goh\r")
        await browser.until(lambda: browser.listing.status.complete)
        passing = {row.position for row in browser.listing.rows(0, 99) if row is not None}
        other = next(position for position in range(2, 250) if position not in passing)
        browser.at_once(f"{other}G")
        await browser.says(f"Face {other} does not pass the filter.")


async def test_a_filter_of_one_library_is_not_the_next_ones() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.at_once("/goh")
        await browser.until(lambda: browser.listing.status.view.filter_text)
        browser.sidebar.focus()
        await browser.press("j")
        await browser.shows("second")
        assert not browser.filterbar.is_open
        assert browser.listing.status.view.filter_text == ""


async def test_an_order_is_marked_in_the_header_and_says_what_it_covers() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("s", "j", "j", "j", "enter")  # user id, descending
        users = sorted(row[1] for row in browser.service.population["first"].rows(1, 100))
        await browser.until(lambda: browser.listing.status.view.order.descending)
        await browser.until(
            lambda: browser.cursor.subject.face and browser.cursor.subject.face.user_id == users[-1]
        )
        await browser.says("User id ▼")
        await browser.until(lambda: "ordered: loaded only" in browser.truth)
        await browser.press("a")
        await browser.until(lambda: "ordered: all" in browser.truth)


async def test_a_click_on_a_title_orders_and_another_one_turns_it_round() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.pilot.click(browser.table, offset=(8, 0))
        await browser.until(lambda: browser.listing.status.view.order.field)
        first = browser.listing.status.view.order
        await browser.pilot.click(browser.table, offset=(8, 0))
        await browser.until(
            lambda: browser.listing.status.view.order.descending != first.descending
        )
        assert browser.listing.status.view.order.field == first.field


async def test_marks_are_counted_and_toggled() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("space", "space", "j", "space")
        await browser.says("3 marked")
        assert browser.table.cursor_row == 4
        assert [row and row.marked for row in browser.listing.rows(0, 5)] == [
            True,
            True,
            False,
            True,
            False,
        ]
        await browser.press("k", "space")
        await browser.says("2 marked")


async def test_a_range_is_marked_from_its_start_to_its_end() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("j", "v")
        await browser.says("range from row")
        await browser.press("j", "j", "v")
        await browser.says("3 faces marked")
        await browser.press("v", "escape")
        await browser.until(lambda: browser.message == "")
        assert browser.listing.status.marked == 3
        assert browser.table.has_focus


async def test_letters_type_where_an_input_has_the_focus() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("slash", *"qnsEYL?:![]ag", "space", "x")
        assert browser.filterbar.text == "qnsEYL?:![]ag x"
        assert isinstance(browser.app.screen, BrowserActions)


async def test_an_order_that_is_cancelled_leaves_no_mark_and_no_claim() -> None:
    async with running({"first": 60_000}) as browser:
        await browser.enter_faces()
        await browser.press("a")
        await browser.until(lambda: browser.listing.status.complete)
        await browser.press("s", "j", "j", "j", "enter")
        await browser.until(lambda: browser.listing.status.view.order.descending)
        await browser.press("x")
        await browser.until(lambda: not browser.listing.status.view.working)
        await browser.settle()
        ordered = browser.token != browser.tokens("first")[0]
        assert ("▼" in browser.text) == ordered
        assert ("order of" in browser.truth) == ordered


async def test_an_error_of_a_filter_stands_whole_on_a_line_of_its_own() -> None:
    async with running(size=(80, 24)) as browser:
        await browser.enter_faces()
        await browser.press("/", *"usr:dewi")
        await browser.until(lambda: browser.filterbar.has_class("-wrong"))
        await browser.settle()
        shown = " ".join(browser.text.replace("│", " ").split())
        assert 'there is no field "usr:"; did you mean user:?' in shown


async def test_the_prompt_says_what_enter_would_do_and_shows_an_example_while_it_is_empty() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("/")
        await browser.says("dewi -visitor")
        await browser.press(*"goh")
        await browser.until(lambda: "enter searches all" in browser.filterbar.said)
        await browser.press("enter")
        await browser.until(lambda: "in all 250 faces" in browser.filterbar.said)
        assert "enter" not in browser.filterbar.said


async def test_up_and_down_go_through_the_filters_of_this_run() -> None:
    async with running() as browser:
        await browser.enter_faces()
        for text in ("goh", "ito"):
            await browser.press("/", *text, "enter", "escape")
        await browser.press("/", *"dewi", "up")
        await browser.until(lambda: browser.filterbar.text == "ito")
        await browser.press("up", "up")
        assert browser.filterbar.text == "goh"
        await browser.press("down", "down")
        assert browser.filterbar.text == "dewi"
        await browser.press("down")
        assert browser.filterbar.text == ""
        await browser.press("up")
        assert browser.filterbar.text == "dewi"


def _standing_out(browser: Browser) -> set[str]:
    """The texts of the rows that are underlined."""
    region = browser.table.region
    strips = browser.screen._compositor.render_strips()[region.y + 1 : region.bottom]
    return {
        text
        for strip in strips
        for text, style, _ in strip.crop(region.x, region.right)
        if style and style.underline
    }


async def test_what_matched_stands_out_in_the_rows_until_the_filter_goes() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("/", *"goh user:+6580")
        await browser.until(lambda: _standing_out(browser) == {"Goh", "+6580"})
        await browser.press("escape")
        await browser.until(lambda: not _standing_out(browser))
        await browser.press("/", *"goh -user:+6580", "enter")
        await browser.until(lambda: _standing_out(browser) == {"Goh"})
        await browser.press("escape", "h", "j")
        await browser.shows("second")
        assert not _standing_out(browser)


@pytest.mark.parametrize("width", [80, 100, 120])
async def test_what_matched_is_shown_wherever_it_stands_in_its_text(width: int) -> None:
    long = "one of those notes that no column has the room for, made at gate four in the evening"
    async with running(size=(width, 30)) as browser:
        browser.faults.hostile = {"user_data": long}
        await browser.enter_faces()
        part = browser.tokens("first")[2][17:24]
        await browser.press("/", *f"token:{part}")
        await browser.until(lambda: _standing_out(browser) == {part})
        await browser.press("escape", "/", *'"gate four"')
        await browser.until(lambda: _standing_out(browser) == {"gate four"})
        assert "face_token" in browser.table._painter.lines.keys
        browser.at_once("\x1b")
        await browser.until(lambda: not browser.filterbar.is_open)
        # Away as it was chosen, but not while it holds what was looked for.
        await browser.press("c", "j", "enter", "enter", "escape")
        await browser.until(lambda: "user_data" not in browser.table._painter.lines.keys)
        await browser.press("/", *"evening")
        await browser.until(lambda: _standing_out(browser) == {"evening"})


async def test_the_whole_of_an_exact_match_stands_out() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.until(lambda: browser.cursor.subject.face is not None)
        face = browser.cursor.subject.face
        assert face is not None
        await browser.press("u")
        await browser.until(lambda: _standing_out(browser) == {face.user_id})


async def test_a_range_is_painted_while_it_is_made() -> None:
    async with running() as browser:
        await browser.enter_faces()

        def painted() -> int:
            return browser.text.count("┆")

        await browser.press("v")
        assert painted() == 1
        await browser.press("j", "j", "j")
        assert painted() == 4
        await browser.press("k")
        assert painted() == 3
        await browser.press("v")
        assert painted() == 0
        assert browser.listing.status.marked == 3
        await browser.press("v", "j", "escape")
        assert painted() == 0


async def test_a_table_without_rows_says_in_its_middle_why_and_which_key_is_next() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("/", *"nobody")
        await browser.says("enter searches all · esc shows all")
        lines = browser.text.splitlines()
        (line,) = [line for line in lines if "No hits in what is loaded." in line]
        region = browser.table.region
        inside = line[region.x : region.right - 1]
        left, right = (len(inside) - len(cut) for cut in (inside.lstrip(), inside.rstrip()))
        assert abs(left - right) <= 2
        await browser.press("enter")
        await browser.says("No face passes this filter.")


async def test_what_is_no_filter_promises_no_hits_and_no_search() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("/", *"nobody")
        await browser.says("enter searches all · esc shows all")
        await browser.press("space", *"usr:x")
        await browser.says("there is no field")
        await browser.says("This is no filter yet.")
        await browser.until(lambda: "search" not in browser.text)
        await browser.press(*["backspace"] * 6)
        await browser.says("enter searches all · esc shows all")


async def test_an_empty_library_says_what_can_be_done() -> None:
    async with running({"none": 0}) as browser:
        await browser.says("This library has no faces.")
        await browser.says("F waits for the first one")
