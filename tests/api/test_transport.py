"""The exchange on the wire: what is sent, what is refused, and what never leaves."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import re
import socket
import threading
import time
import traceback
from base64 import b64decode
from contextlib import aclosing, asynccontextmanager
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest

from fs_tui import errors
from fs_tui.api.client import FaceSearchClient
from fs_tui.api.transport import TransportOptions
from fs_tui.models import ClockDrift, LibraryDraft, RequestRecord
from tests.api.certificate import server_context
from tests.api.raw_server import RawServer, answer, listening, read_request, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from fs_tui.gateway import Event

KEY, SECRET = "canary-key-7f3a", "canary-secret-91cc"

GOOD = answer(b'{"request_id": "1,a", "time_used": 3, "group_infos": []}')

OPTIONS = TransportOptions(retry_budget=0, answer_limit=100_000)

HASTY = OPTIONS._replace(read_timeout=0.4)
"""For what never answers."""

RETRYING = TransportOptions(retry_wait=0.01, retry_wait_max=0.02)


@asynccontextmanager
async def _client(
    raw: RawServer, options: TransportOptions = OPTIONS
) -> AsyncIterator[FaceSearchClient]:
    async with aclosing(FaceSearchClient(raw.url, KEY, SECRET, options=options)) as client:
        yield client


def _parts(request: bytes) -> dict[str, tuple[str, bytes]]:
    """The parts of a multipart request by name: the other header text, and the value."""
    boundary = re.search(rb"boundary=(\S+)", request)
    assert boundary is not None
    body = request.partition(b"\r\n\r\n")[2]
    parts = {}
    for part in body.split(b"--" + boundary[1])[1:-1]:
        head, _, value = part.removeprefix(b"\r\n").removesuffix(b"\r\n").partition(b"\r\n\r\n")
        name = re.search(rb'name="([^"]*)"', head)
        assert name is not None
        parts[name[1].decode()] = (head.replace(name[0], b"").decode(), value)
    return parts


async def test_a_call_is_a_post_of_text_parts_without_filenames() -> None:
    async with listening(answer(b'{"info": {"face_token": "t"}}')) as raw, _client(raw) as client:
        await client.face("-%@#&_", "a'b\"c")
    request = raw.heard[0]
    assert request.startswith(b"POST /finauth/search/group/face_info HTTP/1.1\r\n")
    parts = _parts(request)
    assert list(parts) == ["sign", "sign_version", "group_id", "face_token"]
    for head, _ in parts.values():
        assert head == "Content-Disposition: form-data; "
    assert parts["sign_version"][1] == b"hmac_sha1"
    assert parts["group_id"][1] == b"-%@#&_"
    assert parts["face_token"][1] == b"a'b\"c"
    assert b"\n" not in parts["sign"][1]


@pytest.mark.parametrize(
    ("call", "path"),
    [
        ("libraries", "group_list"),
        ("library", "group_info"),
        ("faces", "list"),
        ("face", "face_info"),
        ("create", "create"),
    ],
)
async def test_each_call_has_its_own_path(call: str, path: str) -> None:
    async with listening(answer(b'{"error": "X"}')) as raw, _client(raw) as client:
        wishes: dict[str, Callable[[], Awaitable[object]]] = {
            "libraries": client.libraries,
            "library": lambda: client.library("g"),
            "faces": lambda: client.faces("g"),
            "face": lambda: client.face("g", "t"),
            "create": lambda: client.create(LibraryDraft("g", "n")),
        }
        with pytest.raises(errors.ServiceError):
            await wishes[call]()
    assert raw.heard[0].split()[1] == f"/finauth/search/group/{path}".encode()


async def test_connections_are_kept() -> None:
    async with listening(GOOD) as raw, _client(raw) as client:
        for _ in range(5):
            await client.libraries()
    assert raw.connections == 1


async def test_the_body_is_one_write() -> None:
    """As a stream, every part of every field would be a packet of its own."""
    async with listening(GOOD) as raw, _client(raw) as client:
        await client.libraries()
    head = raw.heard[0].partition(b"\r\n\r\n")[0].lower()
    assert b"content-length" in head
    assert b"chunked" not in head


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed_and_said(status: int) -> None:
    async with listening(GOOD) as elsewhere:
        head = f"Location: {elsewhere.url}/secret-path\r\n"
        redirect = answer(b"", status=f"{status} Moved", head=head)
        async with listening(redirect) as raw, _client(raw, RETRYING) as client:
            with pytest.raises(errors.ProtocolError) as caught:
                await client.libraries()
    assert "not sent on" in caught.value.detail
    assert elsewhere.url in caught.value.detail
    assert "secret-path" not in caught.value.detail
    assert caught.value.http_status == status
    assert elsewhere.heard == []
    assert len(raw.heard) == 1


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("//evil.example/x", " to http://evil.example "),
        ("https://127.0.0.1/x", " to https://127.0.0.1 "),
        ("https://me:secret@evil.example:8443/x?y", " to https://evil.example:8443 "),
        ("https://xn--", " to https://xn-- "),
        ("//xn--a/", " to http://xn--a "),
        ("https://b\u00fccher.example", " to https://"),
        ("https://evil.example:99999", " to https://evil.example:99999 "),
        ("/elsewhere", "redirects (HTTP 302)"),
        ("?x", "redirects (HTTP 302)"),
        ("", "redirects (HTTP 302)"),
        ("//", "redirects (HTTP 302)"),
        ("mailto:me@evil.example", "redirects (HTTP 302)"),
        ("http://a:b:c/", "redirects (HTTP 302)"),
        ("https://" + "a" * 5_000, "aaa (HTTP 302)"),
        ("http://[", "redirects"),
        ("http://[::1", "redirects"),
        ("x" * 70_000, "redirects (HTTP 302)"),
    ],
)
async def test_a_redirect_is_shown_as_scheme_and_host_wherever_it_points(
    target: str, shown: str
) -> None:
    head = f"Location: {target}\r\n"
    redirect = answer(b"", status="302 Moved", head=head)
    async with listening(redirect) as raw, _client(raw, RETRYING) as client:
        with pytest.raises(errors.ProtocolError) as caught:
            await client.libraries()
    assert shown in caught.value.detail
    assert "secret" not in caught.value.detail
    assert len(caught.value.detail) < 500
    assert caught.value.http_status == 302
    assert len(raw.heard) == 1


async def test_an_announced_oversize_is_refused_before_it_is_read() -> None:
    announced = b"HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n"
    async with listening(announced) as raw, _client(raw) as client:
        with pytest.raises(errors.ProtocolError, match="larger"):
            await client.libraries()


async def test_an_oversize_that_unfolds_is_refused() -> None:
    packed = gzip.compress(b'{"group_infos": []' + b" " * 200_000 + b"}")
    told = answer(packed, head="Content-Encoding: gzip\r\n")
    async with listening(told) as raw, _client(raw) as client:
        with pytest.raises(errors.ProtocolError, match="larger"):
            await client.libraries()


async def test_what_is_packed_more_than_once_is_not_even_unpacked() -> None:
    """Each layer unfolds a thousandfold: a few kilobytes are gigabytes."""
    packed = gzip.compress(gzip.compress(b'{"group_infos": []}'))
    told = answer(packed, head="Content-Encoding: gzip, gzip\r\n")
    async with listening(told) as raw, _client(raw) as client:
        with pytest.raises(errors.ProtocolError, match="more than once"):
            await client.libraries()


async def test_packed_answers_are_unpacked_and_damaged_ones_said() -> None:
    good = answer(gzip.compress(b'{"group_infos": []}'), head="Content-Encoding: gzip\r\n")
    bad = answer(b'{"group_infos": []}', head="Content-Encoding: gzip\r\n")
    async with listening(good, bad) as raw, _client(raw) as client:
        assert await client.libraries() == ()
        with pytest.raises(errors.ProtocolError, match="decompressed"):
            await client.libraries()


async def test_what_is_not_http_is_a_protocol_error_and_no_retry() -> None:
    async with listening(b"SSH-2.0-OpenSSH_9.2\r\n\r\n") as raw, _client(raw, RETRYING) as client:
        with pytest.raises(errors.ProtocolError, match="not HTTP"):
            await client.libraries()
    assert len(raw.heard) == 1


async def test_an_answer_that_drips_ends_at_the_whole_calls_deadline() -> None:
    """Each piece is in time for the read deadline, the whole never comes."""

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await asyncio.sleep(0.05)

    options = OPTIONS._replace(total_timeout=1)
    began = time.monotonic()
    async with (
        asyncio.timeout(30),
        serving(drip) as url,
        _client(RawServer(url), options) as client,
    ):
        with pytest.raises(errors.DeadlineError, match=r"\b1 s"):
            await client.libraries()
        assert time.monotonic() - began > 0.9


async def test_a_kept_connection_that_is_closed_under_a_read_costs_only_a_retry() -> None:
    async with listening(GOOD, b"", GOOD) as raw, _client(raw, RETRYING) as client:
        await client.libraries()
        await client.libraries()
    assert raw.connections == 2
    assert len(raw.heard) == 3


async def test_an_untrusted_certificate_is_a_tls_error_and_no_retry(tmp_path: Path) -> None:
    async with (
        listening(GOOD, tls=server_context(tmp_path)) as raw,
        _client(raw, RETRYING) as client,
    ):
        with pytest.raises(errors.TLSError, match="certificate"):
            await client.libraries()
    assert raw.heard == []


async def test_ca_bundle_is_trusted(tmp_path: Path) -> None:
    async with listening(GOOD, tls=server_context(tmp_path)) as raw:
        options = TransportOptions(ca_bundle=tmp_path / "cert.pem")
        async with _client(raw, options) as client:
            assert await client.libraries() == ()


async def test_https_to_a_plain_server_is_a_tls_error() -> None:

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with serving(plain) as url, _client(RawServer(url.replace("http", "https"))) as client:
        with pytest.raises(errors.TLSError):
            await client.libraries()


async def test_a_proxy_is_never_put_before_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening(GOOD) as proxy, listening(GOOD) as raw:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        async with _client(raw) as client:
            await client.libraries()
    assert proxy.heard == []
    assert len(raw.heard) == 1


async def test_a_proxy_of_the_environment_is_asked_for_a_tunnel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing but the host's name reaches a proxy that refuses."""
    heard: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    async with serving(refuse) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        raw = RawServer(url="https://service.invalid")
        async with _client(raw) as client:
            with pytest.raises(errors.ConnectError, match="proxy"):
                await client.libraries()
    assert heard[0].startswith(b"CONNECT service.invalid:443")


