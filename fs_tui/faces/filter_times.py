"""The times of the filter language: what a user writes for a moment, as milliseconds."""

from __future__ import annotations

import re
import time
from datetime import MAXYEAR, UTC, datetime, timedelta

from fs_tui.errors import FilterError

__all__ = ["SPACED_TIME", "milliseconds"]

_DAY = r"\d{4}-\d\d-\d\d"
_OFFSET = r"Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d){0,2}"

SPACED_TIME = re.compile(rf"{_DAY} \d\d:\d\d(?::\d\d(?:\.\d+)?(?: ?(?:{_OFFSET}))?)?", re.ASCII)
"""A time as the table and the details show it."""

_CALENDAR = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.(?P<fraction>\d+))?)?"
    rf"(?: ?(?P<offset>{_OFFSET}))?)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_AGO = re.compile(r"(\d{1,7})([dh])", re.ASCII | re.IGNORECASE)
_DAYS_BACK = {"today": 0, "yesterday": 1}
_UNIT_MS = {"d": 86_400_000, "h": 3_600_000}

_MILLISECOND = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall clocks are compared with it
_CYCLE = 400
_CYCLE_MS = 146_097 * 86_400_000
"""After 400 years the calendar, its weekdays and the rules of summer time begin anew."""


def milliseconds(text: str, now: datetime) -> int:
    """The first millisecond since 1970 UTC that is not before what a text says.

    A year, a month and a day mean their beginning, here as everywhere in local time unless an
    offset is given.

    Args:
        text: `2026`, `2026-02`, `2026-02-01`, that with a time, `today`, `yesterday`, `7d`, `12h`.
        now: What the last four are reckoned from; aware.

    Raises:
        FilterError: It is no time.
    """
    if (ago := _AGO.fullmatch(text)) is not None:
        elapsed = now.astimezone(UTC).replace(tzinfo=None) - _EPOCH
        return elapsed // _MILLISECOND - int(ago[1]) * _UNIT_MS[ago[2].lower()]
    if (days := _DAYS_BACK.get(text.lower())) is not None:
        midnight = now.astimezone().replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
        return _local(midnight - timedelta(days=days))
    if (written := _CALENDAR.fullmatch(text)) is None:
        raise _no_time(text)
    parts = {"month": "1", "day": "1"} | {k: v for k, v in written.groupdict().items() if v}
    fraction, offset = parts.pop("fraction", "0"), parts.pop("offset", None)
    try:
        wall = datetime(**{name: int(value) for name, value in parts.items()})  # type: ignore[arg-type]  # noqa: DTZ001 - no tzinfo
    except ValueError:
        raise _no_time(text) from None
    whole = _local(wall) if offset is None else _wall_ms(wall) - _offset_ms(offset)
    scale: int = 10 ** len(fraction)
    return whole - int(fraction) * -1000 // scale


def _no_time(text: str) -> FilterError:
    return FilterError(
        f'"{text}" is not a time: write 2026-02-01, 2026-02-01T12:30, 2026-02, 2026, today,'
        " yesterday, 7d or 12h"
    )


def _wall_ms(wall: datetime) -> int:
    return (wall - _EPOCH) // _MILLISECOND


def _offset_ms(text: str) -> int:
    """`Z`, `+08`, `+0800` or `+08:00`; with seconds where a zone once had them."""
    if text in "Zz":
        return 0
    digits = text[1:].replace(":", "").ljust(6, "0")
    hours, minutes, seconds = (int(digits[at : at + 2]) for at in (0, 2, 4))
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds) // _MILLISECOND
    return -offset if text[0] == "-" else offset


def _local(wall: datetime) -> int:
    """The first moment at which local clocks show at least this time."""
    # Near the first and the last year the zone's own reading may be no datetime any more.
    cycles = 1 if wall.year <= _CYCLE else -1 if wall.year > MAXYEAR - _CYCLE else 0
    wall = wall.replace(year=wall.year + cycles * _CYCLE)
    shown, again = (int(wall.replace(fold=fold).timestamp()) for fold in (0, 1))
    if shown > again:
        # No clock shows it: they jump over it, somewhere between the two.
        offset = time.localtime(again).tm_gmtoff
        while shown - again > 1:
            middle = (shown + again) // 2
            if time.localtime(middle).tm_gmtoff == offset:
                again = middle
            else:
                shown = middle
    return shown * 1000 - cycles * _CYCLE_MS
