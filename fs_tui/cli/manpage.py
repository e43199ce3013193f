"""Prints the man page, from the definitions of `--help`: python -m fs_tui.cli.manpage."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from fs_tui import __version__
from fs_tui.cli.context import Options
from fs_tui.cli.ending import EXIT_STATUS
from fs_tui.cli.main import PROGRAM, cli
from fs_tui.credentials.sources import all_variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["manpage"]

_ENVIRONMENT = (*all_variables(), ("NO_COLOR", "No colours when it is not empty."))

_FILES = (
    ("~/.config/fs-tui/config.toml", "The settings."),
    ("~/.local/state/fs-tui", "The log of --log, and notes about crashes."),
    ("~/Library/Application Support/fs-tui", "Both, on macOS."),
)


def manpage() -> str:
    """Return the whole page as roff, with the macros of man(7)."""
    root = click.Context(cli, info_name=PROGRAM, obj=Options(), **cli.context_settings)
    page = _Roff()
    page.write(f'.TH {_text(PROGRAM.upper())} 1 "" "{PROGRAM} {__version__}" "User Commands"\n')
    page.macro("SH", "NAME")
    page.write(_text(f"{PROGRAM} - look at the face libraries of the FaceSearch service\n"))
    page.macro("SH", "SYNOPSIS")
    page.macro("B", PROGRAM)
    page.write(_text(" ".join(cli.collect_usage_pieces(root))) + "\n")
    page.macro("SH", "DESCRIPTION")
    cli.format_help_text(root, page)
    page.macro("SH", "OPTIONS")
    click.Command.format_options(cli, root, page)
    page.macro("SH", "COMMANDS")
    for command, context in _commands(cli, root):
        command.format_help(context, page)
    for heading, rows in (
        ("ENVIRONMENT", _ENVIRONMENT),
        ("FILES", _FILES),
        ("EXIT STATUS", EXIT_STATUS),
    ):
        page.macro("SH", heading)
        page.write_dl(rows)
    return page.getvalue()


def _commands(
    group: click.Group, context: click.Context
) -> Iterator[tuple[click.Command, click.Context]]:
    """Yield every command below a group, with the context that knows the words that call it."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None  # noqa: S101 - the group has just named it
        below = click.Context(command, info_name=name, parent=context)
        yield command, below
        if isinstance(command, click.Group):
            yield from _commands(command, below)


class _Roff(click.HelpFormatter):
    """Takes what click writes as the help of a command, and writes it as a section of the page."""

    def macro(self, name: str, words: str = "") -> None:
        """Write a line that begins with one of man(7)'s macros."""
        self.write(f".{name} {_text(words)}".rstrip() + "\n")

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:  # noqa: ARG002 - as its base has it
        """Write how it is called: the section's heading."""
        self.macro("SS", f"{prog} {args}")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a list; that of the options goes without saying."""
        if heading != "Options":
            self.macro("PP")
            self.macro("B", heading)

    def write_paragraph(self) -> None:
        """Write nothing: every text below brings its own."""

    def write_text(self, text: str) -> None:
        r"""Write paragraphs; one that begins with \b keeps its lines."""
        for paragraph in text.split("\n\n"):
            kept = paragraph.startswith("\b")
            self.macro("PP")
            if kept:
                self.macro("nf")
            for line in paragraph.removeprefix("\b").strip("\n").splitlines():
                self.write(_text(line) + "\n")
            if kept:
                self.macro("fi")

    def write_dl(
        self,
        rows: Iterable[tuple[str, str]],
        col_max: int = 30,  # noqa: ARG002 - as its base has it
        col_spacing: int = 2,  # noqa: ARG002 - the same
    ) -> None:
        """Write terms, each with its explanation."""
        for term, words in rows:
            self.macro("TP")
            self.macro("B", term)
            self.write(_text(words) + "\n")


def _text(text: str) -> str:
    """Return a text in which roff sees no commands."""
    escaped = (
        text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace('"', "\\(dq")
    )
    return f"\\&{escaped}" if escaped.startswith((".", " ")) else escaped


if __name__ == "__main__":
    sys.stdout.write(manpage())
