"""A proxy that answers as it is told, and leads somewhere if it may."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

__all__ = ["OPEN", "Tunnel", "copy", "refusing"]

OPEN = b"HTTP/1.1 200 Go\r\n\r\n"


@dataclass
class Tunnel:
    """What it says and what it heard.

    Attributes:
        says: What it answers a CONNECT with; None is silent, empty hangs up.
        leads_to: The port behind it; 0 is none, and the connection ends.
        heard: The heads of the requests.
    """

    says: bytes | None
    leads_to: int = 0
    heard: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one CONNECT, and pass bytes on both ways if it was let through."""
        self.heard.append(await reader.readuntil(b"\r\n\r\n"))
        if self.says is None:
            await reader.read()
            return
        writer.write(self.says)
        await writer.drain()
        if self.leads_to and self.says == OPEN:
            await relay(reader, writer, "127.0.0.1", self.leads_to)


async def relay(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int
) -> None:
    """Pass bytes on to where somebody listens, and back."""
    behind, before = await asyncio.open_connection(host, port)
    try:
        async with asyncio.TaskGroup() as both:
            forth = both.create_task(copy(reader, before))
            await copy(behind, writer)
            forth.cancel()
    finally:
        before.close()


def refusing(status: str) -> Tunnel:
    """One that lets nothing through."""
    return Tunnel(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())


async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Pass bytes on until there are no more."""
    while piece := await source.read(65_536):
        target.write(piece)
        await target.drain()
