"""Prints the man page, from the definitions of `--help`: python -m fs_tui.cli.manpage."""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING

import click

from fs_tui import __version__
from fs_tui.cli.context import Options
from fs_tui.cli.main import PROGRAM, cli
from fs_tui.credentials.sources import all_variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["manpage"]

_ENVIRONMENT = (*all_variables(), ("NO_COLOR", "No colours when it is not empty."))

_STATUS = (
    ("0", "Done."),
    ("1", "The service refused, or the program has a fault."),
    ("2", "Wrong use, settings or credentials."),
    ("3", "Worth another try: network, limits, timeouts."),
    ("4", "The listing ended incomplete; what was read is written."),
    ("129, 130, 143", "Ended by SIGHUP, ctrl-c, SIGTERM."),
)


def manpage() -> str:
    """Return the whole page as roff, with the macros of man(7)."""
    root = click.Context(cli, info_name=PROGRAM, obj=Options())
    lines = [
        f'.TH FS\\-TUI 1 "" "fs-tui {__version__}" "User Commands"',
        ".SH NAME",
        f"fs\\-tui \\- {_text('look at the face libraries of the FaceSearch service')}",
        ".SH SYNOPSIS",
        f".B {_text(PROGRAM)}",
        _text(" ".join(cli.collect_usage_pieces(root))),
        ".SH DESCRIPTION",
        *_paragraphs(cli.help or ""),
        ".SH OPTIONS",
        *_options(cli, root),
        ".SH COMMANDS",
    ]
    for path, command, context in _commands(cli, root):
        lines += _section(path, command, context)
    lines += [".SH ENVIRONMENT", *_definitions(_ENVIRONMENT)]
    lines += [".SH EXIT STATUS", *_definitions(_STATUS)]
    return "\n".join(lines) + "\n"


def _commands(
    group: click.Group, context: click.Context
) -> Iterator[tuple[str, click.Command, click.Context]]:
    """Yield every command below a group, with the words that call it."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None  # noqa: S101 - the group has just named it
        below = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _commands(command, below)
        else:
            yield below.command_path, command, below


def _section(path: str, command: click.Command, context: click.Context) -> list[str]:
    usage = " ".join(command.collect_usage_pieces(context))
    lines = [f".SS {_text(f'{path} {usage}')}", *_paragraphs(command.help or "")]
    lines += _options(command, context)
    return lines + _paragraphs(command.epilog or "")


def _options(command: click.Command, context: click.Context) -> list[str]:
    records = [param.get_help_record(context) for param in command.get_params(context)]
    return _definitions(record for record in records if record is not None)


def _definitions(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Return terms, each with its explanation."""
    return [line for term, words in pairs for line in (".TP", f".B {_text(term)}", _text(words))]


def _paragraphs(text: str) -> list[str]:
    r"""Return paragraphs; one that begins with \b keeps its lines."""
    lines: list[str] = []
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if not paragraph:
            continue
        kept = paragraph.startswith("\b")
        words = paragraph.removeprefix("\b").strip("\n").splitlines()
        lines.append(".PP")
        lines += [".nf"] * kept + [_text(line) for line in words] + [".fi"] * kept
    return lines


def _text(text: str) -> str:
    """Return a text in which roff sees no commands."""
    escaped = (
        text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace('"', "\\(dq")
    )
    return f"\\&{escaped}" if escaped.startswith((".", " ")) else escaped


if __name__ == "__main__":
    sys.stdout.write(manpage())
