"""A picture of each state of the browser: two sizes, the smallest ones, and the themes."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from textual.widgets import Input

from fs_tui.models import RetryWait
from fs_tui.sandbox.population import CAMPUS, CLINIC, EMPTY, PILOT, TRIO, Population
from fs_tui.sandbox.service import build_app
from fs_tui.tui.browser import inspector, navigator, waits
from fs_tui.tui.browser.faces_pane import FacesPane
from fs_tui.tui.options import BrowserOptions
from tests.tui.browser import Browser, make_app

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from textual.pilot import Pilot

    from fs_tui.sandbox.service import Service

LIBRARIES: Mapping[str, int] = {CLINIC: 2500, EMPTY: 0, TRIO: 3, PILOT: 100, CAMPUS: 250_000}


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show local times as UTC, wherever the tests run."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


async def sidebar(browser: Browser) -> None:
    """Where one begins."""
    await browser.until(lambda: browser.detail.card.mark)


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
    await browser.until(lambda: browser.pane.position == LIBRARIES[CLINIC])
    await confirmed(browser)


async def bounded(browser: Browser) -> None:
    """The service lists no further."""
    browser.faults.max_start = 101
    await faces(browser)
    await browser.press("G")
    await browser.until(lambda: browser.listing.status.limit_position)
    await browser.until(lambda: browser.pane.position == browser.listing.status.limit_position)
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
        browser.screen.show_wait(wait, 8.0)
    browser.screen._waits.clear()


async def offline(browser: Browser) -> None:
    """The service is away, the clock is off as well; the rows stay."""
    await faces(browser)
    browser.screen.badge("offline", "offline since 12:00:00")
    browser.screen.badge("clock", "clock 93 s behind")


async def empty_library(browser: Browser) -> None:
    """A library without faces."""
    await sidebar(browser)
    await browser.press("j", "enter")
    await browser.until(lambda: browser.listing.status.complete)
    await browser.until(lambda: browser.detail.card.mark)
    await browser.settle()


async def nothing(browser: Browser) -> None:
    """An account without libraries."""
    await browser.until(lambda: "No libraries yet" in browser.truth)


async def refused(browser: Browser) -> None:
    """Nothing can be listed."""
    await browser.until(lambda: browser.app.errors)
    await browser.settle()


def _no_libraries(service: Service) -> None:
    for library in service.population:
        service.population.forget(library.group_id)


def _refuse(service: Service) -> None:
    service.faults.fail("error", code="AUTHENTICATION_ERROR", times=None)


def _nothing(_service: Service) -> None:
    """Leave the sandbox as it is."""


@dataclass(frozen=True)
class State:
    """What brings the browser where it is to be seen."""

    reach: Callable[[Browser], Awaitable[None]]
    prepare: Callable[[Service], None] = field(default=_nothing)


STATES = {
    "sidebar": State(sidebar),
    "faces": State(faces),
    "filtered": State(filtered),
    "filter_error": State(filter_error),
    "ordered": State(ordered),
    "marked": State(marked),
    "paused": State(paused),
    "end": State(end),
    "bounded": State(bounded),
    "failed_page": State(failed_page),
    "failed_look_up": State(failed_look_up),
    "waiting": State(waiting),
    "offline": State(offline),
    "empty_library": State(empty_library),
    "no_libraries": State(nothing, _no_libraries),
    "refused": State(refused, _refuse),
}


def all_told(browser: Browser) -> bool:
    """Whether the pane has heard of everything that its listing knows."""
    return browser.pane.listing is None or not browser.listing._notifier.pending


@pytest.fixture
def compare(snap_compare: Callable[..., bool]) -> Callable[..., bool]:
    """Compare a state in a size and a theme with its picture."""

    def compared(
        state: State, size: tuple[int, int], theme: str = "", *, read_only: bool = False
    ) -> bool:
        service = build_app(Population(LIBRARIES))
        state.prepare(service)
        options = BrowserOptions(theme=theme, read_only=read_only, clipboard="off")
        app = make_app(service, options)

        async def reach(pilot: Pilot[Any]) -> None:  # an App's result does not matter
            browser = Browser(app, pilot, service)
            await browser.until(lambda: app.screen_stack and browser.screen.query(FacesPane))
            await state.reach(browser)
            await browser.until(lambda: all_told(browser))
            await browser.settle()

        with (
            patch.object(navigator, "_LIBRARY_REST", 0.01),
            patch.object(inspector, "_FACE_REST", 0.01),
        ):
            return snap_compare(app, terminal_size=size, run_before=reach)

    return compared


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["120x36", "80x24"])
def test_state(compare: Callable[..., bool], name: str, size: tuple[int, int]) -> None:
    assert compare(STATES[name], size)


@pytest.mark.parametrize("name", ["sidebar", "filtered", "failed_page"])
def test_smallest(compare: Callable[..., bool], name: str) -> None:
    assert compare(STATES[name], (60, 16))


def test_too_small(compare: Callable[..., bool]) -> None:
    assert compare(STATES["sidebar"], (50, 10))


def test_widest(compare: Callable[..., bool]) -> None:
    assert compare(STATES["faces"], (200, 60), read_only=True)


@pytest.mark.parametrize("theme", ["textual-light", "ansi-dark", "ansi-light", "high-contrast"])
def test_theme(compare: Callable[..., bool], theme: str) -> None:
    assert compare(STATES["marked"], (80, 24), theme)


def test_without_colour(compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert compare(STATES["marked"], (80, 24))
