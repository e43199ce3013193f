"""Nothing but FsTuiError leaves the client, whatever a service says and whatever breaks."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fs_tui import errors
from fs_tui.api import wire
from fs_tui.api.client import FaceSearchClient
from fs_tui.api.http_client import InProcessTransport
from fs_tui.api.transport import TransportOptions
from fs_tui.creation import create_library
from fs_tui.models import LibraryDraft, RequestRecord
from tests.api.raw_server import listening

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fs_tui.gateway import Event

OPTIONS = TransportOptions(retry_budget=0)

CALLS: dict[str, Callable[[FaceSearchClient], Awaitable[object]]] = {
    "group_list": lambda client: client.libraries(),
    "group_info": lambda client: client.library("g"),
    "list": lambda client: client.faces("g"),
    "face_info": lambda client: client.face("g", "t"),
    "create": lambda client: client.create(LibraryDraft("g", "n")),
}


class Saying:
    """A service that answers every call with the same bytes."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        self.body = body
        self.status = status

    async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:  # ASGI's own shapes
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": self.body})


async def _ask(call: str, service: Saying) -> object:
    """What a call gives, or the error of ours that it ends with; nothing else is caught."""
    client = FaceSearchClient("https://sandbox", "key", "secret", options=OPTIONS, asgi_app=service)
    told: list[Event] = []
    client.listen(told.append)
    met: object
    async with aclosing(client):
        try:
            met = await CALLS[call](client)
        except errors.FsTuiError as error:
            met = error
    (record,) = told
    assert isinstance(record, RequestRecord)
    # Whatever is handed on can be printed, stored and counted with.
    _check_text(record._asdict())
    if isinstance(met, errors.FsTuiError):
        assert met.title
        _check_text([str(met), met.hint])
    else:
        _check_text(met)
    return met


def _check_text(value: Any) -> None:  # models, and tuples of them
    json.dumps(value, ensure_ascii=False, default=_plain).encode()


def _plain(value: Any) -> object:  # what JSON does not know
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


# --- documents ------------------------------------------------------------------------------------

_FIELDS = st.sampled_from(
    [
        "info",
        "group_infos",
        "face_tokens",
        "group_id",
        "group_name",
        "group_data",
        "model_version",
        "add_time",
        "face_token",
        "user_id",
        "user_data",
        "next",
        "error",
        "error_message",
        "request_id",
        "time_used",
    ]
)

_HUGE = st.sampled_from(
    [10**30, -(10**30), 10**400, 2**53, 2**63, 2**64, -(2**63) - 1, 1e300, -1e300, 5e-324, 10**4299]
)

_TEXTS = st.text(st.characters(), max_size=8) | st.sampled_from(
    [
        "\ud800",
        "a\udfffb",
        "\ud83d\ude00",
        "\0",
        "9" * 4299,
        "9" * 5000,
        "1e999",
        "-0",
        "\u0663",
        "NaN",
        "Infinity",
        "2026-01-30T10:21:30.208+08:00",
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+23:59",
        "2026-02-30T00:00:00",
        "-99999999999999",
    ]
)

_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | _HUGE | _TEXTS


def _nested(depth: int, value: object, *, is_list: bool) -> object:
    for _ in range(depth):
        value = [value] if is_list else {"a": value}
    return value


_DEEP = st.builds(_nested, st.integers(1, 900), _LEAVES, is_list=st.booleans())

_VALUES = st.recursive(
    _LEAVES | _DEEP,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(_FIELDS | _TEXTS, inner, max_size=6)
        | st.dictionaries(_FIELDS, inner, max_size=6)
    ),
    max_leaves=12,
)

_DOCUMENTS = st.dictionaries(_FIELDS, _VALUES, max_size=6) | _VALUES


def _written(document: object, *, escaped: bool, padding: int) -> bytes:
    """Write a document as a service may: lone surrogates escaped, or as the bytes that they are."""
    text = json.dumps(document, ensure_ascii=escaped)
    return text.encode("utf-8", "surrogatepass") + b" " * padding