async def test_a_name_that_does_not_exist_is_said() -> None:
    # Not every machine has somebody who answers for names.
    options = OPTIONS._replace(connect_timeout=2)
    async with _client(RawServer(url="https://service.invalid"), options) as client:
        with pytest.raises(errors.ConnectError) as caught:
            await client.libraries()
    assert "service.invalid" in caught.value.detail


def _date(seconds: float) -> str:
    return f"Date: {formatdate(time.time() + seconds, usegmt=True)}\r\n"


_NOW = time.time()
_YEAR_9999 = 253_402_000_000 - _NOW
_YEAR_1970 = -_NOW

_EXPIRED = b'{"error": "AUTHORIZATION_ERROR:EXPIRED_SIGN"}'


async def test_a_service_whose_clock_jumps_is_followed_once() -> None:
    refused = [answer(_EXPIRED, status="403 No", head=_date(hours * 3600)) for hours in (-20, 20)]
    async with listening(*refused, GOOD) as raw, _client(raw, RETRYING) as client:
        with pytest.raises(errors.AuthorizationError):
            await client.libraries()
    assert len(raw.heard) == 2


@pytest.mark.parametrize(
    ("body", "status", "own"),
    [
        (_EXPIRED, "403 No", "doctor"),
        (b'{"error": "AUTHENTICATION_ERROR"}', "401 No", "auth login"),
    ],
)
@pytest.mark.parametrize(
    "seconds",
    [_YEAR_9999, _YEAR_1970, 86_400 + 60, -86_400 - 60],
    ids=["9999", "1970", "day", "back"],
)
async def test_no_sign_is_made_for_a_time_more_than_a_day_away(
    seconds: float, body: bytes, status: str, own: str
) -> None:
    """It would be good for as long, whoever had it."""
    told: list[Event] = []
    refused = answer(body, status=status, head=_date(seconds))
    async with listening(refused, GOOD) as raw, _client(raw, RETRYING) as client:
        client.listen(told.append)
        with pytest.raises(errors.ServiceError) as caught:
            await client.libraries()
        await client.libraries()
    assert len(raw.heard) == 2
    assert not any(isinstance(event, ClockDrift) for event in told)
    assert "days" in caught.value.hint
    assert "Date" in caught.value.hint
    assert own in caught.value.hint
    for sign in _signs(raw):
        # Behind the 20 bytes of the digest stands what was signed.
        made = int(b64decode(sign)[20:].split(b"&")[2].removeprefix(b"c="))
        assert abs(made - time.time()) < 60


