"""`fs-tui libraries` and `fs-tui library ID`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fs_tui.cli.completion import library_ids
from fs_tui.cli.output import LIBRARY_FIELDS, Format, format_options, library_row

if TYPE_CHECKING:
    from fs_tui.cli.context import Options
    from fs_tui.gateway import Session
    from fs_tui.models import Library

__all__ = ["libraries", "library"]


@click.command(
    epilog="""\b
Examples:
  fs-tui libraries
  fs-tui libraries --json
  fs-tui libraries --jsonl
  fs-tui libraries --csv > libraries.csv
"""
)
@format_options(lists=True)
@click.pass_obj
def libraries(options: Options, *, form: str | None) -> None:
    """List the account's libraries: ids, names, data, model versions and times of creation."""
    from fs_tui.cli.output import stdout, writer
    from fs_tui.cli.session import with_session

    async def ask(session: Session) -> tuple[Library, ...]:
        return await session.gateway.libraries()

    found = with_session(options, ask)
    out = writer(Format(form or "table"), LIBRARY_FIELDS, stdout())
    out.write(map(library_row, found))
    out.close()


@click.command(
    epilog="""\b
Examples:
  fs-tui library clinic_2500
  fs-tui library clinic_2500 --json

An id that begins with '-' goes after '--': fs-tui library -- -id
"""
)
@click.argument("group_id", metavar="ID", shell_complete=library_ids)
@format_options(lists=False)
@click.pass_obj
def library(options: Options, *, group_id: str, form: str | None) -> None:
    """Show one library: id, name, data, model version and time of creation."""
    from fs_tui.cli.output import write_one
    from fs_tui.cli.session import with_session

    async def ask(session: Session) -> Library:
        return await session.gateway.library(group_id)

    found = with_session(options, ask)
    write_one(Format(form or "table"), LIBRARY_FIELDS, library_row(found))
