"""The small chart below the libraries: true as far as is loaded, and only where there is room."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest

from fs_tui.faces.index.store import FaceStore
from fs_tui.faces.reports.outline import Outline
from fs_tui.faces.reports.periods import Span, Step, spans
from fs_tui.tasks import start_task
from fs_tui.tui.browser.growth_chart import Bars, bars, chart_lines
from tests.tui.browser import Browser, running
from tests.unit.fake_gateway import FakeGateway, opened
from tests.waiting import until


def test_a_bar_is_a_month_and_the_newest_ones_stay_where_there_is_no_room_for_all() -> None:
    known = bars({date(2026, 1, 30): 1, date(2026, 3, 1): 3, date(2026, 3, 31): 5})
    assert known == Bars([1, 0, 8], "month")
    assert chart_lines(known, 20) == ("Growth", "▁ █", "3 months")
    assert chart_lines(Bars([8, *known.faces], "month"), 3)[1:] == (
        "▁ █",
        "the last 3 months",
    )
    assert chart_lines(known._replace(whole=False), 20)[2] == "the first 3 months"
    assert chart_lines(known._replace(whole=False), 2)[2] == "2 months, then more"


def test_where_there_are_few_months_a_bar_is_a_day() -> None:
    assert bars({date(2026, 1, 30): 4, date(2026, 2, 1): 8}) == Bars([4, 0, 8], "day")


@pytest.mark.parametrize(("known", "width"), [([], 20), ([5], 20), ([5, 5], 1), ([5, 5], 0)])
def test_what_is_no_growth_is_not_drawn(known: list[int], width: int) -> None:
    assert chart_lines(Bars(known, "day"), width) == ()


def test_a_day_is_looked_up_once_for_all_its_faces(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counted(step: Step, zone: tzinfo, first_ms: int, last_ms: int) -> list[Span]:
        asked.append(first_ms)
        return spans(step, zone, first_ms, last_ms)

    monkeypatch.setattr("fs_tui.faces.reports.periods.spans", counted)
    with closing(FaceStore()) as store:
        outline = Outline(store, ZoneInfo("Europe/Berlin"))
        # Sunday, 26 October 2025, has 25 hours there.
        begin = 1_761_429_600_000
        outline._add([*range(begin, begin + 26 * 3_600_000, 60_000), 1, 253_402_300_799_999])
    assert len(asked) == 4
    assert [*outline.days.values()] == [1, 1500, 60, 1]


async def test_faces_that_are_dropped_meanwhile_are_counted_no_further() -> None:
    async with opened(FakeGateway(30_000)) as listing:
        listing.scan()
        await listing.finished()
        outline = Outline(listing.store, ZoneInfo("UTC"))
        counting = start_task(outline.count(), name="count")
        await until(lambda: outline.counted, pause=0)
        await listing.aclose()
        await counting
        assert outline.counted < 30_000


async def test_faces_are_counted_once_each_up_to_the_first_gap_by_the_days_of_a_zone() -> None:
    zone = ZoneInfo("Asia/Singapore")
    gateway = FakeGateway(30_000)
    async with opened(gateway) as listing:
        outline = Outline(listing.store, zone)
        await outline.count()
        assert outline.counted == 0
        listing.want(0, 30)
        await listing.goto(1)
        await listing.goto(20_000)
        await outline.count()
        first = outline.counted
        assert 0 < first < 20_000
        listing.scan()
        await listing.finished()
        await outline.count()
        assert outline.counted == 30_000
        await outline.count()
        faces = [listing.face(position) for position in range(1, 30_001)]
        days = Counter(
            datetime.fromtimestamp(row.face.added_ms / 1000, UTC).astimezone(zone).date()
            for row in faces
            if row is not None and row.face.added_ms is not None
        )
        assert outline.days == days
        assert outline.is_of(listing.store)


async def test_the_chart_stands_below_the_list_and_goes_with_the_library() -> None:
    async with running({"clinic": 2500, "small": 3}, size=(120, 36)) as browser:
        await browser.enter_faces("clinic")
        await browser.says("the first 3 days")
        await browser.press("a")
        await browser.says("5 months")
        await browser.until(lambda: "the first" not in browser.text)
        assert bar_of(browser) == expected(browser)
        await browser.pilot.resize_terminal(120, 16)
        await browser.settle()
        await browser.pilot.resize_terminal(120, 36)
        await browser.says("5 months")
        await browser.press("shift+tab", "j")
        await browser.until(lambda: "small · " in browser.title)
        await browser.until(lambda: "5 months" not in browser.text)
        await browser.press("k")
        await browser.says("5 months")


def bar_of(browser: Browser) -> str:
    """The bars that are drawn."""
    lines = [line[1:23].strip() for line in browser.text.splitlines()]
    return lines[lines.index("Growth") + 1]


def expected(browser: Browser) -> str:
    """Those that the sandbox's faces make."""
    rows = browser.service.population["clinic"].rows(1, 2500)
    counted = Counter(datetime.fromtimestamp((row[3] or 0) / 1000).date() for row in rows)  # noqa: DTZ006
    return chart_lines(bars(counted), 20)[1]
