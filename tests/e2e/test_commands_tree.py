"""Every command of the tree, found by walking it: its man page, its completions, its heading."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import click
import pytest
from click.shell_completion import ShellComplete

from fs_tui.cli.context import GLOBAL_OPTIONS, Options
from fs_tui.cli.main import COMMANDS, PROGRAM, cli
from fs_tui.cli.manpage import manpage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.commands import Commands


def _walk(context: click.Context) -> Iterator[click.Context]:
    """Yield the context of a command, and of every one below it."""
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            assert command is not None
            yield from _walk(click.Context(command, info_name=name, parent=context))


ROOT = click.Context(cli, info_name=PROGRAM, obj=Options(), **cli.context_settings)
TREE = {context.command_path: context for context in _walk(ROOT)}

every_command = pytest.mark.parametrize("path", list(TREE))


def _completed(path: str, incomplete: str) -> set[str]:
    shell = ShellComplete(cli, {"obj": Options(quiet=True)}, PROGRAM, "_FS_TUI_COMPLETE")
    found = shell.get_completions(path.split()[1:], incomplete)
    return {item.value for item in found}


def _options(context: click.Context) -> set[str]:
    return {
        word
        for param in context.command.get_params(context)
        if isinstance(param, click.Option) and not param.hidden
        for word in (*param.opts, *param.secondary_opts)
        if word.startswith("--")
    }


def test_the_tree_is_walked() -> None:
    assert {path.split()[1] for path in TREE if path != PROGRAM} == set(COMMANDS)
    assert "fs-tui auth status" in TREE


@every_command
def test_every_option_is_completed(path: str) -> None:
    assert _options(TREE[path]) <= _completed(path, "--")


@every_command
def test_every_command_is_completed(path: str) -> None:
    command = TREE[path].command
    if isinstance(command, click.Group):
        assert set(command.list_commands(TREE[path])) <= _completed(path, "")


@every_command
def test_every_choice_is_completed(path: str) -> None:
    for param in TREE[path].command.get_params(TREE[path]):
        if isinstance(param, click.Option) and isinstance(param.type, click.Choice):
            assert _completed(f"{path} {param.opts[-1]}", "") == set(param.type.choices)


def _section(path: str) -> str:
    """Return a command's section of the page, as a reader sees it."""
    page = manpage().replace("\\-", "-").replace("\\(aq", "'")
    found = re.search(rf"^\.SS {re.escape(path)} .*?(?=^\.S[SH] )", page, re.MULTILINE | re.DOTALL)
    return found[0] if found else ""


@pytest.mark.parametrize("path", [path for path in TREE if path != PROGRAM])
def test_every_command_has_its_section_in_the_man_page(path: str) -> None:
    context = TREE[path]
    section = _section(path)
    assert str(context.command.help).split("\n", maxsplit=1)[0] in section
    assert ("Examples:" in section) is (context.command.epilog is not None)
    own = {name for p in context.command.params if p not in GLOBAL_OPTIONS for name in p.opts}
    for name in {"--help"} | {one for one in own if one.startswith("--")}:
        assert re.search(rf"^\.B .*{name}\b", section, re.MULTILINE), name


def test_the_man_page_has_what_one_looks_for() -> None:
    headings = re.findall(r"^\.SH (.+)$", manpage(), re.MULTILINE)
    assert headings == [
        *("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS"),
        *("ENVIRONMENT", "FILES", "EXIT STATUS"),
    ]


def test_the_man_page_is_printed_by_the_module(commands: Commands) -> None:
    ran = commands.shell(f"{sys.executable} -m fs_tui.cli.manpage")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == manpage()


def test_the_help_groups_the_commands_by_task(commands: Commands) -> None:
    text = commands.run("--help").out
    for name, entry in COMMANDS.items():
        under = re.search(rf"^{entry.task}:\n((?: +\S.*\n)+)", text, re.MULTILINE)
        assert under is not None, entry.task
        assert re.search(rf"^ +{name} ", under[1], re.MULTILINE), name
    assert len({entry.task for entry in COMMANDS.values()}) > 1
