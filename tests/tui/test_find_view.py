"""Find in all libraries: hits as rows, the proof, and the way into a library and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.tui.browser.find_pane import FindPane
from fs_tui.tui.dialogs.confirm import Confirm
from tests.tui.browser import Browser, running

if TYPE_CHECKING:
    import pytest

    from fs_tui.sandbox.service import Service


def find_pane(browser: Browser) -> FindPane:
    """The view."""
    return browser.screen.query_one(FindPane)


def proof(browser: Browser) -> str:
    """What its status line says."""
    return find_pane(browser).status.render().plain


def keys(browser: Browser) -> str:
    """The last line of the screen."""
    return browser.text.splitlines()[-1]


def truth(browser: Browser, text: str) -> list[tuple[str, str]]:
    """Library and token of all faces that hold a text, in their order."""
    population = browser.service.population
    return [
        (library.group_id, row[0])
        for library in population
        for row in population[library.group_id].rows(1, 1_000_000)
        if any(text in field.casefold() for field in row[:3])
    ]


def hits(browser: Browser) -> list[tuple[str, str]]:
    """What the view shows."""
    return [(hit.group_id, hit.face.face_token) for hit in find_pane(browser)._hits]


async def find(browser: Browser, expression: str) -> None:
    """Search, and wait for the end."""
    await browser.press("f")
    browser.at_once(expression + "\r")
    await browser.until(lambda: hits(browser) or "none in" in proof(browser))
    await browser.until(lambda: not find_pane(browser).busy)


async def test_what_was_found_stands_out_wherever_it_stands_in_its_text() -> None:
    async with running(size=(100, 30)) as browser:
        await browser.enter_faces()
        part = browser.tokens("second")[2][17:25]
        await find(browser, f"token:{part}")
        await browser.says(part)
        region = find_pane(browser).table.region
        strips = browser.screen._compositor.render_strips()[region.y + 1 : region.bottom]
        lines = [strip.crop(region.x, region.right) for strip in strips]
        found = {text for line in lines for text, style, _ in line if style and style.underline}
        assert found == {part}


async def test_it_finds_in_all_libraries_what_a_plain_search_finds() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await find(browser, "go")
        assert hits(browser) == truth(browser, "go")
        assert len({group_id for group_id, _ in hits(browser)}) == 2
        await browser.until(lambda: "faces in 2 of 3 libraries, read " in proof(browser))
        assert "incomplete" not in proof(browser)
        assert find_pane(browser).table.has_focus


async def test_an_f_and_an_expression_of_one_packet_are_searched_for() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.at_once("fgo\r")
        await browser.until(lambda: browser.screen.query(FindPane) and hits(browser))
        await browser.until(lambda: hits(browser) == truth(browser, "go"))


async def test_what_the_faces_are_filtered_by_is_offered_and_a_letter_takes_its_place() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.at_once("/elif\r")
        await browser.until(lambda: browser.listing.status.view.whole)
        await browser.press("f", "enter")
        await browser.until(lambda: hits(browser) == truth(browser, "elif"))
        browser.at_once("fgo\r")
        await browser.until(lambda: hits(browser) == truth(browser, "go"))


async def test_hits_are_ordered_as_faces_are_and_the_cursor_stays_on_its_hit() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await find(browser, "go")
        await browser.press("j", "j", "s")
        await browser.press("4")
        rows = {
            row[0]: row
            for group_id in ("first", "second")
            for row in browser.service.population[group_id].rows(1, 1_000)
        }
        wanted = sorted(truth(browser, "go"), key=lambda hit: rows[hit[1]][1])[::-1]
        await browser.until(
            lambda: (
                [rows[hit[1]][1] for hit in hits(browser)] == [rows[hit[1]][1] for hit in wanted]
            )
        )
        assert hits(browser)[find_pane(browser).table.cursor_row] == truth(browser, "go")[2]


async def test_the_details_follow_a_view_that_is_shown_while_they_have_the_focus() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await find(browser, "nobody-has-this")
        await browser.press("escape")
        await browser.until(lambda: browser.pane.display and browser.fields["token"])
        await browser.press("enter")
        await browser.until(lambda: browser.detail.has_focus)
        await browser.press("]")
        await browser.until(lambda: find_pane(browser).display)
        await browser.until(lambda: not browser.fields["token"])


async def test_that_there_is_none_is_said_with_its_proof() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await find(browser, "nobody-has-this")
        await browser.until(lambda: "none in 3 libraries, read " in proof(browser))


async def test_enter_opens_the_face_in_its_library_and_back_shows_the_hits_again() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await find(browser, "go")
        row, (_, token) = next(
            (row, hit) for row, hit in enumerate(hits(browser)) if hit[0] == "second"
        )
        for digit in str(row + 1):
            await browser.press(digit)
        await browser.press("G", "enter")
        await browser.until(lambda: browser.pane.group_id == "second" and browser.token == token)
        assert browser.table.has_focus
        assert browser.sidebar.current is not None
        assert browser.sidebar.current.group_id == "second"
        await browser.press("left_square_bracket")
        await browser.until(lambda: find_pane(browser).display)
        assert find_pane(browser).table.cursor_row == row
        assert find_pane(browser).table.has_focus
        await browser.press("enter")
        await browser.until(lambda: browser.token == token and browser.table.has_focus)
        await browser.press("escape")
        assert find_pane(browser).display
        await browser.press("escape")
        await browser.until(lambda: browser.pane.display and browser.table.has_focus)
        assert browser.pane.group_id == "first"


async def test_a_token_is_asked_for_and_nothing_is_read() -> None:
    async with running() as browser:
        await browser.enter_faces()
        token = browser.tokens("second")[70]
        asked = browser.asked("list")
        await find(browser, f"token:={token}")
        assert hits(browser) == [("second", token)]
        await browser.until(lambda: "1 face in 1 of 3 libraries, asked " in proof(browser))
        assert browser.asked("list") == asked
        assert browser.asked("face_info", face_token=token) <= 4
        await browser.press("enter")
        await browser.until(lambda: browser.pane.group_id == "second")


async def test_esc_in_an_empty_prompt_leads_back_to_where_one_was() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("j", "j")
        token = browser.token
        await browser.press("f", "escape")
        assert browser.pane.display
        assert browser.table.has_focus
        assert browser.token == token
        await browser.press("left_square_bracket")
        assert "nothing to go back to" in browser.message


async def test_the_way_forward_stays_behind_a_hit_of_another_library() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await find(browser, "dewi")
        await browser.until(lambda: hits(browser)[-1:] and hits(browser)[-1][0] == "second")
        await browser.press("G", "enter")
        token = hits(browser)[-1][1]
        await browser.until(lambda: browser.token == token and browser.table.has_focus)
        await browser.press("[", "[")
        await browser.until(lambda: browser.pane.display and browser.pane.group_id == "first")
        await browser.press("]")
        await browser.until(lambda: find_pane(browser).display)
        await browser.press("]")
        await browser.until(lambda: browser.pane.display and browser.pane.group_id == "second")
        await browser.until(lambda: browser.table.has_focus and not browser.pane.reloader.busy)
        await browser.press("escape")
        await browser.until(lambda: find_pane(browser).display)


async def test_an_expression_that_cannot_be_read_is_not_searched_for() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.at_once("fcolour:red\r")
        await browser.says('no field "colour:"')
        assert browser.asked("list") == 1


def _refuses_above_1000(service: Service) -> None:
    service.faults.max_start = 1000


async def test_what_is_not_listed_makes_the_answer_incomplete() -> None:
    async with running({"first": 2500, "second": 120}, prepare=_refuses_above_1000) as browser:
        await browser.enter_faces()
        await find(browser, "nobody-has-this")
        await browser.until(lambda: "; first was read to 1,999 (" in proof(browser))
        assert proof(browser).startswith("incomplete: none in what was seen")


async def test_a_library_that_changes_meanwhile_is_not_searched_whole() -> None:
    async with running({"first": 2500, "second": 120}) as browser:
        await browser.enter_faces()
        browser.faults.deletion = 1
        await find(browser, "nobody-has-this")
        await browser.until(lambda: proof(browser).startswith("incomplete: "))
        await browser.until(lambda: proof(browser).startswith("incomplete: none in what was seen"))
        assert "changed while it was read" in proof(browser)


async def test_a_service_that_caps_its_pages_is_searched_whole() -> None:
    async with running({"first": 2500, "second": 120}) as browser:
        browser.faults.page_cap = 100
        await browser.enter_faces()
        await find(browser, "nobody-has-this")
        await browser.until(lambda: "none in 2 libraries, read" in proof(browser))
        assert "incomplete" not in proof(browser)


async def test_much_reading_is_asked_for_first(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running({"first": 40_000, "second": 120}) as browser:
        await browser.enter_faces()
        monkeypatch.setattr("fs_tui.account.cost.MANY", 10)
        await browser.press("f")
        browser.at_once("nobody-has-this\r")
        await browser.until(lambda: isinstance(browser.app.screen, Confirm))
        await browser.says("This takes about ")
        asked = browser.asked("list")
        await browser.press("n")
        await browser.until(lambda: "; first, second were not searched (" in proof(browser))
        assert browser.asked("list") == asked
        await browser.press("r")
        await browser.until(lambda: isinstance(browser.app.screen, Confirm))
        await browser.press("y")
        await browser.until(lambda: "none in 2 libraries, read" in proof(browser))


async def test_a_search_is_cancelled_and_says_how_far_it_came() -> None:
    def slow(service: Service) -> None:
        service.faults.latency = 0.05

    async with running({"first": 30_000, "second": 120}, prepare=slow) as browser:
        await browser.enter_faces()
        await browser.press("f")
        browser.at_once("a\r")
        await browser.until(lambda: hits(browser))
        await browser.press("x")
        await browser.until(lambda: "; first was read to " in proof(browser))
        assert "second was not searched" in proof(browser)


async def test_esc_leads_out_where_nothing_was_searched_and_nothing_is_cancelled() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("f", "tab")
        await browser.until(lambda: find_pane(browser).table.has_focus)
        assert not find_pane(browser).busy
        assert "x cancel" not in browser.text
        await browser.press("escape")
        await browser.until(lambda: browser.pane.display)


async def test_the_keys_of_hits_are_named_once_there_are_any_and_x_while_it_searches() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.faults.fail("hold", "list", times=None)
        await browser.press("f")
        browser.at_once("go\r")
        await browser.says("x cancel")
        assert not [word for word in ("open", "mark", "copy", "export") if word in keys(browser)]
        browser.faults.failures.clear()
        browser.faults.release()
        await browser.until(lambda: "mark" in keys(browser) and "cancel" not in keys(browser))
