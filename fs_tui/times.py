"""How a time is written, everywhere: ISO 8601 in UTC, and milliseconds since 1970 UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["EPOCH", "iso", "iso_column", "milliseconds", "moment_of"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_HOUR_MS = 3_600_000
_HOURS_KEPT = 4096


def milliseconds(moment: datetime) -> int:
    """Return an aware time as milliseconds since 1970 UTC."""
    # Not timestamp(): a float of seconds loses the last millisecond.
    return (moment - EPOCH) // timedelta(milliseconds=1)


def moment_of(number: int) -> datetime:
    """Return milliseconds since 1970 UTC as an aware time in UTC."""
    return EPOCH + timedelta(milliseconds=number)


def iso(moment: datetime) -> str:
    """Return an aware time as ISO 8601 in UTC, to the millisecond."""
    return _iso_numbers([milliseconds(moment)])[0]


def iso_column(values: Sequence[Any]) -> Sequence[str | None]:  # the two of them, and None
    """Return moments, or milliseconds since 1970 UTC, as text; None for what no calendar holds."""
    try:
        # Nearly always all of them are numbers, within the calendar.
        return _iso_numbers(values)
    except (TypeError, OverflowError):
        return [_iso_value(value) for value in values]


class _Hours(dict[int, str]):
    """Hours since 1970 as text, made when they are asked for: faces come by time."""

    def __missing__(self, hour: int) -> str:
        if len(self) >= _HOURS_KEPT:
            self.clear()
        moment = EPOCH.replace(tzinfo=None) + timedelta(hours=hour)
        text = self[hour] = moment.isoformat(timespec="hours")
        return text


@cache
def _clock() -> tuple[_Hours, list[str], list[str]]:
    """The parts of which a time is put together: hours, seconds of an hour, milliseconds."""
    seconds = [f":{minute:02}:{second:02}." for minute in range(60) for second in range(60)]
    return _Hours(), seconds, [f"{part:03}Z" for part in range(1000)]


def _iso_value(value: datetime | int | None) -> str | None:
    if isinstance(value, datetime):
        value = milliseconds(value)
    try:
        return None if value is None else _iso_numbers([value])[0]
    except OverflowError:
        return None


def _iso_numbers(values: Sequence[int]) -> list[str]:
    hours, seconds, parts = _clock()
    # Faces come by time: the hour of one is nearly always that of the one before.
    texts, start, head = [], 0, hours[0]
    for value in values:
        rest = value - start
        if not 0 <= rest < _HOUR_MS:
            hour, rest = divmod(value, _HOUR_MS)
            start, head = value - rest, hours[hour]
        texts.append(f"{head}{seconds[rest // 1000]}{parts[rest % 1000]}")
    return texts
