"""`fs-tui keys`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fs_tui.cli.output_options import output_options
from fs_tui.records import Field, Kind

if TYPE_CHECKING:
    from fs_tui.cli.context import Options
    from fs_tui.cli.output_options import Output

__all__ = ["keys"]

_FIELDS = (Field("action", "name"), Field("keys", kind=Kind.WORDS), Field("label"))


@click.command(
    epilog="""\b
Examples:
  fs-tui keys
  fs-tui keys --json

\b
Rebind in the configuration file, by the action's name:
  [keymap]
  reload = ["r", "f5"]
"""
)
@output_options(_FIELDS)
@click.pass_obj
def keys(options: Options, *, output: Output) -> None:
    """List the browser's actions and their keys, with the configuration's keymap put in."""
    from fs_tui.cli.output import write_all
    from fs_tui.cli.settings import load
    from fs_tui.cli.unhandled import run
    from fs_tui.tui.keys import keymap

    actions = keymap(load(options).keymap)
    run(write_all(output, actions, noun=("action",)))
