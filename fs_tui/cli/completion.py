"""`fs-tui completion SHELL`, and the answers that the shells' scripts ask for.

the shell ──_FS_TUI_COMPLETE=bash_complete──► run ──► complete ──► click
                                                        └──► library_ids ──► the service
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

import click

from fs_tui.cli.context import Options

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem, ShellComplete

__all__ = ["ASKED_BY", "DEADLINE", "complete", "completion", "library_ids"]

ASKED_BY = "_FS_TUI_COMPLETE"
"""The variable by which a shell's script asks."""

DEADLINE = 1.5
"""Seconds that a shell waits for library ids; then there are none."""

_PLAIN_ID = re.compile(r"[A-Za-z0-9%@#&_][A-Za-z0-9\-%@#&_]*")
"""What is put into somebody's command line: nothing that a service could make a command of."""


@click.command(
    epilog="""\b
Examples:
  fs-tui completion bash > fs-tui.bash
  fs-tui completion zsh > _fs-tui
  fs-tui completion fish > fs-tui.fish

\b
Where the shells look for them:
  ~/.local/share/bash-completion/completions/fs-tui
  a folder of zsh's fpath, as _fs-tui
  ~/.config/fish/completions/fs-tui.fish
"""
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(*, shell: str) -> None:
    """Print the completion script of a shell: bash, zsh or fish.

    Library ids are completed from the service, when it answers at once.
    """
    script = _shell(shell, click.Group("fs-tui"))
    # Not `source()`, which starts a bash to look at its version.
    sys.stdout.write(script.source_template % script.source_vars())


def complete(cli: click.Command) -> int:
    """Answer a shell's question on standard output; where there is no answer, say nothing."""
    shell, _, _ = os.environ[ASKED_BY].partition("_")
    try:
        text = _shell(shell, cli).complete()
    except Exception:  # noqa: BLE001 - an error in the middle of somebody's typing helps nobody
        return 0
    if text:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    return 0


def library_ids(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the libraries whose id begins so, as far as the service answers in time."""
    from click.shell_completion import CompletionItem

    # Every run imports this module for its name of the variable; few ask for libraries.
    from fs_tui.background import within

    try:
        found = within(DEADLINE, lambda: _libraries(ctx.obj))
    except TimeoutError:
        # A name server or a keyring hangs; ending in order would wait for it.
        os._exit(0)
    return [
        CompletionItem(group_id, help=name)
        for group_id, name in found
        if group_id.startswith(incomplete) and _PLAIN_ID.fullmatch(group_id)
    ]


def _libraries(options: Options) -> list[tuple[str, str]]:
    """Ask the service for ids and names; nothing when anything fails."""
    from fs_tui.cli.connect import connector
    from fs_tui.cli.unhandled import run
    from fs_tui.errors import FsTuiError
    from fs_tui.visible import visible

    async def ask() -> list[tuple[str, str]]:
        session = await connector(options).open()
        try:
            found = await session.gateway.libraries()
        finally:
            await session.gateway.aclose()
        return [(one.group_id, visible(one.group_name, limit=40)) for one in found]

    try:
        return run(ask())
    except FsTuiError:
        return []


_BASH = """\
%(complete_func)s() {
    local type value
    COMPREPLY=()
    while IFS=, read -r type value; do
        case $type in
            plain) COMPREPLY+=("$value") ;;
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
        esac
    done < <(
        COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_WORDBREAKS="$COMP_WORDBREAKS" \
        %(complete_var)s=bash_complete "$1" 2>/dev/null
    )
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""


def _shell(name: str, cli: click.Command) -> ShellComplete:
    """Return click's way of speaking to a shell, and our own for bash."""
    from click.shell_completion import BashComplete, get_completion_class, split_arg_string

    class Bash(BashComplete):
        """Bash splits words at characters that ids hold, and takes what it is given unquoted."""

        source_template = _BASH

        def get_completion_args(self) -> tuple[list[str], str]:
            line = os.environ["COMP_LINE"]
            raw = _last_word(line)
            return split_arg_string(line.removesuffix(raw))[1:], "".join(split_arg_string(raw))

        def format_completion(self, item: CompletionItem) -> str:
            raw = _last_word(os.environ["COMP_LINE"])
            if raw.startswith(("'", '"')):
                return f"{item.type},{item.value}"
            value = re.sub(r"([&#])", r"\\\1", item.value)
            return f"{item.type},{value[_last_break(raw) :]}"

    kind = Bash if name == "bash" else get_completion_class(name)
    if kind is None:
        raise click.UsageError(f"There is no completion for '{name}'.")
    return kind(cli, {"obj": Options(quiet=True)}, "fs-tui", ASKED_BY)


def _last_word(line: str) -> str:
    """Return the word at the end of a command line as it was typed; empty after a space."""
    start, quote, escaped = 0, "", False
    for place, character in enumerate(line):
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character.isspace():
            start = place + 1
    return line[start:]


def _last_break(word: str) -> int:
    """Return where the part of a word begins that bash will replace."""
    breaks = os.environ.get("COMP_WORDBREAKS", "")
    ends = [
        place + 1
        for place, character in enumerate(word)
        if character in breaks and character != "\\" and word[place - 1 : place] != "\\"
    ]
    return ends[-1] if ends else 0
