"""A service whose pages are ready: `python -m tests.bench.ready LIBRARY ROWS`.

The sandbox takes longer to make a page than a client to read it, so that beside it every client is
equally fast. This one sends what the sandbox would, from memory, whatever the sign.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from array import array
from typing import TYPE_CHECKING

from fs_tui.sandbox.faults import Faults
from fs_tui.sandbox.population import Population

if TYPE_CHECKING:
    from fs_tui.sandbox.population import FaceSet

__all__: list[str] = []

_PAGE = 1000
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_START = re.compile(rb'name="start"\r\n\r\n(\d+)')

_HEAD = b'{"request_id": "1770000000,0b6a5c8e", "time_used": 1, "face_tokens": ['
_BETWEEN, _TAIL = b", ", b"]}"


class _Rows:
    """The first rows of a library as one text: any page is a piece of it, wherever it begins."""

    def __init__(self, faces: FaceSet, count: int) -> None:
        text = bytearray()
        self._begins = array("Q", [0])
        for start in range(1, count + 1, _PAGE):
            for row in Faults().listed(faces.rows(start, _PAGE)):
                text += json.dumps(row).encode() + _BETWEEN
                self._begins.append(len(text))
        self._text = bytes(text)

    def answer(self, start: int) -> bytes:
        """What is sent for the page that begins there; past the last row it holds none."""
        first, last = (
            self._begins[min(at, len(self._begins) - 1)] for at in (start - 1, start - 1 + _PAGE)
        )
        rows = memoryview(self._text)[first : max(first, last - len(_BETWEEN))]
        length = len(_HEAD) + len(rows) + len(_TAIL)
        lines = ("HTTP/1.1 200 OK", "content-type: application/json;charset=utf-8")
        head = "\r\n".join((*lines, f"content-length: {length}", "", "")).encode()
        return b"".join((head, _HEAD, rows, _TAIL))


class _Connection(asyncio.Protocol):
    """Answers one request after the other."""

    def __init__(self, rows: _Rows) -> None:
        self._rows = rows
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, _, form = self._received.partition(b"\r\n\r\n")
        length, start = _LENGTH.search(head), _START.search(form)
        if length is None or start is None or len(form) < int(length[1]):
            return
        self._received = b""
        self._transport.write(self._rows.answer(int(start[1])))


async def _serve(library: str, count: int) -> None:
    rows = _Rows(Population()[library], count)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(rows), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    env = {"ENDPOINT": f"http://{host}:{port}", "API_KEY": "key", "API_SECRET": "secret"}
    sys.stdout.writelines(f"export FS_TUI_{name}={value}\n" for name, value in env.items())
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2])))
