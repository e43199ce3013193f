"""Periods cover all time without gaps, and name the day that the zone's clocks showed."""

from __future__ import annotations

import os
import time
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fs_tui.faces.reports.periods import Step, spans
from fs_tui.faces.reports.zones import local_zone, zone_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
DAY_MS = 86_400_000

ZONES = (
    "UTC",
    "Asia/Singapore",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",  # clocks were put back over midnight
    "America/Sao_Paulo",  # and forward at midnight
    "Africa/Cairo",
    "Australia/Lord_Howe",  # by half an hour
    "Pacific/Apia",  # a day was left out
    "Pacific/Kwajalein",
    "Asia/Manila",
)


def first_day(step: Step, moment: int, zone: ZoneInfo) -> date:
    """The first day of the period of a moment, by the clock."""
    day = (EPOCH + moment * MILLISECOND).astimezone(zone).date()
    if step is Step.YEAR:
        return day.replace(month=1, day=1)
    if step is Step.MONTH:
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if step is Step.WEEK else day


@given(
    step=st.sampled_from(Step),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    first=st.integers(-60_000 * DAY_MS, 30_000 * DAY_MS),
    days=st.integers(0, 500),
    fractions=st.lists(st.floats(0, 1), max_size=10),
)
@example(Step.DAY, ZoneInfo("America/St_Johns"), 1_225_500_000_000, 10, [0.5])
@example(Step.DAY, ZoneInfo("Pacific/Apia"), 1_325_000_000_000, 10, [0.5])
def test_each_moment_lies_in_the_period_that_its_clock_showed(
    step: Step, zone: ZoneInfo, first: int, days: int, fractions: list[float]
) -> None:
    last = first + days * DAY_MS
    found = spans(step, zone, first, last)
    assert found[0].start <= first < found[0].end
    assert found[-1].start <= last < found[-1].end
    assert all(one.end == following.start for one, following in pairwise(found))
    starts = [span.start for span in found]
    bounds = [moment for start in starts for moment in (start - 1, start)]
    for moment in (
        first,
        last,
        *(first + int((last - first) * part) for part in fractions),
        *bounds,
    ):
        if first <= moment <= last:
            span = found[bisect_right(starts, moment) - 1]
            assert span.first_day == first_day(step, moment, zone)


def test_the_whole_calendar_has_periods() -> None:
    earliest = (datetime(1, 1, 1, tzinfo=UTC) - EPOCH) // MILLISECOND
    latest = (datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC) - EPOCH) // MILLISECOND
    for zone in ("UTC", "Asia/Singapore", "America/New_York"):
        years = spans(Step.YEAR, ZoneInfo(zone), earliest, latest)
        assert [span.first_day.year for span in years] == list(range(1, 10_000))


def test_a_day_of_daylight_saving_has_23_or_25_hours() -> None:
    zone = ZoneInfo("Europe/Berlin")
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)):
        noon = (datetime(day.year, day.month, day.day, 12, tzinfo=zone) - EPOCH) // MILLISECOND
        (span,) = spans(Step.DAY, zone, noon, noon + DAY_MS // 4)
        assert span.first_day == day
        start = spans(Step.DAY, zone, noon, noon + DAY_MS)
        assert start[0].end - start[0].start == hours * 3_600_000


@pytest.fixture
def clocks() -> Iterator[Callable[[str], None]]:
    """Sets this machine's zone, as long as the test runs."""
    before = os.environ.get("TZ")

    def put(zone: str) -> None:
        os.environ["TZ"] = zone
        time.tzset()

    yield put
    os.environ.pop("TZ", None)
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.parametrize(
    "zone",
    [
        "Asia/Singapore",
        ":America/New_York",
        "EST5EDT",
        "CST-8",
        "<+08>-8",
        "IST-5:30",
        "GMT0BST,M3.5.0/1,M10.5.0",
        "",
        "Nowhere/Bad",
    ],
)
def test_days_are_those_of_the_clocks_of_this_machine_however_its_zone_is_told(
    clocks: Callable[[str], None], zone: str
) -> None:
    clocks(zone)
    local = local_zone()
    for month in range(1, 13):
        moment = datetime(2025, month, 15, 12, tzinfo=UTC)
        offset = timedelta(seconds=time.localtime(moment.timestamp()).tm_gmtoff)
        assert moment.astimezone(local).utcoffset() == offset
    assert zone_name(local)
