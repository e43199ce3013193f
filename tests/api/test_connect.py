"""How sessions are opened: found, typed, kept, unlocked, and the demo's."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from fs_tui.cli.connect import DEMO_ENDPOINT, PreparedConnector, connector
from fs_tui.cli.context import Options
from fs_tui.creation import create_library, make_draft
from fs_tui.credentials.keychain import Keychain
from fs_tui.credentials.pair import Pair
from fs_tui.errors import (
    AuthorizationError,
    CredentialError,
    CredentialsNotFoundError,
    KeyringLockedError,
    KeyringMissingError,
    ReadOnlyError,
    SettingsError,
)
from fs_tui.models import RequestRecord
from fs_tui.sandbox.serve import background
from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET
from fs_tui.settings.options import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from fs_tui.gateway import Event, Session
    from fs_tui.sandbox.serve import Running


@pytest.fixture(scope="module")
def service() -> Iterator[Running]:
    with background() as running:
        yield running


class Shelf:
    """A keyring's stand-in: entries, and whether it is locked or absent."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.entries: dict[str, Pair] = {}
        self.locked = False
        self.refusal: Exception | None = None
        shelf = self

        def check() -> None:
            if shelf.refusal is not None:
                raise shelf.refusal
            if shelf.locked:
                raise KeyringLockedError("locked")

        def read(self: Keychain) -> Pair | None:
            check()
            return shelf.entries.get(self.user)

        def store(self: Keychain, pair: Pair) -> None:
            check()
            shelf.entries[self.user] = pair

        def unlock(self: Keychain, seconds: float = 30) -> None:
            shelf.locked = False
            check()

        monkeypatch.setattr(Keychain, "read", read)
        monkeypatch.setattr(Keychain, "store", store)
        monkeypatch.setattr(Keychain, "unlock", unlock)


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    return Shelf(monkeypatch)


def connecting(service: Running, *, source: str | None = None, **more: object) -> PreparedConnector:
    settings = Settings(endpoint=service.url, **more)  # type: ignore[arg-type] # test data
    return connector(Options(credential_source=source), settings)


@asynccontextmanager
async def closed(session: Session) -> AsyncIterator[Session]:
    try:
        yield session
    finally:
        await session.gateway.aclose()


async def test_the_demo_opens_without_credentials_and_network(shelf: Shelf) -> None:
    shelf.refusal = AssertionError("the demo asks no keyring")
    async with closed(await connector(Options(demo=True), Settings()).open()) as session:
        assert session.endpoint == DEMO_ENDPOINT
        assert session.source == "demo"
        assert len(await session.gateway.libraries()) > 3


async def test_found_credentials_open_a_session(
    service: Running, monkeypatch: pytest.MonkeyPatch, shelf: Shelf
) -> None:
    monkeypatch.setenv("FS_TUI_API_KEY", DEMO_API_KEY)
    monkeypatch.setenv("FS_TUI_API_SECRET", DEMO_API_SECRET)
    async with closed(await connecting(service, profile="p").open()) as session:
        assert (session.source, session.profile, session.endpoint) == (
            "environment",
            "p",
            service.url,
        )
        assert await session.gateway.libraries()


async def test_without_credentials_nothing_opens(service: Running, shelf: Shelf) -> None:
    with pytest.raises(CredentialsNotFoundError, match="holds no entry 'default@127"):
        await connecting(service).open()


@pytest.mark.parametrize("keep", [True, False])
async def test_typed_credentials_are_verified_and_kept_if_asked(
    service: Running, shelf: Shelf, *, keep: bool
) -> None:
    wanted = connecting(service)
    session = await wanted.connect(
        endpoint=service.url, api_key=DEMO_API_KEY, api_secret=DEMO_API_SECRET, keep=keep
    )
    async with closed(session):
        assert session.source == ("keyring" if keep else "this run")
        assert session.warning == ""
    assert list(shelf.entries.values()) == ([Pair(DEMO_API_KEY, DEMO_API_SECRET)] if keep else [])
    if keep:
        async with closed(await wanted.open()) as session:
            assert session.source == "keyring"


async def test_refused_credentials_are_not_kept(service: Running, shelf: Shelf) -> None:
    with pytest.raises(AuthorizationError):
        await connecting(service).connect(
            endpoint=service.url, api_key=DEMO_API_KEY, api_secret="wrong", keep=True
        )
    assert shelf.entries == {}


async def test_a_locked_keyring_is_unlocked_to_keep_them(service: Running, shelf: Shelf) -> None:
    shelf.locked = True
    session = await connecting(service).connect(
        endpoint=service.url, api_key=DEMO_API_KEY, api_secret=DEMO_API_SECRET, keep=True
    )
    await session.gateway.aclose()
    assert shelf.entries


