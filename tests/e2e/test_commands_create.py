"""`create`: the form's rules, one sending, and the truth about a lost answer."""

from __future__ import annotations

import json
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from fs_tui.sandbox.population import CLINIC, Population
from fs_tui.sandbox.serve import background
from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET
from tests.e2e.commands import Commands
from tests.waiting import PATIENCE, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fs_tui.sandbox.serve import Running


@pytest.fixture
def sandbox() -> Iterator[Running]:
    """One library, so that there is room for others."""
    with background(Population({CLINIC: 0})) as running:
        yield running


def test_a_library_is_created_and_shown(commands: Commands) -> None:
    ran = commands.run("create", "made-1", "--name", "Made", "--data", "here", "--json")
    assert ran.status == 0
    assert json.loads(ran.out)["group_id"] == "made-1"
    assert json.loads(commands.run("library", "made-1", "--json").out)["group_data"] == "here"


def test_an_id_that_exists_is_refused_with_status_1(commands: Commands) -> None:
    ran = commands.run("create", CLINIC, "--name", "Mine")
    assert ran.status == 1
    assert "already exists" in ran.err


def test_if_not_exists_succeeds_for_the_same_library_only(commands: Commands) -> None:
    same = ("create", "made-2", "--name", "Made", "--if-not-exists")
    assert [commands.run(*same).status, commands.run(*same).status] == [0, 0]
    other = commands.run("create", "made-2", "--name", "Other", "--if-not-exists")
    assert other.status == 1
    assert "another name" in other.err


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["a b", "--name", "x"], "a space"),
        (["a.b", "--name", "x"], "a dot"),
        (["i" * 49, "--name", "x"], "49 bytes"),
        (["ok", "--name", ""], "name is missing"),
        (["ok", "--name", "n" * 61], "61 characters"),
        (["ok", "--name", "x", "--data", "d" * 129], "129 characters"),
    ],
)
def test_the_forms_rules_are_checked_before_anything_is_sent(
    commands: Commands, args: list[str], words: str
) -> None:
    before = commands.sandbox.service.served["create"]
    ran = commands.run("create", *args)
    assert ran.status == 2
    assert words in ran.err
    assert commands.sandbox.service.served["create"] == before


def test_without_a_terminal_a_missing_name_is_said_and_not_asked_for(commands: Commands) -> None:
    ran = commands.run("create", "made-3", stdin="typed\n")
    assert ran.status == 2
    assert "--name" in ran.err


def test_on_a_terminal_a_missing_name_is_asked_for(commands: Commands) -> None:
    with commands.terminal("create", "made-4") as terminal:
        terminal.wait_for("Name of the library")
        terminal.press(*"Typed", "enter")
        assert terminal.wait_exit() == 0
    assert json.loads(commands.run("library", "made-4", "--json").out)["group_name"] == "Typed"


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+d"])
def test_a_question_that_is_left_is_130(commands: Commands, key: str) -> None:
    with commands.terminal("create", "made-9") as terminal:
        terminal.wait_for("Name of the library")
        terminal.press(key)
        # Python's input() misses a signal that comes right before it begins to wait: people press
        # again.
        with suppress(AssertionError):
            terminal.wait_exit(timeout=3)
        if terminal.process.poll() is None:
            terminal.press(key)
        assert terminal.wait_exit() == 130
        assert "fault" not in terminal.text


def test_a_dry_run_sends_nothing_and_shows_no_secret(commands: Commands) -> None:
    before = dict(commands.sandbox.service.served)
    ran = commands.run("create", "dry&run", "--name", "N", "--data", "D", "--dry-run", "--json")
    shown = json.loads(ran.out)
    assert ran.status == 0
    assert shown["POST"] == f"{commands.sandbox.url}/finauth/search/group/create"
    assert (shown["group_id"], shown["group_name"], shown["group_data"]) == ("dry&run", "N", "D")
    assert not {DEMO_API_KEY, DEMO_API_SECRET} & set(shown.values())
    assert dict(commands.sandbox.service.served) == before


def test_a_dry_run_of_the_demo_names_no_real_service(commands: Commands) -> None:
    ran = commands.run("--demo", "create", "made-6", "--name", "Six", "--dry-run", "--json")
    assert json.loads(ran.out)["POST"].startswith("https://demo.invalid/")


def test_read_only_refuses_to_create(commands: Commands) -> None:
    ran = commands.run("--read-only", "create", "made-5", "--name", "x")
    assert ran.status == 2
    assert "read-only" in ran.err


def test_a_lost_answer_is_resolved_by_asking_for_the_library(commands: Commands) -> None:
    commands.faults.fail("lost_answer", "create")
    ran = commands.run("create", "made-6", "--name", "Lost", "--json")
    assert ran.status == 0
    assert json.loads(ran.out)["group_id"] == "made-6"


def test_a_create_that_was_never_done_may_be_tried_again(commands: Commands) -> None:
    commands.faults.fail("drop", "create")
    ran = commands.run("create", "made-7", "--name", "Never")
    assert ran.status == 3
    assert commands.run("library", "made-7").status == 1


def test_an_outcome_that_cannot_be_found_out_is_said_as_it_is(commands: Commands) -> None:
    commands.faults.fail("lost_answer", "create")
    commands.faults.fail("error", "group_info", code="INTERNAL_ERROR", times=None)
    ran = commands.run("create", "made-8", "--name", "Unknown")
    assert ran.status == 3
    assert "not known whether" in ran.err


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_create_that_is_interrupted_on_its_way_says_that_its_outcome_is_not_known(
    commands: Commands, number: int, status: int
) -> None:
    commands.be_patient()
    commands.faults.fail("hold", "create")
    process = commands.start("create", "made-10", "--name", "Interrupted")
    wait_until(lambda: commands.faults.held)
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (status, "")
    assert "not known whether the library was created" in err
    assert "fs-tui library" in err


def test_a_full_account_is_said_with_status_1(tmp_path: Path) -> None:
    with background(Population({f"lib{number}": 0 for number in range(10)})) as full:
        ran = Commands(full, tmp_path).run("create", "one-more", "--name", "x")
    assert ran.status == 1
    assert "10 libraries" in ran.err
