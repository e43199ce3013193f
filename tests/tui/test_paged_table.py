"""The paged table in an app: what it draws, what it repaints, what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual import events
from textual.widgets import Static

from fs_tui.tui.table.paged_table import PagedDataTable
from fs_tui.tui.table.table_messages import ColumnsMeasured, HeaderSelected
from tests.tui.table_source import COLUMNS, Rows, TableApp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.geometry import Region
    from textual.pilot import Pilot

FIVE_MILLION = 5_000_000


class Painted:
    """The lines of the table that were repainted since `clear`."""

    def __init__(self, table: PagedDataTable, monkeypatch: pytest.MonkeyPatch) -> None:
        self.regions: list[Region] = []
        whole = table.region.reset_offset
        refresh = table.refresh

        def watched(*regions: Region, **kwargs: bool) -> PagedDataTable:
            self.regions.extend(regions or [whole])
            return refresh(*regions, **kwargs)

        monkeypatch.setattr(table, "refresh", watched)

    def clear(self) -> None:
        self.regions.clear()

    @property
    def lines(self) -> list[int]:
        return sorted({y for region in self.regions for y in region.line_range})


async def settle(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.pause()


async def test_rows_are_drawn_below_the_header_with_number_and_mark() -> None:
    source = Rows(100)
    source.marked = {2}
    source.data = {1: "日本語"}
    app = TableApp(source)
    async with app.run_test(size=(100, 6)) as pilot:
        await settle(pilot)
        header, first, second, third, *_ = app.lines
        assert header.split() == ["#", "Token", "User", "Data", "Added"]
        assert first.startswith("▌   1 token-")
        assert second.startswith("    2 token-")
        assert third.startswith(" •  3 token-")
        assert first.index("user-0") == header.index("User")
        assert second.index("日本語") == header.index("Data")
        assert first.rstrip().endswith("2026-02-01 12:00")


async def test_the_first_frame_has_the_header_though_no_size_was_told_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(PagedDataTable, "on_resize", lambda _table: None)
    app = TableApp(Rows(0))
    async with app.run_test(size=(100, 6)) as pilot:
        await settle(pilot)
        assert app.lines[0].split() == ["#", "Token", "User", "Data", "Added"]


async def test_a_frame_that_is_drawn_before_the_size_is_told_tells_what_its_columns_need(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = TableApp(Rows(300))
    async with app.run_test(size=(100, 6)) as pilot:
        await settle(pilot)
        least = app.table.least_width
        app.said.clear()
        app.source.count = FIVE_MILLION
        with monkeypatch.context() as untold:
            untold.setattr(PagedDataTable, "on_resize", lambda _table: None)
            await pilot.resize_terminal(90, 6)
            await settle(pilot)
        assert app.table.least_width == least + len("5,000,000") - len("300")
        app.table.on_resize()
        await settle(pilot)
        assert any(isinstance(message, ColumnsMeasured) for message in app.said)


async def test_five_million_rows_scroll_to_their_very_end() -> None:
    app = TableApp(Rows(FIVE_MILLION))
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.press("end")
        await settle(pilot)
        assert app.table.cursor_row == FIVE_MILLION - 1
        assert app.table.visible_rows == range(FIVE_MILLION - 11, FIVE_MILLION)
        assert "5,000,000" in app.lines[-1]
        await pilot.press("home")
        await settle(pilot)
        assert app.table.visible_rows == range(11)


async def test_opening_and_jumping_asks_the_source_for_a_few_blocks_only() -> None:
    source = Rows(FIVE_MILLION)
    app = TableApp(source)
    async with app.run_test(size=(80, 40)) as pilot:
        app.table.move_cursor(2_500_000)
        await settle(pilot)
        assert sum(last - first for first, last in source.asked) <= 8 * 64
        # A far jump lands in the middle, so that one sees what lies around it.
        rows = app.table.visible_rows
        assert rows.start + len(rows) // 2 == 2_500_000


async def test_the_cursor_moves_and_the_rows_follow_it() -> None:
    app = TableApp(Rows(100))
    async with app.run_test(size=(80, 11)) as pilot:
        await pilot.press("up")
        assert app.table.cursor_row == 0
        await pilot.press(*["down"] * 10)
        assert (app.table.cursor_row, app.table.scroll_offset.y) == (10, 1)
        await pilot.press("pagedown")
        assert (app.table.cursor_row, app.table.scroll_offset.y) == (20, 11)
        await pilot.press("pageup")
        assert (app.table.cursor_row, app.table.scroll_offset.y) == (10, 1)
        await pilot.press(*["up"] * 10)
        assert (app.table.cursor_row, app.table.scroll_offset.y) == (0, 0)
        await pilot.press("end")
        assert (app.table.cursor_row, app.table.scroll_offset.y) == (99, 90)
        await pilot.press("down", "pagedown")
        assert app.table.cursor_row == 99


async def test_a_move_repaints_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    app = TableApp(Rows(100))
    async with app.run_test(size=(80, 11)) as pilot:
        await settle(pilot)
        painted = Painted(app.table, monkeypatch)
        await pilot.press("down")
        assert painted.lines == [1, 2]


async def test_a_page_leaves_the_header_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    app = TableApp(Rows(100))
    async with app.run_test(size=(80, 11)) as pilot:
        await settle(pilot)
        painted = Painted(app.table, monkeypatch)
        await pilot.press("pagedown")
        assert painted.lines == list(range(1, 11))
        assert all(region.right <= 79 for region in painted.regions)


async def test_hovering_repaints_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    app = TableApp(Rows(100))
    async with app.run_test(size=(80, 11)) as pilot:
        await settle(pilot)
        painted = Painted(app.table, monkeypatch)
        for y in range(8):
            await pilot.hover(PagedDataTable, offset=(10, y))
        assert painted.lines == []


async def test_only_visible_rows_that_look_different_are_repainted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = Rows(100)
    app = TableApp(source)
    async with app.run_test(size=(80, 11)) as pilot:
        await settle(pilot)
        painted = Painted(app.table, monkeypatch)
        source.marked = {3, 50}
        app.table.source_changed()
        assert painted.lines == [4]
        painted.clear()
        source.marked = {3, 50, 64}
        app.table.source_changed()
        assert painted.lines == []


async def test_growth_repaints_nothing_that_is_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Rows(2_000_000)
    app = TableApp(source)
    async with app.run_test(size=(80, 11)) as pilot:
        await settle(pilot)
        painted = Painted(app.table, monkeypatch)
        bar = Painted(app.table.vertical_scrollbar, monkeypatch)  # type: ignore[arg-type] # the same interface
        bar.clear()
        source.count, source.loaded = 2_000_500, range(2_000_500)
        app.table.source_changed()
        await settle(pilot)
        assert painted.lines == []
        assert app.table.virtual_size.height == 2_000_501
        await pilot.press("end")
        assert "2,000,500" in app.lines[-1]


async def test_the_scrollbar_is_repainted_only_when_it_looks_different() -> None:
    app = TableApp(Rows(FIVE_MILLION))
    async with app.run_test(size=(80, 11)) as pilot:
        await settle(pilot)
        bar = app.table.vertical_scrollbar
        bar._repaint_regions.clear()
        app.table.scroll_to(y=100)
        assert bar.position == 100
        assert not bar._repaint_regions
        app.table.scroll_to(y=2_000_000)
        assert bar._repaint_regions


async def test_of_the_scrollbar_only_the_cells_are_repainted_that_the_thumb_came_to_or_left() -> (
    None
):
    app = TableApp(Rows(1_000))
    async with app.run_test(size=(80, 41)) as pilot:
        await settle(pilot)
        bar = app.table.vertical_scrollbar
        for y in (100, 130, 700, 710, 40, 960, 0):
            app.table.scroll_to(y=y)
            await settle(pilot)
            drawn = bar.render_lines(bar.size.region)
            bar._styles_cache.clear()
            assert drawn == bar.render_lines(bar.size.region)
        bar._repaint_regions.clear()
        app.table.scroll_to(y=60)
        assert sum(region.area for region in bar._repaint_regions) < 10


async def test_dragging_the_scrollbar_reaches_the_middle() -> None:
    app = TableApp(Rows(FIVE_MILLION, loaded=range(100)))
    async with app.run_test(size=(80, 41)) as pilot:
        await settle(pilot)
        await pilot.mouse_down(offset=(79, 0))
        await pilot.hover(offset=(79, 20))
        await pilot.mouse_up(offset=(79, 20))
        await settle(pilot)
        middle = app.table.scroll_offset.y / FIVE_MILLION
        assert 0.45 < middle < 0.55
        rows = app.table.visible_rows
        assert app.wanted()[-1] == (rows.start, rows.stop)
        assert "·" in app.lines[5]
        assert f"{rows.start + 1:,}" in app.lines[1]


async def test_the_wheel_scrolls_and_leaves_the_cursor() -> None:
    app = TableApp(Rows(100))
    async with app.run_test(size=(80, 11)) as pilot:
        await settle(pilot)
        await pilot._post_mouse_events([events.MouseScrollDown], offset=(10, 5))
        await settle(pilot)
        assert app.table.scroll_offset.y > 0
        assert app.table.cursor_row == 0
        await pilot.press("down")
        assert app.table.scroll_offset.y == 1


async def test_a_click_moves_the_cursor() -> None:
    app = TableApp(Rows(100))
    async with app.run_test(size=(80, 11)) as pilot:
        await settle(pilot)
        await pilot.click(PagedDataTable, offset=(10, 4))
        assert app.table.cursor_row == 3


async def test_a_click_below_the_last_row_does_nothing() -> None:
    app = TableApp(Rows(3))
    async with app.run_test(size=(80, 11)) as pilot:
        await settle(pilot)
        await pilot.click(PagedDataTable, offset=(10, 8))
        assert app.table.cursor_row == 0


async def test_a_click_on_a_title_names_its_column() -> None:
    app = TableApp(Rows(100))
    async with app.run_test(size=(100, 11)) as pilot:
        await settle(pilot)
        for x in (4, app.lines[0].index("User"), 0):
            await pilot.click(PagedDataTable, offset=(x, 0))
        headers = [m for m in app.said if isinstance(m, HeaderSelected)]
        assert [message.key for message in headers] == ["", "user"]
        assert {message.table for message in headers} == {app.table}


async def test_the_order_is_a_sign_in_the_header(monkeypatch: pytest.MonkeyPatch) -> None:
    app = TableApp(Rows(100))
    async with app.run_test(size=(100, 11)) as pilot:
        await settle(pilot)
        painted = Painted(app.table, monkeypatch)
        app.table.set_order("user")
        await settle(pilot)
        assert "User ▲" in app.lines[0]
        app.table.set_order("added", descending=True)
        await settle(pilot)
        assert "Added ▼" in app.lines[0]
        assert "▲" not in app.lines[0]
        assert painted.lines == [0]
        painted.clear()
        app.table.set_order("added", descending=True)
        assert painted.lines == []
        app.table.set_order(None)
        await settle(pilot)
        assert "▼" not in app.lines[0]


async def test_rows_that_are_visible_and_not_loaded_are_wanted_once() -> None:
    source = Rows(1000, loaded=range(5))
    app = TableApp(source)
    async with app.run_test(size=(80, 11)) as pilot:
        await settle(pilot)
        assert app.wanted() == [(5, 10)]
        await pilot.press("down", "down", "up")
        await settle(pilot)
        assert app.wanted() == [(5, 10)]
        source.loaded = range(30)
        app.table.source_changed()
        await settle(pilot)
        assert app.wanted() == [(5, 10)]
        await pilot.press("pagedown", "down")
        await settle(pilot)
        assert app.wanted()[-1] == (30, 40)


async def test_a_range_that_is_wanted_already_is_not_wanted_again_for_each_line() -> None:
    source = Rows(1000, loaded={*range(1000)} - {*range(30, 36)})
    app = TableApp(source)
    async with app.run_test(size=(80, 11)) as pilot:
        app.table.move_cursor(20)
        await settle(pilot)
        assert app.wanted() == [(30, 36)]
        for _ in range(5):
            await pilot.press("down")
            await settle(pilot)
        assert app.wanted() == [(30, 36)]
        source.loaded = range(1000)
        app.table.source_changed()
        await settle(pilot)
        source.loaded = range(30)
        app.table.source_changed()
        await settle(pilot)
        assert len(app.wanted()) == 2


async def test_every_row_that_is_not_loaded_shows_its_own_number() -> None:
    app = TableApp(Rows(1000, loaded=range(5)))
    async with app.run_test(size=(80, 31)) as pilot:
        await settle(pilot)
        numbers = [line.split()[0] for line in app.lines[6:]]
        assert numbers == [f"{number}" for number in range(6, 31)]
        app.table.move_cursor(900)
        await settle(pilot)
        first = app.table.visible_rows.start
        signs = [line[:2].strip() for line in app.lines[1:]]
        numbers = [line[2:].split()[0] for line in app.lines[1:]]
        assert numbers == [f"{number}" for number in range(first + 1, first + 31)]
        assert [number for sign, number in zip(signs, numbers, strict=True) if sign] == ["901"]


async def test_rows_beyond_the_known_ones_are_wanted_before_the_cursor_comes_there() -> None:
    source = Rows(100)
    app = TableApp(source)
    async with app.run_test(size=(80, 11)) as pilot:
        await settle(pilot)
        assert app.wanted() == []
        app.table.move_cursor(85)
        await settle(pilot)
        assert app.wanted() == [(100, 120)]
        app.table.source_changed()
        await settle(pilot)
        assert len(app.wanted()) == 2


async def test_rows_before_the_visible_ones_are_wanted_when_one_comes_from_below() -> None:
    app = TableApp(Rows(1000, loaded=range(500, 1000)))
    async with app.run_test(size=(80, 11)) as pilot:
        app.table.move_cursor(505)
        await settle(pilot)
        assert app.wanted()[-1] == (480, 500)


async def test_the_row_under_the_cursor_is_told_again_when_it_was_loaded() -> None:
    source = Rows(1000, loaded=range(0))
    app = TableApp(source)
    async with app.run_test(size=(80, 11)) as pilot:
        await settle(pilot)
        assert app.highlighted() == [0]
        assert app.table.row_at_cursor() is None
        source.loaded = range(64, 100)
        app.table.source_changed()
        await settle(pilot)
        assert app.highlighted() == [0]
        source.loaded = range(100)
        app.table.source_changed()
        await settle(pilot)
        assert app.highlighted() == [0, 0]
        row = app.table.row_at_cursor()
        assert row is not None
        assert row.cells[1] == "user-0"


async def test_a_source_that_shrinks_below_the_cursor_takes_it_along() -> None:
    source = Rows(100)
    app = TableApp(source)
    async with app.run_test(size=(80, 11)) as pilot:
        await pilot.press("end")
        await settle(pilot)
        source.count = 30
        app.table.source_changed()
        await settle(pilot)
        assert app.table.cursor_row == 29
        assert app.table.visible_rows == range(20, 30)
        assert " 30 token-" in app.lines[-1]
        source.count = 0
        app.table.source_changed()
        await settle(pilot)
        assert app.table.cursor_row == 0
        assert app.table.row_at_cursor() is None
        assert "".join(app.lines[1:]).strip() == ""
        await pilot.press("down", "pagedown", "end", "home", "enter")
        assert app.table.cursor_row == 0
        source.count = 5
        app.table.source_changed()
        await settle(pilot)
        assert "  5 token-" in app.lines[5]


async def test_what_an_empty_table_says_is_there_while_it_is_empty_and_no_longer() -> None:
    source = Rows(2)
    app = TableApp(source)
    async with app.run_test(size=(80, 12)) as pilot:
        app.table.say_empty(("Nothing here.",))
        await settle(pilot)
        for count in (0, 2, 0):
            source.count = count
            source.loaded = range(count)
            app.table.source_changed()
            await settle(pilot)
            said = any("Nothing here." in line for line in app.lines)
            assert said is (count == 0), count


async def test_growth_keeps_cursor_and_scroll_position() -> None:
    source = Rows(100)
    app = TableApp(source)
    async with app.run_test(size=(80, 11)) as pilot:
        app.table.move_cursor(42)
        await settle(pilot)
        before = app.table.cursor_row, app.table.scroll_offset.y
        source.count = source.count * 3
        source.loaded = range(source.count)
        app.table.source_changed()
        await settle(pilot)
        assert (app.table.cursor_row, app.table.scroll_offset.y) == before


async def test_another_source_starts_at_its_top() -> None:
    app = TableApp(Rows(100))
    async with app.run_test(size=(80, 11)) as pilot:
        await pilot.press("end")
        app.table.set_source(Rows(50))
        await settle(pilot)
        assert (app.table.cursor_row, app.table.scroll_offset.y) == (0, 0)


async def test_a_source_that_was_set_before_the_first_layout_shows_its_cursor() -> None:
    class Early(TableApp):
        def compose(self) -> ComposeResult:
            table = PagedDataTable(COLUMNS)
            table.set_source(self.source)
            table.cursor_row = 500
            yield table

        def on_mount(self, event: events.Mount) -> None:
            event.prevent_default()

    app = Early(Rows(1000))
    async with app.run_test(size=(80, 11)) as pilot:
        await settle(pilot)
        assert 500 in app.table.visible_rows
        assert any("▌" in line and " 501 " in line for line in app.lines)
        assert app.highlighted()[-1] == 500


async def test_the_cursor_stays_in_view_when_the_terminal_shrinks() -> None:
    app = TableApp(Rows(1000))
    async with app.run_test(size=(80, 31)) as pilot:
        await pilot.press(*["down"] * 25)
        await pilot.resize_terminal(70, 8)
        await settle(pilot)
        assert 25 in app.table.visible_rows
        app.table.scroll_to(y=500)
        await pilot.resize_terminal(60, 20)
        await settle(pilot)
        assert 500 in app.table.visible_rows


def _sizes() -> Iterator[tuple[int, int]]:
    for width in (1, 2, 3, 7, 12, 61, 140):
        for height in (1, 2, 3, 24):
            yield width, height


async def test_every_size_draws_lines_of_its_width_and_keys_work() -> None:
    source = Rows(500, loaded=range(400))
    source.data = dict.fromkeys(range(500), "日本語テキスト 한국어")
    app = TableApp(source)
    async with app.run_test(size=(80, 24)) as pilot:
        for width, height in _sizes():
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            for action in ("cursor_down", "page_down", "scroll_bottom", "page_up", "cursor_up"):
                await app.table.run_action(action)
            await pilot.pause()
            strips = app.screen._compositor.render_strips()
            assert [strip.cell_length for strip in strips] == [width] * height
            assert app.table.cursor_row in app.table.visible_rows


@pytest.mark.parametrize("no_color", [False, True])
@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark", "ansi-light"])
async def test_the_cursor_is_seen_in_every_theme_without_colour_too(
    theme: str,
    no_color: bool,  # noqa: FBT001 - a parameter of the test
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    else:
        monkeypatch.delenv("NO_COLOR", raising=False)

    class TwoPanes(TableApp):
        def compose(self) -> ComposeResult:
            other = Static("other")
            other.can_focus = True
            yield other
            yield from super().compose()

    app = TwoPanes(Rows(100), ansi_color=theme.startswith("ansi"))
    async with app.run_test(size=(80, 11)) as pilot:
        app.theme = theme
        looks = set()
        for focused in (app.table, app.query_one(Static)):
            focused.focus()
            await settle(pilot)
            strips = app.screen._compositor.render_strips()
            cursor, plain = strips[2].crop(0, 79), strips[3].crop(0, 79)
            assert len(cursor._segments) == 1, "one style run a row"
            style = cursor._segments[0].style
            assert style != plain._segments[0].style
            assert cursor.text[0] in "▌▏"
            assert style is not None
            if no_color:
                assert style.reverse or style.underline
            if style.color and style.bgcolor and style.color.triplet:
                assert style.color.triplet != style.bgcolor.triplet
            looks.add((cursor.text[0], str(style)))
        assert len(looks) == 2, "a blurred cursor is distinct"
