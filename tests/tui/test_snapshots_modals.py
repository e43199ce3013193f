"""Dialogues and secondary pages in every size: pictures of each kind, texts for the rest."""

from __future__ import annotations

from collections import deque
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fs_tui.errors import (
    AuthenticationError,
    ConnectError,
    FaceNotFoundError,
    KeyringLockedError,
    LibraryQuotaError,
    LimitError,
    ServiceError,
)
from fs_tui.faces.query import Order
from fs_tui.faces.scopes import Scope
from fs_tui.models import Face, RequestRecord
from fs_tui.tui.dialogs.confirm import Confirm
from fs_tui.tui.dialogs.copy import CopyMenu
from fs_tui.tui.dialogs.create import CreateLibrary, DraftTexts
from fs_tui.tui.dialogs.export import ExportDialog
from fs_tui.tui.dialogs.goto import GoToPosition
from fs_tui.tui.dialogs.help import Help
from fs_tui.tui.dialogs.jump import JumpToFace
from fs_tui.tui.dialogs.order import OrderPicker
from fs_tui.tui.keys import ACTIONS
from fs_tui.tui.pages.connect import Connect
from fs_tui.tui.pages.errors import Errors, Said
from fs_tui.tui.pages.plain import PlainText
from fs_tui.tui.pages.records import ErrorRecord
from fs_tui.tui.pages.requests import Requests
from fs_tui.tui.row_kinds import FACES, RowCounts
from tests.tui.dialog_host import Host, ScriptedGateway, screen_text, shown_by
from tests.tui.test_pages_connect import FakeConnector

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from rich.style import Style
    from textual.pilot import Pilot
    from textual.screen import Screen

NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)
FACE = Face("3bc8a1c2d4e5f60718293a4b5c6d7e8f", "user-4711", "Zoë 佐藤", 1_770_000_000_000)


pytestmark = pytest.mark.usefixtures("utc")


def requests() -> deque[RequestRecord]:
    calls = ("group_list", "group_info", "list", "face_info")
    return deque(
        (
            RequestRecord(
                NOON + timedelta(seconds=number),
                calls[number % 4],
                "" if number % 4 == 0 else "office-sgp",
                2 if number % 7 == 3 else 1,
                80 + number,
                403 if number % 7 == 3 else 200,
                "CONCURRENCY_LIMIT_EXCEEDED" if number % 7 == 3 else "",
                "The account's request limit is reached" if number % 7 == 3 else "",
                30 + number,
                f"1772532911,5f6c{number:04}",
                412,
                20_480 * (number % 4),
                (
                    ("sign", "redacted"),
                    ("sign_version", "hmac_sha1"),
                    ("group_id", "office-sgp"),
                    ("start", "1"),
                    ("limit", "100"),
                ),
            )
            for number in range(30)
        ),
        maxlen=100,
    )


def errors() -> deque[Said]:
    limit = LimitError("CONCURRENCY_LIMIT_EXCEEDED", http_status=403, request_id="1772532911,5f6c")
    odd = ServiceError("ODD_CODE[/x]", http_status=418, request_id="1772532911,77aa")
    return deque(
        [
            ErrorRecord(NOON, "group_list", ConnectError("connection refused")),
            ErrorRecord(NOON + timedelta(seconds=9), "list", limit, "office-sgp"),
            ErrorRecord(NOON + timedelta(seconds=18), "face_info", odd, "office-sgp"),
        ]
    )


def create(
    *answers: object, hang: bool = False, group_id: str = "", group_name: str = ""
) -> CreateLibrary:
    gateway = ScriptedGateway(create=list(answers), library=[ConnectError("refused")])
    if hang:
        gateway.gate.clear()
    return CreateLibrary(gateway, DraftTexts(group_id, group_name))


def filled(*answers: object, hang: bool = False) -> CreateLibrary:
    return create(*answers, hang=hang, group_id="office-sgp", group_name="Office Singapore")


def connect(*answers: Exception) -> Connect:
    reason = KeyringLockedError("its collection is closed", hint="Unlock it, or type them here.")
    return Connect(FakeConnector(*answers), reason)


def export(folder: Path = Path("/")) -> ExportDialog:
    return ExportDialog(
        FACES,
        RowCounts(marked=3, filtered=240, loaded=2400, total=250_000),
        suggested=lambda scope: f"clinic_2500-{scope.value}",
        folder=folder,
    )


def plain() -> PlainText:
    class Terminal:
        mouse = False

        def set_mouse(self, *, on: bool) -> None:
            """Have no mouse."""

    tokens = "\n".join(f"3bc8a1c2d4e5f60718293a4b5c6d{number:04}" for number in range(30))
    return PlainText(tokens, what="the tokens of 30 marked faces", terminal=Terminal())


