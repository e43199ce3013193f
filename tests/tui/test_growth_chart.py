"""The small chart below the libraries: of what is wholly loaded, and only where there is room."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fs_tui.tui.browser.growth_chart import chart_lines, months_of
from tests.tui.browser import running
from tests.unit.fake_gateway import FIRST_MS, FakeGateway, opened


def test_a_bar_is_a_month_and_the_newest_ones_stay_where_there_is_no_room_for_all() -> None:
    assert chart_lines([1, 0, 8], 20) == ("Growth, 3 months", "▁ █")
    assert chart_lines([8, 1, 0, 8], 3) == ("Growth, 3 months", "▁ █")


@pytest.mark.parametrize(("months", "width"), [([], 20), ([5], 20), ([5, 5], 1), ([5, 5], 0)])
def test_what_is_no_growth_is_not_drawn(months: list[int], width: int) -> None:
    assert chart_lines(months, width) == ()


async def test_only_what_is_wholly_loaded_has_growth_and_odd_times_stop_nothing() -> None:
    gateway = FakeGateway(300)
    async with opened(gateway) as listing:
        assert months_of(listing) == []
        listing.want(0, 30)
        await listing.goto(1)
        assert months_of(listing) == []
        listing.scan()
        await listing.finished()
        assert months_of(listing) == [300]
        assert datetime.fromtimestamp(FIRST_MS / 1000, UTC).month == 1


async def test_the_chart_stands_below_the_list_and_goes_with_the_library() -> None:
    async with running({"clinic": 2500, "small": 3}, size=(120, 36)) as browser:
        await browser.enter_faces("clinic")
        assert "Growth," not in browser.text
        await browser.press("a")
        await browser.says("Growth, 5 months")
        await browser.pilot.resize_terminal(120, 16)
        await browser.settle()
        await browser.pilot.resize_terminal(120, 36)
        await browser.says("Growth, 5 months")
        await browser.press("shift+tab", "j")
        await browser.until(lambda: "small · " in browser.title)
        await browser.until(lambda: "Growth, 5 months" not in browser.text)
