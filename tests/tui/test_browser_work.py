"""What takes its time in the browser: loading all, exports, copies; and the palette's entries."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

import pytest

from fs_tui.errors import ClipboardError
from fs_tui.faces.scopes import Scope
from fs_tui.gateway import Session
from fs_tui.records import CSV, JSONL, Format
from fs_tui.tui.dialogs.export import ExportDialog, ExportTarget
from fs_tui.tui.dialogs.palette import Palette
from fs_tui.tui.forms.dialog import DialogBox
from fs_tui.tui.forms.menu import Lines
from fs_tui.tui.pages.plain import PlainText
from fs_tui.tui.terminal.clipboard import Clipboard
from tests.tui.browser import Browser, running

if TYPE_CHECKING:
    from pathlib import Path


async def test_loading_all_says_its_progress_and_ends_complete() -> None:
    async with running({"clinic": 2500}) as browser:
        await browser.enter_faces("clinic")
        browser.faults.fail("hold", "list", after=1)
        await browser.press("a")
        await browser.says("loading everything")
        await browser.until(lambda: browser.faults.held)
        browser.faults.release()
        await browser.until(lambda: browser.truth == "all 2,500 faces loaded")
        assert browser.table.cursor_row == 0
        await browser.press("a")
        await browser.says("Everything is loaded already.")


async def test_a_scan_pauses_resumes_and_is_cancelled() -> None:
    async with running({"clinic": 25_000}) as browser:
        await browser.enter_faces("clinic")
        # The first one tells how much there is to read.
        browser.faults.fail("hold", "list", after=1, times=None)
        await browser.press("a")
        await browser.says("loading everything")
        await browser.until(lambda: browser.faults.held)
        await browser.press("a")
        await browser.says("paused")
        browser.faults.release()
        await browser.until(lambda: browser.listing.status.loaded > 100)
        await browser.until(lambda: browser.listing.status.in_flight == 0)
        loaded = browser.listing.status.loaded
        assert loaded < 25_000
        await browser.press("a")
        await browser.until(lambda: browser.faults.held)
        await browser.until(lambda: "paused" not in browser.truth)
        await browser.press("x")
        await browser.until(lambda: browser.listing.status.scan is None)
        assert browser.listing.status.loaded == loaded
        await browser.until(lambda: "more may exist" in browser.truth)


async def test_a_scan_shows_how_much_is_done_when_the_end_is_known() -> None:
    async with running({"clinic": 2500}) as browser:
        await browser.enter_faces("clinic")
        await browser.press("G")
        await browser.until(lambda: browser.listing.status.total == 2500)
        await browser.press("g")
        await browser.settle()
        browser.faults.fail("hold", "list", times=None)
        await browser.press("a")
        await browser.until(lambda: "░" in browser.truth)
        assert "%" in browser.truth


async def test_what_is_looked_at_goes_on_while_a_scan_runs() -> None:
    async with running({"clinic": 25_000}) as browser:
        await browser.enter_faces("clinic")
        await browser.press("a", "j", "pagedown", "k")
        assert browser.table.cursor_row > 15
        await browser.until(lambda: browser.truth == "all 25,000 faces loaded")
        assert browser.table.has_focus


async def _export(browser: Browser, path: Path, scope: Scope, form: Format = CSV) -> None:
    await browser.press("E")
    await browser.until(lambda: isinstance(browser.app.screen, ExportDialog))
    dialog = browser.app.screen
    assert isinstance(dialog, ExportDialog)
    dialog.dismiss(ExportTarget(scope, form, path))


def _exported(path: Path) -> list[str]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return [row["face_token"] for row in csv.DictReader(file)]


async def test_all_faces_are_loaded_and_exported(tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    async with running() as browser:
        await browser.enter_faces()
        await _export(browser, path, Scope.ALL)
        await browser.until(lambda: "Exported 250 faces (all)" in browser.message)
        assert _exported(path) == browser.tokens("first")
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("scope", [Scope.MARKED, Scope.FILTERED, Scope.LOADED])
async def test_each_choice_exports_its_faces(tmp_path: Path, scope: Scope) -> None:
    path = tmp_path / "some.jsonl"
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("space", "j", "space")
        if scope is Scope.FILTERED:
            browser.at_once("/goh")
            await browser.until(lambda: browser.listing.status.view.filter_text == "goh")
            await browser.until(lambda: not browser.listing.status.view.working)
            browser.at_once("\t")
            browser.pane.focus_table()
        rows = browser.listing.rows(0, browser.listing.row_count())
        wanted = [row.face.face_token for row in rows if row is not None]
        if scope is Scope.MARKED:
            wanted = [wanted[0], wanted[2]]
        await _export(browser, path, scope, JSONL)
        await browser.until(lambda: "Exported" in browser.message)
        lines = path.read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["face_token"] for line in lines] == wanted


async def test_an_export_that_is_cancelled_before_its_first_row_leaves_nothing(
    tmp_path: Path,
) -> None:
    path = tmp_path / "all.csv"
    async with running() as browser:
        await browser.enter_faces()
        browser.faults.fail("hold", "list", times=None)
        await _export(browser, path, Scope.ALL)
        await browser.until(lambda: browser.faults.held)
        await browser.press("x")
        await browser.until(lambda: "The export was stopped." in browser.message)
    assert not list(tmp_path.iterdir())  # noqa: ASYNC240 - nothing else runs any more


async def test_an_export_that_cannot_be_whole_says_why_and_keeps_what_there_is(
    tmp_path: Path,
) -> None:
    path = tmp_path / "all.csv"
    async with running() as browser:
        await browser.enter_faces()
        browser.faults.fail("error", "list", code="AUTHORIZATION_ERROR:DENIED", times=None)
        await _export(browser, path, Scope.ALL)
        await browser.until(lambda: "The export stopped" in browser.message)
        assert "AUTHORIZATION_ERROR:DENIED" in browser.message
        assert _exported(path.with_name("all.csv.partial")) == browser.tokens("first")[:100]
        assert "export" in {record.call for record in browser.errors}


@pytest.mark.parametrize(
    ("group_id", "name"), [("campus%east&west", "campus-east-west-loaded-"), ("../&", "library-")]
)
async def test_the_suggested_file_name_is_the_librarys_in_signs_that_every_system_takes(
    group_id: str, name: str
) -> None:
    async with running({group_id: 3}) as browser:
        await browser.enter_faces(group_id)
        await browser.press("E")
        await browser.says(f" {name}")


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What reaches the clipboard."""
    texts: list[tuple[str, str]] = []

    async def copy(_self: Clipboard, text: str, what: str) -> str:
        texts.append((text, what))
        return f"Sent {what} to the terminal."

    monkeypatch.setattr(Clipboard, "copy", copy)
    return texts


