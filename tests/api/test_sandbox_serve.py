"""The sandbox on a socket: broken connections are real, its control API works, ctrl-c ends it."""

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
from fs_tui.models import Library
from fs_tui.sandbox.control import CHANGES_PATH, FAULTS_PATH
from fs_tui.sandbox.population import CLINIC, Population
from fs_tui.sandbox.serve import Running, background, serve
from tests.api.sandbox_caller import Caller, make_sign, parts, signed
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


@pytest.fixture
def fresh(running: Running) -> Iterator[str]:
    """A library of ten faces, which other tests do not look at."""
    running.service.population.add(Library("fresh", "Fresh", "", "s21"), 10)
    yield "fresh"
    running.service.population.forget("fresh")


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


@pytest.mark.parametrize("kind", ["hang", "hang_amid", "drip"])
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
    changes = {"page_cap": 7, "failures": [{"kind": "error", "call": "group_list"}]}
    answer = await client.post(FAULTS_PATH, json=changes)
    assert answer.json()["page_cap"] == 7
    caller = Caller(client)
    assert len((await caller.content("list", group_id=CLINIC))["face_tokens"]) == 7
    assert (await caller.answer("group_list")).status_code == 500
    shown = (await client.get(FAULTS_PATH)).json()
    assert (shown["page_cap"], shown["failures"]) == (7, [])
    assert shown["served"]["group_list"] >= 1
    assert (await client.delete(FAULTS_PATH)).json()["page_cap"] is None
    assert running.faults.page_cap is None


async def test_what_is_not_known_is_refused(client: httpx.AsyncClient) -> None:
    refused = await client.post(FAULTS_PATH, json={"pagecap": 7})
    assert refused.status_code == 400
    assert "pagecap" in refused.json()["error"]
    for path in (FAULTS_PATH, CHANGES_PATH):
        assert (await client.post(path, json=[1])).status_code == 400
        json = {"content-type": "application/json"}
        for body in (b"{", b"[" * 100_000, b"\xff"):
            assert (await client.post(path, content=body, headers=json)).status_code == 400
        assert (await client.post(path, data={"page_cap": "7"})).status_code == 415
        assert (await client.options(path)).status_code == 405


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "no change None"),
        ({"change": "burn", "library": CLINIC}, "no change 'burn'"),
        ({"change": "add"}, "needs library"),
        ({"change": "add", "library": "no"}, "no library 'no'"),
        ({"change": "add", "library": CLINIC, "wings": 2}, "wings"),
        ({"change": "delete", "library": CLINIC, "positions": ["x"]}, "does not take 'x'"),
        ({"change": "add", "library": CLINIC, "faces": [{"name": 1}]}, "name"),
        ({"change": "create", "library": CLINIC}, "already"),
        ({"change": "arrive", "library": CLINIC, "every": 0}, "more than 0"),
    ],
)
async def test_a_change_that_cannot_be_made_is_refused(
    client: httpx.AsyncClient, change: dict[str, Any], said: str
) -> None:
    before = (await client.get(CHANGES_PATH)).json()
    refused = await client.post(CHANGES_PATH, json=change)
    assert refused.status_code == 400
    assert said in refused.json()["error"]
    assert (await client.get(CHANGES_PATH)).json() == before


async def test_libraries_are_changed_over_http_while_they_are_served(
    client: httpx.AsyncClient, fresh: str
) -> None:
    caller = Caller(client)

    async def faces() -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = (await caller.content("list", group_id=fresh))["face_tokens"]
        return listed

    async def change(name: str, **arguments: Any) -> int:
        answer = await client.post(
            CHANGES_PATH, json={"change": name, "library": fresh, **arguments}
        )
        count: int = answer.json()["libraries"][fresh]
        return count

    first = await faces()
    assert await change("delete", positions=[1, 3], tokens=[first[9]["face_token"]]) == 7
    assert await faces() == [first[1], *first[3:9]]
    assert await change("add", count=2) == 9
    assert (await faces())[:7] == [first[1], *first[3:9]]
    assert await change("add", position=1, count=1) == 10
    assert (await faces())[0]["add_time"] == first[1]["add_time"]
    given = [{"user_id": "E31", "user_data": "", "added_ms": None}, {"added_ms": 5}]
    assert await change("add", faces=given) == 12
    *_, no_time, old = await faces()
    assert (no_time["user_id"], no_time["add_time"], old["add_time"]) == ("E31", None, 5)
    await change("edit", position=2, user_id="", user_data="edited")
    assert (await faces())[1] == first[1] | {"user_id": "", "user_data": "edited"}
    looked_up = await caller.content("face_info", group_id=fresh, face_token=first[1]["face_token"])
    assert looked_up["info"]["user_data"] == "edited"


