"""The browser's states in every size: pictures of each kind, the texts on screen for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fs_tui.sandbox.population import Population
from fs_tui.sandbox.service import build_app
from fs_tui.tui.browser import inspector, navigator
from fs_tui.tui.browser.detail import Detail
from fs_tui.tui.browser.faces_pane import FacesPane
from fs_tui.tui.options import BrowserOptions
from tests.tui.browser import Browser, make_app
from tests.tui.browser_states import LIBRARIES, STATES, State
from tests.tui.dialog_host import screen_text, shown_by

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from fs_tui.sandbox.service import Service
    from fs_tui.tui.app import FsTuiApp

WIDE, NARROW, SMALLEST = (120, 36), (80, 24), (60, 16)

# Of each kind one: of a layout, of what a pane can hold, of a sign, of a colour.
PICTURES = [
    *((WIDE, name) for name in ("faces", "filtered", "paused", "failed_page", "empty_library")),
    *(
        (NARROW, name)
        for name in (
            "sidebar",
            "faces",
            "filter_error",
            "ordered",
            "bounded",
            "failed_look_up",
            "offline",
            "refused",
        )
    ),
    (WIDE, "growth"),
    (NARROW, "people"),
    *((size, "faces") for size in ((40, 10), (100, 30), (160, 45))),
    (SMALLEST, "sidebar"),
    (SMALLEST, "failed_page"),
]
WORDS = [
    *((size, name) for size in (WIDE, NARROW) for name in STATES if (size, name) not in PICTURES),
    (SMALLEST, "filtered"),
]


def _named(value: object) -> str:
    return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)


pytestmark = pytest.mark.usefixtures("utc")


def all_told(browser: Browser) -> bool:
    """Whether the pane has heard of everything that its listing knows."""
    return browser.pane.listing is None or not browser.listing._notifier.pending


def charted(browser: Browser) -> bool:
    """Whether the chart has counted everything that its listing knows, and rests."""
    chart = browser.screen._chart
    if chart._listing is None:
        return True
    status, outline = chart._listing.status, chart._outlines.get(chart._listing.group_id)
    counted = outline is not None and outline.counted == outline._loaded
    seen = chart._seen[2:] == (status.loaded, status.complete)
    return counted and seen and not chart._paced._busy


async def reached(app: FsTuiApp, pilot: Pilot[Any], service: Service, state: State) -> None:
    """Bring a browser to a state, and let everything be drawn."""
    browser = Browser(app, pilot, service)
    await browser.until(lambda: app.screen_stack and browser.screen.query(FacesPane))
    await state.reach(browser)
    await browser.until(lambda: all_told(browser))
    await browser.settle()
    # What came while the chart was counted is counted after a rest.
    await browser.until(lambda: charted(browser))
    await browser.settle()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a cursor rest for a moment only before it counts."""
    monkeypatch.setattr(navigator, "_LIBRARY_REST", 0.01)
    monkeypatch.setattr(inspector, "_FACE_REST", 0.01)


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
        return snap_compare(
            app,
            terminal_size=size,
            run_before=lambda pilot: reached(app, pilot, service, state),
        )

    return compared


@pytest.mark.parametrize(("size", "name"), PICTURES, ids=_named)
def test_state(compare: Callable[..., bool], name: str, size: tuple[int, int]) -> None:
    assert compare(STATES[name], size)


@pytest.mark.parametrize(("size", "name"), WORDS, ids=_named)
async def test_a_state_says_what_it_is_in_every_size(name: str, size: tuple[int, int]) -> None:
    state = STATES[name]
    service = build_app(Population(LIBRARIES))
    state.prepare(service)
    app = make_app(service, BrowserOptions(clipboard="off"))
    async with app.run_test(size=size) as pilot:
        await reached(app, pilot, service, state)
        for kind, texts in state.says.items():
            if kind is Detail and size == SMALLEST:
                continue  # there is no room for all of it
            shown = shown_by(app.screen.query_one(kind))
            for text in texts:
                assert text in shown, screen_text(app)


def test_too_small(compare: Callable[..., bool]) -> None:
    assert compare(STATES["sidebar"], (39, 9))


def test_widest(compare: Callable[..., bool]) -> None:
    assert compare(STATES["faces"], (200, 50), read_only=True)


@pytest.mark.parametrize("theme", ["textual-light", "ansi-dark", "high-contrast"])
def test_theme(compare: Callable[..., bool], theme: str) -> None:
    assert compare(STATES["marked"], NARROW, theme)


def test_without_colour(compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert compare(STATES["marked"], NARROW)
