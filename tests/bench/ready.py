"""A service whose pages are ready: `python -m tests.bench.ready LIBRARY PAGES`.

The sandbox takes longer to make a page than a client to read it, so that beside it every client is
equally fast. This one sends what the sandbox would, from memory, whatever the sign.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import uuid

from fs_tui.sandbox.faults import Faults
from fs_tui.sandbox.population import FaceSet, Population

__all__: list[str] = []

_PAGE = 1000
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_START = re.compile(rb'name="start"\r\n\r\n(\d+)')


def _answer(faces: FaceSet, start: int) -> bytes:
    head = {"request_id": f"1770000000,{uuid.uuid4()}", "time_used": 1}
    body = json.dumps(head | Faults().page(faces, start, _PAGE)).encode()
    lines = ("HTTP/1.1 200 OK", "content-type: application/json;charset=utf-8")
    return "\r\n".join((*lines, f"content-length: {len(body)}", "", "")).encode() + body


class _Connection(asyncio.Protocol):
    """Answers one request after the other."""

    def __init__(self, faces: FaceSet, answers: dict[int, bytes]) -> None:
        self._faces = faces
        self._answers = answers
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
        position = int(start[1])
        ready = self._answers.get(position) or _answer(self._faces, position)
        self._transport.write(ready)


async def _serve(library: str, pages: int) -> None:
    faces = Population()[library]
    answers = {at: _answer(faces, at) for at in range(1, pages * _PAGE + 1, _PAGE)}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(faces, answers), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    env = {"ENDPOINT": f"http://{host}:{port}", "API_KEY": "key", "API_SECRET": "secret"}
    sys.stdout.writelines(f"export FS_TUI_{name}={value}\n" for name, value in env.items())
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2])))
