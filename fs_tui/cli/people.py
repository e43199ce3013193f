"""`fs-tui people ID`: who is in a library, one row a user id."""

from __future__ import annotations

from contextlib import aclosing, closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import click

from fs_tui.cli.completion import library_ids
from fs_tui.cli.filter_options import filter_options
from fs_tui.cli.output_options import output_options
from fs_tui.cli.whole import reading_options
from fs_tui.errors import FsTuiError, IncompleteError
from fs_tui.faces.persons import PERSON_FIELDS, REPEATED, PeopleOrder

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from fs_tui.cli.context import Options
    from fs_tui.cli.output_options import Output
    from fs_tui.cli.whole import WholeLibrary
    from fs_tui.faces.persons import PersonRow
    from fs_tui.faces.query import Query
    from fs_tui.gateway import Session

__all__ = ["people"]


@click.command(
    epilog="""\b
Examples:
  fs-tui people clinic_2500 --limit 10
  fs-tui people clinic_2500 --order faces --min 3
  fs-tui people clinic_2500 --filter 'after:2025-06' --csv
  fs-tui people pilot-100 -o people.jsonl

Reads the whole library. Faces without a user id are the last row, with an empty one: that is not
a person. Orders: the most faces first, the earliest first face first, the latest last face first.
'repeated' says whose faces came within 10 seconds of each other: on a terminal, or where --fields
names it.
Where the library could not be read whole, every number is 'at least', and the exit status is 4.
"""
)
@click.argument("group_id", metavar="ID", shell_complete=library_ids)
@click.option(
    "--min",
    "least",
    type=click.IntRange(min=1),
    metavar="N",
    default=1,
    help="Only who has at least N faces.",
)
@click.option(
    "--order",
    type=click.Choice([order.value for order in PeopleOrder]),
    default=PeopleOrder.USER_ID.value,
    help="Order of the rows.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Write at most N rows.")
@filter_options
@reading_options
@output_options(PERSON_FIELDS, more=[REPEATED])
@click.pass_obj
def people(
    options: Options,
    *,
    group_id: str,
    least: int,
    order: str,
    limit: int | None,
    query: Query | None,
    max_requests: int | None,
    output: Output,
) -> None:
    """List the people of a library: faces, first and last time of each user id."""
    from fs_tui.cli.session import with_session
    from fs_tui.cli.settings import load

    settings = load(options)
    if output.is_table and not output.named:
        output = replace(output, fields=(*output.fields, REPEATED))

    async def work(session: Session) -> None:
        from fs_tui.cli.keeping import keeper_of, open_listing
        from fs_tui.cli.output import write_rows
        from fs_tui.cli.whole import read_shown, say_age, whole_libraries

        keeper = None if options.fresh else await keeper_of(settings, session)
        async with whole_libraries(
            [(session.gateway, group_id)],
            concurrency=settings.concurrency,
            max_requests=max_requests,
            make=partial(open_listing, keeper),
        ) as (library,):
            await read_shown(library)
            say_age(library)
            again = REPEATED.name in [field.name for field in output.fields]
            rows = _rows(library, query, PeopleOrder(order), least, limit, repeated=again)
            await write_rows(output, rows, noun=("row",))

    with_session(options, work, settings)


async def _rows(
    library: WholeLibrary,
    query: Query | None,
    order: PeopleOrder,
    least: int,
    limit: int | None,
    *,
    repeated: bool,
) -> AsyncGenerator[Sequence[PersonRow], None]:
    """Yield the rows that are wanted.

    Raises:
        FsTuiError: Nothing was read; or after the rows, not everything.
    """
    from fs_tui.faces.index.people_table import PeopleTable

    if library.failure is not None:
        raise library.failure
    left = limit
    with closing(PeopleTable(library.listing.store, query)) as table:
        moment = await table.moment()
        async with aclosing(moment.listed(order, least=least, repeated=repeated)) as listed:
            async for rows in listed:
                yield rows[:left]
                left = None if left is None else left - len(rows)
                if left is not None and left <= 0:
                    break
    if library.shortfall is not None:
        yield ()
        raise _at_least(library.shortfall)


def _at_least(shortfall: FsTuiError) -> FsTuiError:
    if not isinstance(shortfall, IncompleteError):
        return shortfall
    return IncompleteError(f"{shortfall.detail}; every number is 'at least'", hint=shortfall.hint)
