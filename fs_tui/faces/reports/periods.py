"""Days, weeks, months and years of a time zone, as spans of epoch milliseconds.

Spans follow each other without gaps. Where clocks are put back over midnight (from 00:01 to 23:01,
as in Newfoundland until 2011), a day has two spans: what counts is the date that the clock showed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import Enum
from typing import NamedTuple

from fs_tui.times import EPOCH, milliseconds, moment_of

__all__ = ["FIRST_MS", "LAST_MS", "Span", "Step", "day_at", "following", "spans"]

FIRST_MS = milliseconds(datetime.min.replace(tzinfo=UTC))
LAST_MS = milliseconds(datetime.max.replace(tzinfo=UTC))
"""The calendar's years 1 to 9999, in UTC."""

_DAY = timedelta(days=1)
_LONGEST_SHIFT = timedelta(hours=26)
"""No clock was ever put further forward or back, and no zone is further from UTC."""

_BEYOND_A_DAY_MS = 3 * 86_400_000
"""Longer than any day lasts."""


class Step(Enum):
    """How long a period is; a week begins on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Span(NamedTuple):
    """A stretch of time that belongs to one period.

    Attributes:
        start: Its first epoch millisecond.
        end: The one after its last.
        first_day: The first day of the period, which names it.
    """

    start: int
    end: int
    first_day: date


def spans(step: Step, zone: tzinfo, first_ms: int, last_ms: int) -> list[Span]:
    """Return the spans that cover two moments and all between them, in the order of time.

    Args:
        step: How long a period is.
        zone: Whose days are counted.
        first_ms: Epoch milliseconds, in the years 1 to 9999.
        last_ms: The same, not before `first_ms`.
    """
    first = _first_day(step, _day_before(first_ms))
    bounds: list[tuple[int, date]] = []
    day: date | None = first
    while day is not None:
        starts = _starts(day, zone)
        if starts[0] > last_ms:
            break
        before = bounds[-1][1] if bounds else day
        bounds.append((starts[0], day))
        if len(starts) > 1:
            bounds += [(starts[1], before), (starts[2], day)]
        day = following(step, day)
    ends = [start for start, _ in bounds[1:]] + [last_ms + 1]
    found = [
        Span(start, end, day) for (start, day), end in zip(bounds, ends, strict=True) if end > start
    ]
    return [span for span in found if span.end > first_ms and span.start <= last_ms]


def day_at(zone: tzinfo, moment_ms: int) -> Span:
    """Return the whole span of the day that holds a moment, in the years 1 to 9999."""
    # To behind its end: what is asked for no further than the moment ends there.
    until = min(moment_ms + _BEYOND_A_DAY_MS, LAST_MS)
    days = spans(Step.DAY, zone, moment_ms, until)
    return next(span for span in days if span.start <= moment_ms < span.end)


def _day_before(moment_ms: int) -> date:
    """A day that no clock shows later than this moment."""
    moment = moment_of(moment_ms)
    earliest = datetime.min.replace(tzinfo=UTC)
    return (moment - min(_LONGEST_SHIFT, moment - earliest)).date()


def _first_day(step: Step, day: date) -> date:
    if step is Step.YEAR:
        return day.replace(month=1, day=1)
    if step is Step.MONTH:
        return day.replace(day=1)
    if step is Step.WEEK:
        return day - timedelta(days=day.weekday())
    return day


def following(step: Step, day: date) -> date | None:
    """The first day of the next period; None at the end of the calendar."""
    days = {Step.DAY: 1, Step.WEEK: 7, Step.MONTH: 31, Step.YEAR: 366}[step]
    try:
        following = day + timedelta(days=days)
    except OverflowError:
        return None
    return _first_day(step, following)


def _starts(day: date, zone: tzinfo) -> tuple[int, ...]:
    """When a day begins; where it begins twice: first, the return to the day before, and again."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    first, again = _milliseconds(midnight), _milliseconds(midnight.replace(fold=1))
    if again <= first:
        # Where clocks skip midnight, the day begins when they are put forward.
        return (first,)
    low, high = first, again
    while high - low > 1:
        middle = (low + high) // 2
        if _local_date(middle, zone) < day or _offset(middle, zone) == _offset(again, zone):
            high = middle
        else:
            low = middle
    return first, high, again


def _milliseconds(moment: datetime) -> int:
    offset = moment.utcoffset() or timedelta()
    return (moment.replace(tzinfo=UTC, fold=0) - EPOCH - offset) // timedelta(milliseconds=1)


def _offset(moment_ms: int, zone: tzinfo) -> timedelta | None:
    return moment_of(moment_ms).astimezone(zone).utcoffset()


def _local_date(moment_ms: int, zone: tzinfo) -> date:
    return moment_of(moment_ms).astimezone(zone).date()
