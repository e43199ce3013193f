"""How runs end: each exit status, broken pipes, ctrl-c and signals, and what is left behind."""

from __future__ import annotations

import json
import signal
import socket
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from fs_tui.sandbox.population import CITY, CLINIC, TRIO
from tests.waiting import PATIENCE, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.commands import Commands


def _closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("AUTHENTICATION_ERROR", 1),
        ("AUTHORIZATION_ERROR:DENIED", 1),
        ("API_NOT_FOUND", 1),
        ("SOMETHING_NEW: x", 1),
        ("CONCURRENCY_LIMIT_EXCEEDED", 3),
        ("INTERNAL_ERROR", 3),
    ],
)
def test_a_refusal_is_1_and_what_may_pass_is_3(commands: Commands, code: str, status: int) -> None:
    commands.faults.fail("error", times=None, code=code)
    ran = commands.run("libraries")
    assert (ran.status, ran.out) == (status, "")
    assert code.partition(":")[0] in ran.err
    assert "request_id" in ran.err


def test_an_answer_of_another_shape_is_1(commands: Commands) -> None:
    commands.faults.fail("html")
    assert commands.run("libraries").status == 1


def test_an_answer_that_does_not_come_in_time_is_3(commands: Commands) -> None:
    commands.faults.fail("hang", times=None)
    ran = commands.run("libraries")
    assert ran.status == 3
    assert "did not answer in time" in ran.err


def test_a_service_that_cannot_be_reached_is_3(commands: Commands) -> None:
    ran = commands.run("libraries", "--endpoint", f"http://127.0.0.1:{_closed_port()}")
    assert ran.status == 3
    assert "doctor" in ran.err


@pytest.mark.parametrize(
    "args",
    [
        ["bogus"],
        ["libraries", "extra"],
        ["faces"],
        ["--library", "x", "libraries"],
        ["libraries", "--endpoint", "http://example.com"],
        ["libraries", "--config", "/does/not/exist.toml"],
        ["libraries", "--profile", "none-such"],
        ["completion", "tcsh"],
    ],
)
def test_wrong_use_is_2_with_a_way_on_and_without_a_traceback(
    commands: Commands, args: list[str]
) -> None:
    ran = commands.run(*args)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("fs-tui: ")
    assert len(ran.err.splitlines()) >= 2
    assert "Traceback" not in ran.err


def test_a_group_without_a_command_is_2_and_says_so_in_a_line(commands: Commands) -> None:
    ran = commands.run("auth")
    assert (ran.status, ran.out) == (2, "")
    assert [len(line) < 80 for line in ran.err.splitlines()] == [True, True]
    assert "fs-tui auth --help" in ran.err


def test_half_a_pair_of_credentials_is_2(commands: Commands) -> None:
    assert commands.run("libraries", env={"FS_TUI_API_SECRET": ""}).status == 2


@pytest.mark.parametrize("term", ["xterm", "dumb", ""])
def test_the_browser_without_a_terminal_is_2_and_names_the_plain_commands(
    commands: Commands, term: str
) -> None:
    ran = commands.run(env={"TERM": term})
    assert ran.status == 2
    assert "fs-tui libraries" in ran.err


def test_the_browser_in_a_dumb_terminal_is_2(commands: Commands) -> None:
    with commands.terminal(env={"TERM": "dumb"}) as terminal:
        assert terminal.wait_exit() == 2


def test_text_from_the_service_reaches_standard_error_without_controls(
    commands: Commands,
) -> None:
    commands.faults.fail("error", code="NEW_\x1b[2J\x1b]0;owned\x07_ERROR", times=None)
    ran = commands.run("libraries")
    assert ran.status == 1
    assert "\x1b" not in ran.err
    assert "\x07" not in ran.err


def test_a_reader_that_has_enough_is_no_error(commands: Commands) -> None:
    ran = commands.shell(f"fs-tui faces {CITY} --all --jsonl | head -n 5")
    assert (ran.status, ran.err) == (0, "")
    assert len(ran.out.splitlines()) == 5


_WRITING = [
    "libraries --json",
    f"faces {TRIO}",
    f"faces {CITY} --limit 3000 --csv",
    f"faces {TRIO} --count",
    "keys",
    "--version",
    "faces --help",
    "completion bash",
]


