"""Help, its examples, the man page, and what the shells are told when somebody presses tab."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from fs_tui.cli.main import COMMANDS
from fs_tui.sandbox.population import CAMPUS, CITY, CLINIC, COUNTS
from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET
from tests.e2e.terminal import Terminal

if TYPE_CHECKING:
    from tests.e2e.commands import Commands

_RUN_BY_OTHERS = ("auth", "doctor", "sandbox")
"""Their examples ask at a terminal, judge this machine, or do not end."""

_TRIES = 10


def _examples(help_text: str) -> list[str]:
    return re.findall(r"^ +(fs-tui .+)$", help_text.partition("Examples:")[2], re.MULTILINE)


def test_every_command_has_help_and_examples(commands: Commands) -> None:
    for name in COMMANDS:
        ran = commands.run(name, "--help")
        assert ran.status == 0, name
        assert "fs-tui" in ran.out.partition("Examples:")[2], name


@pytest.mark.parametrize("name", ["", *(n for n in COMMANDS if n not in _RUN_BY_OTHERS)])
def test_the_examples_of_the_help_work(commands: Commands, name: str) -> None:
    examples = _examples(commands.run(*name.split(), "--help").out)
    assert examples
    for line in examples:
        ran = commands.shell(line)
        assert ran.status == 0, f"{line}: {ran.err}"


def test_the_list_of_commands_says_what_each_commands_own_help_says(commands: Commands) -> None:
    text = commands.run("--help").out
    for name, entry in COMMANDS.items():
        assert re.search(rf"^ +{name} +{re.escape(entry.summary)}$", text, re.MULTILINE)


@pytest.mark.needs("groff")
@pytest.mark.parametrize(
    ("typed", "meant"), [("peple", "people"), ("sttas", "stats"), ("libary", "library")]
)
def test_of_a_command_that_there_is_not_the_nearest_one_is_named(
    commands: Commands, typed: str, meant: str
) -> None:
    ran = commands.run(typed, CLINIC)
    assert (ran.status, ran.out) == (2, "")
    assert f"No such command '{typed}'. Did you mean '{meant}'?" in ran.err
    assert "mean" not in commands.run("xyz", CLINIC).err


def test_the_choices_of_a_missing_argument_are_named_in_one_line(commands: Commands) -> None:
    ran = commands.run("completion")
    assert (ran.status, ran.out) == (2, "")
    assert "Choose from: bash, zsh, fish" in ran.err


def test_the_man_page_is_roff_without_a_complaint(commands: Commands) -> None:
    page = f"{sys.executable} -m fs_tui.cli.manpage"
    ran = commands.shell(f"{page} | groff -man -Tutf8 -ww -rHY=0 -P-c")
    assert (ran.status, ran.err) == (0, "")
    assert "fs-tui faces clinic_2500 --count" in ran.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_asks_the_program(commands: Commands, shell: str) -> None:
    ran = commands.run("completion", shell)
    assert ran.status == 0
    assert f"_FS_TUI_COMPLETE={shell}_complete" in ran.out


@pytest.mark.parametrize(
    "shell",
    [pytest.param(shell, marks=pytest.mark.needs(shell)) for shell in ("bash", "zsh", "fish")],
)
def test_a_completion_script_is_read_by_its_shell(commands: Commands, shell: str) -> None:
    commands.shell(f"fs-tui completion {shell} > script")
    done = subprocess.run(  # noqa: S603 - a shell that was found here
        [shell, "-n", "script"], cwd=commands.folder, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def _ask(commands: Commands, shell: str, *words: str) -> list[str]:
    """Return what a shell is told for the last of some words."""
    typed = " ".join(words)
    variables = {
        "bash": {"COMP_LINE": typed, "COMP_WORDBREAKS": " \t\n\"'@><=;|&(:"},
        "zsh": {"COMP_WORDS": typed, "COMP_CWORD": str(len(words) - 1)},
        "fish": {"COMP_WORDS": typed, "COMP_CWORD": words[-1]},
    }[shell]
    ran = commands.run(env={"_FS_TUI_COMPLETE": f"{shell}_complete", **variables})
    assert (ran.status, ran.err) == (0, "")
    return ran.out.splitlines()


def _offered(commands: Commands, shell: str, *words: str) -> list[str]:
    """Return what a shell is offered; a busy machine may take longer than a shell waits."""
    asked = (_ask(commands, shell, *words) for _ in range(_TRIES))
    return next(filter(None, asked), [])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_commands_options_and_library_ids_are_completed(commands: Commands, shell: str) -> None:
    assert any("libraries" in line for line in _ask(commands, shell, "fs-tui", "lib"))
    assert any("--filter" in line for line in _ask(commands, shell, "fs-tui", "faces", "--fi"))
    assert any(CLINIC in line for line in _offered(commands, shell, "fs-tui", "faces", "cli"))
    assert not _ask(commands, shell, "fs-tui", "faces", "nothing-like-it")
    zones = _ask(commands, shell, "fs-tui", "stats", CLINIC, "--by", "day", "--tz", "Asia/Sing")
    assert any("Asia/Singapore" in line for line in zones)


def test_every_id_is_offered_for_an_empty_word(commands: Commands) -> None:
    assert set(COUNTS) <= set(_offered(commands, "zsh", "fs-tui", "library", ""))


def test_a_hostile_id_is_never_put_into_a_command_line(commands: Commands) -> None:
    commands.faults.hostile = {"group_id": "$(touch owned)"}
    assert _ask(commands, "bash", "fs-tui", "library", "") == []


@pytest.mark.parametrize("kind", ["hang", "error", "html", "drop"])
def test_completion_is_silent_and_short_when_the_service_does_not_answer(
    commands: Commands, kind: str
) -> None:
    commands.faults.fail(kind, times=None)
    assert _ask(commands, "bash", "fs-tui", "faces", "cli") == []


def test_completion_is_silent_whatever_credential_command_says(commands: Commands) -> None:
    commands.env.update(FS_TUI_API_KEY="", FS_TUI_API_SECRET="")
    pair = json.dumps({"api_key": DEMO_API_KEY, "api_secret": DEMO_API_SECRET})
    helper = commands.folder / "helper"
    helper.write_text(f"#!/bin/sh\necho 'Unlock me!' >&2\necho '{pair}'\n")
    helper.chmod(0o700)
    config = commands.folder / "config.toml"
    config.write_text(f"credential_command = ['{helper}']\n")
    commands.env["FS_TUI_CONFIG"] = str(config)
    assert "Unlock me!" in commands.run("libraries").err
    assert any(CLINIC in line for line in _offered(commands, "bash", "fs-tui", "faces", "cli"))


def test_completion_is_silent_without_credentials(commands: Commands) -> None:
    commands.env.update(FS_TUI_API_KEY="", FS_TUI_API_SECRET="")
    assert _ask(commands, "bash", "fs-tui", "faces", "cli") == []


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("fs-tui sand", "fs-tui sandbox "),
        ("fs-tui faces cit", f"fs-tui faces {CITY} "),
        ("fs-tui faces board#3@h", "fs-tui faces board#3@hq "),
        ("fs-tui faces campus", "fs-tui faces " + CAMPUS.replace("&", "\\&")),
        ("fs-tui faces 'campus", f"fs-tui faces '{CAMPUS}'"),
    ],
)
def test_a_real_bash_completes(commands: Commands, typed: str, completed: str) -> None:
    (commands.folder / "rc").write_text("PS1='ready> '\n. ./script\n")
    commands.shell("fs-tui completion bash > script")
    own = {k: v for k, v in commands.env.items() if k.startswith("FS_TUI_") or k == "PATH"}
    bash = ["bash", "--noprofile", "--rcfile", "rc", "-i"]
    with Terminal(bash, env=own, cwd=commands.folder) as terminal:
        terminal.wait_for("ready>")
        terminal.send(typed.encode())
        terminal.press("tab")
        terminal.wait_for(f"ready> {completed}".rstrip())
