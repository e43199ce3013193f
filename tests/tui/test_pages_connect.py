"""The connect page: verified before it is kept, hidden while typed, honest about what is wrong."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from fs_tui.errors import (
    AuthenticationError,
    AuthorizationError,
    CredentialError,
    KeyringLockedError,
    KeyringMissingError,
)
from fs_tui.gateway import Session
from fs_tui.tui.forms.choice import Choice
from fs_tui.tui.forms.field import Field
from fs_tui.tui.pages.connect import Connect
from tests.tui.dialog_host import UNANSWERED, Host, ScriptedGateway, screen_text, until

SECRET = "canary-secret-4711"
SESSION = Session(ScriptedGateway(), "https://api-sgp.yljz.com", "default", "this run")


class FakeConnector:
    """Answers as the test says, behind a gate."""

    endpoint = "https://api-sgp.yljz.com"
    profile = "default"

    def __init__(self, *answers: Session | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []  # a call's keyword arguments
        self.gate = asyncio.Event()
        self.gate.set()

    async def open(self) -> Session:
        raise CredentialError("none")

    async def unlock(self) -> Session:
        self.asked.append({"unlock": True})
        return await self._answer()

    async def connect(self, *, endpoint: str, api_key: str, api_secret: str, keep: bool) -> Session:
        self.asked.append(
            {"endpoint": endpoint, "api_key": api_key, "api_secret": api_secret, "keep": keep}
        )
        return await self._answer()

    async def _answer(self) -> Session:
        await self.gate.wait()
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def page(
    *answers: Session | Exception, reason: CredentialError | None = None
) -> tuple[Host[Session | None], FakeConnector]:
    connector = FakeConnector(*answers)
    return Host(lambda: Connect(connector, reason)), connector


async def test_what_was_typed_is_verified_and_the_session_returned() -> None:
    app, connector = page(SESSION)
    async with app.run_test() as pilot:
        await pilot.press(*"key-1", "tab", *SECRET, "enter")
        await pilot.pause()
        assert app.result is SESSION
    assert connector.asked == [
        {
            "endpoint": "https://api-sgp.yljz.com",
            "api_key": "key-1",
            "api_secret": SECRET,
            "keep": True,
        }
    ]


async def test_this_run_only_is_not_kept() -> None:
    app, connector = page(SESSION)
    async with app.run_test() as pilot:
        await pilot.press(*"key-1", "tab", *SECRET, "tab", "right", "enter")
        await pilot.pause()
        assert app.result is SESSION
    assert connector.asked[0]["keep"] is False


async def test_it_says_why_no_credentials_were_found() -> None:
    app, _ = page(reason=CredentialError("the keyring is locked", hint="Unlock it first."))
    async with app.run_test() as pilot:
        await until(pilot, "No credentials: the keyring is locked. Unlock it first.")


async def test_a_refusal_is_said_and_everything_typed_stays() -> None:
    app, connector = page(AuthenticationError("AUTHENTICATION_ERROR", http_status=401), SESSION)
    async with app.run_test() as pilot:
        await pilot.press(*"key-1", "tab", *SECRET, "enter")
        await until(pilot, "The key or the secret is wrong")
        assert app.result is UNANSWERED
        assert [call for call, _ in app.errors] == ["connect"]
        await pilot.press("enter")
        await pilot.pause()
        assert app.result is SESSION
    assert [asked["api_secret"] for asked in connector.asked] == [SECRET, SECRET]


@pytest.mark.parametrize(
    "error",
    [
        AuthenticationError("AUTHENTICATION_ERROR", http_status=401),
        AuthorizationError("AUTHORIZATION_ERROR:INVALID_SIGN", hint="See 'fs-tui auth status'."),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_wrong_pair_is_to_be_corrected_here_and_both_fields_are_marked(
    error: AuthenticationError | AuthorizationError,
) -> None:
    app, _ = page(error)
    async with app.run_test() as pilot:
        await pilot.press(*"key-1", "tab", *SECRET, "enter")
        await until(pilot, "key or the secret, and connect again.")
        text = screen_text(app)
        assert "fs-tui auth" not in text
        assert text.count("✗ the key or the secret is wrong") == 2
        await pilot.press("x")
        await pilot.pause()
        assert "✗ the key or the secret is wrong" not in screen_text(app)


async def test_empty_fields_are_named_and_nothing_is_sent() -> None:
    app, connector = page()
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await until(pilot, "the key is needed")
        assert "the secret is needed" in screen_text(app)
    assert connector.asked == []


async def test_an_endpoint_that_cannot_be_is_said_at_the_field() -> None:
    app, connector = page()
    async with app.run_test() as pilot:
        endpoint = app.screen.query_one("#endpoint", Field)
        for text, said in {
            "ftp://host": "the endpoint does not begin with https://",
            "https://host/path": "more than scheme and host",
            "http://host": "shows signed calls",
            "https://[": "host and port cannot be read",
            "https://host:99999": "port is not a number",
            "https://xn--": "xn--",
        }.items():
            endpoint.value = text
            await until(pilot, said)
            assert said in endpoint.problem
        endpoint.value = "http://127.0.0.1:8000/"
        assert endpoint.problem == ""
    assert connector.asked == []


async def test_esc_cancels_the_verification_and_leaves_with_what_was_typed_at_the_second() -> None:
    app, connector = page(SESSION)
    connector.gate.clear()
    async with app.run_test() as pilot:
        await pilot.press(*"key-1", "tab", *SECRET, "enter")
        await until(pilot, "Verifying")
        await pilot.press("escape")
        await until(pilot, "Cancelled; nothing was kept.")
        assert app.result is UNANSWERED
        assert app.focused is app.screen.query_one("#api_secret", Field).entry
        await pilot.press("escape")
        await until(pilot, "esc again quits, and forgets what was typed")
        assert app.result is UNANSWERED
        await pilot.press("escape")
        await pilot.pause()
        assert app.result is None


async def test_it_begins_with_what_it_needs_and_offers_only_what_can_work_here() -> None:
    app, connector = page(SESSION, reason=KeyringMissingError())
    async with app.run_test() as pilot:
        await until(pilot, "It needs the API key and the API secret of a FaceSearch account")
        text = " ".join(screen_text(app).replace("│", " ").split())
        assert "the service's console" in text
        assert "'fs-tui --demo'" in text
        assert "this run only" in text
        assert "in the keyring" not in text
        await pilot.press(*"key-1", "tab", *SECRET, "tab", "right", "enter")
        await pilot.pause()
    assert connector.asked[0]["keep"] is False


async def test_the_secret_is_never_on_screen_nor_in_the_clipboard_nor_in_a_message() -> None:
    app, _ = page()
    messages: list[str] = []
    async with app.run_test(message_hook=lambda message: messages.append(repr(message))) as pilot:
        await pilot.press("tab", *SECRET)
        secret = app.screen.query_one("#api_secret", Field).entry
        secret.select_all()
        await pilot.press("ctrl+c", "ctrl+x")
        await pilot.pause()
        assert secret.value == SECRET
        assert app.clipboard == ""
        assert SECRET not in screen_text(app)
        assert "•" * len(SECRET) in screen_text(app)
        assert SECRET not in app.export_screenshot()
    assert not [message for message in messages if SECRET in message]


async def test_q_leaves_where_no_letter_can_be_typed() -> None:
    app, _ = page()
    async with app.run_test() as pilot:
        await pilot.press("q")
        assert app.screen.query_one("#api_key", Field).value == "q"
        app.screen.query_one(Choice).focus()
        await pilot.press("q", "q")
        await pilot.pause()
        assert app.result is None


async def test_the_page_stands_any_size() -> None:
    for size in ((1, 1), (8, 4), (60, 16), (200, 60)):
        app, _ = page(reason=CredentialError("[/x] \x1b[31m"))
        async with app.run_test(size=size) as pilot:
            await pilot.press("tab", "enter")
            await pilot.pause()


async def test_a_locked_keyring_can_be_unlocked_from_here() -> None:
    locked = KeyringLockedError("the default collection is locked")
    app, connector = page(KeyringLockedError("nobody gave its password"), SESSION, reason=locked)
    async with app.run_test() as pilot:
        await until(pilot, "ctrl+o unlock")
        await pilot.press("ctrl+o")
        await until(pilot, "nobody gave its password")
        connector.gate.clear()
        await pilot.press("ctrl+o")
        await until(pilot, "Waiting for the desktop")
        await pilot.press("escape")
        await until(pilot, "Cancelled")
        connector.gate.set()
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert app.result is SESSION


async def test_unlock_is_not_offered_when_the_keyring_is_not_locked() -> None:
    app, connector = page(reason=CredentialError("none"))
    async with app.run_test() as pilot:
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert "unlock" not in screen_text(app)
    assert connector.asked == []