@settings(max_examples=150, deadline=None)
@given(
    document=_DOCUMENTS,
    status=st.sampled_from([200, 200, 200, 201, 302, 400, 403, 429, 500, 599]),
    escaped=st.booleans(),
    padding=st.sampled_from([0, 70_000]),
)
@pytest.mark.parametrize("call", CALLS)
def test_every_document_is_an_answer_or_an_error_of_ours(
    call: str, document: object, status: int, *, escaped: bool, padding: int
) -> None:
    body = _written(document, escaped=escaped, padding=padding)
    met = asyncio.run(_ask(call, Saying(body, status)))
    # What the shapes refuse is named as such: the last net is for what nobody thought of.
    assert not isinstance(met, errors.UnforeseenError), met


@settings(max_examples=150, deadline=None)
@given(body=st.binary(max_size=200), padding=st.sampled_from([0, 70_000]))
@example(body=b'{"x":"\\ud800","y":' + b"[" * 600 + b"]" * 600 + b',"face_tokens":[]}', padding=0)
@example(body=b'{"error":' + b"[" * 900 + b"]" * 900 + b"}", padding=0)
@example(body=b'{"request_id":' + b"[" * 5000 + b"]" * 5000 + b',"face_tokens":[]}', padding=0)
@example(body=b'{"face_tokens":[],"next":' + b"9" * 5000 + b"}", padding=0)
@example(body=b'{"face_tokens":[],"next":1e999}', padding=0)
@example(body=b'{"info":{"face_token":' + b"9" * 4300 + b"}}", padding=0)
@example(body=b'{"info":{"face_token":"t","add_time":1e999}}', padding=70_000)
@example(body=b'\xef\xbb\xbf{"face_tokens":[]}', padding=70_000)
def test_all_bytes_are_an_answer_or_an_error_of_ours(body: bytes, padding: int) -> None:
    for call in CALLS:
        met = asyncio.run(_ask(call, Saying(body + b" " * padding)))
        assert not isinstance(met, errors.UnforeseenError), met


_HEADERS = (
    *("Date", "Retry-After", "Location", "Content-Type", "Content-Encoding", "Set-Cookie"),
    *("Transfer-Encoding", "Connection", "Content-Length"),
)

_STATUSES = ("200 OK", "302 Found", "403 No", "429 Slow", "500 Ow", "999 ?", "000 ?", "100 ")


@settings(max_examples=100, deadline=None)
@given(
    lines=st.lists(
        st.tuples(
            st.sampled_from(_HEADERS),
            st.text(st.characters(max_codepoint=0xFF, exclude_characters="\r\n"), max_size=30)
            | st.sampled_from(
                [
                    "9" * 400,
                    "-1",
                    "\u00b2",
                    "https://xn--/",
                    "//evil",
                    "Fri, 31 Dec 9999 23:59:59 -9999",
                    "a=b; Expires=Fri, 31 Dec 99999 23:59:59 GMT",
                    "gzip",
                    "chunked",
                    "text/html; charset=\u00ff",
                ]
            ),
        ),
        max_size=4,
    ),
    status=st.sampled_from(
        ["200 OK", "302 Found", "403 No", "429 Slow", "500 Ow", "999 ?", "100 "]
    ),
)
def test_every_head_is_an_answer_or_an_error_of_ours(
    lines: list[tuple[str, str]], status: str
) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in lines).encode("latin-1")
    said = b"HTTP/1.1 " + status.encode() + b"\r\n" + head + b'\r\n{"group_infos": []}'
    options = TransportOptions(retry_budget=0, read_timeout=0.05, total_timeout=0.1)

    async def ask() -> None:
        async with listening(said) as raw:
            client = FaceSearchClient(raw.url, "key", "secret", options=options)
            async with aclosing(client):
                try:
                    await client.libraries()
                except errors.UnforeseenError:
                    raise AssertionError from None
                except errors.FsTuiError:
                    pass

    asyncio.run(ask())


# --- exceptions that nobody mapped ----------------------------------------------------------------


class StrangeError(Exception):
    """Of a library that nobody has heard of."""


_STRANGE: list[Exception] = [
    StrangeError("canary"),
    ExceptionGroup("canary", [StrangeError("canary")]),
    RecursionError("canary"),
    UnicodeError("canary"),
    OverflowError("canary"),
    AssertionError("canary"),
    RuntimeError("canary"),
    StopAsyncIteration("canary"),
    KeyError("canary"),
    EOFError("canary"),
]


