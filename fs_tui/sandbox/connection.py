"""How an answer goes out over the socket: properly, in parts, with a wrong length, or not at all.

Where the server hands over its transport (see serve), drops, resets, truncation and wrong lengths
are real; inside a process a lost connection is a ConnectionResetError, as a broken socket would
raise it.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import Receive, Scope, Send

    from fs_tui.sandbox.answers import Answer

__all__ = ["TRANSPORT", "Connection"]

TRANSPORT = "fs_tui.transport"
"""The name under which the scope's extensions hold the asyncio transport of the connection."""


@dataclass(frozen=True, slots=True)
class Connection:
    """The way back to the client, as ASGI gives it."""

    scope: Scope
    receive: Receive
    send: Send

    @property
    def transport(self) -> asyncio.Transport | None:
        """The socket's; None inside a process."""
        transport: asyncio.Transport | None = self.scope.get("extensions", {}).get(TRANSPORT)
        return transport

    async def answer(self, answer: Answer) -> None:
        """Send an answer as it is."""
        await self.begin(answer, length=len(answer.body))
        await self.go_on(answer.body, more=False)

    async def begin(self, answer: Answer, *, length: int | None) -> None:
        """Send status and headers; a length of None promises none."""
        headers = dict(answer.headers)
        if length is not None:
            headers["content-length"] = str(length)
        encoded = [(n.encode(), value.encode("latin-1", "replace")) for n, value in headers.items()]
        await self.send(
            {"type": "http.response.start", "status": answer.status, "headers": encoded}
        )

    async def go_on(self, body: bytes, *, more: bool = True) -> None:
        """Send a part of the body."""
        await self.send({"type": "http.response.body", "body": body, "more_body": more})

    async def stream(self, parts: Iterable[bytes]) -> None:
        """Send parts of the body, as long as the client is there."""
        for part in parts:
            if self.transport is not None and self.transport.is_closing():
                # asyncio would complain about each further write.
                await self.left()
                return
            await self.go_on(part)
        await self.go_on(b"", more=False)

    async def left(self) -> None:
        """Wait until the client has gone."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def left_within(self, seconds: float) -> bool:
        """Whether the client goes within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self.left()
        except TimeoutError:
            return False
        return True

    async def cut(self, answer: Answer, *, length: int, body: bytes) -> None:
        """Send so much of the body under a length that may be wrong, and hang up."""
        transport = self.transport
        if transport is None:
            await self.begin(answer, length=len(body) // 2)
            await self.go_on(body[: len(body) // 2], more=False)
            return
        # Past the server, which would insist on the right length.
        headers = {**answer.headers, "content-length": str(length), "connection": "close"}
        lines = [
            f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
            *(f"{name}: {value}" for name, value in headers.items()),
            "\r\n",
        ]
        transport.write("\r\n".join(lines).encode("latin-1", "replace") + body)
        transport.close()
        await self.left()

    async def drop(self, *, reset: bool = False) -> None:
        """End the connection without an answer, or what remains of one."""
        transport = self.transport
        if transport is None:
            raise ConnectionResetError("the sandbox dropped the connection")
        if reset:
            connection: socket.socket = transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
        await self.left()
