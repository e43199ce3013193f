"""The browser over a sandbox in the same process: real client, real paging, faults at hand.

Browser.keys ──► FsTuiApp ──► FaceSearchClient ──ASGI──► sandbox ──► Browser.faults, .asked
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from textual import events
from textual.keys import _character_to_key

from fs_tui.api.client import FaceSearchClient
from fs_tui.api.transport import TransportOptions
from fs_tui.gateway import Session
from fs_tui.sandbox.population import Population
from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET, build_app
from fs_tui.tui.app import FsTuiApp
from fs_tui.tui.browser import inspector, navigator, pace
from fs_tui.tui.browser.actions import BrowserActions
from fs_tui.tui.browser.detail import Detail
from fs_tui.tui.browser.faces_pane import FacesPane
from fs_tui.tui.browser.filterbar import FilterBar
from fs_tui.tui.browser.keyhints import KeyHints
from fs_tui.tui.browser.sidebar import Sidebar
from fs_tui.tui.browser.statusline import StatusLine
from fs_tui.tui.browser.titlebar import TitleBar
from fs_tui.tui.options import BrowserOptions
from fs_tui.tui.pages.records import ErrorRecord
from tests.tui.dialog_host import screen_text
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from textual.pilot import Pilot

    from fs_tui.errors import FsTuiError
    from fs_tui.faces.listing import FaceListing
    from fs_tui.sandbox.failures import Call
    from fs_tui.sandbox.faults import Faults
    from fs_tui.sandbox.service import Service
    from fs_tui.tui.browser.cursor import Cursor
    from fs_tui.tui.table.paged_table import PagedDataTable

__all__ = ["ENDPOINT", "ONE_TRY", "SMALL", "Browser", "SandboxConnector", "make_app", "running"]

ENDPOINT = "https://sandbox.invalid"

ONE_TRY = TransportOptions(retry_budget=0)
"""No retries: a failure is seen at once."""

SMALL: Mapping[str, int] = {"first": 250, "second": 120, "none": 0}
"""Libraries in the order of the sidebar, with their faces."""

_KEYS = {
    "\r": "enter",
    "\t": "tab",
    "\x01": "ctrl+a",
    "\x05": "ctrl+e",
    "\x15": "ctrl+u",
    "\x1b": "escape",
    "\x7f": "backspace",
    " ": "space",
    "/": "slash",
}
_CHARACTERS = {"enter": "\r", "space": " ", "slash": "/"}

_HOPS = 4
"""How often a key and what follows from it are handed on: app, screen, widget, its parent."""


class SandboxConnector:
    """Opens sessions with one sandbox; before that it may be told to refuse.

    Attributes:
        service: The sandbox.
        refusals: What `open` raises, one a call, before it succeeds.
        gateways: The clients that were opened.
    """

    endpoint = ENDPOINT
    profile = "default"

    def __init__(
        self, service: Service, options: TransportOptions = ONE_TRY, *refusals: FsTuiError
    ) -> None:
        self.service = service
        self.refusals = list(refusals)
        self.gateways: list[FaceSearchClient] = []
        self._options = options

    async def open(self) -> Session:
        """Open, or raise the next refusal."""
        if self.refusals:
            raise self.refusals.pop(0)
        return self._session(DEMO_API_KEY, DEMO_API_SECRET, "environment")

    async def connect(self, *, endpoint: str, api_key: str, api_secret: str, keep: bool) -> Session:
        """Verify with a library list, as the real one does."""
        session = self._session(api_key, api_secret, "keyring" if keep else "this run")
        await session.gateway.libraries()
        return session

    async def unlock(self) -> Session:
        """Open."""
        return await self.open()

    def _session(self, api_key: str, api_secret: str, source: str) -> Session:
        gateway = FaceSearchClient(
            ENDPOINT, api_key, api_secret, options=self._options, asgi_app=self.service
        )
        self.gateways.append(gateway)
        return Session(gateway, ENDPOINT, self.profile, source, api_key=api_key)


@dataclass
class Browser:
    """A browser that runs, what it talks to, and short names for its parts."""

    app: FsTuiApp
    pilot: Pilot[None]
    service: Service

    @property
    def faults(self) -> Faults:
        """How the sandbox misbehaves."""
        return self.service.faults

    @property
    def screen(self) -> BrowserActions:
        """The browser's page, whatever lies over it."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, BrowserActions)
        return screen

    @property
    def pane(self) -> FacesPane:
        """Filter, table and status line."""
        return self.screen.query_one(FacesPane)

    @property
    def cursor(self) -> Cursor:
        """Where one stands in the faces."""
        return self.pane.cursor

    @property
    def table(self) -> PagedDataTable:
        """The rows."""
        return self.pane.table

    @property
    def listing(self) -> FaceListing:
        """The faces that are shown."""
        assert self.pane.listing is not None
        return self.pane.listing

    @property
    def sidebar(self) -> Sidebar:
        """The libraries."""
        return self.screen.query_one(Sidebar)

    @property
    def detail(self) -> Detail:
        """The details."""
        return self.screen.query_one(Detail)

    @property
    def fields(self) -> dict[str, str]:
        """The first line of each field of the details; empty for one that is not there."""
        card = self.detail.card
        return defaultdict(str, {label: "".join(lines[:1]) for label, lines in card.fields})

    @property
    def filterbar(self) -> FilterBar:
        """The prompt."""
        return self.screen.query_one(FilterBar)

    @property
    def truth(self) -> str:
        """What the status line says about completeness."""
        return self.screen.query_one(StatusLine).summary

    @property
    def message(self) -> str:
        """The newest message."""
        return self.screen.query_one(KeyHints).message

    @property
    def errors(self) -> list[ErrorRecord]:
        """The errors of this run, those that were tried again among them."""
        return [record for record in self.app.said if isinstance(record, ErrorRecord)]

    @property
    def title(self) -> str:
        """The first line of the screen."""
        return self.screen.query_one(TitleBar).render().plain

    @property
    def text(self) -> str:
        """Everything on screen."""
        return screen_text(self.app)

    @property
    def token(self) -> str:
        """The face under the cursor; empty when it is not loaded."""
        face = self.cursor.subject.face
        return "" if face is None else face.face_token

    def asked(self, call: Call, **fields: str) -> int:
        """How often the sandbox was asked, with these fields."""
        return sum(
            received.call == call and fields.items() <= received.fields.items()
            for received in self.service.received
        )

    def tokens(self, group_id: str) -> list[str]:
        """The tokens of a library, in the service's order."""
        return [token for token, *_ in self.service.population[group_id].rows(1, 1_000_000)]

    async def press(self, *keys: str) -> None:
        """Press keys by name, each dealt with before the next.

        The pilot's own way waits 40 ms a key for the processor to rest.
        """
        for key in keys:
            self._send(key)
            await self.handled()

    async def handled(self) -> None:
        """Let what was sent be dealt with, and the messages that came of it."""
        await self.until(lambda: not self.app.message_queue_size)
        for _ in range(_HOPS):
            await self.pilot._wait_for_screen()

    def at_once(self, characters: str) -> None:
        """Put characters into the queue in one go, as one packet of a slow link brings them."""
        self.packet(*(_KEYS.get(character, character) for character in characters))

    def packet(self, *keys: str) -> None:
        """Put keys by name into the queue in one go."""
        for key in keys:
            self._send(key)

    def _send(self, key: str) -> None:
        name = _character_to_key(key) if len(key) == 1 else key
        character = key if len(key) == 1 else _CHARACTERS.get(key)
        event = events.Key(name, character)
        event.set_sender(self.app)
        self.app.post_message(event)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something holds; fails with the screen when it never does."""
        await until(condition, shown=lambda: self.text)

    async def says(self, text: str) -> None:
        """Wait until a text is on screen."""
        await self.until(lambda: text in self.text)

    async def settle(self) -> None:
        """Let everything that is on its way inside the program arrive."""
        for _ in range(3):
            await self.pilot.pause()

    async def shows(self, group_id: str) -> None:
        """Wait until a library's first rows are loaded."""
        await self.until(
            lambda: (
                self.pane.group_id == group_id
                and self.listing.status.loaded
                and f"{self.listing.status.loaded:,} face" in self.truth
            )
        )

    async def enter_faces(self, group_id: str = "first") -> None:
        """Go from the libraries to the faces of the highlighted one, when they are there."""
        await self.shows(group_id)
        await self.press("enter")
        await self.until(lambda: self.table.has_focus and self.token)


