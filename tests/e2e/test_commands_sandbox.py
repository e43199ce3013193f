"""`sandbox` and `--demo`: a service of one's own, on a socket and inside the process."""

from __future__ import annotations

import json
import signal
import socket
import struct
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.api.sandbox_caller import signed
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    import subprocess

    from fs_tui.sandbox.serve import Running
    from tests.e2e.commands import Commands


def _environment(process: subprocess.Popen[str]) -> dict[str, str]:
    """Return what the lines that a sandbox prints would export."""
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(3)]
    return dict(line.removeprefix("export ").strip().split("=", 1) for line in lines)


def test_the_printed_lines_point_a_client_at_it_and_ctrl_c_stops_it(commands: Commands) -> None:
    process = commands.start("sandbox", "--port", "0", "--fault", "page_cap=100")
    try:
        env = _environment(process)
        ran = commands.run("faces", "clinic_2500", "--count", env=env)
        assert (ran.status, ran.out) == (0, "2500\n")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
        assert process.returncode in {0, 130}
    finally:
        process.kill()
        process.communicate()


def _leave_at_once(endpoint: str) -> None:
    """Ask for the libraries, and reset the connection at the answer's first byte."""
    request = httpx.Request("POST", f"{endpoint}/finauth/search/group/group_list", files=signed())
    request.read()
    head = b"".join(b"%s: %s\r\n" % header for header in request.headers.raw)
    asked = b"POST %s HTTP/1.1\r\n%s\r\n%s" % (request.url.raw_path, head, request.content)
    with socket.create_connection((request.url.host, request.url.port or 0)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(asked)
        assert connection.recv(1) == b"H"


def test_a_reader_that_leaves_an_answer_too_large_is_no_news(commands: Commands) -> None:
    process = commands.start("sandbox", "--port", "0", "--fault", "fail=oversize,times=always")
    try:
        env = _environment(process)
        for _ in range(5):
            _leave_at_once(env["FS_TUI_ENDPOINT"])
        assert commands.run("libraries", env=env).status == 1
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=PATIENCE)
        assert ["listening" in line for line in errors.splitlines()] == [True], errors
    finally:
        process.kill()
        process.communicate()


def test_the_control_api_takes_and_shows_a_text_that_cannot_be_encoded(sandbox: Running) -> None:
    changes = json.dumps({"hostile": {"group_name": "\ud800"}})
    headers = {"content-type": "application/json"}
    answer = httpx.post(f"{sandbox.url}/sandbox/faults", content=changes, headers=headers)
    assert answer.status_code == 200
    assert answer.json()["hostile"] == {"group_name": "\ud800"}


@pytest.mark.parametrize("fault", ["bogus=1", "page_cap=many"])
def test_a_fault_that_does_not_exist_is_status_2(commands: Commands, fault: str) -> None:
    ran = commands.run("sandbox", "--port", "0", "--fault", fault)
    assert ran.status == 2
    assert fault.partition("=")[0] in ran.err


@pytest.mark.parametrize("change", ["burn,library=pilot-100", "add,library=no", "add"])
def test_a_change_that_cannot_be_made_is_status_2(commands: Commands, change: str) -> None:
    ran = commands.run("sandbox", "--port", "0", "--change", change)
    assert ran.status == 2
    assert "Traceback" not in ran.err


def test_every_fault_and_change_is_listed(commands: Commands) -> None:
    ran = commands.run("sandbox", "--list")
    assert ran.status == 0
    for name in ("max_start", "deep_surrogate", "remake"):
        assert f" {name} " in ran.out


def test_a_sandbox_that_runs_is_steered_from_the_command_line(commands: Commands) -> None:
    begin = ("--change", "delete,library=pilot-100,positions=[1,2]")
    process = commands.start("sandbox", "--port", "0", "--account", "2", *begin)
    try:
        env = _environment(process)
        assert env["FS_TUI_API_KEY"].endswith("-2")
        port = env["FS_TUI_ENDPOINT"].rpartition(":")[2]
        before = commands.run("faces", "pilot-100", "--all", "--jsonl", env=env)
        assert (before.status, len(before.out.splitlines())) == (0, 98)
        steer = ("sandbox", "--running", "--port", port)
        ran = commands.run(*steer, "--change", "add,library=pilot-100,count=13")
        assert json.loads(ran.out)["libraries"]["pilot-100"] == 111
        ran = commands.run(*steer, "--fault", "fail=error,code=INTERNAL_ERROR,times=always")
        assert (ran.status, len(json.loads(ran.out)["failures"])) == (0, 1)
        assert commands.run("library", "pilot-100", env=env).status == 3
        assert commands.run(*steer, "--fault", "page_cap=many").status == 2
    finally:
        process.kill()
        process.communicate()


def test_nobody_to_steer_is_status_2(commands: Commands) -> None:
    ran = commands.run("sandbox", "--running", "--port", "1", "--fault", "page_cap=1")
    assert ran.status == 2
    assert "fs-tui sandbox" in ran.err


@pytest.mark.parametrize("args", [["sandbox", "--port", "0"], ["--demo", "libraries"]])
def test_without_the_extra_it_says_what_to_install(commands: Commands, args: list[str]) -> None:
    (commands.folder / "bare.py").write_text(
        "import sys\n"
        "for name in ('starlette', 'python_multipart', 'uvicorn'):\n    sys.modules[name] = None\n"
        "from fs_tui.cli.main import run\n"
        f"sys.exit(run({args!r}))\n"
    )
    ran = commands.shell("python bare.py")
    assert ran.status == 2
    assert "fs-tui[demo]" in ran.err


def test_the_demo_needs_no_account_and_no_network(commands: Commands) -> None:
    nothing = {"FS_TUI_API_KEY": "", "FS_TUI_API_SECRET": "", "FS_TUI_ENDPOINT": ""}
    ran = commands.run("--demo", "faces", "board#3@hq", "--json", env=nothing)
    assert (ran.status, len(json.loads(ran.out))) == (0, 3)
