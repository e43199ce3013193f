"""Carries out what `fs-tui stats` was asked for: a row a library, or a row a period."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from fs_tui.chart import bar, has_blocks
from fs_tui.cli.ending import combined, say, say_error
from fs_tui.cli.output import stdout, write_facts, write_rows
from fs_tui.cli.stats import PER_PERSON_FIELDS
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

    from fs_tui.cli.stats import StatsRequest
    from fs_tui.cli.whole import WholeLibrary
    from fs_tui.errors import FsTuiError
    from fs_tui.gateway import Session
    from fs_tui.settings.options import Settings

__all__ = ["write_stats"]

_MOST_LIBRARIES = 10
_MOST_FACES = 5_000_000
"""What page 004 says that there may be."""

_WIDEST_BAR = 60


@dataclass(frozen=True, slots=True)
class _LibraryRow:
    """A library as a whole; None is what was not counted."""

    group_id: str
    faces: int | None
    complete: str
    added: int | None
    gone: int | None
    persons: int | None = None
    faces_without_user_id: int | None = None
    faces_without_data: int | None = None
    persons_with_1: int | None = None
    persons_with_2: int | None = None
    persons_with_3: int | None = None
    persons_with_4: int | None = None
    persons_with_5_to_9: int | None = None
    persons_with_10_or_more: int | None = None
    persons_enrolled_again: int | None = None
    tokens_met_twice: int | None = None
    first_added: int | None = None
    last_added: int | None = None


@dataclass(frozen=True, slots=True)
class _PeriodRow:
    group_id: str
    period: str
    faces: int
    persons: int
    zone: str


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
        drawn = output.form is None and sys.stdout.isatty() and not request.count_only
        try:
            if drawn:
                await statistics.draw()
            else:
                noun = ("library", "libraries") if request.step is None else ("period",)
                await write_rows(output, statistics.rows(), noun=noun)
        finally:
            if request.group_ids is None:
                say(f"fs-tui: {statistics.of_the_account()}.")


class _Statistics:
    """The rows of some libraries, one library after the other.

    Args:
        request: What is to be counted.
        libraries: Where.
    """

    def __init__(self, request: StatsRequest, libraries: Sequence[WholeLibrary]) -> None:
        self._request = request
        self._libraries = libraries
        self._faces = 0
        self._shortfalls: list[FsTuiError] = []

    async def rows(self) -> AsyncGenerator[Sequence[_LibraryRow | _PeriodRow], None]:
        """Yield the rows.

        Raises:
            FsTuiError: Nothing could be counted; or after the rows, not everything.
        """
        for library in self._libraries:
            found = await self._count(library)
            if isinstance(found, Growth):
                yield [
                    _PeriodRow(
                        library.group_id,
                        period.first_day.isoformat(),
                        period.faces,
                        period.persons,
                        zone_name(self._request.zone),
                    )
                    for period in found.periods
                ]
            else:
                yield [_row(library, found, complete=self._is_complete(library))]
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
                stream.writelines(f"{line}\n" for line in [title, *_growth_lines(found)])
            elif isinstance(found, Summary):
                row = _row(library, found, complete=self._is_complete(library))
                fields = self._request.output.fields
                told = [field for field in fields if field not in PER_PERSON_FIELDS]
                write_facts(record(told, row), as_json=False)
                if len(told) < len(fields):
                    lines = ["persons, by their faces", *_per_person_lines(found)]
                    stream.writelines(f"{line}\n" for line in lines)
            stream.write("\n" if library is not self._libraries[-1] else "")
            stream.flush()
        self._end()

    def of_the_account(self) -> str:
        """Say how much of what the documents allow is there."""
        least = "at least " if self._shortfalls else ""
        return (
            f"{len(self._libraries)} of {_MOST_LIBRARIES} libraries; {least}"
            f"{count(self._faces, 'face')}, of {_MOST_FACES:,} (the documents do not say whether"
            " that is the limit of a library or of the account)"
        )

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
        self._faces += faces
        if library.failure is not None:
            if len(self._libraries) == 1:
                raise library.failure
            return None
        if request.count_only:
            return faces
        feed = PeopleFeed(library.listing.store)
        try:
            moment = await feed.moment()
            if request.step is not None:
                return await growth(moment, request.step, request.zone)
            return await summary(moment, library.listing.store)
        finally:
            await feed.aclose()

    def _is_complete(self, library: WholeLibrary) -> bool:
        short = library.uncounted if self._request.count_only else library.shortfall
        return short is None

    def _end(self) -> None:
        """End with the status of what could not be counted; all of them are said."""
        if not self._shortfalls:
            return
        status = combined(*(error.exit_status for error in self._shortfalls))
        worst = next(error for error in self._shortfalls if error.exit_status == status)
        for error in self._shortfalls:
            if error is not worst:
                say_error(error)
        raise worst


def _row(library: WholeLibrary, found: int | Summary | None, *, complete: bool) -> _LibraryRow:
    said = "yes" if complete else "no"
    kept = library.listing.status.kept
    looked = kept is not None and kept.up_to_date and not kept.fresh
    added, gone = (kept.added, kept.gone) if kept is not None and looked else (None, None)
    if not isinstance(found, Summary):
        return _LibraryRow(library.group_id, found, said, added, gone)
    one, two, three, four, some, many = found.per_person
    return _LibraryRow(
        group_id=library.group_id,
        faces=found.faces,
        complete=said,
        added=added,
        gone=gone,
        persons=found.persons,
        faces_without_user_id=found.without_user_id,
        faces_without_data=found.without_data,
        persons_with_1=one,
        persons_with_2=two,
        persons_with_3=three,
        persons_with_4=four,
        persons_with_5_to_9=some,
        persons_with_10_or_more=many,
        persons_enrolled_again=found.repeated,
        tokens_met_twice=library.listing.status.twice,
        first_added=found.first_ms,
        last_added=found.last_ms,
    )


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