@dataclass(frozen=True)
class State:
    """A screen, the keys that bring it where it is to be seen, and what it says there."""

    make: Callable[[], Screen[Any]]  # the results do not matter here
    keys: tuple[str, ...]
    says: tuple[str, ...]


STATES = {
    "create": State(
        create,
        (),
        (
            "New library",
            "Id ▌ 0/48 B letters, digits, -%@#&_; never changes",
            "Name ▏ 0/60 for people, any characters",
            "Data ▏ 0/128 optional",
            "Model version ▏ optional; s21 when it is empty",
            "enter create · tab next · esc close, text is kept",
        ),
    ),
    "create_wrong": State(
        lambda: create(group_id="office sgp", group_name="x" * 61),
        ("enter",),
        (
            "office sgp 10/48 B ✗ The id holds a space, at character 7.",
            "61/60 ✗ The name has 61 characters.",
        ),
    ),
    "create_refused": State(
        lambda: filled(LibraryQuotaError("GROUP_EXCEEDED", http_status=400)),
        ("enter",),
        (
            "Id ▌ office-sgp 10/48 B",
            "Name ▏ Office Singapore 16/60",
            "✗ The account already has its 10 libraries: GROUP_EXCEEDED. Delete a",
        ),
    ),
    "create_sending": State(
        lambda: filled(None, hang=True),
        ("enter",),
        ("Id ▏ office-sgp", "Creating…", "esc cancel"),
    ),
    "create_checking": State(
        lambda: filled(None, hang=True),
        ("enter", "escape"),
        ("Cancelled. It may have been created: checking…", "esc close, the check goes on"),
    ),
    "connect": State(
        connect,
        (),
        (
            "Connect to FaceSearch",
            "The keyring is locked: its collection is closed. Unlock it, or type them here.",
            "Endpoint ▏ https://api-sgp.yljz.com scheme and host; the paths are added",
            "API key ▌",
            "API secret ▏ shown as dots; cannot be copied",
            "Keep ● in the keyring ○ this run only",
            "ctrl+o unlock · enter connect · tab next · esc quit",
        ),
    ),
    "connect_refused": State(
        lambda: connect(AuthenticationError("AUTHENTICATION_ERROR", http_status=401)),
        (*"key", "tab", *"secret", "enter"),
        (
            "API key ▏ key ✗ the key or the secret is wrong",
            "API secret ▌ •••••• ✗ the key or the secret is wrong",
            "✗ The key or the secret is wrong: AUTHENTICATION_ERROR. Correct the key or the secret",
        ),
    ),
    "help": State(
        lambda: Help(ACTIONS),
        (),
        ("Everywhere", "? F1 This help", "Move", "g home First row", "esc close"),
    ),
    "jump_missing": State(
        lambda: JumpToFace(ScriptedGateway(face=[FaceNotFoundError("INVALID_FACE_TOKEN")]), "g"),
        (*FACE.face_token, "enter"),
        ("Jump to a face", "✗ not in this library, and there is no other"),
    ),
    "goto_wrong": State(
        lambda: GoToPosition(last=2500),
        (*"2501",),
        ("Go to position", "Position ▌ 2501 ✗ the last one is 2,500", "enter go · esc close"),
    ),
    "copy": State(
        lambda: CopyMenu(FACES, FACE, {Scope.MARKED: 3, Scope.FILTERED: 148}),
        ("j",),
        (
            "1 face token 3bc8a1c2d4e5f60718293a4b5c6d7e8f 2 user id user-4711",
            "3 user data Zoë 佐藤 4 whole face as JSON",
            "6 marked: tokens 3 faces",
            "b filtered: CSV 148 faces",
        ),
    ),
    "order": State(
        lambda: OrderPicker(Order()),
        (),
        (
            "1 ● position ↑ the service's order 2 position ↓ the last ones first",
            "5 added ↑ the oldest first 6 added ↓ the newest first",
        ),
    ),
    "export": State(
        export,
        (),
        (
            "Faces ● marked: 3 faces ○ filtered: 240 faces",
            "○ all: 250,000 faces, 247,600 to load",
            "Format ● CSV ○ JSON Lines ○ JSON",
            "File ▏ clinic_2500-marked.csv in /; readable by you alone",
        ),
    ),
    "confirm": State(
        lambda: Confirm(
            "Replace the file?", detail="/srv/faces.csv is there already.", yes="Replace", no="Keep"
        ),
        (),
        ("Replace the file?", "/srv/faces.csv is there already.", "● Keep ○ Replace"),
    ),
    "requests": State(
        lambda: Requests(requests(), "https://api-sgp.yljz.com"),
        ("j", "j"),
        ("Request log: 30 requests", "▌ 28 12:00:27 face_info", "office-sgp"),
    ),
    "requests_filter": State(
        lambda: Requests(requests(), "https://api-sgp.yljz.com"),
        ("slash", *"limit"),
        (
            "Request log: 4 of 30 requests ▌ limit",
            "▏ 25 12:00:24 group_list 403 CONCURRENCY_",
            "✗ The account's request limit is reached",
        ),
    ),
    "errors": State(
        lambda: Errors(errors()),
        (),
        (
            "Messages of this run: 3 messages",
            "▌ 3 12:00:18 face_info",
            "what The service answered with an undocumented error",
            "detail ODD_CODE[/x]",
        ),
    ),
    "plain": State(
        plain,
        (),
        (
            "Select the tokens of 30 marked faces with the mouse",
            "3bc8a1c2d4e5f60718293a4b5c6d0000 3bc8a1c2d4e5f60718293a4b5c6d0001",
        ),
    ),
}

