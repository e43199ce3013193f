"""How a cell of the fault matrix goes wrong: by the sandbox, or on the way to it."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.api.certificate import server_context
from tests.api.raw_server import serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AsyncExitStack

    from fs_tui.api.transport import TransportOptions
    from fs_tui.sandbox.failures import Call
    from fs_tui.sandbox.serve import Running

__all__ = [
    "Stage",
    "accept",
    "answer_at_last",
    "failing",
    "never_accept",
    "refuse",
    "setting",
    "untrusted",
]


@dataclass
class Stage:
    """Where one cell is played.

    Attributes:
        sandbox: The service.
        call: The call that the fault concerns.
        url: The endpoint of the client.
        options: Of the client.
        exits: Closed when the cell ends.
        listener: A socket that a fault holds open.
    """

    sandbox: Running
    call: Call
    url: str
    options: TransportOptions
    exits: AsyncExitStack
    listener: socket.socket | None = None

    def gate(self) -> tuple[str, int]:
        """Host and port of the sandbox."""
        host, _, port = self.sandbox.url.rpartition("/")[2].partition(":")
        return host, int(port)


def failing(kind: str, **options: object) -> Callable[[Stage], Awaitable[None]]:
    """Let the sandbox fail the call until it is cleared."""

    async def begin(stage: Stage) -> None:
        arguments = {"times": None, **options}
        stage.sandbox.faults.fail(kind, stage.call, **arguments)

    return begin


def setting(name: str, *, value: object) -> Callable[[Stage], Awaitable[None]]:
    """Set an option of the sandbox."""

    async def begin(stage: Stage) -> None:
        setattr(stage.sandbox.faults, name, value)

    return begin


async def _relay(stage: Stage, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass bytes on to the sandbox and back."""

    async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while piece := await source.read(65536):
            target.write(piece)
            await target.drain()

    host, port = stage.gate()
    behind, before = await asyncio.open_connection(host, port)
    try:
        async with asyncio.TaskGroup() as both:
            forth = both.create_task(copy(reader, before))
            await copy(behind, writer)
            forth.cancel()
    finally:
        before.close()


async def refuse(stage: Stage) -> None:
    """Name a port at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        stage.url = f"http://127.0.0.1:{taken.getsockname()[1]}"


async def answer_at_last(stage: Stage) -> None:
    """Put a relay to the sandbox at the port of the endpoint."""
    port = int(stage.url.rpartition(":")[2])
    await stage.exits.enter_async_context(serving(partial(_relay, stage), port=port))


async def never_accept(stage: Stage) -> None:
    """Let the queue of connections be full, so that none is ever made."""
    listener = stage.exits.enter_context(socket.socket(proto=socket.IPPROTO_TCP))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    for _ in range(4):
        filler = stage.exits.enter_context(socket.socket())
        filler.settimeout(0)
        filler.connect_ex(listener.getsockname())
    stage.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    stage.listener = listener


async def accept(stage: Stage) -> None:
    """Give way to a relay at the same port."""
    assert stage.listener is not None
    stage.listener.close()
    await answer_at_last(stage)


async def untrusted(stage: Stage) -> None:
    """Show a certificate that nobody has signed."""
    folder = Path(stage.exits.enter_context(tempfile.TemporaryDirectory()))
    context = server_context(folder)
    stage.url = await stage.exits.enter_async_context(serving(partial(_relay, stage), tls=context))
    stage.options = replace(stage.options, ca_bundle=folder / "cert.pem")
