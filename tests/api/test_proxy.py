"""Through a proxy of the environment: what fails there is said of it, and nothing is sent."""

from __future__ import annotations

import os
import socket
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from fs_tui import errors
from fs_tui.api.client import FaceSearchClient
from fs_tui.api.transport import TransportOptions
from fs_tui.creation import create_library
from fs_tui.models import LibraryDraft
from tests.api.certificate import server_context
from tests.api.raw_server import answer, listening, serving
from tests.api.tunnel import OPEN, Tunnel, refusing

if TYPE_CHECKING:
    import asyncio
    import ssl
    from collections.abc import AsyncIterator
    from pathlib import Path

HOST = "service.invalid"
CANARY = "canary-51d0"

GOOD = answer(b'{"group_infos": []}')

OPTIONS = TransportOptions(retry_budget=0.2, retry_wait=0.01, retry_wait_max=0.02)

HASTY = OPTIONS._replace(read_timeout=0.4)
"""For what never answers."""


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@asynccontextmanager
async def _client(options: TransportOptions = OPTIONS) -> AsyncIterator[FaceSearchClient]:
    client = FaceSearchClient(f"https://{HOST}", "key", "secret", options=options)
    async with aclosing(client):
        yield client


async def met(options: TransportOptions = OPTIONS) -> errors.FsTuiError:
    """What a read ends with, and a create too."""
    async with _client(options) as client:
        with pytest.raises(errors.FsTuiError) as caught:
            await client.libraries()
        with pytest.raises(type(caught.value)):
            await create_library(client, LibraryDraft("new", "New"))
    return caught.value


@asynccontextmanager
async def standing(
    proxy: Tunnel, monkeypatch: pytest.MonkeyPatch, *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[str]:
    """Put a proxy before the service; gives its place."""
    async with serving(proxy.serve, tls=tls) as url:
        monkeypatch.setenv("HTTPS_PROXY", url)
        yield url


def is_named(error: errors.FsTuiError, place: str) -> bool:
    return place in error.detail and "HTTPS_PROXY" in error.detail


@pytest.mark.parametrize("status", ["407 Who Are You", "403 Forbidden", "405 No", "302 Elsewhere"])
async def test_a_refusal_of_the_proxy_is_shown_with_its_status_and_not_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    proxy = refusing(status)
    async with standing(proxy, monkeypatch) as place:
        error = await met(OPTIONS._replace(retry_budget=30))
    assert type(error) is errors.ProxyError
    assert is_named(error, place)
    assert f"HTTP {status[:3]}" in error.detail
    assert error.hint
    assert len(proxy.heard) == 2  # the read, and the create
    assert all(head.startswith(b"CONNECT service.invalid:443 ") for head in proxy.heard)


@pytest.mark.parametrize(
    ("user", "says"), [("", "USER:PASSWORD"), (f"me:{CANARY}@", "Correct the user name")]
)
async def test_a_proxy_that_wants_a_password_says_where_it_goes(
    monkeypatch: pytest.MonkeyPatch, user: str, says: str
) -> None:
    proxy = refusing("407 Proxy Authentication Required")
    async with standing(proxy, monkeypatch) as place:
        monkeypatch.setenv("HTTPS_PROXY", place.replace("://", f"://{user}"))
        error = await met()
    assert says in error.hint
    assert "HTTPS_PROXY" in error.hint
    assert CANARY not in f"{error!r} {error} {error.hint} {error.__cause__!r}"
    assert (b"Proxy-Authorization" in proxy.heard[0]) == bool(user)


@pytest.mark.parametrize("status", ["429 Slow", "502 Bad Gateway", "503 Busy", "504 Late"])
async def test_a_proxy_that_may_do_better_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    proxy = refusing(status)
    async with standing(proxy, monkeypatch) as place:
        error = await met(OPTIONS._replace(retry_budget=1))
    assert type(error) is errors.ConnectError
    assert is_named(error, place)
    assert f"HTTP {status[:3]}" in error.detail
    assert len(proxy.heard) > 2  # the read, and the create


async def test_a_proxy_that_is_down_is_not_taken_for_the_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        place = f"http://127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("HTTPS_PROXY", place)
        error = await met()
    assert type(error) is errors.ConnectError
    assert is_named(error, place)
    assert "refuses connections" in error.detail
    assert HOST not in error.detail
    assert "HTTPS_PROXY" in error.hint


async def test_a_proxy_that_is_unknown_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://nobody.invalid:3128")
    # Not every machine has somebody who answers for names.
    error = await met(OPTIONS._replace(connect_timeout=2))
    assert "http://nobody.invalid:3128" in error.detail
    assert "ALL_PROXY" in error.detail
    assert HOST not in error.detail


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        (None, errors.ConnectError),
        (b"", errors.ConnectError),
        (b"HTTP/1.1 2", errors.ConnectError),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", errors.ProxyError),
        (b"HTTP/1.1 999999 x\r\n\r\n", errors.ProxyError),
    ],
)
async def test_what_a_proxy_says_or_does_not_say_is_its_own(
    monkeypatch: pytest.MonkeyPatch, says: bytes | None, kind: type[errors.FsTuiError]
) -> None:
    async with standing(Tunnel(says), monkeypatch) as place:
        error = await met(HASTY if says is None else OPTIONS)
    assert type(error) is kind
    assert is_named(error, place)


