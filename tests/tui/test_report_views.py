"""People and growth in the browser, beside what plain Python counts in the same population."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from fs_tui.tui.browser.growth_pane import GrowthPane
from fs_tui.tui.browser.people_pane import PeoplePane
from fs_tui.tui.dialogs.confirm import Confirm
from tests.tui.browser import Browser, running

if TYPE_CHECKING:
    from fs_tui.sandbox.service import Service
    from fs_tui.tui.browser.report_pane import ReportPane

pytestmark = pytest.mark.usefixtures("utc")

COUNTS = {"first": 1500, "second": 120, "none": 0}


def faces_of(browser: Browser, group_id: str = "first") -> list[tuple[str, str, str, int]]:
    """Token, user id, data and time of all faces of a library."""
    return [
        (row[0], row[1], row[2], row[3] or 0)
        for row in browser.service.population[group_id].rows(1, 1_000_000)
    ]


def people_truth(browser: Browser) -> dict[str, list[int]]:
    """The times of each user id's faces."""
    people: defaultdict[str, list[int]] = defaultdict(list)
    for _, user_id, _, added in faces_of(browser):
        people[user_id].append(added)
    return people


def people_pane(browser: Browser) -> PeoplePane:
    """The view."""
    return browser.screen.query_one(PeoplePane)


def growth_pane(browser: Browser) -> GrowthPane:
    """The view."""
    return browser.screen.query_one(GrowthPane)


def said(pane: ReportPane) -> str:
    """What its status line says."""
    return pane.status.render().plain


def ids(browser: Browser) -> list[str]:
    """The user ids of the rows on screen, as far as they were looked up."""
    people = people_pane(browser).people
    assert people is not None
    return [row.user_id for row in people.rows(0, min(20, people.row_count())) if row is not None]


async def all_loaded(browser: Browser) -> None:
    """Load the whole library."""
    await browser.press("a")
    await browser.until(lambda: browser.listing.status.complete)


async def open_people(browser: Browser) -> PeoplePane:
    """Show the people, and wait for them."""
    await browser.press("p")
    pane = people_pane(browser)
    await browser.until(lambda: pane.people is not None and stands(pane))
    return pane


def stands(pane: ReportPane) -> bool:
    """Whether all that is loaded was counted."""
    assert pane.people is not None
    assert pane.listing is not None
    status = pane.people.status
    return (
        status.counted and status.percent is None and status.covered == pane.listing.status.loaded
    )


async def test_people_are_those_that_plain_python_counts() -> None:
    async with running(COUNTS) as browser:
        await browser.enter_faces()
        await all_loaded(browser)
        pane = await open_people(browser)
        truth = people_truth(browser)
        persons = sorted(user_id for user_id in truth if user_id)
        assert pane.people is not None
        people = pane.people
        await browser.until(lambda: people.status.whole)
        assert people.status.persons == len(persons)
        await browser.until(lambda: ids(browser) == persons[:20])
        await browser.until(lambda: said(pane).startswith(f"{len(persons):,} persons · all 1,500"))
        assert pane.table.has_focus
        await browser.press("s", "2")
        wanted = sorted(persons, key=lambda user_id: (-len(truth[user_id]), user_id))
        await browser.until(lambda: ids(browser) == wanted[:20])
        await browser.press("s", "4")
        wanted = sorted(persons, key=lambda user_id: (-max(truth[user_id]), user_id))
        await browser.until(lambda: ids(browser) == wanted[:20])


async def test_of_a_part_every_number_is_at_least_and_a_loads_the_rest() -> None:
    async with running(COUNTS) as browser:
        await browser.enter_faces()
        pane = await open_people(browser)
        await browser.until(lambda: "at least" in said(pane) and "a loads the rest" in said(pane))
        assert browser.asked("list") == 1
        await browser.press("a")
        await browser.until(lambda: "all 1,500 faces loaded" in said(pane))
        await browser.until(lambda: "at least" not in said(pane))


