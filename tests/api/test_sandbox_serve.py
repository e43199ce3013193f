"""The sandbox on a socket: broken connections are real, the control door works, ctrl-c ends it."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from fs_tui.errors import UsageError
from fs_tui.sandbox.population import CLINIC
from fs_tui.sandbox.serve import Running, background, serve
from tests.api.sandbox_caller import Caller, signed
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with background() as running:
        yield running


@pytest.fixture
async def client(running: Running) -> AsyncIterator[httpx.AsyncClient]:
    running.faults.clear()
    async with httpx.AsyncClient(base_url=running.url, timeout=5, trust_env=False) as client:
        yield client


async def test_it_serves_on_loopback(client: httpx.AsyncClient, running: Running) -> None:
    assert running.url.startswith("http://127.0.0.1:")
    answer = await Caller(client).answer("list", group_id=CLINIC, limit="1000")
    assert len(answer.json()["face_tokens"]) == 1000
    assert len(answer.headers.get_list("date")) == 1


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("drop", httpx.RemoteProtocolError),
        ("lost_answer", httpx.RemoteProtocolError),
        ("reset", httpx.ReadError),
        ("truncated", httpx.RemoteProtocolError),
    ],
)
async def test_a_broken_connection_is_real(
    client: httpx.AsyncClient, running: Running, kind: Any, error: type[Exception]
) -> None:
    caller = Caller(client)
    running.faults.fail(kind)
    with pytest.raises(error):
        await caller.answer("group_list")
    assert (await caller.answer("group_list")).status_code == 200


async def test_a_wrong_length_cuts_the_body(client: httpx.AsyncClient, running: Running) -> None:
    caller = Caller(client)
    whole = len((await caller.answer("group_list")).content)
    running.faults.fail("wrong_length")
    assert len((await caller.answer("group_list")).content) == pytest.approx(whole / 2, abs=2)
    assert (await caller.answer("group_list")).status_code == 200


@pytest.mark.parametrize("kind", ["hang", "hang_amid"])
async def test_a_hanging_call_ends_when_the_client_leaves(
    client: httpx.AsyncClient, running: Running, kind: Any
) -> None:
    running.faults.fail(kind)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await Caller(client).answer("group_list")
    await until(lambda: not running.service.under_way)


async def test_a_call_is_held_and_released_from_another_thread(
    client: httpx.AsyncClient, running: Running
) -> None:
    running.faults.fail("hold")
    held = asyncio.create_task(Caller(client).answer("group_list"))
    await until(lambda: running.faults.held)
    running.faults.release()
    assert (await held).status_code == 200


async def test_faults_are_shown_changed_and_cleared_over_http(
    client: httpx.AsyncClient, running: Running
) -> None:
    door = "/sandbox/faults"
    changes = {"page_cap": 7, "failures": [{"kind": "error", "call": "group_list"}]}
    answer = await client.post(door, json=changes)
    assert answer.json()["page_cap"] == 7
    caller = Caller(client)
    assert len((await caller.content("list", group_id=CLINIC))["face_tokens"]) == 7
    assert (await caller.answer("group_list")).status_code == 500
    shown = (await client.get(door)).json()
    assert (shown["page_cap"], shown["failures"]) == (7, [])
    assert shown["served"]["group_list"] >= 1
    assert (await client.delete(door)).json()["page_cap"] is None
    assert running.faults.page_cap is None


async def test_the_door_refuses_what_it_does_not_know(client: httpx.AsyncClient) -> None:
    door = "/sandbox/faults"
    refused = await client.post(door, json={"pagecap": 7})
    assert refused.status_code == 400
    assert "pagecap" in refused.json()["error"]
    assert (await client.post(door, json=[1])).status_code == 400
    json = {"content-type": "application/json"}
    assert (await client.post(door, content=b"{", headers=json)).status_code == 400
    assert (await client.post(door, data={"page_cap": "7"})).status_code == 415
    assert (await client.options(door)).status_code == 405


async def test_it_ends_at_once_whatever_hangs() -> None:
    with background() as running:
        host, port = running.url.removeprefix("http://").split(":")
        path = "/finauth/search/group/group_list"
        idle = socket.create_connection((host, int(port)))
        waiting = []
        for kind in ("hang", "hang_amid", "hold"):
            running.faults.fail(kind)
            request = httpx.Request("POST", running.url + path, files=signed())
            head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
            connection = socket.create_connection((host, int(port)))
            connection.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + request.read())
            waiting.append(connection)
            await until(lambda: running.service.under_way == len(waiting))
        await until(lambda: running.faults.held)
        began = time.monotonic()
    assert time.monotonic() - began < 1
    for connection in (idle, *waiting):
        connection.close()


def test_a_port_that_is_taken_is_a_usage_error() -> None:
    with background() as running:
        port = int(running.url.rpartition(":")[2])
        with pytest.raises(UsageError, match="cannot be had"):
            serve(port=port)


def test_a_port_can_be_had_again_at_once() -> None:
    with background() as running:
        port = int(running.url.rpartition(":")[2])
    with background(port=port) as running:
        assert running.url.endswith(f":{port}")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, -15)])
def test_a_signal_ends_the_foreground_server(number: signal.Signals, status: int) -> None:
    code = "from fs_tui.sandbox.serve import serve; serve(port=0)"
    with subprocess.Popen(  # noqa: S603 - this interpreter
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        assert server.stderr
        lines = [server.stdout.readline() for _ in range(3)]
        names = [line.removeprefix("export ").partition("=")[0] for line in lines]
        assert names == ["FS_TUI_ENDPOINT", "FS_TUI_API_KEY", "FS_TUI_API_SECRET"]
        url = lines[0].partition("=")[2].strip()
        with httpx.Client(trust_env=False) as client:
            while True:
                try:
                    assert client.get(f"{url}/sandbox/faults").status_code == 200
                    break
                except httpx.ConnectError:
                    continue
            server.send_signal(number)
            assert server.wait(5) == status
        assert "Traceback" not in server.stderr.read()


@pytest.mark.parametrize("package", ["starlette", "python_multipart", "uvicorn"])
def test_a_missing_extra_says_what_to_install(package: str) -> None:
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "from fs_tui.errors import SettingsError\n"
        "try: import fs_tui.sandbox.serve\n"
        "except SettingsError as error: print(error.detail, error.hint)"
    )
    said = subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert package in said
    assert "pip install 'fs-tui[demo]'" in said


def test_the_sandbox_knows_neither_the_client_nor_httpx() -> None:
    code = (
        "import sys, fs_tui.sandbox.serve\n"
        "print([m for m in sys.modules if m.startswith(('httpx', 'textual', 'fs_tui.api'))])"
    )
    said = subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert said.strip() == "[]"