def test_a_name_look_up_that_hangs_delays_neither_the_call_nor_the_exit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolved = threading.Event()

    def hang(*_: object, **__: object) -> list[object]:
        resolved.wait(30)
        return []

    async def run() -> None:
        options = OPTIONS._replace(connect_timeout=0.2)
        async with _client(RawServer(url="https://service.invalid"), options) as client:
            with pytest.raises(errors.ConnectError):
                await client.libraries()

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    began = time.monotonic()
    try:
        asyncio.run(run())
        assert time.monotonic() - began < 15
    finally:
        resolved.set()


# --- what never leaves ----------------------------------------------------------------------------


def _signs(raw: RawServer) -> list[str]:
    return [_parts(request)["sign"][1].decode() for request in raw.heard]


async def test_a_service_that_repeats_the_secrets_is_not_repeated() -> None:
    """The sign is as secret as the secret, wherever it comes back."""

    async def repeat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sign = _parts(await read_request(reader))["sign"][1].decode()
        body = {"error": f"{sign} {KEY} {SECRET}", "request_id": f"1,{sign}"}
        writer.write(answer(json.dumps(body).encode(), status="403 No"))
        repeated.append(sign)

    repeated: list[str] = []
    told: list[Event] = []
    async with serving(repeat) as url, _client(RawServer(url)) as client:
        client.listen(told.append)
        with pytest.raises(errors.ServiceError) as caught:
            await client.libraries()
    (record,) = told
    assert isinstance(record, RequestRecord)
    shown = f"{caught.value!r} {caught.value} {caught.value.request_id} {record!r}"
    for secret in (*repeated, KEY, SECRET):
        assert secret not in shown
    assert "[redacted]" in shown


