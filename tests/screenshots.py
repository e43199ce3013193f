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
from fs_tui.sandbox import faces, people
from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET, build_app
from fs_tui.tui.app import FsTuiApp
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


async def shows(pilot: Pilot[None], *texts: str) -> None:
    """Wait until all of these texts are on screen."""

    def screen() -> str:
        return "\n".join("".join(piece.text for piece in row) for row in shot(pilot.app).rows)

    await until(lambda: all(text in screen() for text in texts), shown=screen, pause=0.05)


async def _browsing(pilot: Pilot[None], _service: Service) -> None:
    await pilot.press("enter", "pagedown", "pagedown", "j", "j")
    await shows(pilot, "confirmed")


async def _filtered(pilot: Pilot[None], _service: Service) -> None:
    await pilot.press("enter", *"/dewi", "enter")
    await shows(pilot, "all 2,500 faces")
    await pilot.press("s", "3")
    await shows(pilot, "User id ▲", "confirmed")


async def _people(pilot: Pilot[None], _service: Service) -> None:
    await pilot.press("enter", "p", "a")
    await shows(pilot, "1,518 persons", "all 2,500 faces")
    await pilot.press("s", "2")
    await shows(pilot, "Faces ▼", "kiosk-test")


async def _create(pilot: Pilot[None], _service: Service) -> None:
    await pilot.press("n")
    await shows(pilot, "New library")
    await pilot.press(*"visitors 2028", "tab", *"Visitors 2028")


async def _error(pilot: Pilot[None], service: Service) -> None:
    await pilot.press("enter", "pagedown", "pagedown")
    service.faults.fail("error", "list", code="INTERNAL_ERROR", times=None)
    await pilot.press(*"900G")
    await shows(pilot, "INTERNAL_ERROR")


Play = Callable[[Pilot[None], "Service"], Awaitable[None]]

SCENES: dict[str, tuple[tuple[int, int], Play, str]] = {
    "browsing": (WIDE, _browsing, "Libraries, the faces of one, and the details of a face."),
    "filter": (WIDE, _filtered, "A filter over a whole library, ordered by user id."),
    "people": (WIDE, _people, "The people of a library, those with the most faces first."),
    "create": (WIDE, _create, "The form for a new library says what is wrong while one types."),
    "error": (WIDE, _error, "A page failed: what was loaded stays, and r tries again."),
    "narrow": (NARROW, _browsing, "The same on 80 columns: the details are below."),
}
"""Size, what is done, and what can be seen then."""

TOUR: tuple[tuple[str, tuple[str, ...], float, tuple[str, ...]], ...] = (
    ("fs-tui --demo --library city_main", (), 2.5, ("City registry", "more may exist")),
    ("G", ("G",), 2.5, ("4,987,654", "confirmed")),
    ("/", ("/",), 0.6, ()),
    ("/d", ("d",), 0.3, ()),
    ("/de", ("e",), 0.3, ()),
    ("/dew", ("w",), 0.3, ()),
    ("/dewi", ("i",), 2.5, ("hits",)),
    ("esc", ("escape",), 1.0, ("4,987,654",)),
    (": clinic", (":", *"clinic"), 1.2, ("clinic_2500",)),
    ("enter", ("enter",), 1.2, ("Faces of clinic_2500",)),
    ("a  loads all", ("a",), 1.5, ("all 2,500 faces",)),
    ("p  people", ("p",), 1.8, ("1,518 persons",)),
    ("s 2  by faces", ("s", "2"), 2.5, ("Faces ▼", "kiosk-test")),
    ("enter  their faces", ("enter",), 2.0, ("25", "kiosk-test")),
    ("t  growth", ("t",), 2.5, ("2025-03", "2025-07")),
)
"""The keys, as they are told and as they are pressed, seconds, and what the screen shows then."""


async def tour() -> str:
    """Return the picture that plays."""
    app = FsTuiApp(DemoConnector(build_app()), BrowserOptions(library="city_main"))
    frames = []
    async with app.run_test(size=(100, 28)) as pilot:
        for told, keys, seconds, texts in TOUR:
            await pilot.press(*keys)
            await shows(pilot, *texts)
            await pilot.pause()
            frames.append(shot(app, seconds, told))
    seen = (
        "A library of five million faces is opened and its end found, a filter is typed; then the"
        " people of another library, those with the most faces, and its growth by month."
    )
    return draw(frames, "fs-tui", seen, still=1)


async def drawn(name: str) -> str:
    """Return one scene as SVG."""
    size, play, seen = SCENES[name]
    service = build_app()
    app = FsTuiApp(DemoConnector(service), BrowserOptions())
    async with app.run_test(size=size) as pilot:
        await shows(pilot, "more may exist")
        await play(pilot, service)
        await pilot.pause()
        return draw([shot(app)], "fs-tui --demo", seen)


def main() -> None:
    """Draw every scene."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    # Everybody's viewer has glyphs for these.
    vars(faces).update(NAMES=people.PLAIN_NAMES, NOTES=people.PLAIN_NOTES)
    pictures = {**{name: drawn(name) for name in SCENES}, "tour": tour()}
    for name, picture in pictures.items():
        (FOLDER / f"{name}.svg").write_text(asyncio.run(picture), encoding="utf-8")
        print(f"screenshots/{name}.svg")  # noqa: T201  a command


if __name__ == "__main__":
    main()