async def test_enter_shows_a_persons_faces_u_finds_them_again_and_esc_leads_back() -> None:
    async with running(COUNTS) as browser:
        await browser.enter_faces()
        await all_loaded(browser)
        pane = await open_people(browser)
        await browser.press("s", "2")
        truth = people_truth(browser)
        most = max((user_id for user_id in truth if user_id), key=lambda one: len(truth[one]))
        await browser.until(
            lambda: [len(truth[one]) for one in ids(browser)[:1]] == [len(truth[most])]
        )
        await browser.press("j")
        user_id = ids(browser)[1]
        await browser.until(lambda: browser.fields["user id"] == user_id)
        await browser.press("enter")
        await browser.until(
            lambda: browser.pane.display and browser.listing.row_count() == len(truth[user_id])
        )
        await browser.until(lambda: browser.token)
        subject = browser.cursor.subject
        assert subject.face is not None
        assert subject.face.user_id == user_id
        await browser.press("u")
        assert "f finds those in all libraries" in browser.message
        await browser.press("escape")
        assert pane.display
        assert pane.table.cursor_row == 1
        await browser.press("escape")
        await browser.until(lambda: browser.pane.display and browser.table.has_focus)
        assert browser.listing.status.view.filter_text == ""


async def test_u_shows_the_faces_of_the_person_and_esc_leads_back_to_the_face() -> None:
    async with running(COUNTS) as browser:
        await browser.enter_faces()
        await all_loaded(browser)
        there = next(
            place for place, row in enumerate(faces_of(browser), 1) if place > 6 and row[1]
        )
        await browser.press(*str(there), "G")
        await browser.until(lambda: browser.cursor.position == there)
        face = browser.cursor.subject.face
        assert face is not None
        await browser.press("u")
        others = [token for token, user_id, *_ in faces_of(browser) if user_id == face.user_id]
        await browser.until(lambda: browser.listing.row_count() == len(others))
        await browser.press("escape")
        await browser.until(lambda: browser.cursor.position == there)
        assert not browser.filterbar.is_open


async def test_faces_without_a_user_id_are_one_row_at_the_end_and_no_person() -> None:
    async with running(COUNTS) as browser:
        await browser.enter_faces()
        await all_loaded(browser)
        pane = await open_people(browser)
        await browser.press("G")
        nobody = sum(not user_id for _, user_id, *_ in faces_of(browser))
        assert nobody
        await browser.until(lambda: browser.fields["faces"] == f"{nobody:,}")
        assert "no person" in browser.text
        await browser.press("enter")
        await browser.until(lambda: browser.listing.row_count() == nobody)
        assert browser.filterbar.text == 'user:=""'
        await browser.press("escape")
        assert pane.display


async def test_people_are_filtered_and_by_how_many_faces_they_have() -> None:
    async with running(COUNTS) as browser:
        await browser.enter_faces()
        await all_loaded(browser)
        pane = await open_people(browser)
        await browser.press("-")
        truth = people_truth(browser)
        several = sorted(one for one, times in truth.items() if one and len(times) > 1)
        await browser.until(lambda: ids(browser) == several[:20])
        await browser.press("+")
        browser.at_once("/go\r")
        found = sorted(
            {
                row[1]
                for row in faces_of(browser)
                if row[1] and any("go" in str(field).casefold() for field in row[:3])
            }
        )
        await browser.until(lambda: ids(browser) == found[:20])
        await browser.press("escape")
        await browser.until(lambda: ids(browser) == sorted(filter(None, truth))[:20])
        assert pane.display


async def test_growth_is_what_plain_python_counts_and_enter_shows_the_faces_of_a_bar() -> None:
    async with running(COUNTS) as browser:
        await browser.enter_faces()
        await all_loaded(browser)
        await browser.press("t")
        pane = growth_pane(browser)
        await browser.until(lambda: "1,500 faces by month, UTC" in said(pane))
        for _ in range(3):
            await browser.press("-")
        await browser.until(lambda: pane.growth and pane.growth.step.value == "year")
        await browser.press("+")
        await browser.until(lambda: pane.growth and pane.growth.step.value == "month")
        faces = [
            (datetime.fromtimestamp(added / 1000, UTC).strftime("%Y-%m"), user_id)
            for _, user_id, _, added in faces_of(browser)
        ]
        months = Counter(month for month, _ in faces)
        shown = {
            period.first_day.strftime("%Y-%m"): (period.faces, period.persons)
            for period in pane.periods
            if period.faces
        }
        assert shown == {
            month: (number, len({user for when, user in faces if when == month and user}))
            for month, number in months.items()
        }
        await browser.until(lambda: "1,500 faces by month, UTC" in said(pane))
        await browser.press("g")
        month = pane.periods[0].first_day.strftime("%Y-%m")
        await browser.until(lambda: browser.fields["period"] == month)
        await browser.press("enter")
        await browser.until(lambda: browser.listing.row_count() == months[month])
        await browser.press("escape")
        assert pane.display
        assert pane.table.cursor_row == 0


