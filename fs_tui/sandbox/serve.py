"""The sandbox on a loopback socket: in the foreground for people, in a thread for tests."""

from __future__ import annotations

import json
import socket
import sys
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any

from fs_tui.errors import UsageError
from fs_tui.sandbox.connection import TRANSPORT
from fs_tui.sandbox.control import CHANGES_PATH, FAULTS_PATH, Control
from fs_tui.sandbox.extra import missing_extra
from fs_tui.sandbox.service import Service, build_app

try:
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol
except ModuleNotFoundError as error:
    raise missing_extra(error) from error

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator

    from starlette.types import Receive, Scope, Send

    from fs_tui.sandbox.faults import Faults
    from fs_tui.sandbox.population import Population

__all__ = ["DEFAULT_PORT", "Running", "background", "serve", "steer"]

DEFAULT_PORT = 8765

_HOST = "127.0.0.1"
_START_SECONDS = 10
_STOP_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that listens.

    Attributes:
        url: Scheme, host and port: the endpoint for a client.
        service: The app, with `population`, `faults`, `served`, `received` and `peak`.
    """

    url: str
    service: Service

    @property
    def faults(self) -> Faults:
        """How it misbehaves; may be changed at any time."""
        return self.service.faults


def serve(service: Service | None = None, *, port: int = DEFAULT_PORT) -> None:
    """Serve on 127.0.0.1 until ctrl-c; prints the environment lines that point a client at it.

    Args:
        service: The demo's when not given.
        port: 0 takes a free one.

    Raises:
        UsageError: The port is taken, or none that this user may open.
    """
    service = service or build_app()
    with _listening(port) as listener:
        url = _url(listener)
        sys.stdout.write(
            f"export FS_TUI_ENDPOINT={url}\n"
            f"export FS_TUI_API_KEY={service.api_key}\n"
            f"export FS_TUI_API_SECRET={service.api_secret}\n"
        )
        sys.stdout.flush()
        sys.stderr.write(
            f"The sandbox is listening; it is controlled at {url}{FAULTS_PATH} and {CHANGES_PATH}. "
            "Ctrl-c ends it.\n"
        )
        with suppress(KeyboardInterrupt):
            _Server(service).run(sockets=[listener])


def steer(path: str, content: dict[str, Any], *, port: int) -> str:
    """Send a change to the control API of a sandbox that runs; returns what it answers.

    Args:
        path: One of the control API's.
        content: What it is to be given.
        port: Where the sandbox listens.

    Raises:
        UsageError: Nobody listens there, or it refuses.
    """
    connection = HTTPConnection(_HOST, port, timeout=_START_SECONDS)
    try:
        headers = {"content-type": "application/json"}
        connection.request("POST", path, json.dumps(content), headers)
        answer = connection.getresponse()
        said = json.loads(answer.read())
    except (OSError, HTTPException, ValueError) as error:
        raise UsageError(
            f"No sandbox answers at port {port} of {_HOST}.",
            hint="Start one with: fs-tui sandbox",
        ) from error
    finally:
        connection.close()
    if answer.status != HTTPStatus.OK:
        raise UsageError(str(said.get("error")), hint=str(said.get("hint", "")))
    return json.dumps(said)


@contextmanager
def background(
    population: Population | None = None,
    faults: Faults | None = None,
    *,
    port: int = 0,
    account: int = 0,
) -> Iterator[Running]:
    """A sandbox on a real loopback socket in a thread of this process, until the block ends.

    Raises:
        UsageError: The port is taken, or none that this user may open.
    """
    service = build_app(population, faults, account=account)
    with _listening(port) as listener:
        server = _Server(service)
        thread = threading.Thread(target=server.run, args=([listener],), name="sandbox")
        thread.start()
        try:
            if not server.ready.wait(_START_SECONDS):
                raise UsageError("The sandbox did not start.")
            yield Running(_url(listener), service)
        finally:
            server.should_exit = True
            thread.join(_STOP_SECONDS)


class _Protocol(H11Protocol):
    """Hands the connection's transport to the app, so that faults can reach the socket."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
        super().connection_made(transport)
        inner = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[TRANSPORT] = transport
            await inner(scope, receive, send)

        self.app = app


class _Server(uvicorn.Server):
    """A uvicorn server that is silent, says when it is ready, and ends at once."""

    def __init__(self, service: Service) -> None:
        super().__init__(
            uvicorn.Config(
                Control(service),
                http=_Protocol,
                ws="none",
                lifespan="off",
                loop="asyncio",
                log_config=None,
                access_log=False,
                date_header=False,
                server_header=False,
                timeout_keep_alive=60,
                timeout_graceful_shutdown=1,
            )
        )
        self.ready = threading.Event()
        self._faults = service.faults

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let go what is held, hang up on whoever still waits, then stop."""
        self._faults.release()
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()
        await super().shutdown(sockets)


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    # Named as TCP, so that asyncio turns off the delay of small writes: 40 ms an answer.
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((_HOST, port))
        except (OSError, OverflowError) as refused:
            raise UsageError(
                f"Port {port} of {_HOST} is taken, or not for this user.",
                hint="Choose another one with --port, or 0 for a free one.",
            ) from refused
        listener.listen()
        yield listener


def _url(listener: socket.socket) -> str:
    address: tuple[Any, ...] = listener.getsockname()  # host and port
    return f"http://{_HOST}:{address[1]}"
