"""`fs-tui face ID TOKEN`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fs_tui.cli.completion import library_ids
from fs_tui.cli.output_options import json_option, mask_option

if TYPE_CHECKING:
    from fs_tui.cli.context import Options

__all__ = ["face"]


@click.command(
    epilog="""\b
Examples:
  fs-tui face clinic_2500 "$(fs-tui faces clinic_2500 --limit 1 --fields face_token | tail -n 1)"
"""
)
@click.argument("group_id", metavar="ID", shell_complete=library_ids)
@click.argument("face_token", metavar="TOKEN")
@json_option
@mask_option
@click.pass_obj
def face(options: Options, *, group_id: str, face_token: str, as_json: bool, mask: bool) -> None:
    """Show one face of a library: token, user id, user data and time of addition."""
    from fs_tui.cli.output import write_row
    from fs_tui.cli.session import with_session
    from fs_tui.models import FACE_FIELDS
    from fs_tui.records import behind_mask

    found = with_session(
        options, lambda session: session.gateway.face(group_id, face_token), kept=False
    )
    write_row(behind_mask(FACE_FIELDS) if mask else FACE_FIELDS, found, as_json=as_json)