@pytest.mark.parametrize("args", _WRITING)
def test_output_that_cannot_be_written_is_2_and_said(commands: Commands, args: str) -> None:
    closed = commands.shell(f"fs-tui {args} >&-")
    assert closed.status == 2
    assert closed.err.startswith(
        "fs-tui: The output could not be written: standard output is closed\n"
    )
    full = commands.shell(f"fs-tui {args} > /dev/full")
    assert full.status == 2
    assert full.err.startswith(
        "fs-tui: The output could not be written: there is no space left on the disk\n"
    )
    nothing = commands.shell(f"fs-tui {args} <&- >&- 2>&-")
    assert (nothing.status, nothing.out, nothing.err) == (2, "", "")


def test_a_closed_output_that_nothing_is_written_to_is_no_error(commands: Commands) -> None:
    ran = commands.shell(f"fs-tui faces {TRIO} --all -o trio.jsonl >&- && wc -l < trio.jsonl")
    assert (ran.status, ran.out.strip()) == (0, "3")


@pytest.mark.parametrize("where", ["2>&-", "2> /dev/full", "<&-"])
def test_a_missing_error_output_or_input_changes_no_result(commands: Commands, where: str) -> None:
    usual = commands.shell(f"fs-tui faces {CITY} --limit 5 --csv")
    ran = commands.shell(f"fs-tui faces {CITY} --limit 5 --csv {where}")
    assert (ran.status, ran.out) == (usual.status, usual.out)
    assert commands.shell(f"fs-tui library no-such {where}").status == 1
    assert commands.shell(f"fs-tui create no-name {where}").status == 2


def test_an_output_that_others_made_impatient_is_waited_for(commands: Commands) -> None:
    """A pipe that a neighbour has set to not wait, as some programs do with what they share."""
    impatient = "import fcntl, os; fcntl.fcntl(1, fcntl.F_SETFL, os.O_NONBLOCK)"
    ran = commands.shell(
        f"(python -c '{impatient}'; fs-tui faces {CITY} --limit 30000 --csv)"
        " | (read; touch begun; sleep 0.5; wc -l)"
    )
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.strip() == "30000"


_LOST_TASK = """
import asyncio, gc, sys
from fs_tui.cli import session
from fs_tui.api.client import FaceSearchClient
from fs_tui.errors import FileError
libraries = FaceSearchClient.libraries
async def fail():
    raise {error}
async def with_a_lost_task(self):
    task = asyncio.get_running_loop().create_task(fail())
    found = await libraries(self)
    del task
    gc.collect()
    return found
FaceSearchClient.libraries = with_a_lost_task
from fs_tui.__main__ import main
main()
"""


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        ("ValueError('canary')", 1, "Internal error, the program had to stop: ValueError"),
        ("FileError('/x: gone')", 2, "The file cannot be used: /x: gone"),
        ("OSError(28, 'x', '/mnt')", 2, "no space left on the disk: /mnt"),
    ],
)
def test_a_task_that_fails_unseen_ends_the_run_in_words(
    commands: Commands, error: str, status: int, said: str
) -> None:
    (commands.folder / "lost.py").write_text(_LOST_TASK.format(error=error))
    ran = commands.shell("python lost.py libraries")
    assert ran.status == status
    assert ran.err.startswith("fs-tui: ")
    assert said in ran.err
    for word in ("Traceback", "never retrieved", "canary"):
        assert word not in ran.err


_SIGNALLED = """
import asyncio, os, signal
from fs_tui.api.client import FaceSearchClient
from fs_tui.errors import OutcomeUnknownError
libraries = FaceSearchClient.libraries
async def signalled(self):
    os.kill(os.getpid(), signal.SIGTERM)
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        {then}
FaceSearchClient.libraries = signalled
from fs_tui.__main__ import main
main()
"""


@pytest.mark.parametrize(
    ("then", "out", "err"),
    [
        ("raise", "", ""),
        ("raise OutcomeUnknownError('for want of an answer')", "", "for want of an answer"),
        ("asyncio.current_task().uncancel(); return await libraries(self)", CLINIC, ""),
    ],
)
def test_a_signal_has_the_last_word_and_what_came_of_the_work_is_said(
    commands: Commands, then: str, out: str, err: str
) -> None:
    (commands.folder / "signalled.py").write_text(_SIGNALLED.format(then=then))
    ran = commands.shell("python signalled.py libraries")
    assert ran.status == 143
    assert out in ran.out
    assert bool(ran.out) == bool(out)
    assert err in ran.err
    assert bool(ran.err) == bool(err)


