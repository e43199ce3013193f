"""How a cell of the fault matrix goes wrong: by the sandbox, or on the way to it."""

from __future__ import annotations

import os
import socket
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from tests.api.certificate import server_context
from tests.api.raw_server import serving
from tests.api.tunnel import OPEN, Tunnel, relay

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable
    from contextlib import AsyncExitStack

    from fs_tui.api.transport import TransportOptions
    from fs_tui.sandbox.failures import Call
    from fs_tui.sandbox.serve import Running

__all__ = [
    "Stage",
    "accept",
    "answer_at_last",
    "behind",
    "failing",
    "never_accept",
    "proxy_down",
    "proxy_up",
    "refuse",
    "setting",
    "together",
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
        cure: Options of another client that can have the wish; None where the same one can.
        exits: Closed when the cell ends.
        listener: A socket that a fault holds open.
        proxy: What stands before the service.
    """

    sandbox: Running
    call: Call
    url: str
    options: TransportOptions
    exits: AsyncExitStack
    cure: TransportOptions | None = None
    listener: socket.socket | None = None
    proxy: Tunnel | None = None

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


def together(*begins: Callable[[Stage], Awaitable[None]]) -> Callable[[Stage], Awaitable[None]]:
    """Several faults at once."""

    async def begin(stage: Stage) -> None:
        for one in begins:
            await one(stage)

    return begin


async def _relay(stage: Stage, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass bytes on to the sandbox and back."""
    await relay(reader, writer, *stage.gate())


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
    stage.url, bundle = await _with_tls(stage)
    stage.cure = stage.options._replace(ca_bundle=bundle)


def behind(proxy: Callable[[], Tunnel]) -> Callable[[Stage], Awaitable[None]]:
    """Put the service behind a proxy of the environment."""

    async def begin(stage: Stage) -> None:
        url, bundle = await _with_tls(stage)
        stage.options = stage.options._replace(ca_bundle=bundle)
        stage.url = f"https://{_HOST}"
        stage.proxy = proxy()
        stage.proxy.leads_to = int(url.rpartition(":")[2])
        _name_proxy(stage, await stage.exits.enter_async_context(serving(stage.proxy.serve)))

    return begin


async def proxy_down(stage: Stage) -> None:
    """Name a proxy at which nobody listens."""
    await behind(partial(Tunnel, OPEN))(stage)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        _name_proxy(stage, f"http://127.0.0.1:{taken.getsockname()[1]}")


async def proxy_up(stage: Stage) -> None:
    """Let the proxy at the same port stand, and lead to the service."""
    assert stage.proxy is not None
    stage.proxy.says = OPEN
    port = int(os.environ["https_proxy"].rpartition(":")[2])
    with suppress(OSError):  # it stands
        await stage.exits.enter_async_context(serving(stage.proxy.serve, port=port))


_HOST = "service.invalid"


async def _with_tls(stage: Stage) -> tuple[str, Path]:
    """Put TLS before the sandbox; give the address, and what is to be trusted."""
    folder = Path(stage.exits.enter_context(tempfile.TemporaryDirectory()))
    context = server_context(folder, _HOST)
    url = await stage.exits.enter_async_context(serving(partial(_relay, stage), tls=context))
    return url, folder / "cert.pem"


def _name_proxy(stage: Stage, url: str) -> None:
    variables = {"https_proxy": url, "no_proxy": ""}
    stage.exits.enter_context(patch.dict(os.environ, variables))
