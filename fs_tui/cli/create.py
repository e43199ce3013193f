"""`fs-tui create ID --name NAME`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from fs_tui.cli.output_options import json_option
from fs_tui.errors import ReadOnlyError, UsageError

if TYPE_CHECKING:
    from fs_tui.cli.context import Options
    from fs_tui.gateway import Session
    from fs_tui.models import Library, LibraryDraft

__all__ = ["create"]


@click.command(
    epilog="""\b
Examples:
  fs-tui create visitors-2027 --name 'Visitors 2027' --dry-run
  fs-tui create visitors-2027 --name 'Visitors 2027' --data 'front desk'
  fs-tui create visitors-2027 --name 'Visitors 2027' --data 'front desk' --if-not-exists

An id can never be changed, and fs-tui never deletes a library. The request is sent once; when its
answer is lost, the library's details are asked for, and what became of it is said.
"""
)
@click.argument("group_id", metavar="ID")
@click.option("--name", metavar="NAME", help="Its name, 1 to 60 characters.")
@click.option("--data", default="", metavar="TEXT", help="Free text, at most 128 characters.")
@click.option(
    "--model-version", default="", metavar="V", help="The service's default if not given."
)
@click.option(
    "--if-not-exists",
    is_flag=True,
    help="Succeed if a library with this id, name and data (and V, if given) already exists.",
)
@click.option("--dry-run", is_flag=True, help="Check, and show what would be sent; send nothing.")
@json_option
@click.pass_obj
def create(
    options: Options,
    *,
    group_id: str,
    name: str | None,
    data: str,
    model_version: str,
    if_not_exists: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Create a library and show it."""
    from fs_tui.cli.connect import DEMO_ENDPOINT
    from fs_tui.cli.output import write_row
    from fs_tui.cli.session import with_session
    from fs_tui.cli.settings import load
    from fs_tui.creation import check_draft, make_draft
    from fs_tui.models import LIBRARY_FIELDS

    settings = load(options)
    if settings.read_only:
        raise ReadOnlyError("libraries cannot be created")
    draft = make_draft(group_id, _asked_name() if name is None else name, data, model_version)
    for error in check_draft(draft):
        raise error
    if dry_run:
        endpoint = DEMO_ENDPOINT if options.demo else settings.endpoint
        _show_request(draft, endpoint, as_json=as_json)
        return

    async def make(session: Session) -> Library:
        return await _create(session, draft, if_not_exists=if_not_exists)

    made = with_session(options, make, settings)
    write_row(LIBRARY_FIELDS, made, as_json=as_json)


async def _create(session: Session, draft: LibraryDraft, *, if_not_exists: bool) -> Library:
    from asyncio import CancelledError

    from fs_tui.cli.ending import say_error, tell
    from fs_tui.creation import create_library, create_unless_there
    from fs_tui.errors import OutcomeUnknownError

    try:
        if not if_not_exists:
            return await create_library(session.gateway, draft)
        library, new = await create_unless_there(session.gateway, draft)
    except CancelledError:
        # A signal, which leaves no time to look.
        say_error(OutcomeUnknownError("The request was interrupted on its way."))
        raise
    if not new:
        tell("the library already exists, as requested")
    return library


def _asked_name() -> str:
    """Ask for the name on a terminal; without one, say what is missing."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("The library's name is missing.", hint="Add --name NAME.")
    return str(click.prompt("Name of the library", err=True))


def _show_request(draft: LibraryDraft, endpoint: str, *, as_json: bool) -> None:
    """Write what would be sent, with everything secret left out."""
    from fs_tui.api.client import create_request
    from fs_tui.cli.output import write_facts

    url, fields = create_request(endpoint, draft)
    shown = {"POST": url, "api_key": "(left out)", "sign": "(left out)", **fields}
    write_facts(shown, as_json=as_json)
