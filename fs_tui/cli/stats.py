"""`fs-tui stats`: its options, and which of its three answers they mean.

ID …                 each library is read: persons, faces per person, first and last
--by PERIOD          each library is read: faces and persons of each day, week, month or year
--all-libraries      each library is counted, by a search for its end; nothing is read
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from fs_tui.account.rows import COUNT_FIELDS, PERIOD_FIELDS, SUMMARY_FIELDS
from fs_tui.cli.completion import library_ids
from fs_tui.cli.output_options import output_options
from fs_tui.cli.whole import reading_options
from fs_tui.errors import UsageError
from fs_tui.faces.reports.periods import Step

if TYPE_CHECKING:
    from fs_tui.cli.context import Options
    from fs_tui.cli.output_options import Output

__all__ = ["stats"]

_FIELDS = (*SUMMARY_FIELDS, *(one for one in PERIOD_FIELDS if one not in SUMMARY_FIELDS))


def _zones(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    from zoneinfo import available_timezones

    return sorted(name for name in available_timezones() if name.startswith(incomplete))


@click.command(
    epilog="""\b
Examples:
  fs-tui stats clinic_2500
  fs-tui stats clinic_2500 pilot-100 --json
  fs-tui stats clinic_2500 --by month
  fs-tui stats clinic_2500 --by day --tz Asia/Singapore --csv
  fs-tui stats --all-libraries

--all-libraries counts without reading the libraries, unless --by or --fields ask for more. A period
is named by its first day in the zone of --tz, else of this machine; its persons are the user ids of
the faces that were added in it. Persons enrolled again have faces that came within 10 seconds of
each other. Of a library with a kept index, 'added' and 'gone' say what the last look at its end has
shown. Where 'complete' is 'no', every number is 'at least', and the exit status is 4.
"""
)
@click.argument("group_ids", metavar="[ID]...", nargs=-1, shell_complete=library_ids)
@click.option("--all-libraries", "everything", is_flag=True, help="All libraries of the account.")
@click.option(
    "--by",
    "step",
    type=click.Choice([step.value for step in Step]),
    help="Count faces and persons of each period.",
)
@click.option(
    "--tz",
    "zone",
    metavar="ZONE",
    shell_complete=_zones,
    help="Zone of the periods, as Asia/Singapore.",
)
@reading_options
@output_options(_FIELDS)
@click.pass_obj
def stats(
    options: Options,
    *,
    group_ids: tuple[str, ...],
    everything: bool,
    step: str | None,
    zone: str | None,
    max_requests: int | None,
    output: Output,
) -> None:
    """Count the faces and persons of libraries."""
    from fs_tui.cli.session import with_session
    from fs_tui.cli.settings import load
    from fs_tui.cli.statistics import StatsRequest, write_stats
    from fs_tui.faces.reports.zones import local_zone, named_zone

    if bool(group_ids) is everything:
        raise UsageError(
            "ID and --all-libraries cannot be combined." if everything else "No library is named.",
            hint="Give one or more IDs, or --all-libraries.",
        )
    if zone is not None and step is None:
        raise UsageError("--tz needs --by.", hint="It is the zone of the periods.")
    fields, other = (SUMMARY_FIELDS, "with") if step is None else (PERIOD_FIELDS, "without")
    output = output.of(fields, f"The field '{{}}' is there {other} --by only.")
    if everything and step is None and not output.named:
        output = replace(output, fields=COUNT_FIELDS)
    settings = load(options)
    request = StatsRequest(
        group_ids=None if everything else tuple(dict.fromkeys(group_ids)),
        step=None if step is None else Step(step),
        zone=local_zone() if zone is None else named_zone(zone),
        concurrency=settings.concurrency,
        max_requests=max_requests,
        output=output,
        may_be_kept=not options.fresh,
    )
    with_session(options, lambda session: write_stats(request, session, settings), settings)
