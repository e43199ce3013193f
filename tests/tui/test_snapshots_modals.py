"""How the dialogues and secondary pages look: each state, in three sizes and several themes."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
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
    UnknownServiceError,
)
from fs_tui.faces.query import Order
from fs_tui.faces.scopes import Scope
from fs_tui.models import Face, RequestRecord
from fs_tui.tui.dialogs.confirm import Confirm
from fs_tui.tui.dialogs.copy import CopyMenu
from fs_tui.tui.dialogs.create import CreateLibrary, DraftTexts
from fs_tui.tui.dialogs.export import ExportCounts, ExportDialog
from fs_tui.tui.dialogs.goto import GoToPosition
from fs_tui.tui.dialogs.help import Help
from fs_tui.tui.dialogs.jump import JumpToFace
from fs_tui.tui.dialogs.order import OrderPicker
from fs_tui.tui.keys import ACTIONS
from fs_tui.tui.pages.connect import Connect
from fs_tui.tui.pages.errors import Errors
from fs_tui.tui.pages.plain import PlainText
from fs_tui.tui.pages.records import ErrorRecord
from fs_tui.tui.pages.requests import Requests
from tests.tui.dialog_host import Host, ScriptedGateway
from tests.tui.test_pages_connect import FakeConnector

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot
    from textual.screen import Screen

NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)
FACE = Face("3bc8a1c2d4e5f60718293a4b5c6d7e8f", "user-4711", "Zoë 佐藤", 1_770_000_000_000)


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show local times as UTC, wherever the tests run."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


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


def errors() -> deque[ErrorRecord]:
    limit = LimitError("CONCURRENCY_LIMIT_EXCEEDED", http_status=403, request_id="1772532911,5f6c")
    odd = UnknownServiceError("ODD_CODE[/x]", http_status=418, request_id="1772532911,77aa")
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
        ExportCounts(marked=3, filtered=240, loaded=2400, total=250_000),
        suggested=lambda scope: f"faces-2026-02-01-5f6c-{scope.value}",
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
    """A screen and the keys that bring it where it is to be seen."""

    make: Callable[[], Screen[Any]]  # the results do not matter here
    keys: tuple[str, ...] = field(default=())


STATES = {
    "create": State(create),
    "create_wrong": State(lambda: create(group_id="office sgp", group_name="x" * 61), ("enter",)),
    "create_refused": State(
        lambda: filled(LibraryQuotaError("GROUP_EXCEEDED", http_status=400)), ("enter",)
    ),
    "create_sending": State(lambda: filled(None, hang=True), ("enter",)),
    "create_checking": State(lambda: filled(None, hang=True), ("enter", "escape")),
    "connect": State(connect),
    "connect_refused": State(
        lambda: connect(AuthenticationError("AUTHENTICATION_ERROR", http_status=401)),
        (*"key", "tab", *"secret", "enter"),
    ),
    "help": State(lambda: Help(ACTIONS)),
    "jump_missing": State(
        lambda: JumpToFace(ScriptedGateway(face=[FaceNotFoundError("INVALID_FACE_TOKEN")]), "g"),
        (*"3bc8", "enter"),
    ),
    "goto_wrong": State(lambda: GoToPosition(last=2500), (*"2501",)),
    "copy": State(lambda: CopyMenu(FACE, {Scope.MARKED: 3, Scope.FILTERED: 148}), ("j",)),
    "order": State(lambda: OrderPicker(Order())),
    "export": State(export),
    "confirm": State(
        lambda: Confirm(
            "Replace the file?", detail="/srv/faces.csv is there already.", yes="Replace", no="Keep"
        )
    ),
    "requests": State(lambda: Requests(requests(), "https://api-sgp.yljz.com"), ("j", "j")),
    "requests_filter": State(
        lambda: Requests(requests(), "https://api-sgp.yljz.com"), ("slash", *"limit")
    ),
    "errors": State(lambda: Errors(errors())),
    "plain": State(plain),
}


def compare(
    snap_compare: Callable[..., bool], state: State, size: tuple[int, int], theme: str = ""
) -> bool:
    async def prepare(pilot: Pilot[None]) -> None:
        if theme:
            pilot.app.theme = theme
        await pilot.press(*state.keys)
        await pilot.pause()

    return snap_compare(Host(state.make), terminal_size=size, run_before=prepare)


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["120x36", "80x24"])
def test_state(snap_compare: Callable[..., bool], name: str, size: tuple[int, int]) -> None:
    assert compare(snap_compare, STATES[name], size)


@pytest.mark.parametrize("name", ["create_refused", "connect_refused", "export", "requests"])
def test_smallest(snap_compare: Callable[..., bool], name: str) -> None:
    assert compare(snap_compare, STATES[name], (60, 16))


@pytest.mark.parametrize("name", ["create_wrong", "copy", "export"])
@pytest.mark.parametrize("theme", ["textual-light", "ansi-dark"])
def test_theme(snap_compare: Callable[..., bool], name: str, theme: str) -> None:
    assert compare(snap_compare, STATES[name], (80, 24), theme)


@pytest.mark.parametrize("name", ["create_wrong", "copy", "export"])
def test_without_colour(
    snap_compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert compare(snap_compare, STATES[name], (80, 24))
