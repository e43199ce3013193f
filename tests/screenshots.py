"""Draws the pictures of the README from the demo: `python -m tests.screenshots`."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual.pilot import Pilot

from fs_tui.api.client import FaceSearchClient
from fs_tui.api.transport import TransportOptions
from fs_tui.gateway import Session
from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET, build_app
from fs_tui.tui.app import FsTuiApp
from fs_tui.tui.browser.faces_pane import FacesPane
from fs_tui.tui.options import BrowserOptions
from tests.pictures import draw, shot
from tests.waiting import until

if TYPE_CHECKING:
    from fs_tui.sandbox.service import Service

FOLDER = Path(__file__).parent.parent / "screenshots"
WIDE, NARROW = (120, 32), (80, 24)


class DemoConnector:
    """The demo's session, with the sandbox at hand."""

    endpoint = "https://demo.invalid"
    profile = "demo"

    def __init__(self, service: Service) -> None:
        self._service = service

    async def open(self) -> Session:
        """Open a session with the sandbox inside this process."""
        options = TransportOptions(retry_budget=0)
        client = FaceSearchClient(
            self.endpoint, DEMO_API_KEY, DEMO_API_SECRET, options=options, asgi_app=self._service
        )
        return Session(client, self.endpoint, self.profile, "demo")

    async def connect(self, *, endpoint: str, api_key: str, api_secret: str, keep: bool) -> Session:
        """Open the same session: the demo asks for nothing."""
        del endpoint, api_key, api_secret, keep
        return await self.open()

    async def unlock(self) -> Session:
        """Open the same session: there is nothing to unlock."""
        return await self.open()


async def loaded(pilot: Pilot[None], faces: int = 100) -> None:
    """Wait until so many faces of the library on screen are loaded."""

    def enough() -> bool:
        listing = pilot.app.screen_stack[0].query_one(FacesPane).listing
        return listing is not None and listing.status.loaded >= faces

    await until(enough)


async def _browsing(pilot: Pilot[None], _service: Service) -> None:
    await pilot.press("enter", "pagedown", "pagedown", "j", "j")
    await until(lambda: "confirmed" in _card_mark(pilot))


async def _filtered(pilot: Pilot[None], _service: Service) -> None:
    await pilot.press("enter", *"/dewi", "enter")
    await loaded(pilot, 2500)
    await pilot.press("s", "3")
    await until(lambda: "confirmed" in _card_mark(pilot))


async def _create(pilot: Pilot[None], _service: Service) -> None:
    await pilot.press("n")
    await until(lambda: len(pilot.app.screen_stack) > 1)
    await pilot.press(*"visitors 2028", "tab", *"Visitors 2028")
    await pilot.pause()


async def _error(pilot: Pilot[None], service: Service) -> None:
    await pilot.press("enter", "pagedown", "pagedown")
    service.faults.fail("error", "list", code="INTERNAL_ERROR", times=None)
    await pilot.press(*"900G")
    await until(lambda: bool(_app(pilot).errors))


async def _help(pilot: Pilot[None], _service: Service) -> None:
    await pilot.press("?")
    await until(lambda: len(pilot.app.screen_stack) > 1)


Play = Callable[[Pilot[None], "Service"], Awaitable[None]]

SCENES: dict[str, tuple[tuple[int, int], Play, str]] = {
    "browsing": (WIDE, _browsing, "Libraries, the faces of one, and the details of a face."),
    "filter": (WIDE, _filtered, "A filter over a whole library, ordered by user id."),
    "create": (WIDE, _create, "The form for a new library says what is wrong while one types."),
    "error": (WIDE, _error, "A page failed: what was loaded stays, and r tries again."),
    "help": (WIDE, _help, "The help: every key, and the filter language."),
    "narrow": (NARROW, _browsing, "The same on 80 columns: the details go below."),
}
"""Size, what is done, and what can be seen then."""


def _app(pilot: Pilot[None]) -> FsTuiApp:
    assert isinstance(pilot.app, FsTuiApp)
    return pilot.app


def _card_mark(pilot: Pilot[None]) -> str:
    from fs_tui.tui.browser.detail import Detail

    return pilot.app.screen_stack[0].query_one(Detail).card.mark


async def drawn(name: str) -> str:
    """Return one scene as SVG."""
    size, play, seen = SCENES[name]
    service = build_app()
    app = FsTuiApp(DemoConnector(service), BrowserOptions())
    async with app.run_test(size=size) as pilot:
        await loaded(pilot)
        await play(pilot, service)
        await pilot.pause()
        return draw([shot(app)], "fs-tui --demo", seen)


def main() -> None:
    """Draw every scene."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    for name in SCENES:
        (FOLDER / f"{name}.svg").write_text(asyncio.run(drawn(name)), encoding="utf-8")
        print(f"screenshots/{name}.svg")  # noqa: T201  a command


if __name__ == "__main__":
    main()
