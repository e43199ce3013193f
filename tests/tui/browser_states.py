"""The states of the browser: how a person comes there, and what is on screen then."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unittest.mock import patch

from textual.widgets import Input

from fs_tui.models import RetryWait
from fs_tui.sandbox.population import CAMPUS, CLINIC, EMPTY, PILOT, TRIO
from fs_tui.tui.browser import waits
from fs_tui.tui.browser.account_pane import AccountPane
from fs_tui.tui.browser.detail import Detail
from fs_tui.tui.browser.faces_pane import FacesPane
from fs_tui.tui.browser.filterbar import FilterBar
from fs_tui.tui.browser.find_pane import FindPane
from fs_tui.tui.browser.growth_pane import GrowthPane
from fs_tui.tui.browser.keyhints import KeyHints
from fs_tui.tui.browser.people_pane import PeoplePane
from fs_tui.tui.browser.sidebar import Sidebar
from fs_tui.tui.browser.statusline import StatusLine
from fs_tui.tui.browser.titlebar import TitleBar
from fs_tui.tui.table.paged_table import PagedDataTable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from textual.widget import Widget

    from fs_tui.sandbox.service import Service
    from tests.tui.browser import Browser

__all__ = ["LIBRARIES", "STATES", "State"]

LIBRARIES: Mapping[str, int] = {CLINIC: 2500, EMPTY: 0, TRIO: 3, PILOT: 100, CAMPUS: 250_000}


async def sidebar(browser: Browser) -> None:
    """Where one begins."""
    await browser.until(lambda: browser.detail.card.mark and browser.fields["persons"])


async def faces(browser: Browser) -> None:
    """In the rows, with a confirmed face."""
    await browser.enter_faces(CLINIC)
    await browser.press("j", "j")
    await browser.until(lambda: browser.detail.card.mark and browser.fields["position"] == "3")


async def filtered(browser: Browser) -> None:
    """A filter is typed and has hits."""
    await faces(browser)
    await browser.press("slash")
    browser.filterbar.query_one(Input).value = "goh"
    await browser.until(lambda: browser.listing.status.view.filter_text == "goh")
    await browser.until(lambda: not browser.listing.status.view.working)
    await browser.says("7 hits in 100 loaded")
    await browser.until(lambda: browser.fields["position"] == "10")
    await confirmed(browser)


async def confirmed(browser: Browser) -> None:
    """The details are those of the row, and confirmed."""
    await browser.until(
        lambda: browser.fields.get("token") == browser.token and browser.detail.card.mark
    )


async def filter_error(browser: Browser) -> None:
    """A filter that cannot be read."""
    await faces(browser)
    await browser.press("slash")
    browser.filterbar.query_one(Input).value = "after:2026-13"
    await browser.until(lambda: browser.filterbar.has_class("-wrong"))
    await confirmed(browser)


async def ordered(browser: Browser) -> None:
    """By user, the last ones first."""
    await faces(browser)
    await browser.press("s", "j", "j", "j", "enter")
    await browser.until(lambda: browser.listing.status.view.order.descending)
    await browser.until(lambda: not browser.listing.status.view.working)
    await browser.settle()
    await confirmed(browser)


async def marked(browser: Browser) -> None:
    """Some rows are marked, and a range is begun."""
    await faces(browser)
    await browser.press("space", "space", "j", "space", "v")
    await confirmed(browser)


async def paused(browser: Browser) -> None:
    """A scan rests; how far it came is known."""
    await faces(browser)
    await browser.press("G")
    await browser.until(lambda: browser.listing.status.total)
    await browser.press("g")
    await browser.settle()
    await browser.until(lambda: browser.listing.status.in_flight == 0)
    await browser.settle()
    browser.faults.fail("hold", "list", times=None)
    await browser.press("a")
    await browser.until(lambda: browser.faults.held)
    await browser.press("a")
    await browser.until(lambda: "paused" in browser.truth)
    await confirmed(browser)


async def end(browser: Browser) -> None:
    """The proven end."""
    await faces(browser)
    await browser.press("G")
    await browser.until(lambda: browser.cursor.position == LIBRARIES[CLINIC])
    await confirmed(browser)


async def bounded(browser: Browser) -> None:
    """The service lists no further."""
    browser.faults.max_start = 101
    await faces(browser)
    await browser.press("G")
    await browser.until(lambda: browser.listing.status.limit_position)
    await browser.until(lambda: browser.cursor.position == browser.listing.status.limit_position)
    await confirmed(browser)


async def failed_page(browser: Browser) -> None:
    """A further page failed: rows and cursor stay."""
    await faces(browser)
    browser.faults.fail("error", "list", code="AUTHORIZATION_ERROR:LIMIT_REACHED", times=None)
    browser.at_once("150G")
    await browser.until(lambda: browser.listing.status.stopped)
    await browser.settle()


async def failed_look_up(browser: Browser) -> None:
    """face_info failed."""
    browser.faults.fail("error", "face_info", code="INTERNAL_ERROR", times=None)
    await browser.enter_faces(CLINIC)
    await browser.until(lambda: browser.detail.card.error)
    await browser.settle()


async def waiting(browser: Browser) -> None:
    """A call is tried again in a while."""
    await faces(browser)
    wait = RetryWait("list", CLINIC, 2, 8.0, "The account's request limit is reached")
    with patch.object(waits, "monotonic", lambda: 0.0):
        browser.screen._waits.note(wait)
    browser.screen._waits.clear()


async def offline(browser: Browser) -> None:
    """The service is away, the clock is off as well; the rows stay."""
    await faces(browser)
    browser.screen._titlebar.badge("offline", "offline since 12:00:00")
    browser.screen._titlebar.badge("clock", "clock 93 s behind")


async def empty_library(browser: Browser) -> None:
    """A library without faces."""
    await sidebar(browser)
    await browser.press("j", "enter")
    await browser.until(lambda: browser.listing.status.complete)
    await browser.until(lambda: browser.detail.card.mark)
    await browser.settle()


async def nothing(browser: Browser) -> None:
    """An account without libraries."""
    await browser.until(lambda: "No libraries yet" in browser.text)


async def refused(browser: Browser) -> None:
    """Nothing can be listed."""
    await browser.until(lambda: browser.errors)
    await browser.settle()


async def people(browser: Browser) -> None:
    """The people of a whole library, those with the most faces first."""
    await faces(browser)
    await browser.press("a")
    await browser.until(lambda: browser.listing.status.complete)
    await browser.press("p", "s", "2")
    await browser.says("1,518 persons · all 2,500 faces loaded")
    await browser.until(lambda: "kiosk-test" in browser.fields["user id"])


async def growth(browser: Browser) -> None:
    """The months of a whole library."""
    await people(browser)
    await browser.press("t")
    await browser.says("2,500 faces by month")
    await browser.until(lambda: browser.fields["period"] == "2025-07")


async def found(browser: Browser) -> None:
    """A token that one library has."""
    await faces(browser)
    token = browser.token
    await browser.press("f")
    browser.at_once(f"token:={token}\r")
    await browser.says("asked")
    await browser.until(lambda: "not known" in browser.fields["position"])
    await confirmed(browser)


async def account(browser: Browser) -> None:
    """How many faces all libraries have."""
    await faces(browser)
    await browser.press("A")
    pane = browser.screen.query_one(AccountPane)
    await browser.until(lambda: " · counted " in pane.status.summary)
    await browser.until(lambda: browser.fields["id"] == "clinic_2500")


def _no_libraries(service: Service) -> None:
    for library in service.population:
        service.population.forget(library.group_id)


def _refuse(service: Service) -> None:
    service.faults.fail("error", code="AUTHENTICATION_ERROR", times=None)


def _nothing(_service: Service) -> None:
    """Leave the sandbox as it is."""


@dataclass(frozen=True)
class State:
    """What brings the browser where it is to be seen.

    Attributes:
        reach: Plays a person.
        says: What is on screen then, by the widget that shows it, in every size.
        prepare: Is given the sandbox before.
    """

    reach: Callable[[Browser], Awaitable[None]]
    says: Mapping[type[Widget], tuple[str, ...]]
    prepare: Callable[[Service], None] = field(default=_nothing)


STATES = {
    "sidebar": State(
        sidebar,
        {
            TitleBar: ("fs-tui sandbox.invalid", "clinic_2500 · 100+"),
            Sidebar: (
                "Clinic Novena 100+ clinic_2500",
                "Pilot group pilot-100",
                "campus%east&west",
            ),
            FacesPane: (
                "Faces of clinic_2500",
                "▏ 1 +65800000000",
                "100 faces loaded, more may exist",
            ),
            Detail: ("id clinic_2500", "✓ confirmed by group_info", "persons at least 82"),
            KeyHints: ("enter open / filter",),
        },
    ),
    "faces": State(
        faces,
        {
            PagedDataTable: ("▌ 3 +65806364137 Elif Brandão", "699adf9b"),
            Detail: ("position 3", "699adf9bdfcf2720675d326c26fc3c1e", "✓ confirmed by face_info"),
        },
    ),
    "people": State(
        people,
        {
            PeoplePane: (
                "People of clinic_2500",
                "User id Faces ▼ First added",
                "▌ 1 kiosk-test 25 2025-03-04",
                "1,518 persons · all 2,500 faces loaded",
            ),
            Detail: ("Person", "user id kiosk-test", "faces 25"),
            KeyHints: ("enter faces s order esc back",),
        },
    ),
    "growth": State(
        growth,
        {
            GrowthPane: ("Growth of clinic_2500", "1 2025-03 640 408 █", "5 2025-07 68 61 "),
            Detail: ("Period", "faces 68 (2.7% of 2,500)", "persons 61"),
            KeyHints: ("enter faces + shorter - longer esc back",),
        },
    ),
    "found": State(
        found,
        {
            FindPane: (
                "Find in all libraries",
                "▌ 1 clinic_2500 ",
                "1 face in 1 of 5 libraries, asked",
            ),
            Detail: ("699adf9bdfcf2720675d326c26fc3c1e",),
            KeyHints: ("enter open / search esc back",),
        },
    ),
    "account": State(
        account,
        {
            AccountPane: (
                "All libraries",
                "▌ 1 clinic_2500 2,500 all Clinic Novena",
                "5 of 10 libraries;",
                "of 5,000,000 (the documents do not say",
            ),
            KeyHints: ("enter open esc back r count again",),
        },
    ),
    "filtered": State(
        filtered,
        {
            FilterBar: ("/ goh", "7 hits in 100 loaded"),
            PagedDataTable: ("▏ 10 +65808184822 Elif Goh", "25 +65805462055 Benoît Goh"),
            Detail: ("position 10", "Elif Goh"),
        },
    ),
    "filter_error": State(
        filter_error,
        {
            FilterBar: ('/ after:2026-13 ✗ "2026-13" is not a time: write 2026-02-01',),
            PagedDataTable: ("▏ 3 +65806364137",),
        },
    ),
    "ordered": State(
        ordered,
        {
            PagedDataTable: ("User id ▼", "▌ 51 kiosk-test"),
            StatusLine: ("100 faces loaded, more may exist · ordered: loaded only",),
            Detail: ("position 51", "kiosk-test"),
        },
    ),
    "marked": State(
        marked,
        {
            PagedDataTable: ("• 3 ", "• 4 ", " 5 ", "• 6 ", "▌┆ 7 "),
            StatusLine: ("· 3 marked",),
            KeyHints: ("… range from row 7 v mark to here esc no range",),
            Detail: ("position 7", "user id —"),
        },
    ),
    "paused": State(
        paused,
        {
            StatusLine: ("░ 18% · 455 of 2,500 faces loaded · loading everything: paused",),
            PagedDataTable: ("▌ 1 +65800000000",),
        },
    ),
    "end": State(
        end,
        {
            PagedDataTable: ("f1e4e1d2", "▌ 2,500 ", "d807935"),
            StatusLine: ("455 of 2,500 faces loaded",),
            Detail: ("position 2,500",),
        },
    ),
    "bounded": State(
        bounded,
        {
            PagedDataTable: ("▌ 1,100 ", "90c60c9"),
            StatusLine: (
                "1,100 faces loaded · incomplete: the service lists no further than face 1,100",
            ),
            KeyHints: ("✗ Use another tool of the service for the rest.",),
        },
    ),
    "failed_page": State(
        failed_page,
        {
            PagedDataTable: ("▌ 3 +65806364137",),
            StatusLine: (
                "100 faces loaded · incomplete: the service does not allow this · r tries again",
            ),
            KeyHints: ("✗ AUTHORIZATION_ERROR:LIMIT_REACHED — The account's",),
        },
    ),
    "failed_look_up": State(
        failed_look_up,
        {
            Detail: ("✗ The service failed: INTERNAL_ERROR — Try again in a moment. position 1",),
            KeyHints: ("✗ The service failed: INTERNAL_ERROR",),
        },
    ),
    "waiting": State(
        waiting,
        {
            KeyHints: ("… The account's request limit is reached; again in 8 s, x stops",),
        },
    ),
    "offline": State(
        offline,
        {
            TitleBar: ("offline since 12:00:00 clock 93 s behind",),
            PagedDataTable: ("▌ 3 +65806364137",),
        },
    ),
    "empty_library": State(
        empty_library,
        {
            FacesPane: ("Faces of visitors_2027", "no faces: the library is empty"),
            Detail: ("Opens in January", "✓ confirmed by group_info"),
        },
    ),
    "no_libraries": State(
        nothing,
        {FacesPane: ("No libraries yet: press n to create the first one.",)},
        _no_libraries,
    ),
    "refused": State(
        refused,
        {
            KeyHints: ("✗ The key or the secret is wrong: AUTHENTICATION_ERROR",),
        },
        _refuse,
    ),
}
