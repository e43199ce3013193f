"""`fs-tui face ID TOKEN`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fs_tui.cli.completion import library_ids
from fs_tui.cli.output_options import json_option, mask_option
from fs_tui.errors import UsageError
from fs_tui.words import count

if TYPE_CHECKING:
    from fs_tui.cli.context import Options

__all__ = ["face"]


@click.command(
    epilog="""\b
Examples:
  fs-tui faces clinic_2500 --limit 1 --fields face_token | tail -n 1 | fs-tui face clinic_2500 -

TOKEN may be -: the one line of standard input, so that it is no argument.
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

    token = _token(face_token)
    found = with_session(options, lambda session: session.gateway.face(group_id, token), kept=False)
    write_row(behind_mask(FACE_FIELDS) if mask else FACE_FIELDS, found, as_json=as_json)


def _token(text: str) -> str:
    """The token as it was typed, or that of standard input.

    Raises:
        UsageError: There is none, or more than one.
        FileError: It is no text.
    """
    from fs_tui.account.id_files import STANDARD_INPUT, read_lines

    if text != STANDARD_INPUT:
        return text
    tokens = {line.strip() for _, line in read_lines(STANDARD_INPUT)}
    if len(tokens) != 1:
        found = count(len(tokens), "token") if tokens else "no token"
        raise UsageError(f"Standard input holds {found}.", hint="Give one, in one line.")
    return tokens.pop()
