"""Rows of views are marked, copied and exported as faces are, beside what the sandbox holds."""

from __future__ import annotations

import csv
import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from fs_tui.records import unguarded
from fs_tui.tui.browser.find_pane import FindPane
from fs_tui.tui.browser.growth_pane import GrowthPane
from fs_tui.tui.browser.people_pane import PeoplePane
from fs_tui.tui.dialogs.copy import CopyMenu
from fs_tui.tui.dialogs.export import ExportDialog
from tests.tui.browser import Browser, running

if TYPE_CHECKING:
    from pathlib import Path

    from fs_tui.tui.browser.view_pane import ViewPane

pytestmark = pytest.mark.usefixtures("utc")

COUNTS = {"first": 1500, "second": 120}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where exports go."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def persons(browser: Browser, group_id: str = "first", last: int = 1_000_000) -> Counter[str]:
    """How many of the first faces of a library each user id has, in the order of the ids."""
    faces = browser.service.population[group_id].rows(1, last)
    counted = Counter(str(face[1]) for face in faces)
    return Counter({one: counted[one] for one in sorted(counted, key=str.encode)})


async def open_people(browser: Browser, *, whole: bool) -> PeoplePane:
    """Show the people of what is loaded, and wait until they are counted."""
    await browser.enter_faces()
    if whole:
        await browser.press("a")
        await browser.until(lambda: browser.listing.status.complete)
    await browser.press("p")
    pane = browser.screen.query_one(PeoplePane)
    await browser.until(lambda: pane.people and pane.people.status.counted)
    await browser.until(lambda: not whole or not pane.caveat)
    return pane


async def export(browser: Browser, folder: Path, *keys: str) -> Path:
    """Press keys in the export form, and wait for the file; anything else than one is a failure."""
    await browser.press("E")
    await browser.until(lambda: isinstance(browser.app.screen, ExportDialog))
    await browser.press(*keys, "enter")
    await browser.until(lambda: "xport" in browser.message and "exporting" not in browser.message)
    return _only(folder)


def rows_of(path: Path) -> list[dict[str, str]]:
    """The raw rows of a CSV file."""
    with path.open(newline="") as file:
        return [
            {name: unguarded(cell) for name, cell in row.items()} for row in csv.DictReader(file)
        ]