def make_app(
    service: Service,
    options: BrowserOptions | None = None,
    transport: TransportOptions = ONE_TRY,
    *refusals: FsTuiError,
) -> FsTuiApp:
    """Return a browser over a sandbox, not yet run."""
    return FsTuiApp(
        SandboxConnector(service, transport, *refusals),
        options or BrowserOptions(clipboard="osc52"),
    )


@asynccontextmanager
async def running(
    counts: Mapping[str, int] = SMALL,
    *,
    options: BrowserOptions | None = None,
    transport: TransportOptions = ONE_TRY,
    refusals: tuple[FsTuiError, ...] = (),
    prepare: Callable[[Service], Any] | None = None,  # its result does not matter
    size: tuple[int, int] = (120, 36),
    rest: float = 0.02,
    words: float = 0.5,
) -> AsyncIterator[Browser]:
    """Run the browser; ends with everything let go and nothing left behind.

    Args:
        counts: The libraries and how many faces each has.
        options: The choices of the run.
        transport: How the service is called; one try when not given.
        refusals: What opening a session raises first.
        prepare: Is given the sandbox before the browser starts.
        size: Columns and lines.
        rest: Seconds that a cursor rests before it counts; 0.15 and 0.4 outside of tests.
        words: Seconds between two changes of the words while everything is being loaded.
    """
    service = build_app(Population(counts))
    if prepare is not None:
        prepare(service)
    app = make_app(service, options, transport, *refusals)
    with (
        patch.object(navigator, "_LIBRARY_REST", rest),
        patch.object(inspector, "_FACE_REST", rest),
        patch.object(pace, "_SECONDS", words),
    ):
        async with app.run_test(size=size) as pilot:
            yield Browser(app, pilot, service)