async def test_y_copies_the_token_or_the_librarys_id(copied: list[tuple[str, str]]) -> None:
    async with running() as browser:
        await browser.shows("first")
        await browser.press("y")
        await browser.says("Sent the library id to the terminal.")
        await browser.enter_faces()
        await browser.press("y")
        await browser.says("Sent the face token to the terminal.")
        assert [text for text, _ in copied] == ["first", browser.tokens("first")[0]]


async def test_the_copy_menu_copies_what_was_chosen(copied: list[tuple[str, str]]) -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("Y", "j", "enter")
        await browser.until(lambda: copied)
        face = browser.cursor.subject.face
        assert face
        assert copied == [(face.user_id, "the user id")]


async def test_what_cannot_be_copied_is_shown_on_the_plain_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def refuse(_self: Clipboard, _text: str, _what: str) -> str:
        raise ClipboardError("the clipboard is off")

    monkeypatch.setattr(Clipboard, "copy", refuse)
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("y")
        await browser.until(lambda: isinstance(browser.app.screen, PlainText))
        assert browser.tokens("first")[0] in browser.text
        assert browser.errors[-1].call == "copy"


async def test_the_palette_has_every_action_and_no_screenshot() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press(":")
        palette = browser.app.screen
        assert isinstance(palette, Palette)
        titles = [offer.title for offer in palette.offers]
        for title in ("New library", "Export to a file", "Go to position", "Quit"):
            assert title in titles
        assert not [title for title in titles if "screenshot" in title.casefold()]
        await browser.press(*"go to pos")
        await browser.says("Go to position")
        await browser.press("enter")
        await browser.says("the end is not known yet")