WIDE, NARROW, SMALLEST = (120, 36), (80, 24), (60, 16)

# Of each kind one: of a field and its state, of a choice, a menu, a table of records, a text.
PICTURES = [
    *((WIDE, name) for name in ("export", "requests")),
    *(
        (NARROW, name)
        for name in (
            "create",
            "create_wrong",
            "create_refused",
            "connect_refused",
            "help",
            "jump_missing",
            "copy",
            "order",
            "export",
            "confirm",
            "requests",
            "errors",
            "plain",
        )
    ),
    (SMALLEST, "create_refused"),
    (SMALLEST, "requests"),
]
WORDS = [
    *((size, name) for size in (WIDE, NARROW) for name in STATES if (size, name) not in PICTURES),
    (SMALLEST, "connect_refused"),
    (SMALLEST, "export"),
]


def _named(value: object) -> str:
    return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)


def compare(
    snap_compare: Callable[..., bool], state: State, size: tuple[int, int], theme: str = ""
) -> bool:
    async def prepare(pilot: Pilot[None]) -> None:
        if theme:
            pilot.app.theme = theme
        await pilot.press(*state.keys)
        await pilot.pause()

    return snap_compare(Host(state.make), terminal_size=size, run_before=prepare)


@pytest.mark.parametrize(("size", "name"), PICTURES, ids=_named)
def test_state(snap_compare: Callable[..., bool], name: str, size: tuple[int, int]) -> None:
    assert compare(snap_compare, STATES[name], size)


@pytest.mark.parametrize(("size", "name"), WORDS, ids=_named)
async def test_a_state_says_what_it_is_in_every_size(name: str, size: tuple[int, int]) -> None:
    state = STATES[name]
    app = Host(state.make)
    async with app.run_test(size=size) as pilot:
        await pilot.press(*state.keys)
        await pilot.pause()
        shown = shown_by(app.screen)
        for text in state.says:
            assert text in shown, screen_text(app)


@pytest.mark.parametrize("theme", ["textual-light", "ansi-dark"])
def test_theme(snap_compare: Callable[..., bool], theme: str) -> None:
    assert compare(snap_compare, STATES["export"], NARROW, theme)


def test_without_colour(snap_compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert compare(snap_compare, STATES["create_wrong"], NARROW)


@asynccontextmanager
async def drawn(name: str, theme: str = "") -> AsyncIterator[list[tuple[str, Style]]]:
    """What stands on the screen of a state in a theme, and how it looks."""
    state = STATES[name]
    app = Host(state.make)
    async with app.run_test(size=NARROW) as pilot:
        app.theme = theme or app.theme
        await pilot.press(*state.keys)
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        yield [
            (text, style) for strip in strips for text, style, _ in strip if style and text.strip()
        ]


@pytest.mark.parametrize("name", ["create_wrong", "copy", "export"])
@pytest.mark.parametrize("theme", ["textual-light", "ansi-dark", "ansi-light"])
async def test_no_text_has_the_colour_of_its_background(name: str, theme: str) -> None:
    async with drawn(name, theme) as texts:
        for text, style in texts:
            same = style.color == style.bgcolor
            # The terminal's own two colours have one name.
            assert not same or (style.color and style.color.is_default), text


@pytest.mark.parametrize("name", ["create_wrong", "copy", "export"])
async def test_without_colour_all_is_grey_and_something_stands_out(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with drawn(name) as texts:
        colours = {colour for _, style in texts for colour in (style.color, style.bgcolor)}
        assert all(colour and len(set(colour.get_truecolor())) == 1 for colour in colours)
        assert len({(style.bold, style.reverse, style.underline) for _, style in texts}) > 1