_BEHIND_THE_SCENES = """
import asyncio, logging, sys, threading, warnings
from fs_tui.api.client import FaceSearchClient
libraries = FaceSearchClient.libraries
class Finalized:
    def __del__(self):
        raise ValueError('canary')
def fail():
    raise ValueError('canary')
async def noisy(self):
    loop = asyncio.get_running_loop()
    loop.call_soon(fail)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    Finalized()
    warnings.warn('canary', RuntimeWarning)
    logging.getLogger('asyncio').warning('canary')
    loop.call_exception_handler({'message': 'Fatal error on transport', 'exception': OSError()})
    asyncio.sleep(0)
    return await libraries(self)
FaceSearchClient.libraries = noisy
from fs_tui.__main__ import main
main()
"""


def test_nothing_that_fails_behind_the_scenes_writes_onto_the_terminal(commands: Commands) -> None:
    (commands.folder / "noisy.py").write_text(_BEHIND_THE_SCENES)
    ran = commands.shell("python noisy.py libraries --json")
    assert (ran.status, ran.err) == (0, "")
    logged = commands.shell("XDG_STATE_HOME=$PWD/state python noisy.py libraries --log")
    assert (logged.status, logged.err) == (0, "")
    log = (commands.folder / "state/fs-tui/fs-tui.log").read_text()
    assert log.count("builtins.ValueError") >= 3
    assert "canary" not in log.replace("asyncio canary", "")


def test_the_first_rows_come_at_once(commands: Commands) -> None:
    process = commands.start("faces", CITY, "--all", "--jsonl")
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("{")
        assert process.poll() is None
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
)
def test_a_stopped_export_leaves_the_partial_file_only(
    commands: Commands, number: signal.Signals, status: int
) -> None:
    process = commands.start("faces", CITY, "--all", "-o", "city.jsonl")
    partial = commands.folder / "city.jsonl.partial"
    wait_until(lambda: _size(partial) > 100_000)
    process.send_signal(number)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == status
    assert not (commands.folder / "city.jsonl").exists()
    assert partial.read_text().endswith("}\n")
    assert f"holds {len(partial.read_text().splitlines()):,} faces" in err
    assert "Traceback" not in err


_CTRL_C_AMID_IMPORTS = """
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "click":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Finder())
from fs_tui.__main__ import main
main()
"""


def test_ctrl_c_during_the_imports_ends_quietly() -> None:
    command = [sys.executable, "-c", _CTRL_C_AMID_IMPORTS]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


@pytest.mark.parametrize("kind", ["hang", "hang_amid"])
def test_ctrl_c_ends_a_call_that_hangs(commands: Commands, kind: str) -> None:
    commands.faults.fail(kind, times=None)
    before = sum(commands.sandbox.service.served.values())
    process = commands.start("library", CLINIC)
    wait_until(lambda: sum(commands.sandbox.service.served.values()) > before)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "Traceback" not in err


def test_an_id_that_begins_with_a_dash_goes_after_two(commands: Commands) -> None:
    assert commands.run("create", "--name", "Dash", "--", "-dash").status == 0
    assert '"-dash"' in commands.run("library", "--json", "--", "-dash").out
    assert commands.run("faces", "--jsonl", "--", "-dash").status == 0
    ran = commands.run("library", "-dash")
    assert ran.status == 2
    assert "after '--'" in ran.err


def test_a_fault_of_the_program_is_a_plain_sentence_without_data(commands: Commands) -> None:
    broken = (
        "import sys, fs_tui.cli.output as o\n"
        "def stdout():\n    secret = 'canary'\n    raise ZeroDivisionError(secret)\n"
        "o.stdout = stdout\n"
        "from fs_tui.cli.main import run\n"
        "sys.exit(run(['libraries']))\n"
    )
    (commands.folder / "broken.py").write_text(broken)
    ran = commands.shell("python broken.py")
    assert ran.status == 1
    assert "ZeroDivisionError" in ran.err
    assert "Traceback" not in ran.err
    assert "canary" not in ran.err
    assert "crash" in ran.err


def test_the_request_log_holds_each_request_and_no_personal_data(commands: Commands) -> None:
    face = json.loads(commands.run("faces", TRIO, "--limit", "1", "--jsonl").out)
    commands.run("face", TRIO, face["face_token"], "--log-requests", "log.jsonl")
    path = commands.folder / "log.jsonl"
    record = json.loads(path.read_text())
    assert (record["call"], record["group_id"], record["http_status"]) == ("face_info", TRIO, 200)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert face["face_token"] not in path.read_text()
    assert face["user_id"] not in path.read_text()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