async def _met(client: FaceSearchClient, call: str) -> errors.UnforeseenError:
    async with aclosing(client):
        with pytest.raises(errors.UnforeseenError) as caught:
            await CALLS[call](client)
    return caught.value


@pytest.mark.parametrize("strange", _STRANGE, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("place", ["send", "sign", "decode", "listener"])
async def test_what_nobody_mapped_becomes_ours_wherever_it_comes_from(
    monkeypatch: pytest.MonkeyPatch, call: str, strange: Exception, place: str
) -> None:
    def fail(*_: object, **__: object) -> Any:  # in anything's place
        raise strange

    body = b'{"group_infos": [], "face_tokens": [], "info": {"face_token": "t"}, "group_id": "g"}'
    client = FaceSearchClient("https://host", "key", "secret", asgi_app=Saying(body))
    if place == "listener":
        client.listen(fail)
    elif place == "decode":
        for name in ("libraries", "library", "faces", "face", "created"):
            monkeypatch.setattr(wire, name, fail)
    elif place == "sign":
        monkeypatch.setattr("fs_tui.api.signing.Signer.sign", fail)
    else:
        monkeypatch.setattr(InProcessTransport, "handle_async_request", fail)
    error = await _met(client, call)
    assert "canary" not in f"{error} {error.hint}"
    assert error.detail
    assert error.hint
    assert error.exit_status == 1
    cause = error.__cause__
    assert cause is strange
    assert cause.__traceback__ is None, "its frames hold the signed form"


@pytest.mark.parametrize("call", CALLS)
async def test_a_machine_without_memory_says_so(monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    def fail(*_: object, **__: object) -> Any:  # in a response's place
        raise MemoryError

    monkeypatch.setattr(InProcessTransport, "handle_async_request", fail)
    client = FaceSearchClient("https://host", "key", "secret", asgi_app=Saying(b""))
    async with aclosing(client):
        with pytest.raises(errors.ResourceError):
            await CALLS[call](client)
        with pytest.raises(errors.OutcomeUnknownError):
            await create_library(client, LibraryDraft("g", "n"))


async def test_what_nobody_mapped_is_recorded_and_not_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[object] = []

    async def fail(*_: object, **__: object) -> Any:  # in a response's place
        sent.append(None)
        raise StrangeError

    monkeypatch.setattr(InProcessTransport, "handle_async_request", fail)
    client = FaceSearchClient("https://host", "key", "secret", asgi_app=Saying(b""))
    told: list[Event] = []
    client.listen(told.append)
    await _met(client, "group_list")
    (record,) = told
    assert isinstance(record, RequestRecord)
    assert record.error == errors.UnforeseenError.title
    assert len(sent) == 1


async def test_a_create_that_broke_in_a_strange_way_may_have_been_executed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So it is looked up, and where that breaks too nothing certain is said."""

    async def fail(*_: object, **__: object) -> Any:  # in a response's place
        raise StrangeError

    monkeypatch.setattr(InProcessTransport, "handle_async_request", fail)
    client = FaceSearchClient("https://host", "key", "secret", asgi_app=Saying(b""))
    async with aclosing(client):
        with pytest.raises(errors.OutcomeUnknownError):
            await create_library(client, LibraryDraft("g", "n"))


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, asyncio.CancelledError])
async def test_what_ends_the_program_is_not_caught(
    monkeypatch: pytest.MonkeyPatch, kind: type[BaseException]
) -> None:
    def fail(*_: object, **__: object) -> Any:  # in a response's place
        raise kind

    monkeypatch.setattr(InProcessTransport, "handle_async_request", fail)
    client = FaceSearchClient("https://host", "key", "secret", asgi_app=Saying(b""))
    async with aclosing(client):
        with pytest.raises(kind):
            await client.libraries()


async def test_a_connection_that_breaks_while_it_is_closed_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise StrangeError

    client = FaceSearchClient("https://host", "key", "secret", asgi_app=Saying(b""))
    monkeypatch.setattr(InProcessTransport, "aclose", fail)
    await client.aclose()
    with pytest.raises(errors.ConnectError):
        await client.libraries()
