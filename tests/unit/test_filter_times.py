"""The times of a filter: every way in which one writes them, and the product shows them."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fs_tui.errors import FilterError
from fs_tui.faces.filter_language import parse
from fs_tui.faces.query import Added
from fs_tui.models import FACE_FIELDS, Face
from fs_tui.records import record
from fs_tui.times import iso
from fs_tui.words import added, local_time

if TYPE_CHECKING:
    from collections.abc import Iterator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
NOW = datetime(2026, 3, 30, 12, 30, 15, 250_000, tzinfo=UTC)


@pytest.fixture
def zone(request: pytest.FixtureRequest) -> Iterator[ZoneInfo]:
    """The machine's time zone is this one."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield ZoneInfo(request.param)
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


def bounds(text: str) -> list[int]:
    query = parse(text, NOW)
    assert query is not None
    found = [choice for term in query.terms for choice in term.choices]
    assert all(isinstance(choice, Added) for choice in found)
    return [choice.bound_ms for choice in found if isinstance(choice, Added)]


def bound(text: str) -> int:
    (found,) = bounds(f"after:{text}")
    return found


def utc_ms(*parts: int) -> int:
    return (datetime(*parts, tzinfo=UTC) - EPOCH) // MILLISECOND  # type: ignore[misc,arg-type]  # year, month, day, …


in_utc = pytest.mark.parametrize("zone", ["UTC"], indirect=True)
one_zone = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
in_zones = pytest.mark.parametrize(
    "zone", ["UTC", "Asia/Singapore", "America/New_York", "Asia/Kolkata"], indirect=True
)


@in_utc
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026", utc_ms(2026, 1, 1)),
        ("0001", utc_ms(1, 1, 1)),
        ("9999", utc_ms(9999, 1, 1)),
        ("2026-02", utc_ms(2026, 2, 1)),
        ("2026-02-03", utc_ms(2026, 2, 3)),
        ("2026-02-03T04:05", utc_ms(2026, 2, 3, 4, 5)),
        ("2026-02-03t04:05:06z", utc_ms(2026, 2, 3, 4, 5, 6)),
        ("2026-02-03T04:05:06.7Z", utc_ms(2026, 2, 3, 4, 5, 6) + 700),
        ("2026-02-03T04:05:06.789", utc_ms(2026, 2, 3, 4, 5, 6) + 789),
        ("2026-02-03T04:05:06.7890001Z", utc_ms(2026, 2, 3, 4, 5, 6) + 790),
        ("2026-02-03T04:05+08:00", utc_ms(2026, 2, 2, 20, 5)),
        ("2026-02-03T04:05-0330", utc_ms(2026, 2, 3, 7, 35)),
        ("2026-02-03T04:05+08", utc_ms(2026, 2, 2, 20, 5)),
        ("1880-02-03T04:05:06+06:55:25", utc_ms(1880, 2, 2, 21, 9, 41)),
        ("0001-01-01T00:00+08:00", utc_ms(1, 1, 1) - 8 * 3_600_000),
        ("9999-12-31T23:59:59.999-08:00", utc_ms(9999, 12, 31, 23, 59, 59) + 999 + 8 * 3_600_000),
        ('"2026-02-03 04:05"', utc_ms(2026, 2, 3, 4, 5)),
        ('"2026-02-03 04:05:06.789 +0800"', utc_ms(2026, 2, 2, 20, 5, 6) + 789),
        ("today", utc_ms(2026, 3, 30)),
        ("Yesterday", utc_ms(2026, 3, 29)),
        ("7d", utc_ms(2026, 3, 23, 12, 30, 15) + 250),
        ("12H", utc_ms(2026, 3, 30, 0, 30, 15) + 250),
        ("0d", utc_ms(2026, 3, 30, 12, 30, 15) + 250),
    ],
)
def test_a_time_is_the_moment_that_it_says(zone: ZoneInfo, text: str, expected: int) -> None:
    assert bound(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "2026-13",
        "0000",
        "20260201",
        "26",
        "2026-2-1",
        "2026-02-01T",
        "2026-02-01T25:00",
        "2026-02-01T12:60",
        "2026-02-01T12:30:61",
        "2026-02-01T12:30:",
        "2026-02-01T12:30+25:00",
        "2026-02-01T12:30+08:75",
        "2026-02-01+08:00",
        "2026-02-01T12:30X",
        "tomorrow",
        "7w",
        "d",
        "-7d",
        "99999999999999999999d",
        "٢٠٢٦",
    ],
)
def test_what_is_no_time_is_refused_with_the_forms_that_are(text: str) -> None:
    with pytest.raises(FilterError, match="yesterday, 7d or 12h"):
        bound(text)