def _only(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


async def test_marked_people_are_copied_in_whatever_order_they_stand(copied: list[str]) -> None:
    async with running(COUNTS) as browser:
        pane = await open_people(browser, whole=True)
        await browser.press("space", "j", "space")
        ids = [one for one in persons(browser) if one]
        await browser.says("y copy 2 user ids")
        await browser.says("2 marked")
        await browser.press("y")
        await browser.until(lambda: copied == [f"{ids[0]}\n{ids[2]}\n"])
        await browser.press("s", "2")
        await browser.until(lambda: pane.people and pane.people.status.order.value == "faces")
        await browser.press("y")
        await browser.until(lambda: copied[1:])
        assert sorted(copied[1].split()) == sorted([ids[0], ids[2]])
        await browser.press("U")
        assert browser.message == "2 rows unmarked."
        await browser.press("y")
        person = pane.sheet.current()
        assert person is not None
        await browser.until(lambda: copied[2:] == [person.user_id])


async def test_a_range_of_people_reaches_over_what_was_looked_up(copied: list[str]) -> None:
    async with running(COUNTS) as browser:
        pane = await open_people(browser, whole=True)
        await browser.press("j", "v")
        await browser.says("v mark to here  esc no range")
        await browser.press("G")
        await browser.until(pane.sheet.current)
        await browser.press("v")
        ids = persons(browser)
        await browser.until(lambda: browser.message == f"{len(ids) - 1:,} rows marked")
        await browser.press("y")
        await browser.until(lambda: copied)
        assert copied[0].split("\n") == [*sorted(filter(None, ids), key=str.encode)[1:], "", ""]


async def test_a_range_is_forgotten_and_too_many_marks_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("fs_tui.tui.browser.sheet._MOST", 5)
    async with running(COUNTS) as browser:
        pane = await open_people(browser, whole=True)
        await browser.press("v", "j", "escape", "v", "G")
        await browser.until(pane.sheet.current)
        await browser.press("v")
        await browser.says("No more than 5 rows can be marked")
        assert not pane.sheet.marked
        await browser.press("g")
        await browser.until(pane.sheet.current)
        await browser.press(*["space"] * 6)
        await browser.says("No more than 5 rows can be marked")
        assert len(pane.sheet.marked) == 5
        assert pane.display


async def test_the_copy_menu_of_a_view_offers_what_commands_write(copied: list[str]) -> None:
    async with running(COUNTS) as browser:
        await open_people(browser, whole=True)
        user_id, faces = next((one, many) for one, many in persons(browser).items() if one)
        await browser.until(lambda: browser.fields["faces"] == str(faces))
        await browser.press("Y")
        await browser.until(lambda: isinstance(browser.app.screen, CopyMenu))
        await browser.press("2")
        await browser.until(lambda: copied)
        row = json.loads(copied[0])
        assert list(row) == ["user_id", "faces", "first_added", "last_added"]
        assert (row["user_id"], row["faces"]) == (user_id, faces)


async def test_people_are_exported_whole_after_the_rest_was_loaded(folder: Path) -> None:
    async with running(COUNTS) as browser:
        pane = await open_people(browser, whole=False)
        path = await export(browser, folder, "down")
        assert path.name.startswith("first-people-all-")
        rows = rows_of(path)
        truth = persons(browser)
        assert {row["user_id"]: int(row["faces"]) for row in rows} == truth
        assert rows[-1]["user_id"] == ""
        assert "at least" not in browser.message
        assert not pane.caveat


async def test_people_of_a_part_are_exported_as_at_least(folder: Path) -> None:
    async with running(COUNTS) as browser:
        await open_people(browser, whole=False)
        path = await export(browser, folder)
        assert path.name.startswith("first-people-loaded-")
        rows = rows_of(path)
        assert {row["user_id"]: int(row["faces"]) for row in rows} == persons(browser, last=100)
        assert "every number is 'at least'" in browser.message


async def test_people_of_a_library_that_is_not_listed_whole_are_no_whole_file(
    folder: Path,
) -> None:
    async with running(COUNTS) as browser:
        browser.faults.max_start = 500
        await open_people(browser, whole=False)
        path = await export(browser, folder, "down")
        assert path.name.endswith(".partial")
        # Why the listing ends was said before, and does not take the place of these words.
        await browser.until(lambda: not browser.listing._notifier.pending)
        assert "The export stopped" in browser.message


async def test_hits_are_marked_and_exported_with_their_libraries(
    folder: Path, copied: list[str]
) -> None:
    async with running(COUNTS) as browser:
        await browser.enter_faces()
        await browser.press("f")
        browser.at_once("dewi\r")
        await browser.says(" libraries, read ")
        pane = browser.screen.query_one(FindPane)
        wanted = [
            (group_id, row[0])
            for group_id in COUNTS
            for row in browser.service.population[group_id].rows(1, 10_000)
            if "dewi" in row[2].casefold()
        ]
        await browser.press("space", "space")
        await browser.says("y copy 2 tokens")
        await browser.press("y")
        await browser.until(lambda: copied == ["".join(f"{token}\n" for _, token in wanted[:2])])
        path = await export(browser, folder, "down")
        rows = rows_of(path)
        assert [(row["group_id"], row["face_token"]) for row in rows] == wanted
        assert set(rows[0]) == {"group_id", "face_token", "user_id", "user_data", "add_time"}
        assert browser.message.startswith(f"Exported {len(wanted):,} faces (filtered)")
        await browser.press("f")
        browser.at_once("nobody-has-this\r")
        await browser.says("none in 2 libraries, read ")
        assert not pane.sheet.marked


async def test_more_hits_than_are_kept_are_said_to_be_more(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fs_tui.tui.browser.find_pane._MOST_HITS", 1000)
    async with running({"first": 5000, "second": 120}) as browser:
        await browser.enter_faces()
        await browser.press("f")
        browser.at_once("a\r")
        pane: ViewPane = browser.screen.query_one(FindPane)
        await browser.until(lambda: "incomplete: more than the 1,000 hits" in pane.status.summary)
        assert "second was not searched" in pane.status.summary
        await export(browser, folder)
        assert "the search is not complete" in browser.message


async def test_periods_are_exported_as_stats_writes_them(folder: Path) -> None:
    async with running(COUNTS) as browser:
        await browser.enter_faces()
        await browser.press("a")
        await browser.until(lambda: browser.listing.status.complete)
        await browser.press("t")
        pane = browser.screen.query_one(GrowthPane)
        await browser.until(lambda: pane.table.row_count and not pane.caveat)
        path = await export(browser, folder, "tab", "right")
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        assert list(rows[0]) == ["group_id", "period", "faces", "persons", "zone"]
        assert sum(row["faces"] for row in rows) == 1500
        assert rows[0]["period"] == "2025-03-01"
        assert {row["zone"] for row in rows} == {"UTC"}


async def test_what_is_copied_and_exported_is_whole_behind_the_mask(copied: list[str]) -> None:
    async with running(COUNTS) as browser:
        await open_people(browser, whole=True)
        await browser.press("M", "y")
        ids = [one for one in persons(browser) if one]
        await browser.until(lambda: copied == [ids[0]])
        assert ids[0] not in browser.text
        await browser.press("Y")
        await browser.says("Copy (not masked)")
        assert ids[0] not in browser.text
        await browser.press("escape", "E")
        await browser.says("The screen is masked. The file is not")
