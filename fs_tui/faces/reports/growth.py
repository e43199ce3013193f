"""Growth: how many faces and persons came in each period, by the clocks of a zone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fs_tui.faces.reports.periods import FIRST_MS, LAST_MS, Step, spans

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, tzinfo

    from fs_tui.faces.index.people_moment import Moment
    from fs_tui.faces.reports.periods import Span

__all__ = ["Growth", "Period", "growth"]

_DAY_MS = 86_400_000
_DAY = f"(added_ms - (added_ms % {_DAY_MS} + {_DAY_MS}) % {_DAY_MS}) / {_DAY_MS}"
"""The day in UTC, counted from 1970."""

_LONG = 20_000 * _DAY_MS
"""Beyond it periods without a face are left out: their days alone might be 3.6 million."""

_BRANCHES = 4_000
"""Spans among which one pass tells a time's own."""


@dataclass(frozen=True, slots=True)
class Period:
    """What came in a day, a week, a month or a year.

    Attributes:
        first_day: Names it.
        faces: Faces that were added in it.
        persons: User ids of which at least one face was added in it.
    """

    first_day: date
    faces: int
    persons: int


@dataclass(frozen=True, slots=True)
class Growth:
    """The periods from the first face to the last, in the order of time.

    Those without a face are among them, unless first and last are more than 54 years apart.

    Attributes:
        step: How long each is.
        periods: None where no face has a time.
        untimed: Faces whose time the service does not tell, or that is out of the calendar.
        faces: Faces that were counted, those among them.
    """

    step: Step
    periods: tuple[Period, ...]
    untimed: int
    faces: int


async def growth(moment: Moment, step: Step, zone: tzinfo) -> Growth:
    """Count the faces and the persons of each period.

    Args:
        moment: All the faces that are to be counted.
        step: How long a period is.
        zone: Whose days, weeks, months and years are meant.

    Raises:
        ResourceError: This machine has no room for it.
    """
    known = await _spans(moment, step, zone)
    days = list(dict.fromkeys(span.first_day for span in known))
    numbers = {day: number for number, day in enumerate(days)}
    faces: Counter[int] = Counter()
    persons: Counter[int] = Counter()
    for part in _parts(known):
        expression = _branches([(span.start, span.end, numbers[span.first_day]) for span in part])
        async for rows in moment.periods(expression):
            for number, some_faces, some_persons in rows:
                if number is not None:
                    faces[number] += some_faces
                    persons[number] += some_persons
    periods = tuple(Period(day, faces[number], persons[number]) for day, number in numbers.items())
    return Growth(step, periods, moment.faces - faces.total(), moment.faces)


async def _spans(moment: Moment, step: Step, zone: tzinfo) -> list[Span]:
    """The spans in which faces were added, and those between them where they are not too many."""
    first, last = await moment.extent(FIRST_MS, LAST_MS)
    if first is None or last is None:
        return []
    if last - first <= _LONG or step in {Step.MONTH, Step.YEAR}:
        return spans(step, zone, first, last)
    found: list[Span] = []
    for day in await moment.numbers(
        f"CASE WHEN added_ms BETWEEN {FIRST_MS} AND {LAST_MS} THEN {_DAY} END"
    ):
        start = max(day * _DAY_MS, found[-1].end if found else first)
        end = min((day + 1) * _DAY_MS - 1, last)
        if start <= end:
            found += spans(step, zone, start, end)
    return found


def _parts(known: Sequence[Span]) -> list[Sequence[Span]]:
    """The spans, some thousand at a time; those of one period stay together."""
    parts: list[Sequence[Span]] = []
    first = 0
    while first < len(known):
        last = min(first + _BRANCHES, len(known))
        while last < len(known) and known[last].first_day <= known[last - 1].first_day:
            last += 1
        parts.append(known[first:last])
        first = last
    return parts


def _branches(known: Sequence[tuple[int, int, int]]) -> str:
    """The number of the span of `added_ms` as an expression; null where it lies in none.

    A tree of comparisons: a table of spans would be searched for each face in three times as long.
    """
    if len(known) == 1:
        start, end, number = known[0]
        return f"CASE WHEN added_ms >= {start} AND added_ms < {end} THEN {number} END"
    half = len(known) // 2
    before, behind = _branches(known[:half]), _branches(known[half:])
    return f"CASE WHEN added_ms < {known[half][0]} THEN {before} ELSE {behind} END"