@pytest.mark.parametrize(
    "said", [answer(b"<html>", status="502 Bad"), answer(b"[]"), None, b"nonsense\r\n", b""]
)
async def test_errors_and_their_causes_hold_no_secret(said: bytes | None) -> None:
    async with listening(said) as raw, _client(raw, HASTY) as client:
        with pytest.raises(errors.FsTuiError) as caught:
            await client.library("group")
    text = "".join(traceback.format_exception(caught.value))
    link: BaseException | None = caught.value
    while link is not None:
        text += f"{link!r} {link} {link.args}"
        link = link.__cause__ or link.__context__
    for secret in (*_signs(raw), KEY, SECRET):
        assert secret not in text


async def test_the_frames_below_our_own_are_forgotten() -> None:
    """Those frames hold the form as bytes, sign included."""
    async with listening(b"") as raw, _client(raw) as client:
        with pytest.raises(errors.ConnectionLostError) as caught:
            await client.libraries()
    cause = caught.value.__cause__
    assert cause is not None
    while cause is not None:
        assert cause.__traceback__ is None
        cause = cause.__cause__ or cause.__context__


async def test_the_debug_logs_of_the_libraries_hold_no_secret(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with listening(b"", GOOD) as raw, _client(raw, RETRYING) as client:
            await client.libraries()
            text = f"{client!r} {vars(client)!r} {vars(client._transport)!r}"
    assert caplog.records
    text += caplog.text + "".join(repr(record.args) for record in caplog.records)
    for secret in (*_signs(raw), KEY, SECRET):
        assert secret not in text


async def test_a_retry_is_told_to_listeners_and_to_no_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without a handler Python writes a warning to standard error, where the screen is."""
    async with listening(b"", GOOD) as raw, _client(raw, RETRYING) as client:
        await client.libraries()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
