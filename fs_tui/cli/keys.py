"""`fs-tui keys`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fs_tui.cli.output import Format, format_options

if TYPE_CHECKING:
    from fs_tui.cli.context import Options

__all__ = ["keys"]


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
@format_options(lists=False)
@click.pass_obj
def keys(options: Options, *, form: str | None) -> None:
    """List the browser's actions and their keys, with the configuration's keymap put in."""
    from fs_tui.cli.output import stdout, write_document, writer
    from fs_tui.cli.settings import load
    from fs_tui.tui.keys import keymap

    actions = keymap(load(options).keymap)
    if form == Format.JSON.value:
        write_document(
            [{"action": a.name, "keys": list(a.keys), "label": a.label} for a in actions]
        )
        return
    out = writer(Format.TABLE, ("action", "keys", "label"), stdout())
    out.write((action.name, " ".join(action.keys), action.label) for action in actions)
    out.close()
