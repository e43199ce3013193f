"""The command line's front door: global options, the table of commands, the end of each run.

run ──► hardening ──► group ──► one command's module, imported when it is asked for
    ◄── exit status ◄── ending (every error is said there)
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import click

from fs_tui.cli import signals, streams, unhandled
from fs_tui.cli.completion import ASKED_BY, complete, library_ids
from fs_tui.cli.context import (
    GLOBAL_OPTIONS,
    BrowserFlags,
    Options,
    refuse_what_is_no_text,
)
from fs_tui.cli.ending import EXIT_STATUS, combined, ended, misused
from fs_tui.cli.hardening import harden
from fs_tui.suggestion import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["COMMANDS", "PROGRAM", "cli", "run"]

PROGRAM = "fs-tui"


class Entry(NamedTuple):
    """A command that is imported when it is asked for.

    Attributes:
        module: Where it is, below `fs_tui.cli`.
        task: The heading of the help that it stands under.
        summary: One line for the help, so that the list needs no import.
    """

    module: str
    task: str
    summary: str


COMMANDS = {
    "libraries": Entry("libraries", "Look", "List the account's libraries."),
    "library": Entry("libraries", "Look", "Show one library."),
    "faces": Entry("faces", "Look", "List, filter, count or export the faces of a library."),
    "face": Entry("face", "Look", "Show one face."),
    "people": Entry("people", "Look", "List the people of a library, one row per user id."),
    "stats": Entry("stats", "Look", "Count faces and persons: as a whole, or as they came."),
    "watch": Entry("watch", "Look", "Write each new face of a library as it comes."),
    "find": Entry("find", "Find", "Find faces in all libraries of the account."),
    "diff": Entry("diff", "Compare", "Compare two sides: libraries of any profile, files."),
    "verify": Entry("verify", "Compare", "Check whether face tokens are in a library."),
    "index": Entry("index", "Keep", "Show, update or remove the kept indexes of libraries."),
    "create": Entry("create", "Set up", "Create a library."),
    "auth": Entry("auth", "Set up", "Store, remove or show the API key and secret."),
    "doctor": Entry("doctor", "Set up", "Check settings, credentials, network and terminal."),
    "sandbox": Entry("sandbox", "Set up", "Run a local FaceSearch service for trying and testing."),
    "keys": Entry("keys", "Set up", "List the browser's actions and their keys."),
    "completion": Entry("completion", "Set up", "Print the completion script of a shell."),
}

_WIDEST = max(map(len, COMMANDS))


class Commands(click.Group):
    """The group; a command's module is imported when the command is run, completed or described."""

    # The unused contexts are click's signatures.
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command and give it the global options."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = getattr(importlib.import_module(f"fs_tui.cli.{entry.module}"), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101 - tells the type checker
        _add_globals(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, which knows no name to suggest of a command that is not imported."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            if not (near := nearest(args[0], COMMANDS)):
                raise
            raise click.UsageError(f"{error.message} {did_you_mean(near)}", ctx) from None

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the list without importing the commands."""
        for task, entries in groupby(COMMANDS.items(), lambda item: item[1].task):
            with formatter.section(task):
                rows = [(f"{name:<{_WIDEST}}", entry.summary) for name, entry in entries]
                formatter.write_dl(rows)


def _add_globals(command: click.Command) -> None:
    """Give the global options to a command and to those below it, once."""
    if GLOBAL_OPTIONS[0] not in command.params:
        command.params.extend(GLOBAL_OPTIONS)
        refuse_what_is_no_text(command)
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _add_globals(below)


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  fs-tui --demo libraries
  fs-tui libraries --json
  fs-tui faces clinic_2500 --limit 5 --csv
  fs-tui faces clinic_2500 --all --jsonl | wc -l

Exit status: """
    + "; ".join(f"{status} {meaning}" for status, meaning in EXIT_STATUS)
    + ".",
)
@click.option(
    "--library",
    metavar="ID",
    shell_complete=library_ids,
    help="Library to open first in the browser.",
)
@click.option("--slow", is_flag=True, help="Browser: send fewer bytes, as over SSH.")
@click.option("--mouse/--no-mouse", default=None, help="Browser: use the mouse, or do not.")
@click.option(
    "--colors",
    type=click.Choice(["16", "256", "true"]),
    help="Browser: the colours that the terminal has.",
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 8),
    metavar="N",
    help="Browser: concurrent requests while loading all.",
)
@click.option(
    "--mask",
    is_flag=True,
    help="Browser: show only the last three characters of user ids, data and tokens; M shows all.",
)
@click.pass_context
def cli(
    ctx: click.Context,
    *,
    library: str | None,
    slow: bool,
    mouse: bool | None,
    colors: str | None,
    concurrency: int | None,
    mask: bool,
) -> int | None:
    """Look at the face libraries of the FaceSearch service.

    Without a command the browser opens; 'fs-tui --demo' opens it on the built-in sandbox.
    """
    flags = BrowserFlags(library, slow, mouse, colors, concurrency, mask)
    if ctx.invoked_subcommand is None:
        from fs_tui.cli.browse import browse

        return browse(ctx.obj, flags)
    gc.enable()
    if flags != BrowserFlags():
        raise click.UsageError(
            "--library, --slow, --mouse, --colors, --concurrency and --mask before a command "
            "belong to the browser, which has no command.",
            ctx,
        )
    return None


cli.params.extend(GLOBAL_OPTIONS)
refuse_what_is_no_text(cli)


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status; nothing is raised.

    Args:
        argv: The arguments without the program's name; those of the process when not given.
    """
    args = list(sys.argv[1:] if argv is None else argv)
    try:
        _prepare(args)
        if ASKED_BY in os.environ:
            return complete(cli)
        status = _invoke(args)
    except BaseException as error:  # noqa: BLE001 - the one place where every error becomes words
        status = ended(error)
    try:
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - the same
        status = combined(status, ended(error))
    return combined(status, *signals.received)


def _prepare(args: list[str]) -> None:
    """Make the process safe to work in, before anything else is opened."""
    streams.settle()
    own = args[: args.index("--")] if "--" in args else args
    harden(dev="--dev" in own)
    unhandled.silence()
    signals.listen()


def _invoke(args: list[str]) -> int:
    """Parse and run; not `cli.main`, which ends the process in ways of its own."""
    try:
        with cli.make_context(PROGRAM, args, obj=Options()) as ctx:
            status = cli.invoke(ctx)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.Abort:
        # ctrl-c or ctrl-d at a question.
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        raise misused(error) from None
    return status if isinstance(status, int) else 0