async def test_a_keyring_that_is_not_there_refuses_the_whole(
    service: Running, shelf: Shelf
) -> None:
    shelf.refusal = KeyringMissingError("none")
    with pytest.raises(KeyringMissingError):
        await connecting(service).connect(
            endpoint=service.url, api_key=DEMO_API_KEY, api_secret=DEMO_API_SECRET, keep=True
        )


async def test_keeping_for_another_endpoint_says_how_it_is_used_next_time(
    service: Running, shelf: Shelf
) -> None:
    session = await connector(Options(), Settings(profile="p")).connect(
        endpoint=f"{service.url}/", api_key=DEMO_API_KEY, api_secret=DEMO_API_SECRET, keep=True
    )
    await session.gateway.aclose()
    assert session.endpoint == service.url
    assert service.url in session.warning
    assert "profile 'p'" in session.warning


async def test_a_typed_endpoint_is_held_to_the_same_rules(shelf: Shelf) -> None:
    with pytest.raises(SettingsError):
        await connector(Options(), Settings()).connect(
            endpoint="http://api.example", api_key="k", api_secret="s", keep=False
        )


async def test_after_the_unlocking_the_keyrings_pair_is_used(
    service: Running, shelf: Shelf
) -> None:
    wanted = connecting(service)
    shelf.locked = True
    shelf.entries[Keychain(service.url, "default").user] = Pair(DEMO_API_KEY, DEMO_API_SECRET)
    with pytest.raises(KeyringLockedError):
        await wanted.open()
    async with closed(await wanted.unlock()) as session:
        assert session.source == "keyring"


async def test_a_command_runs_once_and_before_the_session(
    service: Running, shelf: Shelf, tmp_path_factory: pytest.TempPathFactory
) -> None:
    count = tmp_path_factory.mktemp("command") / "count"
    pair = json.dumps({"api_key": DEMO_API_KEY, "api_secret": DEMO_API_SECRET})
    code = f"open({str(count)!r}, 'a').write('x'); print({pair!r})"
    wanted = connecting(service, credential_command=(sys.executable, "-c", code))
    wanted.prepare()
    assert count.read_text() == "x"
    async with closed(await wanted.open()) as session:
        assert session.source == "command"
    assert count.read_text() == "x"


def test_a_command_that_fails_ends_the_start(service: Running, shelf: Shelf) -> None:
    with pytest.raises(CredentialError, match="status 3"):
        connecting(service, credential_command=(sys.executable, "-c", "exit(3)")).prepare()


def test_a_named_keyring_that_is_locked_is_left_to_the_connect_screen(
    service: Running, shelf: Shelf
) -> None:
    shelf.locked = True
    connecting(service, keyring_backend="some.Keyring").prepare()


async def test_asking_to_be_asked_asks_nothing_else(
    service: Running, monkeypatch: pytest.MonkeyPatch, shelf: Shelf
) -> None:
    monkeypatch.setenv("FS_TUI_API_KEY", DEMO_API_KEY)
    monkeypatch.setenv("FS_TUI_API_SECRET", DEMO_API_SECRET)
    wanted = connecting(service, source="prompt")
    wanted.prepare()
    with pytest.raises(CredentialsNotFoundError, match="typed at a prompt"):
        await wanted.open()


async def test_opening_can_be_given_up_whatever_hangs(
    service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, leave = threading.Event(), threading.Event()

    def hang(_keychain: Keychain) -> None:
        entered.set()
        leave.wait(10)

    monkeypatch.setattr(Keychain, "read", hang)
    opening = asyncio.create_task(connecting(service).open())
    await asyncio.to_thread(entered.wait, 10)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    leave.set()


@pytest.mark.parametrize("way", ["open", "typed", "kept", "unlocked", "demo"])
async def test_a_create_never_leaves_a_read_only_run(
    service: Running, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setenv("FS_TUI_API_KEY", DEMO_API_KEY)
    monkeypatch.setenv("FS_TUI_API_SECRET", DEMO_API_SECRET)
    ready = connecting(service, read_only=True)
    match way:
        case "open":
            opening = ready.open()
        case "unlocked":
            opening = ready.unlock()
        case "demo":
            opening = connector(Options(demo=True), Settings(read_only=True)).open()
        case _:
            opening = ready.connect(
                endpoint=service.url,
                api_key=DEMO_API_KEY,
                api_secret=DEMO_API_SECRET,
                keep=way == "kept",
            )
    async with closed(await opening) as session:
        records: list[Event] = []
        session.gateway.listen(records.append)
        before = await session.gateway.libraries()
        with pytest.raises(ReadOnlyError):
            await session.gateway.create(make_draft("never", "Never"))
        with pytest.raises(ReadOnlyError):
            await create_library(session.gateway, make_draft("never", "Never"))
        assert await session.gateway.libraries() == before
        calls = {one.call for one in records if isinstance(one, RequestRecord)}
        assert calls == {"group_list"}
