"""`fs-tui stats`: a row a library, or a row a period; which of three answers the options mean.

ID …                 each library is read: persons, faces per person, first and last
--by PERIOD          each library is read: faces and persons of each day, week, month or year
--all-libraries      each library is counted, by a search for its end; nothing is read
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import click

from fs_tui.account.rows import (
    COUNT_FIELDS,
    PER_PERSON_FIELDS,
    PERIOD_FIELDS,
    SUMMARY_FIELDS,
    library_row,
    of_the_account,
    period_rows,
)
from fs_tui.chart import bar, has_blocks
from fs_tui.cli.completion import library_ids
from fs_tui.cli.ending import say_error, tell, worst
from fs_tui.cli.output_options import output_options
from fs_tui.cli.whole import read_shown, reading_options, say_age, whole_libraries
from fs_tui.errors import UsageError
from fs_tui.faces.reports.periods import Step
from fs_tui.records import record
from fs_tui.visible import visible
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from zoneinfo import ZoneInfo

    from fs_tui.account.rows import LibraryRow, PeriodRow
    from fs_tui.cli.context import Options
    from fs_tui.cli.output_options import Output
    from fs_tui.cli.whole import WholeLibrary
    from fs_tui.errors import FsTuiError
    from fs_tui.faces.reports.growth import Growth
    from fs_tui.faces.reports.summary import Summary
    from fs_tui.gateway import Session

__all__ = ["stats"]

_WIDEST_BAR = 60

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
    statistics = _Statistics(
        output,
        None if step is None else Step(step),
        local_zone() if zone is None else named_zone(zone),
    )

    async def work(session: Session) -> None:
        from fs_tui.cli.keeping import keeper_of, open_listing

        ids = tuple(dict.fromkeys(group_ids))
        if everything:
            ids = tuple(library.group_id for library in await session.gateway.libraries())
        keeper = None if options.fresh else await keeper_of(settings, session)
        if keeper is not None and statistics.count_only:
            # A count reads no library that an index could be begun with.
            keeper = keeper._replace(begins=False)
        async with whole_libraries(
            [(session.gateway, group_id) for group_id in ids],
            concurrency=settings.concurrency,
            max_requests=max_requests,
            make=partial(open_listing, keeper),
            count_only=statistics.count_only,
        ) as libraries:
            try:
                await statistics.write(libraries)
            finally:
                if everything:
                    tell(of_the_account(len(libraries), statistics.counted))

    with_session(options, work, settings)


class _Statistics:
    """What is counted in some libraries, one library after the other.

    Args:
        output: Where it goes.
        step: How long a period is; None counts the whole.
        zone: Whose days are meant.

    Attributes:
        count_only: Nothing is to be read.
        counted: The libraries that were counted so far.
    """

    def __init__(self, output: Output, step: Step | None, zone: ZoneInfo) -> None:
        self.count_only = step is None and set(output.fields) <= set(COUNT_FIELDS)
        self.counted: list[LibraryRow] = []
        self._output = output
        self._step = step
        self._zone = zone
        self._libraries: Sequence[WholeLibrary] = ()
        self._shortfalls: list[FsTuiError] = []

    async def write(self, libraries: Sequence[WholeLibrary]) -> None:
        """Count, and write what was counted.

        Raises:
            FsTuiError: Nothing could be counted; or after the rows, not everything.
        """
        from fs_tui.cli.output import write_rows

        self._libraries = libraries
        if self._output.is_table and not self.count_only:
            await self._draw()
        else:
            noun = ("library", "libraries") if self._step is None else ("period",)
            await write_rows(self._output, self._rows(), noun=noun)

    async def _rows(self) -> AsyncGenerator[Sequence[LibraryRow | PeriodRow], None]:
        from fs_tui.faces.reports.growth import Growth
        from fs_tui.faces.reports.zones import zone_name

        for library in self._libraries:
            found = await self._count(library)
            if isinstance(found, Growth):
                if found.untimed:
                    untimed = count(found.untimed, "face")
                    tell(f"{untimed} of {library.group_id} without a time: in no period")
                yield period_rows(library.group_id, found, zone_name(self._zone))
            else:
                yield [self._row(library, found)]
        self._end()

    async def _draw(self) -> None:
        """Write it for people, with bars."""
        from fs_tui.cli.output import stdout, write_facts
        from fs_tui.faces.reports.growth import Growth
        from fs_tui.faces.reports.summary import Summary
        from fs_tui.faces.reports.zones import zone_name

        stream = stdout()
        for library in self._libraries:
            found = await self._count(library)
            if isinstance(found, Growth):
                title = (
                    f"{visible(library.group_id)}, by {found.step.value}, {zone_name(self._zone)}"
                )
                title += "" if library.shortfall is None else ": every number is 'at least'"
                stream.writelines(f"{line}\n" for line in [title, *_growth_lines(found)])
            elif isinstance(found, Summary):
                row, fields = self._row(library, found), self._output.fields
                told = [field for field in fields if field not in PER_PERSON_FIELDS]
                write_facts(record(told, row), as_json=False)
                if len(told) < len(fields):
                    lines = ["persons, by their faces", *_per_person_lines(found)]
                    stream.writelines(f"{line}\n" for line in lines)
            stream.write("\n" if library is not self._libraries[-1] else "")
            stream.flush()
        self._end()

    async def _count(self, library: WholeLibrary) -> int | Summary | Growth | None:
        """Count one; None where nothing of it could be read.

        Raises:
            FsTuiError: It is the only one.
        """
        from fs_tui.faces.index.people_table import PeopleTable
        from fs_tui.faces.reports.growth import growth
        from fs_tui.faces.reports.summary import summary

        if self.count_only:
            faces = await library.count()
        else:
            await read_shown(library)
            say_age(library)
            faces = library.listing.status.faces
        if (shortfall := self._shortfall(library)) is not None:
            self._shortfalls.append(shortfall)
        self.counted.append(self._row(library, faces))
        if library.failure is not None:
            if len(self._libraries) == 1:
                raise library.failure
            return None
        if self.count_only:
            return faces
        with closing(PeopleTable(library.listing.store)) as table:
            moment = await table.moment()
            if self._step is not None:
                return await growth(moment, self._step, self._zone)
            return await summary(moment, library.listing.store)

    def _row(self, library: WholeLibrary, found: int | Summary | None) -> LibraryRow:
        complete = self._shortfall(library) is None
        return library_row(library.listing.status, found, complete=complete)

    def _shortfall(self, library: WholeLibrary) -> FsTuiError | None:
        return library.uncounted if self.count_only else library.shortfall

    def _end(self) -> None:
        """End with the status of what could not be counted; all of them are said."""
        if not self._shortfalls:
            return
        last = worst(self._shortfalls)
        for error in self._shortfalls:
            if error is not last:
                say_error(error)
        raise last


def _growth_lines(found: Growth) -> list[str]:
    periods = found.periods
    faces = [f"{period.faces:,}" for period in periods]
    persons = [f"{period.persons:,}" for period in periods]
    wide = max(map(len, ["faces", *faces]))
    wider = max(map(len, ["persons", *persons]))
    most = max((period.faces for period in periods), default=0)
    lines = [f"{'period':<10}  {'faces':>{wide}}  {'persons':>{wider}}"]
    for period, some, people in zip(periods, faces, persons, strict=True):
        day = f"{period.first_day.isoformat()}  {some:>{wide}}  {people:>{wider}}  "
        lines.append(f"{day}{_bar(period.faces, most, len(day))}".rstrip())
    if found.untimed:
        lines.append(f"{count(found.untimed, 'face')} without a time")
    return lines


def _per_person_lines(found: Summary) -> list[str]:
    from fs_tui.faces.reports.summary import PER_PERSON

    most = max(found.per_person)
    numbers = [f"{persons:,}" for persons in found.per_person]
    wide = max(map(len, numbers))
    lines = []
    for name, persons, number in zip(PER_PERSON, found.per_person, numbers, strict=True):
        head = f"{name:>5}  {number:>{wide}}  "
        lines.append(f"{head}{_bar(persons, most, len(head))}".rstrip())
    return lines


def _bar(number: int, most: int, before: int) -> str:
    """A bar in what is left of the terminal's width."""
    blocks = has_blocks(sys.stdout.encoding, os.environ.get("TERM", ""))
    width = max(1, min(_WIDEST_BAR, shutil.get_terminal_size().columns - before - 1))
    return bar(number, most, width, ascii_only=not blocks)