async def test_steps_that_are_typed_together_are_all_taken() -> None:
    async with running(COUNTS) as browser:
        await browser.enter_faces()
        await browser.press("t")
        pane = growth_pane(browser)
        await browser.until(lambda: pane.growth)
        browser.at_once("----+++--")
        await browser.until(lambda: pane.growth and pane.growth.step.value == "month")
        browser.at_once("++")
        await browser.until(lambda: pane.growth and pane.growth.step.value == "day")


async def test_keys_for_longer_periods_wait_for_the_first_bars() -> None:
    async with running(COUNTS) as browser:
        await browser.enter_faces()
        browser.at_once("t--")
        await browser.says("faces by month")


async def test_the_bars_of_growth_follow_the_width_of_the_table() -> None:
    async with running(COUNTS, size=(120, 30)) as browser:
        await browser.enter_faces()
        await browser.press("t")
        pane = growth_pane(browser)
        await browser.until(lambda: pane.growth)
        for width in (100, 160, 120):
            await browser.pilot.resize_terminal(width, 30)
            await browser.until(
                lambda: pane.table.size.width and _longest_bar(pane) == pane.table.size.width - 41
            )


def _longest_bar(pane: GrowthPane) -> int:
    """Cells of the longest bar that is on screen."""
    rows = map(pane.table._window.remembered, pane.table.visible_rows)
    return max((len(row.cells[-1]) for row in rows if row is not None), default=0)


@pytest.mark.parametrize("key", ["p", "t"])
async def test_a_refused_start_leaves_every_number_at_least(key: str) -> None:
    def refuses(service: Service) -> None:
        service.faults.max_start = 1000
        service.faults.page_cap = 100

    async with running(COUNTS, prepare=refuses) as browser:
        await browser.enter_faces()
        await browser.press(key, "a")
        pane = people_pane(browser) if key == "p" else growth_pane(browser)
        await browser.until(lambda: "incomplete: the service lists no further" in said(pane))
        await browser.until(lambda: pane.people and pane.people.status.faces > 1000)
        await browser.until(lambda: browser.fields["faces"].startswith("at least "))
        await browser.until(lambda: said(pane).startswith("at least "))


@pytest.mark.parametrize("key", ["p", "t"])
async def test_a_library_that_changes_meanwhile_is_counted_at_least(key: str) -> None:
    async with running(COUNTS) as browser:
        await browser.enter_faces()
        browser.faults.deletion = 1
        await browser.press(key, "a")
        pane = people_pane(browser) if key == "p" else growth_pane(browser)
        await browser.until(lambda: "the library changed while it was read" in said(pane))
        await browser.until(lambda: said(pane).startswith("at least "))
        assert pane.caveat == "every number is 'at least'"


@pytest.mark.parametrize("change", ["growth", "insertion"])
@pytest.mark.parametrize("key", ["p", "t"])
async def test_what_comes_meanwhile_is_counted_too(key: str, change: str) -> None:
    async with running(COUNTS) as browser:
        await browser.enter_faces()
        setattr(browser.faults, change, 2)
        await browser.press(key, "a")
        pane = people_pane(browser) if key == "p" else growth_pane(browser)
        await browser.until(lambda: browser.listing.status.scan is None and stands(pane))
        assert pane.people is not None
        assert 1500 < pane.people.status.faces <= len(faces_of(browser))
        assert pane.people.status.whole is browser.listing.status.complete


@pytest.mark.parametrize("key", ["p", "t"])
async def test_a_service_that_caps_its_pages_is_counted_whole(key: str) -> None:
    async with running(COUNTS) as browser:
        browser.faults.page_cap = 100
        await browser.enter_faces()
        await browser.press(key, "a")
        pane = people_pane(browser) if key == "p" else growth_pane(browser)
        await browser.until(lambda: "all 1,500 faces loaded" in said(pane))
        await browser.until(lambda: not (said(pane).startswith("at least ") or pane.caveat))


