"""One cursor: where it stands, what the details show and what is copied are the same thing."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from fs_tui.faces.status import Activity
from fs_tui.tui.options import BrowserOptions
from tests.tui.browser import Browser, running

if TYPE_CHECKING:
    from fs_tui.sandbox.service import Service

_LIBRARIES = {"first": 250, "second": 120, "none": 0, "one": 1}

_SINGLE = (
    *("j", "j", "j", "k", "down", "up", "pagedown", "pageup", "g", "G", "enter", "enter"),
    *("tab", "tab", "shift+tab", "escape", "space", "v", "[", "]", "r", "a", "x", "y"),
)


class Packets:
    """Draws keys as a slow link brings them: several at once.

    Args:
        seed: The same one draws the same packets.
        tokens: What a jump may ask for.
    """

    def __init__(self, seed: int, tokens: list[str]) -> None:
        self._random = Random(seed)  # noqa: S311  to be repeated, not to be secret
        self._tokens = tokens

    def draw(self) -> list[str]:
        """The keys of one packet."""
        return [key for _ in range(self._random.randint(1, 3)) for key in self._some()]

    def _some(self) -> list[str]:
        draw = self._random.choice
        drawn: list[str] = draw(
            (
                [draw(_SINGLE)],
                [draw(_SINGLE)],
                [draw(_SINGLE) for _ in range(5)],
                ["j", "enter"],
                ["escape", "escape", draw("jk"), "enter"],
                ["escape", "escape", draw("jk"), "tab"],
                [*str(self._random.randrange(1, 300)), "G"],
                ["/", *draw(("an", "goh", "user:1", "zzz")), draw(("enter", "escape", "tab"))],
                ["s", draw("123456")],
                ["ctrl+g", *draw(self._tokens), "enter"],
                [draw("?LY!"), "escape"],
            )
        )
        return drawn


def _in(browser: Browser, part: object) -> bool:
    focused = browser.screen.focused
    return focused is not None and part in focused.ancestors_with_self


def _differs(browser: Browser) -> str:
    """What does not agree: the cursor and the details; empty where all does."""
    current, card, fields = browser.sidebar.current, browser.detail.card, browser.fields
    if current is not None and current.group_id != browser.pane.group_id:
        return f"{current.group_id} is highlighted, the faces are of {browser.pane.group_id}"
    shown = browser.table.show_cursor
    row = browser.table.row_at_cursor() if shown else None
    in_faces = _in(browser, browser.pane)
    if _in(browser, browser.sidebar) or (in_faces and not browser.table.row_count):
        wanted = ("id", browser.pane.group_id)
    elif row is not None and (in_faces or card.title != "Library"):
        wanted = ("position", row.number)
    elif not shown:
        return "" if card.title == "Face" else card.title
    else:
        return "" if not in_faces or card.title in {"Loading …", "Not loaded"} else card.title
    label, value = wanted
    if fields[label] != value:
        return f"the cursor is on {value}, the details are of {fields[label]!r}"
    if label == "position" and fields["token"] != browser.token:
        return f"the cursor is on {browser.token}, the details show {fields['token']}"
    return ""


def _is_at_rest(browser: Browser) -> bool:
    """Whether nothing is under way that could move the cursor or bring rows."""
    if browser.service.under_way or browser.app.workers._workers:
        return False
    listing = browser.pane.listing
    return listing is None or not (
        listing._notifier.pending
        or listing.status.view.working
        or listing.status.activity not in {Activity.IDLE, Activity.PAUSED}
    )


async def _compare(browser: Browser, copied: list[str]) -> None:
    """Wait until nothing is under way; then all agree, and what is copied too."""
    app = browser.app
    await browser.handled()
    while app.screen is not browser.screen:
        await browser.press("escape")
    await browser.until(lambda: _is_at_rest(browser) and not _differs(browser))
    if _in(browser, browser.filterbar):
        await browser.press("tab")
    await browser.handled()
    await browser.until(lambda: _is_at_rest(browser) and not _differs(browser))
    del copied[:]
    await browser.press("y")
    await browser.until(lambda: copied or "no face" in browser.message)
    await browser.until(
        lambda: (
            copied == [text for text in [browser.fields["token"] or browser.fields["id"]] if text]
        )
    )


@pytest.mark.parametrize("latency", [0.0, 0.03], ids=["at once", "slow"])
@pytest.mark.parametrize("seed", range(3))
async def test_packets_of_keys_leave_cursor_details_and_copy_on_one_face(
    seed: int, latency: float, copied: list[str]
) -> None:
    def slow_down(service: Service) -> None:
        service.faults.latency = latency

    async with running(_LIBRARIES, prepare=slow_down) as browser:
        await browser.shows("first")
        tokens = [*browser.tokens("first"), *browser.tokens("second"), "nowhere"]
        packets = Packets(seed, tokens)
        for number in range(15):
            keys = packets.draw()
            browser.packet(*keys)
            try:
                await _compare(browser, copied)
            except AssertionError as error:
                differs = _differs(browser) or "what is copied differs from the details"
                raise AssertionError(f"packet {number}, {keys}: {differs}") from error


async def test_details_that_took_the_focus_in_the_same_packet_follow_the_cursor(
    copied: list[str],
) -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.packet("j", "enter", "y")
        await browser.until(lambda: copied == [browser.tokens("first")[1]])
        await browser.until(lambda: browser.fields["token"] == browser.tokens("first")[1])
        await browser.until(lambda: browser.detail.has_focus)


async def test_keys_that_are_ahead_of_the_first_page_show_its_face_when_it_comes() -> None:
    def hold(service: Service) -> None:
        service.faults.fail("hold", "list")

    async with running(options=BrowserOptions(library="second"), prepare=hold) as browser:
        browser.packet("enter")
        await browser.until(lambda: browser.faults.held)
        await browser.until(lambda: browser.detail.card.title == "Loading …")
        browser.faults.release()
        await browser.until(lambda: browser.fields["token"] == browser.tokens("second")[0])


async def test_an_order_is_chosen_over_the_details_and_they_follow_the_cursor() -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.packet("j", "j", "enter", "s", "2")
        last = browser.tokens("first")[99]
        await browser.until(lambda: browser.token == last)
        await browser.until(lambda: browser.fields["token"] == last)
        assert browser.table.cursor_row == 0


async def test_the_faces_that_the_focus_goes_to_are_those_of_the_highlighted_library(
    copied: list[str],
) -> None:
    async with running(rest=10) as browser:
        await browser.shows("first")
        browser.packet("j", "tab")
        await browser.shows("second")
        browser.packet("[", "j", "y")
        await browser.until(lambda: copied == [browser.tokens("first")[1]])
        assert browser.sidebar.current
        assert browser.sidebar.current.group_id == "first"


async def test_after_a_failed_look_up_a_reload_asks_again_and_the_error_goes() -> None:
    async with running() as browser:
        browser.faults.fail("error", "face_info", code="AUTHORIZATION_ERROR:DENIED", times=1)
        await browser.enter_faces()
        await browser.until(lambda: "DENIED" in browser.detail.card.error)
        await browser.press("r")
        await browser.until(lambda: browser.detail.card.mark == "✓ confirmed by face_info")
        assert not browser.detail.card.error
        await browser.until(lambda: "DENIED" not in browser.message)


async def test_after_a_lost_network_the_details_ask_again_by_themselves() -> None:
    async with running() as browser:
        browser.faults.fail("reset", "face_info", times=1)
        await browser.enter_faces()
        await browser.until(lambda: browser.detail.card.error)
        await browser.press("G")
        await browser.press("g")
        await browser.until(lambda: browser.detail.card.mark == "✓ confirmed by face_info")
        assert "✗" not in browser.text


async def test_a_look_up_that_succeeds_takes_back_what_was_said_of_the_one_that_failed() -> None:
    async with running() as browser:
        browser.faults.fail("error", "face_info", code="AUTHORIZATION_ERROR:DENIED", times=1)
        await browser.enter_faces()
        await browser.until(lambda: "DENIED" in browser.message)
        await browser.press("j")
        await browser.until(lambda: browser.detail.card.mark == "✓ confirmed by face_info")
        await browser.until(lambda: not browser.message)


async def test_a_face_that_was_found_before_its_row_is_gone_to_when_all_is_loaded() -> None:
    async with running() as browser:
        await browser.enter_faces()
        token = browser.tokens("first")[240]
        browser.packet("ctrl+g", *token, "enter")
        await browser.until(lambda: browser.fields["token"] == token)
        assert "not known" in browser.fields["position"]
        await browser.press("a")
        await browser.until(lambda: browser.fields["position"] == "241")
        assert browser.table.cursor_row == 240
        assert browser.table.show_cursor


async def test_a_range_after_marks_counts_its_own_rows() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("space", "space", "space", "v", "j", "v")
        await browser.says("2 faces marked")
        assert "not loaded" not in browser.message


@pytest.mark.parametrize(
    "opened",
    [["?"], ["L"], ["!"], ["s"], ["Y"], ["E"], ["n"], ["ctrl+g"], [":"], ["/"], ["/", "a", "n"]],
    ids="".join,
)
async def test_a_key_behind_the_one_that_closes_a_page_moves_the_cursor(opened: list[str]) -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.packet("j", *opened, "escape", "j")
        await browser.until(lambda: browser.table.cursor_row == 2)
        await browser.until(lambda: browser.fields["token"] == browser.tokens("first")[2])


@pytest.mark.parametrize("key", ["ctrl+g", "n", "/"])
async def test_letters_behind_a_key_that_opens_a_field_are_typed_into_it(key: str) -> None:
    async with running() as browser:
        await browser.enter_faces()
        browser.packet(key, "j", "o", "y")
        await browser.until(
            lambda: isinstance(browser.app.focused, Input) and browser.app.focused.value == "joy"
        )


async def test_keys_behind_a_choice_act_on_what_it_leads_to() -> None:
    async with running() as browser:
        await browser.shows("first")
        browser.packet("right", "j")
        await browser.until(lambda: browser.fields["token"] == browser.tokens("first")[1])
        browser.packet("s", "down", "enter", "enter")
        await browser.until(lambda: browser.fields["token"] == browser.tokens("first")[99])
        await browser.until(lambda: browser.detail.has_focus)


@pytest.mark.parametrize("keys", [[], ["tab"], ["/"], ["?"], ["s"], ["n"], ["L"], [":"], ["E"]])
async def test_ctrl_q_does_nothing_anywhere(keys: list[str]) -> None:
    async with running() as browser:
        await browser.shows("first")
        await browser.press(*keys)
        before = browser.app.screen
        browser.packet("ctrl+s", "ctrl+q", "ctrl+q")
        await browser.handled()
        assert browser.app._exit is False
        assert browser.app.screen is before
