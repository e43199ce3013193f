"""The second service on a real socket: `http.server`, one thread a connection, loopback only.

    python -m tests.api.foreign_server --port 0 --cap 100 --next text --close

prints the lines that point a client at it, runs until SIGINT or SIGTERM, and then lists what it was
asked, and what of that no careful client sends.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import signal
import sys
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, get_args, get_type_hints

from tests.api.foreign_service import CALLS, KEY, SECRET, Answer, Service, Variant

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Foreign", "serving"]

_ROOM = "/finauth/search/group/"
_LARGEST = 1_000_000
_CHUNK = 997
"""Bytes in a chunk: no power of two, so that texts are cut amid a character."""

_PATIENCE = 30.0
"""Seconds that a connection may be silent."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A service that is being served.

    Attributes:
        url: The endpoint.
        service: What it holds and what it saw.
    """

    url: str
    service: Service


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, service: Service, port: int) -> None:
        version = "HTTP/1.0" if service.variant.close else "HTTP/1.1"
        handler = type("Handler", (_Handler,), {"service": service, "protocol_version": version})
        super().__init__(("127.0.0.1", port), handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over a client that has left; anything else is this server's own mistake."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as it came


class _Handler(BaseHTTPRequestHandler):
    service: Service
    server: _Server
    timeout = _PATIENCE
    wbufsize = -1  # head and body in one packet
    server_version = "foreign/1"

    def do_POST(self) -> None:
        """Read a request whole, check how it was sent, answer it."""
        body = self._read()
        if body is None:
            return
        call = self.path.removeprefix(_ROOM)
        if not self.path.startswith(_ROOM) or call not in CALLS:
            self.service.blame(f"the path {self.path}")
            self._send(Answer(404, {"error": "API_NOT_FOUND"}))
            return
        self._send(self.service.answer(call, self.headers.get("Content-Type", ""), body))

    def do_GET(self) -> None:
        """Refuse: every call is a POST."""
        self.service.blame(f"{self.command} {self.path}")
        self._send(Answer(405, {"error": "API_NOT_FOUND"}))

    def _read(self) -> bytes | None:
        for name in ("Content-Length", "Content-Type", "Host"):
            if len(self.headers.get_all(name, [])) != 1:
                self.service.blame(f"not one {name}")
        for name in ("Cookie", "Authorization", "Content-Encoding", "Transfer-Encoding"):
            if name in self.headers:
                self.service.blame(f"a header {name}")
        if self.headers["Host"] != f"127.0.0.1:{self.server.server_port}":
            self.service.blame(f"the host {self.headers['Host']}")
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _LARGEST:
            self.service.blame(f"a body of {length!r} bytes")
            self.close_connection = True
            self._send_body(413, b"Request Entity Too Large", "text/plain")
            return None
        return self.rfile.read(int(length))

    def _send(self, answer: Answer) -> None:
        body = json.dumps(answer.content, ensure_ascii=False).encode()
        if self.service.variant.odd_json:
            body = _oddly(answer.content)
        self._send_body(answer.status, body, "application/json; charset=utf-8")

    def _send_body(self, status: int, body: bytes, kind: str) -> None:
        variant = self.service.variant
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Set-Cookie", "server=foreign; Path=/")
        if variant.compress and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        chunked = variant.chunked and not variant.close
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
            pieces = [body[at : at + _CHUNK] for at in range(0, len(body), _CHUNK)]
            body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in [*pieces, b""])
        elif not variant.close:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.close_connection or variant.close or variant.hang_up

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Give the service's own time, not this machine's."""
        return super().date_time_string(self.service.now if timestamp is None else int(timestamp))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""


def _oddly(content: dict[str, object]) -> bytes:
    """The same object with fields that nobody documented, in a form that few write."""
    grown = {"": None, "extra": {"deep": [[], {}, True, -1.5e300]}, **content, "zz": "\x7f\u202e"}
    for key in grown.keys() & {"group_infos", "face_tokens"}:
        rows = grown[key]
        assert isinstance(rows, list)
        grown[key] = [{"unknown": {"score": 99.5, "tags": ["a", None]}, **row} for row in rows]
    text = json.dumps(grown, indent="\t", separators=(" ,", "\r\n : "), ensure_ascii=True)
    return f"\r\n\t {text} \n\n".encode()


@contextlib.contextmanager
def serving(variant: Variant | None = None, *, port: int = 0) -> Iterator[Foreign]:
    """Serve on loopback until the block ends."""
    service = Service(variant or Variant())
    with _Server(service, port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield Foreign(f"http://127.0.0.1:{server.server_port}", service)
        finally:
            server.shutdown()
            thread.join()


def _asked() -> tuple[Variant, int]:
    parser = argparse.ArgumentParser(description="Serve a second FaceSearch service on loopback.")
    parser.add_argument("--port", type=int, default=0)
    kinds = get_type_hints(Variant)
    for name, kind in kinds.items():
        flag, default = f"--{name.replace('_', '-')}", getattr(Variant(), name)
        if kind is bool:
            parser.add_argument(flag, action=argparse.BooleanOptionalAction, default=default)
        elif get_args(kind):
            parser.add_argument(flag, choices=get_args(kind), default=default)
        else:
            parser.add_argument(flag, type=kind, default=default)
    asked = vars(parser.parse_args())
    port = asked.pop("port")
    return Variant(**asked), port


def _main() -> None:
    variant, port = _asked()
    ends = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # for all threads: sigwait takes them
    with serving(variant, port=port) as foreign:
        lines = (f"ENDPOINT={foreign.url}", f"API_KEY={KEY}", f"API_SECRET={SECRET}")
        sys.stdout.writelines(f"export FS_TUI_{line}\n" for line in lines)
        sys.stdout.flush()
        signal.sigwait(ends)
    for visit in foreign.service.visits:
        sys.stdout.write(f"{visit.call} {visit.fields} {visit.code or visit.rows}\n")
    sys.stdout.writelines(f"FAULT {fault}\n" for fault in foreign.service.faults)


if __name__ == "__main__":
    _main()
