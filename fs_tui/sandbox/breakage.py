"""Answers that no good service gives, down to the socket.

Two steps: `spoil` replaces an answer's content, `deliver` sends an answer well or badly. Where the
server hands over its transport (see serve), drops, resets, truncation and wrong lengths are real;
inside a process a lost connection is a ConnectionResetError, as a broken socket would raise it.
"""

from __future__ import annotations

import json
import socket
import struct
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping

    from starlette.types import Receive, Scope, Send

    from fs_tui.sandbox.faults import Failure, Kind

__all__ = ["TRANSPORT", "UNDONE", "Answer", "deliver", "spoil"]

TRANSPORT = "fs_tui.transport"
"""The name under which the scope's extensions hold the asyncio transport of the connection."""

UNDONE: frozenset[Kind] = frozenset(
    {"drop", "reset", "hang", "html", "redirect", "too_large"},
)
"""Kinds that happen before anything is done and answer no error code."""

_HTML = b"<!DOCTYPE html><html><head><title>Gateway</title></head><body>It works!</body></html>"
_CONTAINERS = (
    "info",
    "group_infos",
    "face_tokens",
    "group_id",
    "group_name",
    "group_data",
    "model_version",
)
_DEPTH = 100_000
_MEBIBYTE = b" " * (1 << 20)
_OVERSIZE_MEBIBYTES = 33
_TOO_LARGE = b"Request Entity Too Large"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer before it is sent.

    Attributes:
        headers: Without Content-Length, which `deliver` sets.
    """

    status: int
    body: bytes
    headers: Mapping[str, str]

    def but(self, status: int, body: bytes, **headers: str) -> Answer:
        """This answer with another status and body; `_` in a header's name stands for `-`."""
        changed = {name.replace("_", "-"): value for name, value in headers.items()}
        return Answer(status, body, {**self.headers, **changed})


def _without_container(answer: Answer) -> bytes:
    content = json.loads(answer.body)
    return json.dumps({n: v for n, v in content.items() if n not in _CONTAINERS}).encode()


_SPOILT: Mapping[Kind, Callable[[Failure, Answer], Answer]] = {
    "html": lambda f, a: a.but(f.status or 200, _HTML, content_type="text/html"),
    "redirect": lambda f, a: a.but(f.status or 302, b"", location="/elsewhere"),
    "too_large": lambda f, a: a.but(f.status or 413, _TOO_LARGE, content_type="text/plain"),
    "empty": lambda _, a: replace(a, body=b""),
    "non_object": lambda _, a: replace(a, body=b"[]"),
    "no_container": lambda _, a: replace(a, body=_without_container(a)),
    "deep": lambda _, a: replace(a, body=b'{"info":' + b"[" * _DEPTH + b"]" * _DEPTH + b"}"),
    "bad_utf8": lambda _, a: replace(a, body=a.body[:-1] + b',"x":"\xff\xfe\xc3"}'),
}


def spoil(failure: Failure, answer: Answer) -> Answer:
    """The answer with the content that the failure calls for."""
    spoilt = _SPOILT.get(failure.kind)
    return answer if spoilt is None else spoilt(failure, answer)


async def deliver(
    kind: Kind | None, answer: Answer, scope: Scope, receive: Receive, send: Send
) -> None:
    """Send an answer, in the way that the failure's kind calls for."""
    transport: asyncio.Transport | None = scope.get("extensions", {}).get(TRANSPORT)
    half = answer.body[: len(answer.body) // 2]
    match kind:
        case "drop" | "reset" | "lost_answer":
            _hang_up(transport, reset=kind == "reset")
            await _gone(receive)
        case "hang":
            await _gone(receive)
        case "hang_amid":
            await _start(answer, send, length=len(answer.body))
            await send(_chunk(half, more=True))
            await _gone(receive)
        case "truncated" | "wrong_length" if transport:
            cut = kind == "truncated"
            length, body = (len(answer.body), half) if cut else (len(half), answer.body)
            _write(transport, answer, length=length, body=body)
            await _gone(receive)
        case "truncated" | "wrong_length":
            await _start(answer, send, length=len(half))
            await send(_chunk(half))
        case _:
            padding = _OVERSIZE_MEBIBYTES if kind == "oversize" else 0
            await _start(answer, send, length=None if padding else len(answer.body))
            for _ in range(padding):
                if transport is not None and transport.is_closing():
                    # The reader has enough; asyncio would complain about each further write.
                    await _gone(receive)
                    return
                await send(_chunk(_MEBIBYTE, more=True))
            await send(_chunk(answer.body))


async def _start(answer: Answer, send: Send, *, length: int | None) -> None:
    headers = dict(answer.headers)
    if length is not None:
        headers["content-length"] = str(length)
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})


def _chunk(body: bytes, *, more: bool = False) -> dict[str, object]:
    return {"type": "http.response.body", "body": body, "more_body": more}


async def _gone(receive: Receive) -> None:
    """Wait until the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _write(transport: asyncio.Transport, answer: Answer, *, length: int, body: bytes) -> None:
    """Write an answer past the server, which would insist on the right length, and hang up."""
    headers = {**answer.headers, "content-length": str(length), "connection": "close"}
    lines = [
        f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
        *(f"{name}: {value}" for name, value in headers.items()),
        "\r\n",
    ]
    transport.write("\r\n".join(lines).encode("latin-1") + body)
    transport.close()


def _hang_up(transport: asyncio.Transport | None, *, reset: bool) -> None:
    if transport is None:
        raise ConnectionResetError("the sandbox dropped the connection")
    if reset:
        connection: socket.socket = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
