"""`fs-tui faces ID`: its options, and which of its three ways of working they mean.

--count                     the end is proven by a search, nothing is listed
--order, other than by      everything is loaded into the private index, then written in order
position
else                        rows go from the pages straight to the output
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fs_tui.cli.completion import library_ids
from fs_tui.cli.output import Format, format_options
from fs_tui.errors import UsageError

if TYPE_CHECKING:
    from fs_tui.cli.context import Options
    from fs_tui.faces.query import Order, Query

__all__ = ["FIRST", "Wish", "faces"]

FIRST = 100
"""How many faces are listed when neither --limit nor --all says otherwise."""

_STANDARD_OUTPUT = Path("-")

_ORDERS = ("position", "user_id", "add_time")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be listed.

    Attributes:
        group_id: The library.
        start: The position of the first face, 1-based.
        limit: The most rows to write; None is all.
        open_ended: Neither --limit nor --all was given: say so when there are more.
        query: What a face must pass; None lets all pass.
        order: The order of the rows.
        fields: The fields to write, in this order.
        form: How to write them.
        path: Where to write; None is standard output.
        overwrite: A file that is there is replaced.
        concurrency: Requests that may be under way at once.
    """

    group_id: str
    start: int
    limit: int | None
    open_ended: bool
    query: Query | None
    order: Order | None
    fields: tuple[str, ...]
    form: Format
    path: Path | None
    overwrite: bool
    concurrency: int


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
@click.option(
    "--filter",
    "expression",
    metavar="EXPR",
    help="Only faces with these words; user:, data:, token:, after:, before:, -not, a|b.",
)
@click.option(
    "--order",
    type=click.Choice([*_ORDERS, *(f"-{name}" for name in _ORDERS)]),
    metavar="FIELD",
    help="Order by position, user_id or add_time; -FIELD from the last to the first.",
)
@click.option(
    "--fields",
    metavar="A,B",
    help="Write these only, in this order: face_token, user_id, user_data, add_time.",
)
@click.option(
    "-o",
    "--output",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write into a new FILE (.csv, .jsonl or .json), readable by you alone; - is no file.",
)
@click.option("--force", is_flag=True, help="With -o: replace a FILE that is there.")
@click.option(
    "--concurrency",
    type=click.IntRange(1, 8),
    metavar="N",
    help="Requests under way at once; production shares the account's quota.",
)
@click.option("--count", is_flag=True, help="Write only how many faces there are, proven.")
@format_options(lists=True)
@click.pass_obj
def faces(
    options: Options,
    *,
    group_id: str,
    limit: int | None,
    start: int | None,
    everything: bool,
    expression: str | None,
    order: str | None,
    fields: str | None,
    path: Path | None,
    force: bool,
    concurrency: int | None,
    count: bool,
    form: str | None,
) -> None:
    """List the faces of a library, the first 100 unless --limit or --all says otherwise."""
    from fs_tui.cli.listing import count_faces, list_faces
    from fs_tui.cli.session import with_session
    from fs_tui.cli.settings import load
    from fs_tui.faces.filter_language import parse

    if limit is not None and everything:
        raise UsageError("--limit and --all exclude each other.", hint="Take one of them.")
    path = _target(path)
    if count and (limit or start or order or fields or path or form not in {None, "json"}):
        raise UsageError("--count takes no other option than --filter and --json.")
    if force and path is None:
        raise UsageError("--force belongs to -o FILE.")
    settings = load(options)
    wish = Wish(
        group_id=group_id,
        start=start or 1,
        limit=None if everything or count else limit or FIRST,
        open_ended=not everything and limit is None,
        query=parse(expression or ""),
        order=_order(order),
        fields=_fields(fields),
        form=_form(form, path),
        path=path,
        overwrite=force,
        concurrency=concurrency or settings.concurrency,
    )
    with_session(options, partial(count_faces if count else list_faces, wish), settings)


def _target(path: Path | None) -> Path | None:
    """Return the file to write, None for standard output; say at once where none can be."""
    from fs_tui.faces.export import is_taken

    if path is None or path == _STANDARD_OUTPUT:
        return None
    if path == Path():
        # An empty text; a folder was refused before.
        raise UsageError("-o names no file.", hint="Give a name, or - for standard output.")
    is_taken(path)
    return path


def _order(text: str | None) -> Order | None:
    """Return an order; None for the service's own, which needs no index."""
    from fs_tui.faces.query import Field, Order

    fields = {"position": Field.POSITION, "user_id": Field.USER_ID, "add_time": Field.ADDED}
    if text in {None, "position"}:
        return None
    name = text.removeprefix("-")
    return Order(fields[name], descending=name != text)


def _fields(text: str | None) -> tuple[str, ...]:
    """Read --fields."""
    from fs_tui.faces.export import FIELDS

    if text is None:
        return FIELDS
    fields = tuple(name.strip() for name in text.split(","))
    known = ", ".join(FIELDS)
    for name in fields:
        if name not in FIELDS:
            raise UsageError(f"There is no field '{name}'.", hint=f"The fields are {known}.")
    if len(set(fields)) < len(fields):
        raise UsageError("--fields names a field twice.", hint=f"The fields are {known}.")
    return fields


def _form(flag: str | None, path: Path | None) -> Format:
    """Return the form that was asked for, by its flag or by the file's name."""
    if flag is not None:
        return Format(flag)
    if path is None:
        return Format.TABLE
    try:
        return Format(path.suffix.removeprefix(".").lower())
    except ValueError:
        raise UsageError(
            f"The name '{path.name}' does not say what to write.",
            hint="End it in .csv, .jsonl or .json, or add --csv, --jsonl or --json.",
        ) from None
