"""How numbers, times and changes are written for people; times for programs are in records."""

from __future__ import annotations

from datetime import datetime

__all__ = [
    "added",
    "age",
    "changed_meanwhile",
    "count",
    "duration",
    "local_time",
    "marked",
    "moment",
    "time_span",
]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_UNITS = (
    (31_556_952, "years"),
    (2_629_746, "months"),
    (86_400, "days"),
    (3_600, "hours"),
    (60, "minutes"),
)
"""Seconds of each; months and years as they are on average."""


def count(number: int, noun: str = "", plural: str = "") -> str:
    """Return `2,500` or, with a noun, `2,500 faces`."""
    if not noun:
        return f"{number:,}"
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def marked(rows: int) -> str:
    """Say how many rows are marked; nothing where none is."""
    return f"{count(rows)} marked" if rows else ""


def changed_meanwhile(how: str) -> str:
    """Say that a library changed while it was read, and how that was seen."""
    return f"the library changed while it was read ({how})"


def local_time(moment: datetime) -> str:
    """Return the moment in the machine's time zone, with the zone's offset."""
    here = moment.astimezone()
    # Not %Y, which writes the year 5 as 5.
    return f"{here.replace(tzinfo=None).isoformat(' ', 'seconds')} {here:%z}"


def moment(when: datetime, now: datetime) -> str:
    """Return `12:04` for a time of today, else `26 Nov`, with the year where that is another one.

    In the machine's time zone, as short as a status line needs it.
    """
    here, today = when.astimezone(), now.astimezone()
    if here.date() == today.date():
        return f"{here:%H:%M}"
    day = f"{here.day} {_MONTHS[here.month - 1]}"
    return day if here.year == today.year else f"{day} {here.year}"


def age(moment: datetime, now: datetime) -> str:
    """Return how long ago a moment was, in the largest unit of which there are two."""
    seconds = (now - moment).total_seconds()
    if seconds < 0:
        return "in the future"
    for size, unit in _UNITS:
        if seconds >= 2 * size:
            return f"{int(seconds // size):,} {unit} ago"
    return "just now"


def added(added_ms: int | None) -> str:
    """Return epoch milliseconds as local time to the minute; empty for none.

    The details have the seconds: here they would take the room of the user data.
    """
    if added_ms is None:
        return ""
    here = datetime.fromtimestamp(added_ms / 1000)  # noqa: DTZ006  local time is meant
    return here.isoformat(" ", "minutes")


def duration(seconds: float) -> str:
    """Return `8 s`, `3 min` or `2 h 05 min`."""
    whole = max(0, round(seconds))
    if whole < 90:  # noqa: PLR2004  up to here seconds are easier to grasp than minutes
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"  # noqa: PLR2004  minutes in an hour


def time_span(started: datetime, ended: datetime) -> str:
    """Return `11:20 to 12:04 UTC` of two times in UTC, with their days where those differ."""
    form = "%H:%M" if started.date() == ended.date() else "%Y-%m-%d %H:%M"
    return f"{started:{form}} to {ended:{form}} UTC"
