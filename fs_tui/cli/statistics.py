"""Carries out what `fs-tui stats` was asked for: a row a library, or a row a period."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from fs_tui.account.rows import (
    COUNT_FIELDS,
    PER_PERSON_FIELDS,
    LibraryRow,
    PeriodRow,
    library_row,
    of_the_account,
    period_rows,
)
from fs_tui.chart import bar, has_blocks
from fs_tui.cli.ending import say, say_error, worst
from fs_tui.cli.output import stdout, write_facts, write_rows
from fs_tui.cli.whole import read_shown, say_age, whole_libraries
from fs_tui.faces.index.people_feed import PeopleFeed
from fs_tui.faces.reports.growth import Growth, growth
from fs_tui.faces.reports.summary import PER_PERSON, Summary, summary
from fs_tui.faces.reports.zones import zone_name
from fs_tui.records import record
from fs_tui.visible import visible
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from zoneinfo import ZoneInfo

    from fs_tui.cli.output_options import Output
    from fs_tui.cli.whole import WholeLibrary
    from fs_tui.errors import FsTuiError
    from fs_tui.faces.reports.periods import Step
    from fs_tui.gateway import Session
    from fs_tui.settings.options import Settings

__all__ = ["StatsRequest", "write_stats"]

_WIDEST_BAR = 60


@dataclass(frozen=True, slots=True)
class StatsRequest:
    """What is to be counted.

    Attributes:
        group_ids: The libraries; None means all of the account.
        step: How long a period is; None counts the whole.
        zone: Whose days are meant.
        concurrency: Requests that may be under way at once.
        max_requests: Requests for pages that may be sent.
        output: Where it goes.
        may_be_kept: Whether a kept index will do.
    """

    group_ids: tuple[str, ...] | None
    step: Step | None
    zone: ZoneInfo
    concurrency: int
    max_requests: int | None
    output: Output
    may_be_kept: bool

    @property
    def count_only(self) -> bool:
        """Whether nothing is to be read."""
        return self.step is None and set(self.output.fields) <= set(COUNT_FIELDS)


async def write_stats(request: StatsRequest, session: Session, settings: Settings) -> None:
    """Count, and write what was counted.

    Raises:
        FsTuiError: Nothing could be counted, or after the rows, not everything.
    """
    from fs_tui.cli.keeping import keeper_of, open_listing

    ids = request.group_ids
    if ids is None:
        ids = tuple(library.group_id for library in await session.gateway.libraries())
    keeper = await keeper_of(settings, session) if request.may_be_kept else None
    if keeper is not None and request.count_only:
        # A count reads no library that an index could be begun with.
        keeper = replace(keeper, begins=False)
    async with whole_libraries(
        [(session.gateway, group_id) for group_id in ids],
        concurrency=request.concurrency,
        max_requests=request.max_requests,
        make=partial(open_listing, keeper),
        count_only=request.count_only,
    ) as libraries:
        statistics = _Statistics(request, libraries)
        output = request.output
        try:
            if output.is_table and not request.count_only:
                await statistics.draw()
            else:
                noun = ("library", "libraries") if request.step is None else ("period",)
                await write_rows(output, statistics.rows(), noun=noun)
        finally:
            if request.group_ids is None:
                say(f"fs-tui: {of_the_account(len(libraries), statistics.counted)}.")


class _Statistics:
    """The rows of some libraries, one library after the other.

    Args:
        request: What is to be counted.
        libraries: Where.
    """

    def __init__(self, request: StatsRequest, libraries: Sequence[WholeLibrary]) -> None:
        self._request = request
        self._libraries = libraries
        self.counted: list[LibraryRow] = []
        self._shortfalls: list[FsTuiError] = []

    async def rows(self) -> AsyncGenerator[Sequence[LibraryRow | PeriodRow], None]:
        """Yield the rows.

        Raises:
            FsTuiError: Nothing could be counted; or after the rows, not everything.
        """
        for library in self._libraries:
            found = await self._count(library)
            if isinstance(found, Growth):
                yield period_rows(library.group_id, found, zone_name(self._request.zone))
            else:
                yield [self._row(library, found)]
        self._end()

    async def draw(self) -> None:
        """Write it for people, with bars.

        Raises:
            FsTuiError: As of `rows`.
        """
        stream = stdout()
        for library in self._libraries:
            found = await self._count(library)
            name = visible(library.group_id)
            if isinstance(found, Growth):
                title = f"{name}, by {found.step.value}, {zone_name(self._request.zone)}"
                title += "" if library.shortfall is None else ": every number is 'at least'"
                stream.writelines(f"{line}\n" for line in [title, *_growth_lines(found)])
            elif isinstance(found, Summary):
                row = self._row(library, found)
                fields = self._request.output.fields
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
        request = self._request
        if request.count_only:
            faces = await library.count()
            shortfall = library.uncounted
        else:
            await read_shown(library)
            say_age(library)
            faces, shortfall = library.listing.status.loaded, library.shortfall
        if shortfall is not None:
            self._shortfalls.append(shortfall)
        said = shortfall is None
        self.counted.append(library_row(library.listing.status, faces, complete=said))
        if library.failure is not None:
            if len(self._libraries) == 1:
                raise library.failure
            return None
        if request.count_only:
            return faces
        async with aclosing(PeopleFeed(library.listing.store)) as feed:
            moment = await feed.moment()
            if request.step is not None:
                return await growth(moment, request.step, request.zone)
            return await summary(moment, library.listing.store)

    def _row(self, library: WholeLibrary, found: int | Summary | None) -> LibraryRow:
        short = library.uncounted if self._request.count_only else library.shortfall
        return library_row(library.listing.status, found, complete=short is None)

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
