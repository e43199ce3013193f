"""A machine that is short of something: said in plain words, with 2, and never a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fs_tui.sandbox.population import TRIO
from tests.e2e.commands import PROGRAM

if TYPE_CHECKING:
    from tests.e2e.commands import Commands

PYTHON = f"{PROGRAM[0]} -m fs_tui"

_BARE = "import resource, runpy, typing; bytes(3_000_000)"
"""What any program of Python takes before it can say a word, and a little more."""


def _said(err: str) -> None:
    assert "Traceback" not in err
    assert "Error" not in err.partition("\n")[0]
    assert "Warning" not in err
    assert err.startswith("fs-tui: ")


@pytest.mark.parametrize("files", [4, 5, 6, 7, 8, 12, 20])
@pytest.mark.parametrize("args", ["libraries", f"faces {TRIO} --order user_id", "--demo libraries"])
def test_too_few_open_files_are_said(commands: Commands, files: int, args: str) -> None:
    ran = commands.shell(f"ulimit -n {files}; exec {PYTHON} {args}")
    assert (ran.status, ran.out) == (2, "")
    _said(ran.err)
    assert "may not open more files" in ran.err
    assert "ulimit -n" in ran.err


@pytest.mark.parametrize("files", [5, 8, 20])
def test_the_browser_says_too_few_open_files_before_it_takes_the_screen(
    commands: Commands, files: int
) -> None:
    with commands.terminal_shell(f"ulimit -n {files}; exec {PYTHON}") as terminal:
        assert terminal.wait_exit() == 2
        assert "may not open more files" in terminal.text
        terminal.assert_restored()


@pytest.mark.parametrize("megabytes", [20, 30, 40, 45, 50, 60, 90])
@pytest.mark.parametrize("limit", ["-v", "-d"])
@pytest.mark.parametrize("args", ["--version", "libraries", "--demo libraries"])
def test_too_little_memory_is_said(
    commands: Commands, limit: str, megabytes: int, args: str
) -> None:
    limited = f"ulimit {limit} {megabytes * 1000}; exec"
    if commands.shell(f"{limited} {PROGRAM[0]} -c '{_BARE}'").status != 0:
        pytest.skip(f"Python itself takes more than {megabytes} MB here")
    ran = commands.shell(f"{limited} {PYTHON} {args}")
    assert (ran.status, ran.out) == (2, "")
    _said(ran.err)
    assert "of memory, and needs 96" in ran.err
    assert f"ulimit {limit} unlimited" in ran.err


def test_a_file_that_may_not_grow_is_said(commands: Commands) -> None:
    ran = commands.shell(f"ulimit -f 1; exec {PYTHON} keys --json > keys.json")
    assert ran.status == 2
    _said(ran.err)
    assert "file size limit is reached" in ran.err
