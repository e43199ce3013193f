"""A server that says exactly the bytes it is told, for what no HTTP library would send."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator

__all__ = ["RawServer", "answer", "listening", "read_request", "serving"]

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def answer(body: bytes, *, status: str = "200 OK", head: str = "") -> bytes:
    """One HTTP answer; `head` is further header lines, each with its line end."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode() + body


@asynccontextmanager
async def serving(
    handler: Handler, *, tls: ssl.SSLContext | None = None, port: int = 0
) -> AsyncIterator[str]:
    """Serve on loopback until the block ends, and leave no connection behind; gives the URL."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await handler(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the client has left, or the test ends
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks)


@dataclass
class RawServer:
    """What it says and what it heard.

    Attributes:
        url: The endpoint for a client.
        says: The answers in order; the last one is repeated. None hangs.
        heard: The requests, head and body.
        connections: How many were opened.
    """

    url: str = ""
    says: list[bytes | None] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests until the client leaves, or the answer says that the server does."""
        self.connections += 1
        while True:
            self.heard.append(await read_request(reader))
            said = self.says.pop(0) if len(self.says) > 1 else self.says[0]
            if said is None:
                await reader.read()
                return
            writer.write(said)
            await writer.drain()
            if not said.startswith(b"HTTP/1.1") or b"Connection: close" in said:
                return


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """Read one request, head and body."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split()[0])
    return head + await reader.readexactly(length)


@asynccontextmanager
async def listening(
    *says: bytes | None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[RawServer]:
    """Say these bytes until the block ends."""
    raw = RawServer(says=list(says))
    async with serving(raw.serve, tls=tls) as raw.url:
        yield raw