async def test_much_loading_from_a_view_is_asked_for_first(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running({"first": 30_000}) as browser:
        await browser.enter_faces()
        monkeypatch.setattr("fs_tui.account.cost.MANY", 5)
        await browser.press("p", "a")
        await browser.until(lambda: isinstance(browser.app.screen, Confirm))
        await browser.press("n")
        await browser.settle()
        assert browser.listing.status.scan is None
        await browser.until(lambda: "a loads the rest: about " in said(people_pane(browser)))
        await browser.press("a", "y")
        await browser.until(lambda: browser.listing.status.complete)


async def test_what_was_read_last_is_counted_without_a_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("fs_tui.faces.reports.people._SHARE", 100_000)
    monkeypatch.setattr("fs_tui.tui.browser.pace._SHARE", 100_000)
    async with running({"first": 9_500}) as browser:
        await browser.enter_faces()
        await browser.press("t", "a")
        await browser.until(lambda: said(growth_pane(browser)).startswith("9,500 faces by month"))
        await browser.press("p")
        await browser.until(lambda: "at least" not in said(people_pane(browser)))


async def test_to_follow_the_end_shows_the_faces_and_esc_leads_back_to_the_view() -> None:
    async with running(COUNTS) as browser:
        await browser.enter_faces()
        await all_loaded(browser)
        pane = await open_people(browser)
        await browser.press("F")
        await browser.until(lambda: browser.pane.display and browser.table.has_focus)
        await browser.until(lambda: "ollowing the end" in browser.message)
        assert not pane.display
        await browser.press("escape")
        await browser.until(lambda: "ollowing the end" not in browser.message)
        await browser.until(lambda: not browser.pane.reloader.busy)
        await browser.press("escape")
        await browser.until(lambda: pane.display and pane.table.has_focus)


async def test_another_library_keeps_the_view() -> None:
    async with running(COUNTS) as browser:
        await browser.enter_faces()
        pane = await open_people(browser)
        await browser.press("shift+tab", "j")
        await browser.until(lambda: pane.listing and pane.listing.group_id == "second")
        assert pane.display
        truth = {user_id for _, user_id, *_ in faces_of(browser, "second")[:100] if user_id}
        await browser.until(lambda: pane.people and pane.people.status.persons == len(truth))
        await browser.press("enter")
        await browser.until(lambda: browser.pane.display and browser.table.has_focus)


async def test_the_librarys_card_sums_up_what_plain_python_counts() -> None:
    async with running(COUNTS) as browser:
        await browser.shows("first")
        await browser.until(lambda: browser.fields["faces"] == "at least 100")
        for label in ("persons", "without"):
            assert browser.fields[label].startswith("at least ")
        for label in ("each has", "first", "last"):
            assert browser.fields[label].startswith("so far ")
        await browser.press("a")
        await browser.until(lambda: browser.fields["faces"] == "1,500")
        faces = faces_of(browser)
        people = people_truth(browser)
        without = len(people.pop(""))
        each = Counter(min(len(times), 10) for times in people.values())
        assert browser.fields["persons"] == f"{len(people):,}"
        assert browser.fields["each has"].startswith(f"1: {each[1]:,} · 2: {each[2]:,} · 3: ")
        no_data = sum(not data for _, _, data, _ in faces)
        assert browser.fields["without"] == f"user id {without:,} · data {no_data:,}"
        for label, when in (("first", min), ("last", max)):
            moment = datetime.fromtimestamp(when(added for *_, added in faces) / 1000, UTC)
            assert browser.fields[label] == moment.strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize("keys", ["p", "fgo\r"])
async def test_behind_a_mask_a_view_shows_the_last_three_signs_only(keys: str) -> None:
    async with running(COUNTS) as browser:
        await browser.enter_faces()
        browser.at_once(keys)
        await browser.until(lambda: browser.pane.display is False and "+658" in browser.text)
        await browser.press("M")
        await browser.until(lambda: "+658" not in browser.text)