async def test_the_deadline_of_the_whole_call_knows_the_proxy_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with standing(Tunnel(None), monkeypatch) as place:
        error = await met(OPTIONS._replace(total_timeout=1, retry_budget=0))
    assert type(error) is errors.ConnectError
    assert is_named(error, place)


async def test_an_https_proxy_that_speaks_no_tls_is_no_matter_of_certificates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving(_plain) as url:
        place = url.replace("http:", "https:")
        monkeypatch.setenv("HTTPS_PROXY", place)
        error = await met()
    assert isinstance(error, errors.ConnectError)
    assert is_named(error, place)
    assert "ca_bundle" not in error.hint
    assert "http://" in error.hint


async def _plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")


async def test_an_https_proxy_is_trusted_as_the_service_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    proxy = refusing("403 Forbidden")
    async with standing(proxy, monkeypatch, tls=server_context(tmp_path)) as place:
        error = await met()
        assert type(error) is errors.ProxyError
        assert is_named(error, place)
        assert "certificate" in error.detail
        assert "ca_bundle" in error.hint
        assert proxy.heard == []
        error = await met(OPTIONS._replace(ca_bundle=tmp_path / "cert.pem"))
    assert "HTTP 403" in error.detail


async def test_behind_the_proxy_the_service_answers_for_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening(GOOD, tls=server_context(tmp_path, HOST)) as service:
        proxy = Tunnel(OPEN, int(service.url.rpartition(":")[2]))
        async with standing(proxy, monkeypatch):
            error = await met()
            assert type(error) is errors.TLSError
            assert HOST in error.detail
            assert "proxy" not in error.detail.lower()
            options = OPTIONS._replace(ca_bundle=tmp_path / "cert.pem", read_timeout=1)
            async with _client(options) as client:
                assert await client.libraries() == ()
                # On the connection that is kept there is no proxy to be held up by.
                service.says = [None]
                with pytest.raises(errors.DeadlineError, match=HOST):
                    await client.libraries()
    assert all(CANARY.encode() not in head for head in proxy.heard)


async def test_a_tunnel_that_ends_at_once_is_not_a_proxy_that_refuses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with standing(Tunnel(OPEN), monkeypatch), _client() as client:
        with pytest.raises(errors.NetworkError, match=HOST):
            await client.libraries()


async def test_entries_of_no_proxy_that_cannot_be_used_break_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proxy = refusing("403 Forbidden")
    async with standing(proxy, monkeypatch):
        monkeypatch.setenv("NO_PROXY", "fd00::/8,[::1],ex*mple,http://[")
        async with _client() as client:
            assert "'ex*mple'" in client.warning
            with pytest.raises(errors.ProxyError):
                await client.libraries()
        monkeypatch.setenv("NO_PROXY", "ex*mple,.invalid")
        async with _client() as client:
            assert client.warning == ""
            with pytest.raises(errors.ConnectError, match=HOST):
                await client.libraries()
    assert len(proxy.heard) == 1
