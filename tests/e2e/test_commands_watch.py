"""`watch`: each new face as it comes, what moved, a network that is lost, and how it ends."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import pytest

from fs_tui.sandbox.population import CLINIC, LOBBY, PILOT, Population
from fs_tui.sandbox.serve import background
from tests.e2e.commands import Commands
from tests.waiting import wait_until

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def watching(commands: Commands) -> Iterator[subprocess.Popen[str]]:
    """A watch over the pilot group that has seen its end."""
    asked = commands.sandbox.service.served["list"]
    behind = len(commands.sandbox.service.population[PILOT]) + 1
    args = ("watch", PILOT, "--from", str(behind), "--every", "1", "--jsonl")
    process = commands.start(*args)
    # The second request is sent when the first one's answer was looked at.
    wait_until(lambda: commands.sandbox.service.served["list"] >= asked + 2)
    yield process
    process.kill()
    process.communicate()


def _event(process: subprocess.Popen[str]) -> Any:  # JSON
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def test_a_face_that_comes_is_written_at_once(
    commands: Commands, watching: subprocess.Popen[str]
) -> None:
    faces = commands.sandbox.service.population[PILOT]
    faces.grow(1)
    ((token, user_id, user_data, *_),) = faces.rows(len(faces), 1)
    event = _event(watching)
    assert list(event) == ["event", "face_token", "user_id", "user_data", "add_time", "count"]
    assert (event["event"], event["face_token"]) == ("added", token)
    assert (event["user_id"], event["user_data"], event["count"]) == (user_id, user_data, None)


def test_deletions_are_written_by_their_number(
    commands: Commands, watching: subprocess.Popen[str]
) -> None:
    commands.sandbox.service.population[PILOT].delete_at([3, 4])
    event = _event(watching)
    assert (event["event"], event["count"], event["face_token"]) == ("shifted", 2, None)


def test_a_lost_network_is_said_and_it_goes_on(
    commands: Commands, watching: subprocess.Popen[str]
) -> None:
    assert watching.stderr is not None
    commands.faults.fail("drop", "list", times=3)
    assert "The connection was lost" in watching.stderr.readline()
    assert "answers again" in watching.stderr.readline()
    commands.sandbox.service.population[PILOT].grow(1)
    assert _event(watching)["event"] == "added"


def test_ctrl_c_ends_it_with_130(watching: subprocess.Popen[str]) -> None:
    watching.send_signal(signal.SIGINT)
    assert watching.wait(30) == 130
    assert watching.stderr is not None
    assert "Traceback" not in watching.stderr.read()


def test_without_a_position_it_begins_behind_the_end(commands: Commands) -> None:
    """Of a library that grows by itself the faces that are there already are not written."""
    faces = commands.sandbox.service.population[LOBBY]
    there = [token for token, *_ in faces.rows(1, len(faces))]
    ran = commands.run("watch", LOBBY, "--every", "1", "--until", "1", "--jsonl")
    assert ran.status == 0
    assert json.loads(ran.out)["face_token"] not in there


def test_it_ends_when_so_many_have_come(commands: Commands) -> None:
    """A library that grows by itself is a stream that needs no other program."""
    begun = len(commands.sandbox.service.population[LOBBY]) - 4
    ran = commands.run("watch", LOBBY, "--from", str(max(1, begun)), "--until", "2", "--jsonl")
    events = [json.loads(line)["event"] for line in ran.out.splitlines()]
    assert (ran.status, events) == (0, ["added"] * 2)


def test_what_is_listed_only_from_an_earlier_start_is_followed_as_far_as_it_is(
    tmp_path: Path,
) -> None:
    with background(Population({"mid": 1_500, "long": 2_500})) as sandbox:
        commands = Commands(sandbox, tmp_path)
        commands.faults.max_start = 1_000
        ran = commands.run("watch", "mid", "--from", "1499", "--until", "2", "--every", "1")
        tokens = [face[0] for face in sandbox.service.population["mid"].rows(1_499, 2)]
        assert ran.status == 0
        assert [line.split("\t")[1] for line in ran.out.splitlines()[1:]] == tokens
        ran = commands.run("watch", "long", "--from", "1999", "--every", "1", "--jsonl")
    assert (ran.status, len(ran.out.splitlines())) == (4, 1)
    assert "the service does not list face 2,000 and what follows" in ran.err


def test_on_a_terminal_each_face_has_one_line(commands: Commands) -> None:
    with commands.terminal("watch", CLINIC, "--from", "2491", "--until", "10") as terminal:
        terminal.wait_for("added")
        assert terminal.wait_exit() == 0
    lines = [line for line in terminal.text.splitlines() if line.startswith("added")]
    assert len(lines) == 10


def test_a_library_that_is_not_there_is_refused(commands: Commands) -> None:
    ran = commands.run("watch", "no-such-library")
    assert (ran.status, ran.out) == (1, "")
    assert "No such library" in ran.err


@pytest.mark.parametrize("every", ["nan", "NaN", "-nan", "inf", "0.99"])
def test_no_pause_is_one_that_would_make_a_flood(commands: Commands, every: str) -> None:
    asked = commands.sandbox.service.served["list"]
    ran = commands.run("watch", CLINIC, "--from", "2491", "--until", "3", f"--every={every}")
    assert (ran.status, ran.out) == (2, "")
    assert "--every" in ran.err
    assert commands.sandbox.service.served["list"] == asked
