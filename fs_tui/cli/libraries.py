"""`fs-tui libraries` and `fs-tui library ID`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fs_tui.cli.completion import library_ids
from fs_tui.cli.output_options import json_option, output_options
from fs_tui.models import LIBRARY_FIELDS

if TYPE_CHECKING:
    from fs_tui.cli.context import Options
    from fs_tui.cli.output_options import Output
    from fs_tui.gateway import Session

__all__ = ["libraries", "library"]


@click.command(
    epilog="""\b
Examples:
  fs-tui libraries
  fs-tui libraries --json
  fs-tui libraries --jsonl
  fs-tui libraries --fields group_id,group_name -o libraries.csv
"""
)
@output_options(LIBRARY_FIELDS)
@click.pass_obj
def libraries(options: Options, *, output: Output) -> None:
    """List the account's libraries: ids, names, data, model versions and times of creation."""
    from fs_tui.cli.output import write_all
    from fs_tui.cli.session import with_session

    async def show(session: Session) -> None:
        await write_all(output, await session.gateway.libraries(), noun=("library", "libraries"))

    with_session(options, show)


@click.command(
    epilog="""\b
Examples:
  fs-tui library clinic_2500
  fs-tui library clinic_2500 --json

An id that begins with '-' goes after '--': fs-tui library -- -id
"""
)
@click.argument("group_id", metavar="ID", shell_complete=library_ids)
@json_option
@click.pass_obj
def library(options: Options, *, group_id: str, as_json: bool) -> None:
    """Show one library: id, name, data, model version and time of creation."""
    from fs_tui.cli.output import write_row
    from fs_tui.cli.session import with_session

    found = with_session(options, lambda session: session.gateway.library(group_id))
    write_row(LIBRARY_FIELDS, found, as_json=as_json)
