"""`fs-tui faces ID`: its options, and which of its three ways of working they mean.

--count                     the end is proven by a search, nothing is listed
--order, other than by      everything is loaded into the private index, then written in order
position
else                        rows go from the pages straight to the output
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from fs_tui.cli.completion import library_ids
from fs_tui.cli.context import concurrency_option, fresh_option
from fs_tui.cli.filter_options import filter_options
from fs_tui.cli.output_options import output_options
from fs_tui.errors import UsageError
from fs_tui.models import FACE_FIELDS
from fs_tui.records import JSON

if TYPE_CHECKING:
    from fs_tui.cli.context import Options
    from fs_tui.cli.output_options import Output
    from fs_tui.faces.query import Order, Query

__all__ = ["FIRST", "faces"]

FIRST = 100
"""How many faces are listed when neither --limit nor --all says otherwise."""

_ORDERS = ("position", *(field.name for field in FACE_FIELDS if field.ordered))


@click.command(
    epilog="""\b
Examples:
  fs-tui faces clinic_2500
  fs-tui faces clinic_2500 --limit 5 --fields face_token,user_id
  fs-tui faces clinic_2500 --start 2401 --all --jsonl
  fs-tui faces clinic_2500 --all --filter 'after:2025-05 -visitor' --csv
  fs-tui faces clinic_2500 --order -add_time --limit 10
  fs-tui faces clinic_2500 --all -o clinic.csv
  fs-tui faces clinic_2500 --count

--order reads the whole library first; a limit counts what has passed the filter. CSV on standard
output is raw, but on a terminal; with -o, a cell that a spreadsheet would run begins with an
apostrophe, and the name appears when the file is whole; until then it ends in '.partial'.
"""
)
@click.argument("group_id", metavar="ID", shell_complete=library_ids)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Write at most N faces.")
@click.option(
    "--start",
    type=click.IntRange(min=1),
    metavar="N",
    help="Begin at position N; the first face is 1.",
)
@click.option("--all", "everything", is_flag=True, help="Write every face, not the first 100.")
@filter_options
@click.option(
    "--order",
    type=click.Choice([*_ORDERS, *(f"-{name}" for name in _ORDERS)]),
    metavar="FIELD",
    help="Order by position, user_id or add_time; -FIELD from the last to the first.",
)
@concurrency_option
@click.option("--count", is_flag=True, help="Write only how many faces there are, proven.")
@fresh_option
@output_options(FACE_FIELDS)
@click.pass_obj
def faces(
    options: Options,
    *,
    group_id: str,
    limit: int | None,
    start: int | None,
    everything: bool,
    query: Query | None,
    order: str | None,
    count: bool,
    output: Output,
) -> None:
    """List the faces of a library, the first 100 unless --limit or --all says otherwise."""
    from fs_tui.cli.listing import ListRequest, count_faces, list_faces
    from fs_tui.cli.session import with_session
    from fs_tui.cli.settings import load

    if limit is not None and everything:
        raise UsageError("--limit and --all cannot be combined.", hint="Use one of them.")
    plain = output.path is None and output.fields == FACE_FIELDS and output.form in {None, JSON}
    if count and (limit or start or order or not plain):
        raise UsageError("--count takes no other option than --filter and --json.")
    settings = load(options)
    request = ListRequest(
        group_id=group_id,
        start=start or 1,
        limit=None if everything or count else limit or FIRST,
        open_ended=not everything and limit is None,
        query=query,
        order=_order(order),
        output=output,
        concurrency=settings.concurrency,
    )
    # What is ordered would lie in a private database, which may go into a plain file.
    kept = True if request.query is not None and request.order is None else None
    work = partial(count_faces if count else list_faces, request)
    with_session(options, work, settings, kept=kept)


def _order(text: str | None) -> Order | None:
    """Return an order; None for the service's own, which needs no index."""
    from fs_tui.faces.query import Order

    if text in {None, "position"}:
        return None
    name = text.removeprefix("-")
    return Order("" if name == "position" else name, descending=name != text)
