"""LateClient: the client is made when it is called, once, and what keeps it from that is said."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest

from fs_tui.api.client import FaceSearchClient
from fs_tui.api.late_client import LateClient, is_sure
from fs_tui.api.transport import TransportOptions
from fs_tui.errors import FsTuiError, SettingsError
from fs_tui.models import LibraryDraft

if TYPE_CHECKING:
    from fs_tui.gateway import Event

NOWHERE = "http://127.0.0.1:1"
DRAFT = LibraryDraft("lib", "Library")
AT_ONCE = TransportOptions(retry_budget=0)


class Maker:
    """Makes clients of a service that nobody can reach, and counts them."""

    def __init__(self, error: FsTuiError | None = None) -> None:
        self.made = 0
        self._error = error

    def __call__(self) -> FaceSearchClient:
        self.made += 1
        if self._error is not None:
            raise self._error
        return FaceSearchClient(NOWHERE, "key", "secret", options=AT_ONCE)


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name in {"SSL_CERT_FILE", "SSL_CERT_DIR"}:
            monkeypatch.delenv(name)
    monkeypatch.setattr("sys.platform", "linux")
    return monkeypatch


async def test_nothing_is_made_before_the_first_call_nor_for_the_end() -> None:
    make = Maker()
    client = LateClient(make)
    await client.aclose()
    assert make.made == 0


async def test_calls_that_come_together_are_passed_on_to_one_client_that_is_heard() -> None:
    make = Maker()
    heard: list[Event] = []
    client = LateClient(make)
    client.listen(heard.append)
    calls = client.create(DRAFT), client.create(DRAFT)
    found = await asyncio.gather(*calls, return_exceptions=True)
    await client.aclose()
    assert [isinstance(one, FsTuiError) for one in found] == [True, True]
    assert make.made == 1
    assert len(heard) >= len(calls)


async def test_what_keeps_a_client_from_being_made_is_raised_by_each_call() -> None:
    wrong = SettingsError("no such certificates")
    client = LateClient(Maker(wrong))
    for _ in range(2):
        with pytest.raises(SettingsError, match="no such certificates"):
            await client.libraries()
    await client.aclose()


async def test_a_client_that_is_begun_is_made_at_once_and_once() -> None:
    make = Maker()
    client = LateClient(make)
    client.begin()
    client.begin()
    await client.aclose()
    assert make.made == 1


def test_an_environment_that_names_nothing_is_sure(clean: pytest.MonkeyPatch) -> None:
    clean.setenv("HTTPS_PROXY", "")
    assert is_sure()


@pytest.mark.parametrize(
    "name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"]
)
def test_a_proxy_or_certificates_that_are_named_are_read_first(
    clean: pytest.MonkeyPatch, name: str
) -> None:
    clean.setenv(name, "something")
    assert not is_sure()


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_a_system_that_may_name_a_proxy_is_asked_first(
    clean: pytest.MonkeyPatch, platform: str
) -> None:
    clean.setattr("sys.platform", platform)
    assert not is_sure()
