"""Kept indexes in the browser: there at once, looked after behind it, and asked for once."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import pytest

from fs_tui.account import cost
from fs_tui.cli.keeping import BrowserKeeping, find_keeper
from fs_tui.faces.kept_listing import KeptListing
from fs_tui.sandbox.service import DEMO_API_KEY
from fs_tui.settings.options import Settings
from fs_tui.settings.state import State
from fs_tui.tui.browser import follower, keep_question
from fs_tui.tui.dialogs.confirm import Confirm
from fs_tui.tui.options import BrowserOptions
from tests.tui.browser import ENDPOINT, Browser, running

if TYPE_CHECKING:
    from pathlib import Path

    from fs_tui.faces.index.keeper import Keeper
    from fs_tui.sandbox.service import Service

LARGE = {"first": 2_500, "second": 120}


@pytest.fixture(autouse=True)
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "index.key"
    path.touch(0o600)
    path.write_text("0123456789abcdef" * 4)
    monkeypatch.setenv("FS_TUI_INDEX_KEY_FILE", str(path))


def keeping(*, keep: bool | None = True) -> BrowserOptions:
    return BrowserOptions(keeping=BrowserKeeping(Settings(endpoint=ENDPOINT, keep=keep)))


def keeper() -> Keeper:
    """What opens the indexes while no browser has them."""
    found = find_keeper(Settings(endpoint=ENDPOINT), DEMO_API_KEY, make=False)
    assert found is not None
    return found


async def read_all(browser: Browser) -> None:
    await browser.enter_faces()
    await browser.press("a")
    await browser.until(lambda: browser.listing.status.complete)


async def kept_once() -> None:
    """Read the first library into its index, and leave."""
    async with running(LARGE, options=keeping()) as browser:
        await read_all(browser)
        await browser.says("kept, as of")


async def test_a_kept_library_is_there_at_once_and_the_end_is_looked_at_behind_it() -> None:
    await kept_once()
    async with running(LARGE, options=keeping()) as browser:
        await browser.enter_faces()
        await browser.says("all 2,500 faces loaded")
        await browser.says("positions proven")
        assert browser.asked("list") <= 2
        assert "contents as of" in browser.text
        await browser.press("G")
        await browser.until(lambda: browser.token == browser.tokens("first")[-1])
        assert browser.asked("list") <= 2


async def test_what_came_and_went_is_shown_and_the_cursor_stays_with_its_face() -> None:
    await kept_once()

    def changed(service: Service) -> None:
        service.population["first"].grow(13)
        service.population["first"].delete_at([3, 700])
        service.faults.fail("hold", "list", times=None)

    async with running(LARGE, options=keeping(), prepare=changed) as browser:
        await browser.until(lambda: browser.pane.group_id == "first" and browser.token)
        await browser.press("enter", "j", "j", "j")
        token = browser.token
        assert token == browser.tokens("first")[2]
        browser.faults.clear()
        browser.faults.release()
        await browser.says("13 added, 2 gone")
        await browser.says("+13 -2")
        await browser.until(lambda: browser.table.cursor_row == 2 and browser.token == token)
        await browser.until(lambda: browser.listing.status.complete)
        rows = browser.listing.rows(0, browser.listing.row_count())
        assert [row.face.face_token for row in rows if row] == browser.tokens("first")


async def test_of_every_kept_library_it_is_shown_what_came_since_it_was_without_a_request() -> None:
    """What commands found meanwhile stands beside a library until it was opened."""
    async with running(LARGE, options=keeping()) as browser:
        await read_all(browser)
        await browser.press("h", "j", "l")
        await browser.until(lambda: browser.pane.group_id == "second" and browser.token)
        await browser.press("a")
        await browser.until(lambda: browser.listing.status.complete)
    with closing(keeper().open("second")) as kept:
        kept.note_look(added=10, gone=1)
        kept.note_look(added=3, gone=0)
    async with running(LARGE, options=keeping()) as browser:
        await browser.says("+13 -1")
        assert browser.pane.group_id == "first"
        asked = browser.asked("list")
        await browser.says("positions proven")
        assert browser.asked("list") <= asked + 2
        await browser.press("j")
        await browser.until(lambda: browser.pane.group_id == "second" and browser.token)
        await browser.says("positions proven")
        assert "+13 -1" in browser.text
    async with running(LARGE, options=keeping()) as browser:
        await browser.enter_faces()
        await browser.says("positions proven")
        await browser.settle()
        assert "+13" not in browser.text
    assert keeper().news() == {"first": (0, 0), "second": (0, 0)}


async def test_r_goes_on_with_what_is_kept_once_there_is_room_again() -> None:
    async with running(LARGE, options=keeping()) as browser:
        browser.faults.page_cap = 100
        await browser.enter_faces()
        await browser.until(lambda: browser.token)
        listing = browser.listing
        assert isinstance(listing, KeptListing)
        listing.kept._database.run("PRAGMA max_page_count = 12")
        await browser.press("a")
        await browser.says("no room for the kept index")
        kept = listing.kept.count
        assert 100 <= kept < 2_500
        asked = browser.asked("list")
        await browser.press("r")
        await browser.until(lambda: listing.status.complete)
        assert browser.asked("list") - asked < 26 - kept // 100 + 3
        await browser.says("all 2,500 faces loaded")
        await browser.until(lambda: "no room" not in browser.text)
    assert keeper().is_kept("first")
    assert kept_tokens("first") == browser.tokens("first")


async def test_how_old_kept_rows_are_is_said_once_while_the_service_is_out_of_reach() -> None:
    await kept_once()
    async with running(LARGE, options=keeping()) as browser:
        await browser.enter_faces()
        await browser.says("positions proven")
        browser.faults.fail("reset", times=None)
        await browser.press("r")
        await browser.says("not checked: the connection was lost")
        await browser.until(lambda: "offline since" in browser.title)
        await browser.settle()
        assert browser.truth.count("as of") == 1
        assert "as it was" not in browser.message


async def test_above_twenty_gone_it_is_said_and_reading_again_helps() -> None:
    await kept_once()
    async with running(
        LARGE,
        options=keeping(),
        prepare=lambda service: service.population["first"].delete_at(range(100, 140)),
    ) as browser:
        await browser.enter_faces()
        await browser.says("R does that")
        await browser.press("R")
        await browser.until(lambda: browser.listing.status.total == 2_460)
        await browser.until(lambda: browser.listing.status.complete)
        assert browser.listing.status.kept is not None


async def test_a_scan_that_was_interrupted_goes_on_where_it_stopped() -> None:
    async with running(LARGE, options=keeping()) as browser:
        browser.faults.page_cap = 100
        await browser.enter_faces()
        await browser.press("a")
        await browser.until(lambda: browser.listing.status.loaded >= 500)
        await browser.press("x")
        read = browser.listing.status.loaded
        assert read < 2_500
    async with running(LARGE, options=keeping()) as browser:
        await browser.until(lambda: browser.pane.group_id and browser.listing.status.loaded >= read)
        await read_all(browser)
        asked = [one.fields for one in browser.service.received if one.call == "list"]
        # A few faces show whether pages begin where they are asked for.
        assert min(int(one["start"]) for one in asked if int(one["limit"]) > 3) > read - 100


async def test_a_library_that_was_made_anew_shows_nothing_of_the_one_before() -> None:
    await kept_once()
    from datetime import UTC, datetime

    async with running(
        LARGE,
        options=keeping(),
        prepare=lambda service: service.population.remake("first", 30, datetime.now(UTC)),
    ) as browser:
        await browser.until(lambda: browser.pane.group_id == "first")
        await browser.until(lambda: browser.listing.status.total == 30)
        await browser.until(lambda: browser.token == browser.tokens("first")[0])


async def test_without_a_key_it_is_said_and_everything_works(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FS_TUI_INDEX_KEY_FILE", str(tmp_path / "missing"))
    async with running(LARGE, options=keeping()) as browser:
        await read_all(browser)
        assert browser.listing.status.kept is None
        assert any("No such file" in str(one.error) for one in browser.errors)


async def test_two_at_once_one_keeps_and_the_other_works_temporarily() -> None:
    async with running(LARGE, options=keeping()) as one:
        await one.enter_faces()
        async with running(LARGE, options=keeping()) as other:
            await other.until(lambda: "another fs-tui" in other.message)
            await read_all(other)
            assert other.listing.status.kept is None


@pytest.mark.parametrize("answer", ["y", "n"])
async def test_after_a_large_scan_it_is_asked_once_for_the_profile(
    monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setattr(keep_question, "ASKED_FROM", 2_000)
    async with running(LARGE, options=keeping(keep=None)) as browser:
        await browser.enter_faces()
        await browser.press("a")
        await browser.until(lambda: isinstance(browser.app.screen, Confirm))
        await browser.press(answer)
        await browser.until(lambda: State("default").get("keep", bool) is (answer == "y"))
        if answer == "y":
            await browser.says("What was read is kept")
    async with running(LARGE, options=keeping(keep=None)) as browser:
        await browser.enter_faces()
        if answer == "y":
            await browser.says("positions proven")
        else:
            await browser.press("a")
            await browser.until(lambda: browser.listing.status.complete)
            await browser.settle()
            assert not isinstance(browser.app.screen, Confirm)


@pytest.mark.parametrize("answer", ["", "no"])
async def test_what_was_kept_is_opened_where_no_setting_asks_for_more(answer: str) -> None:
    """What `index sync` made is wanted; a no to the question is about what is not kept yet."""
    await kept_once()
    if answer == "no":
        State("default").put("keep", value=False)
    async with running(LARGE, options=keeping(keep=None)) as browser:
        await browser.enter_faces()
        await browser.says("positions proven")
        assert browser.asked("list") <= 2
        await browser.press("h", "j", "l")
        await browser.until(lambda: browser.pane.group_id == "second" and browser.token)
        assert not isinstance(browser.listing, KeptListing)


async def test_a_small_library_is_not_asked_about() -> None:
    async with running(options=keeping(keep=None)) as browser:
        await read_all(browser)
        await browser.settle()
        assert not isinstance(browser.app.screen, Confirm)


async def test_the_details_take_out_what_is_gone_and_correct_what_is_said_otherwise() -> None:
    await kept_once()

    def changed(service: Service) -> None:
        """Two things that no look at the end can see."""
        faces = service.population["first"]
        faces.edit(2, "user-corrected", None)

    async with running(LARGE, options=keeping(), prepare=changed) as browser:
        await browser.enter_faces()
        await browser.says("positions proven")
        await browser.press("j")
        await browser.says("user-corrected")
        face = browser.listing.face(2)
        assert face is not None
        await browser.until(lambda: "user-corrected" in str(browser.listing.face(2)))
        gone = browser.tokens("first")[4]
        browser.service.population["first"].delete(gone)
        await browser.press("j", "j", "j")
        await browser.until(lambda: browser.listing.status.total == 2_499)
    async with running(LARGE, options=keeping()) as browser:
        await browser.enter_faces()
        assert "user-corrected" in str(browser.listing.face(2))
        assert await browser.listing.position_of_token(gone) is None


def kept_tokens(group_id: str) -> list[str]:
    """What lies in the index of a library that no browser has open."""
    with closing(keeper().open(group_id)) as kept:
        faces = kept.store.window(1, kept.count + 1)
        return [faces[position].face_token for position in sorted(faces)]


def left(browser: Browser, group_id: str) -> bool:
    """Whether it was said that a face has left an index."""
    return any(f"left the kept index of {group_id}." in str(one) for one in browser.app.said)


@pytest.mark.parametrize("keep", ["true", "false"])
async def test_a_token_that_is_asked_for_in_vain_leaves_what_is_kept(keep: str) -> None:
    """In the library that is open, and in one that is not; whether they are read or not."""
    async with running(LARGE, options=keeping()) as browser:
        await read_all(browser)
        await browser.press("h", "j", "l")
        await browser.until(lambda: browser.pane.group_id == "second" and browser.token)
        await browser.press("a")
        await browser.until(lambda: browser.listing.status.complete)
    async with running(LARGE, options=keeping(keep=keep == "true")) as browser:
        await browser.enter_faces()
        await browser.until(lambda: browser.token)
        if keep == "true":
            await browser.says("positions proven")
        there = {name: browser.tokens(name) for name in LARGE}
        gone = {"first": there["first"][1_700], "second": there["second"][50]}
        for name, token in gone.items():
            browser.service.population[name].delete(token)
            await browser.press("ctrl+g", *token, "enter", "enter")
            await browser.until(partial(left, browser, name))
            await browser.press("escape")
    for name, token in gone.items():
        assert kept_tokens(name) == [one for one in there[name] if one != token]


async def test_a_face_that_goes_while_all_is_read_does_not_end_the_reading() -> None:
    async with running(LARGE, options=keeping()) as browser:
        browser.faults.page_cap = 100
        browser.faults.latency = 0.05
        await browser.enter_faces()
        await browser.press("a")
        await browser.until(lambda: browser.listing.status.loaded > 300)
        browser.faults.fail("hold", "list", times=None)
        await browser.until(lambda: browser.faults.held)
        gone = browser.tokens("first")[3]
        browser.service.population["first"].delete(gone)
        await browser.press("j", "j", "j")
        await browser.until(lambda: left(browser, "first"))
        await browser.until(lambda: browser.faults.held)
        browser.faults.clear()
        browser.faults.release()
        await browser.until(lambda: browser.listing.status.complete)
        rows = browser.listing.rows(0, browser.listing.row_count())
        assert [row.face.face_token for row in rows if row] == browser.tokens("first")


def _is_at(browser: Browser, token: str) -> bool:
    return browser.token == token


async def test_the_end_is_followed_where_faces_go_and_come_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The rows that are left stand elsewhere then: nobody has moved the cursor."""
    monkeypatch.setattr(follower, "_PAUSE", 0.05)
    await kept_once()
    async with running(LARGE, options=keeping()) as browser:
        await browser.enter_faces()
        await browser.says("positions proven")
        await browser.press("F")
        await browser.says("Following the end")
        for number in range(3):
            faces = browser.service.population["first"]
            faces.delete_at([4 + number])
            faces.grow(1)
            last = browser.tokens("first")[-1]
            await browser.until(partial(_is_at, browser, last))
            await browser.settle()
            assert browser.pane.follower.is_on
        await browser.press("k")
        await browser.until(lambda: not browser.pane.follower.is_on)


async def test_much_is_read_again_only_when_that_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept does not go on a single key."""
    await kept_once()
    monkeypatch.setattr(cost, "MANY", 2)
    async with running(LARGE, options=keeping()) as browser:
        await browser.enter_faces()
        await browser.says("positions proven")
        asked = browser.asked("list")
        await browser.press("R")
        await browser.until(lambda: isinstance(browser.app.screen, Confirm))
        await browser.press("n")
        await browser.settle()
        assert browser.listing.status.complete
        assert browser.asked("list") == asked
        await browser.press("R")
        await browser.until(lambda: isinstance(browser.app.screen, Confirm))
        await browser.press("y")
        await browser.until(lambda: browser.asked("list") > asked)
        await browser.until(lambda: browser.listing.status.complete)