@pytest.mark.parametrize("keep_time", [True, False])
async def test_a_library_is_made_anew_over_http(
    client: httpx.AsyncClient, fresh: str, *, keep_time: bool
) -> None:
    caller = Caller(client)
    info = (await caller.content("group_info", group_id=fresh))["info"]
    before = (await caller.content("list", group_id=fresh))["face_tokens"]
    change = {"change": "remake", "library": fresh, "keep_time": keep_time}
    assert (await client.post(CHANGES_PATH, json=change)).json()["libraries"][fresh] == 10
    after = (await caller.content("list", group_id=fresh))["face_tokens"]
    assert not {face["face_token"] for face in before} & {face["face_token"] for face in after}
    remade = (await caller.content("group_info", group_id=fresh))["info"]
    assert (remade == info) is keep_time
    assert remade["group_name"] == info["group_name"]


async def test_faces_come_by_themselves_until_they_are_stopped(
    client: httpx.AsyncClient, fresh: str
) -> None:
    caller = Caller(client)

    async def count() -> int:
        return len((await caller.content("list", group_id=fresh))["face_tokens"])

    arrive = {"change": "arrive", "library": fresh}
    await client.post(CHANGES_PATH, json=arrive | {"every": 0.02})
    async with asyncio.timeout(5):
        while await count() < 13:
            pass
    await client.post(CHANGES_PATH, json=arrive)
    assert await count() == await count()


async def test_two_sandboxes_have_their_own_accounts_faults_and_tokens(
    client: httpx.AsyncClient,
) -> None:
    with background(Population({CLINIC: 3}, account=2), account=2) as other:
        async with httpx.AsyncClient(base_url=other.url, trust_env=False) as there:
            refused = await Caller(there).answer("list", group_id=CLINIC)
            assert refused.json()["error"] == "AUTHENTICATION_ERROR"
            service = other.service
            sign = make_sign(key=service.api_key, secret=service.api_secret)
            fields = parts({"sign": sign, "sign_version": "hmac_sha1", "group_id": CLINIC})
            theirs = (await Caller(there).post("list", files=fields)).json()["face_tokens"]
    ours = (await Caller(client).content("list", group_id=CLINIC, limit="3"))["face_tokens"]
    assert [face["user_id"] for face in ours] == [face["user_id"] for face in theirs]
    assert all(a["face_token"] != b["face_token"] for a, b in zip(ours, theirs, strict=True))


async def test_it_ends_at_once_whatever_hangs() -> None:
    with background() as running:
        host, port = running.url.removeprefix("http://").split(":")
        path = "/finauth/search/group/group_list"
        idle = socket.create_connection((host, int(port)))
        waiting = []
        for kind in ("hang", "hang_amid", "hold", "drip"):
            running.faults.fail(kind)
            request = httpx.Request("POST", running.url + path, files=signed())
            head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
            connection = socket.create_connection((host, int(port)))
            connection.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + request.read())
            waiting.append(connection)
            await until(lambda: running.service.under_way == len(waiting))
        await until(lambda: running.faults.held)
        began = time.monotonic()
    assert time.monotonic() - began < 5
    for connection in (idle, *waiting):
        connection.close()


def test_a_port_that_is_taken_is_a_usage_error() -> None:
    with background() as running:
        port = int(running.url.rpartition(":")[2])
        with pytest.raises(UsageError, match="is taken"):
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
                    assert client.get(f"{url}{FAULTS_PATH}").status_code == 200
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
