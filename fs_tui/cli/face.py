"""`fs-tui face ID TOKEN`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fs_tui.cli.completion import library_ids
from fs_tui.cli.output import Format, format_options

if TYPE_CHECKING:
    from fs_tui.cli.context import Options
    from fs_tui.gateway import Session
    from fs_tui.models import Face

__all__ = ["face"]


@click.command(
    epilog="""\b
Examples:
  fs-tui face clinic_2500 "$(fs-tui faces clinic_2500 --limit 1 --fields face_token | tail -n 1)"
"""
)
@click.argument("group_id", metavar="ID", shell_complete=library_ids)
@click.argument("face_token", metavar="TOKEN")
@format_options(lists=False)
@click.pass_obj
def face(options: Options, *, group_id: str, face_token: str, form: str | None) -> None:
    """Show one face of a library: token, user id, user data and time of addition."""
    from fs_tui.cli.output import write_one
    from fs_tui.cli.session import with_session
    from fs_tui.faces.export import face_record

    async def ask(session: Session) -> Face:
        return await session.gateway.face(group_id, face_token)

    found = with_session(options, ask)
    record = face_record(found)
    write_one(Format(form or "table"), tuple(record), tuple(record.values()))