@in_zones
@one_zone
@given(ms=st.integers(-62_000_000_000_000 + 1, 253_000_000_000_000 - 1))
def test_every_time_that_the_product_shows_is_read_back(zone: ZoneInfo, ms: int) -> None:
    moment = EPOCH + ms * MILLISECOND
    written = record(FACE_FIELDS, Face("a", added_ms=ms))["add_time"]
    for exact in (written, iso(moment)):
        assert bounds(f"after:{exact}") == bounds(f'before:"{exact}"') == [ms]
    shown = local_time(moment)
    assert bounds(f"after:{shown}") == bounds(f'before:"{shown}"') == [ms // 1000 * 1000]
    # Without an offset, an hour that clocks show twice means the first one.
    table = added(ms)
    first = bound(f'"{table}"')
    assert bounds(f"after:{table} before:{table}") == [first, first]
    assert first <= ms
    assert added(first) == table


@in_utc
def test_a_time_that_holds_a_space_is_read_or_refused_and_never_a_text_beside_it(
    zone: ZoneInfo,
) -> None:
    query = parse("after:2025-03-07 00:38 user")
    assert query is not None
    assert len(query.terms) == 2
    for text, rest in {
        "after:2025-03-07 7:38": "7:38",
        "after:2025-03 00:38": "00:38",
        "after:yesterday 12:30": "12:30",
        "after:2025-03-07T00:38:33 +0800": "+0800",
        "after:2025-03-07 00:38 -0800": "-0800",
        "before:2025-03-07 00:38pm": "00:38pm",
        "before:7d  12:30": "12:30",
    }.items():
        with pytest.raises(FilterError) as caught:
            parse(text)
        assert caught.value.detail.startswith(f"{rest} would be looked for as a text")


@pytest.mark.parametrize(
    ("zone", "text", "expected"),
    [
        # The hour that clocks jump over begins where they jump.
        ("America/New_York", "2025-03-09T02:30", utc_ms(2025, 3, 9, 7)),
        ("America/Sao_Paulo", "2018-11-04", utc_ms(2018, 11, 4, 3)),
        ("America/Toronto", "1919-03-31", utc_ms(1919, 3, 31, 4, 30)),
        ("Pacific/Apia", "2011-12-30", utc_ms(2011, 12, 30, 10)),
        # The hour that they show twice begins with the first of the two.
        ("America/New_York", "2025-11-02T01:30", utc_ms(2025, 11, 2, 5, 30)),
        ("America/New_York", "2025-11-03", utc_ms(2025, 11, 3, 5)),
        ("America/New_York", "2025-11-02", utc_ms(2025, 11, 2, 4)),
        # The first year and the last one, east and west of Greenwich.
        ("Etc/GMT-8", "0001", utc_ms(1, 1, 1) - 8 * 3_600_000),
        ("Etc/GMT+8", "9999-12-31T23:59", utc_ms(9999, 12, 31, 23, 59) + 8 * 3_600_000),
        ("America/New_York", "9999-07", utc_ms(9999, 7, 1, 4)),
    ],
    indirect=["zone"],
)
def test_local_times_are_those_of_the_machine_summer_time_included(
    zone: ZoneInfo, text: str, expected: int
) -> None:
    assert bound(text) == expected


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Apia"], indirect=True)
@one_zone
@given(seconds=st.integers(utc_ms(2011, 1, 1) // 1000, utc_ms(2013, 1, 1) // 1000))
def test_a_local_bound_parts_what_was_shown_earlier_from_what_is_shown_later(
    zone: ZoneInfo, seconds: int
) -> None:
    wall = (EPOCH + timedelta(seconds=seconds)).replace(tzinfo=None)
    at = EPOCH + bound(wall.isoformat()) * MILLISECOND
    assert at.astimezone(zone).replace(tzinfo=None) >= wall
    assert (at - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None) < wall


@pytest.mark.parametrize("zone", ["Europe/Berlin"], indirect=True)
def test_today_is_a_day_of_local_clocks_and_7d_are_168_hours(zone: ZoneInfo) -> None:
    """Summer time began the night before: yesterday was 23 hours long."""
    assert bound("today") == utc_ms(2026, 3, 29, 22)
    assert bound("yesterday") == utc_ms(2026, 3, 28, 23)
    assert bound("7d") == (NOW - timedelta(hours=168) - EPOCH) // MILLISECOND


def test_a_bound_holds_what_was_added_at_that_moment_and_not_what_was_before() -> None:
    at, earlier = Face("a", added_ms=utc_ms(2026, 2, 1)), Face("b", added_ms=utc_ms(2026, 2, 1) - 1)
    after, before = parse("after:2026-02-01T00:00Z"), parse("before:2026-02-01T00:00Z")
    assert after is not None
    assert before is not None
    assert (after.matches(at), after.matches(earlier)) == (True, False)
    assert (before.matches(at), before.matches(earlier)) == (False, True)


def test_relative_times_are_reckoned_once_when_the_filter_is_entered() -> None:
    began = datetime.now(UTC)
    query = parse("after:1h")
    assert query is not None
    (term,) = query.terms
    assert isinstance(term.choices[0], Added)
    reckoned = term.choices[0].bound_ms
    assert 0 <= reckoned - (began - timedelta(hours=1) - EPOCH) // MILLISECOND < 60_000