async def test_esc_goes_back_from_the_range_to_the_marks_to_the_filter() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("slash", *"65", "enter")
        await browser.press("space", "v", "j")
        await browser.until(lambda: "1 marked" in browser.truth)
        await browser.press("escape")
        assert "1 marked" in browser.truth
        await browser.press("escape")
        assert browser.message == "1 face unmarked."
        await browser.until(lambda: "marked" not in browser.truth)
        await browser.says("hits in all 250 faces")
        await browser.press("escape")
        await browser.until(lambda: " hits in " not in browser.text)


async def test_y_copies_the_tokens_of_the_marked_faces_and_says_how_many(
    copied: list[tuple[str, str]],
) -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("space", "space", "j")
        await browser.says("y copy 2 tokens")
        await browser.press("y")
        first, second, *_ = browser.tokens("first")
        await browser.until(lambda: [text for text, _ in copied] == [f"{first}\n{second}\n"])
        await browser.until(lambda: "of 2 faces" in browser.message)
        await browser.press("U")
        assert browser.message == "2 faces unmarked."
        await browser.until(lambda: "marked" not in browser.truth)
        await browser.press("y")
        await browser.until(lambda: copied[-1][0] == browser.token)
        await browser.press("U")
        assert browser.message == "Nothing is marked."


async def test_the_keys_line_names_what_can_be_done_where_one_is() -> None:
    async with running() as browser:
        await browser.shows("first")
        await browser.says("enter open  / filter")
        await browser.press("enter")
        await browser.says("enter details  / filter  s order")
        await browser.press("v")
        await browser.says("v mark to here  esc no range")
        await browser.press("escape", "/")
        await browser.says("enter search all  esc clear")
        await browser.press("escape", "tab")
        await browser.says("esc back  y copy")
        browser.faults.fail("hold", "list", times=None)
        await browser.press("a")
        await browser.says("x cancel")


async def test_leaving_a_library_does_not_stop_its_load_and_the_list_shows_how_far_it_is() -> None:
    async with running({"large": 60_000, "small": 3}) as browser:
        await browser.enter_faces("large")
        await browser.press("G")
        await browser.until(lambda: browser.listing.status.total)
        large = browser.listing
        browser.faults.fail("hold", "list", times=None)
        await browser.press("a")
        await browser.until(lambda: browser.faults.held)
        await browser.press("shift+tab", "j")
        await browser.until(lambda: browser.pane.group_id == "small")
        assert large.status.scan is not None
        browser.faults.failures.clear()
        browser.faults.release()
        await browser.shows("small")
        await browser.until(lambda: re.search(r"large +[1-9]\d?% ", browser.text))
        await browser.until(lambda: large.status.complete)
        await browser.until(lambda: re.search(r"large +60,000 ", browser.text))
        await browser.until(lambda: "small · all 3" in browser.title)
        assert browser.pane.group_id == "small"


async def test_the_first_line_says_where_one_is_and_nothing_twice() -> None:
    async with running({"first": 250}) as browser:
        await browser.enter_faces()
        await browser.until(lambda: "first · 100+" in browser.title)
        await browser.press("G")
        await browser.until(lambda: re.search(r"first · \d+ of 250|first · all 250", browser.title))
        await browser.press("a")
        await browser.until(lambda: "first · all 250" in browser.title)
        await browser.press("s", "j", "j", "enter")
        await browser.until(lambda: "first · all 250 · by user id, a to z" in browser.title)
        gateway = browser.app.session.gateway  # type: ignore[union-attr] # it is open
        browser.screen.attach(Session(gateway, "https://demo.invalid", "demo", "demo"))
        await browser.until(lambda: "demo · demo.invalid " in browser.title)
        assert browser.title.count("demo") == 2


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (120, 36)])
async def test_the_palettes_frame_is_as_high_as_what_it_holds(size: tuple[int, int]) -> None:
    async with running(size=size) as browser:
        await browser.press(":")
        await browser.settle()
        lines = browser.app.screen.query_one(Lines)
        assert lines.size.height >= min(7, size[1] - 3)
        inside = browser.app.screen.query_one(DialogBox).content_region
        assert inside.bottom == lines.region.bottom
        assert lines.region.bottom < size[1]
