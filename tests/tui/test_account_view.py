"""All libraries, counted: beside what the sandbox holds, and never more than was proven."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from fs_tui.tui.browser.account_pane import AccountPane
from fs_tui.tui.dialogs.export import ExportDialog
from tests.tui.browser import Browser, running

if TYPE_CHECKING:
    from pathlib import Path

    from fs_tui.sandbox.service import Service

pytestmark = pytest.mark.usefixtures("utc")

COUNTS = {"first": 1500, "second": 120, "none": 0, "large": 60_000}


async def open_account(browser: Browser) -> AccountPane:
    """Show all libraries, and wait until each was counted."""
    await browser.enter_faces()
    await browser.press("A")
    pane = browser.screen.query_one(AccountPane)
    await browser.until(lambda: " · counted " in pane.status.summary)
    return pane


def shown(pane: AccountPane) -> dict[str, tuple[str, str]]:
    """Number and note of each library."""
    rows = pane.sheet.rows(0, pane.sheet.row_count())
    return {row.cells[0]: (row.cells[1].strip(), row.cells[2]) for row in rows if row is not None}


async def test_all_libraries_are_counted_without_being_read() -> None:
    async with running(COUNTS) as browser:
        pane = await open_account(browser)
        assert shown(pane) == {name: (f"{number:,}", "all") for name, number in COUNTS.items()}
        assert pane.status.summary.startswith(
            "4 of 10 libraries; 61,620 faces, of 5,000,000 (the documents do not say whether"
        )
        assert browser.asked("list") < 100
        asked = browser.asked("list")
        assert pane.table.cursor_row == 0
        await browser.press("escape", "A")
        await browser.settle()
        assert browser.asked("list") == asked
        await browser.press("r")
        await browser.until(lambda: browser.asked("list") > asked)
        await browser.until(lambda: " · counted " in pane.status.summary)


async def test_enter_opens_the_library_and_esc_leads_back() -> None:
    async with running(COUNTS) as browser:
        pane = await open_account(browser)
        await browser.press("j")
        await browser.until(lambda: browser.fields["id"] == "second")
        await browser.press("enter")
        await browser.until(lambda: browser.pane.group_id == "second" and browser.token)
        # While something is on its way, esc is for that.
        await browser.until(lambda: not browser.pane.reloader.busy)
        await browser.press("escape")
        await browser.until(lambda: pane.display and pane.table.has_focus)
        assert pane.table.cursor_row == 1
        await browser.press("escape")
        await browser.until(lambda: browser.pane.display)
        await browser.press("]")
        await browser.until(lambda: pane.display and not browser.pane.display)


def _refuses_above_1000(service: Service) -> None:
    service.faults.max_start = 1000
    service.faults.page_cap = 100


async def test_what_is_not_listed_whole_is_at_least() -> None:
    async with running(COUNTS, prepare=_refuses_above_1000) as browser:
        pane = await open_account(browser)
        number, note = shown(pane)["large"]
        assert int(number.replace(",", "")) <= 60_000
        assert note.startswith("at least: ")
        assert shown(pane)["second"] == ("120", "all")
        assert "libraries; at least " in pane.status.summary


async def test_a_library_that_cannot_be_counted_leaves_out_no_other() -> None:
    async with running(COUNTS) as browser:
        await browser.shows("first")
        browser.service.population.forget("second")
        pane = await open_account(browser)
        number, note = shown(pane)["second"]
        assert (number, note.startswith("not counted: ")) == ("", True)
        assert shown(pane)["large"] == ("60,000", "all")
        assert "libraries; at least 61,500 faces" in pane.status.summary


async def test_counting_is_stopped_and_says_at_least() -> None:
    async with running(COUNTS) as browser:
        await browser.enter_faces()
        browser.faults.fail("hold", "list", times=None)
        await browser.press("A")
        pane = browser.screen.query_one(AccountPane)
        await browser.until(lambda: "counting first · x stops" in pane.status.summary)
        await browser.press("x")
        await browser.until(lambda: "counting" not in pane.status.summary)
        assert "4 of 10 libraries; at least 0 faces" in pane.status.summary
        assert shown(pane)["large"] == ("", "")


async def test_the_libraries_are_exported_as_stats_writes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with running(COUNTS) as browser:
        await open_account(browser)
        await browser.press("E")
        await browser.until(lambda: isinstance(browser.app.screen, ExportDialog))
        await browser.press("enter")
        await browser.until(lambda: browser.message.startswith("Exported 4 libraries (all) to "))
        rows = _rows(tmp_path)
        assert [(row["group_id"], row["faces"], row["complete"]) for row in rows] == [
            (name, str(number), "yes") for name, number in COUNTS.items()
        ]


def _rows(folder: Path) -> list[dict[str, str]]:
    (path,) = folder.iterdir()
    with path.open(newline="") as file:
        return list(csv.DictReader(file))
