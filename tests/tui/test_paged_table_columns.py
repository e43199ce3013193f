"""The shares of the columns and the fitting of texts, as properties."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.widget import Widget

from fs_tui.tui.table.row_painter import RowPainter
from fs_tui.tui.table.table_columns import GAP, Column, Cut, fit, fit_around, share
from fs_tui.tui.table.table_lines import TableLines
from fs_tui.tui.table.table_rows import EmptySource, RowCells, RowWindow
from fs_tui.visible import visible
from tests.tui.table_source import COLUMNS, Rows


@st.composite
def columns(draw: st.DrawFn) -> list[Column]:
    made = []
    for index in range(draw(st.integers(1, 6))):
        minimum = draw(st.integers(1, 20))
        maximum = draw(st.none() | st.integers(minimum, 40))
        weight, priority = draw(st.integers(0, 3)), draw(st.integers(0, 3))
        made.append(Column(f"c{index}", f"C{index}", minimum, maximum, weight, priority))
    return made


@given(columns(), st.integers(1, 200))
def test_shares_fit_the_width_in_order_and_between_minimum_and_maximum(
    made: list[Column], width: int
) -> None:
    slots = share(made, width)
    assert slots
    assert [slot.column for slot in slots] == sorted(slot.column for slot in slots)
    assert slots[-1].x + slots[-1].width <= width
    gaps = {after.x - before.x - before.width for before, after in pairwise(slots)}
    assert len(gaps) <= 1
    assert all(gap >= GAP for gap in gaps)
    for slot in slots:
        column = made[slot.column]
        assert 1 <= slot.width <= (column.max_width or width)
        assert slot.width >= column.min_width or len(slots) == 1


@given(columns(), st.integers(1, 200))
def test_no_room_is_left_over_that_a_column_may_take(made: list[Column], width: int) -> None:
    slots = share(made, width)
    growing = [
        slot
        for slot in slots
        if made[slot.column].weight and slot.width != made[slot.column].max_width
    ]
    assert slots[-1].x + slots[-1].width == width or not growing


@given(columns(), st.integers(1, 200))
def test_a_column_that_is_left_out_is_never_more_important_than_one_that_is_drawn(
    made: list[Column], width: int
) -> None:
    drawn = {slot.column for slot in share(made, width)}
    left_out = set(range(len(made))) - drawn
    worst = min(made[index].priority for index in drawn)
    assert all(made[index].priority <= worst for index in left_out)


def test_no_width_or_no_columns_draw_nothing() -> None:
    assert share(COLUMNS, 0) == []
    assert share(COLUMNS, -3) == []
    assert share([], 80) == []


@given(st.text(), st.integers(0, 30))
def test_a_fitted_text_has_exactly_the_width_in_cells(text: str, width: int) -> None:
    assert cell_len(fit(visible(text), width)) == width


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("short", 8, "short   "),
        ("exactly8", 8, "exactly8"),
        ("one more!", 8, "one mor…"),
        ("日本語", 6, "日本語"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日 …"),
        ("日", 1, "…"),
        ("é́", 3, "é́  "),
        ("anything", 0, ""),
    ],
)
def test_what_does_not_fit_ends_in_an_ellipsis(text: str, width: int, shown: str) -> None:
    assert fit(text, width) == shown


@given(st.integers(0, 140), st.integers(0, 9), st.text(max_size=50), st.booleans())
def test_every_line_of_a_table_has_exactly_its_width(
    width: int,
    number_width: int,
    text: str,
    marked: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    lines = TableLines(COLUMNS, number_width, width)
    row = RowCells("1,234", (visible(text), "用户-1", "x" * 200, ""), marked)
    for line in (
        lines.row(row, cursor=True, focus=True),
        lines.placeholder(4_999_999, cursor=False, focus=False),
        lines.header("user", descending=True),
    ):
        assert cell_len(line) == width


def test_columns_go_by_priority_and_the_row_number_before_the_last_one() -> None:
    keys = [TableLines(COLUMNS, 9, width).keys for width in range(80, 0, -1)]
    different = [keys[0]] + [new for old, new in pairwise(keys) if new != old]
    assert different == [
        ("", "token", "user", "data", "added"),
        ("", "token", "user", "added"),
        ("", "token", "user"),
        ("", "user"),
        ("user",),
        (),
    ]


def test_the_header_names_the_column_under_each_cell() -> None:
    lines = TableLines(COLUMNS, 3, 100)
    header = lines.header("data", descending=False)
    assert header.index("Data ▲") > header.index("User")
    for title, key in (("#", ""), ("Token", "token"), ("Data", "data"), ("Added", "added")):
        assert lines.key_at(header.index(title)) == key
    assert lines.key_at(0) is None


def test_the_window_fetches_in_blocks_and_remembers_few() -> None:
    source = Rows(5_000_000)
    window = RowWindow(source)
    for index in range(2_000_000, 2_000_100):
        assert window.row(index) is not None
    assert len(source.asked) == 2
    for index in range(0, 5_000_000, 100_000):
        window.row(index)
    assert len(window._blocks) == RowWindow.KEPT


def test_the_window_names_the_smallest_range_that_holds_all_gaps() -> None:
    source = Rows(1000, loaded=range(100, 300))
    window = RowWindow(source)
    assert window.missing(120, 250) is None
    assert window.missing(280, 320) == (300, 320)
    assert window.missing(90, 320) == (90, 320)
    assert window.missing(990, 2000) == (990, 1000)
    assert window.missing(-50, 10) == (0, 10)


def test_a_source_that_shrank_and_has_not_said_so_gives_placeholders() -> None:
    class Short(Rows):
        def rows(self, first: int, last: int) -> list[RowCells | None]:
            return list(super().rows(first, last))[:3]

    window = RowWindow(Short(10))
    assert window.row(2) is not None
    assert window.row(9) is None


def test_an_empty_source_has_nothing() -> None:
    window = RowWindow(EmptySource())
    assert window.count == 0
    assert window.missing(0, 50) is None
    assert EmptySource().rows(2, 4) == [None, None]


@given(st.integers(1, 120), st.integers(1, 60), st.integers(1, 60))
def test_what_is_never_cut_is_cut_only_where_nothing_less_important_is_left(
    width: int, user: int, data: int
) -> None:
    made = [
        Column("user", "User", 4, 36, priority=3, cut=Cut.NEVER),
        Column("data", "Data", 4, 40, priority=2, cut=Cut.NEED),
        Column("token", "Token", 4, 32, priority=1, cut=Cut.PREFIX),
    ]
    widths = {made[slot.column].key: slot.width for slot in share(made, width, (user, data, 32))}
    assert widths["user"] == max(4, min(user, 36)) or [*widths] == ["user"]
    assert widths.get("token", 4) in (4, 32)
    if "token" in widths and widths["token"] == 32:
        assert widths["data"] == max(4, min(data, 40))


def test_what_is_firm_up_to_some_cells_grows_beyond_them_where_there_is_room() -> None:
    made = [
        Column("user", "User", 4, 128, priority=3, cut=Cut.NEVER, firm=36),
        Column("data", "Data", 9, 64, priority=2, cut=Cut.NEED),
    ]
    for width in range(46, 200):
        user, data = share(made, width, (100, 64))
        assert user.width == min(100, width - 10)
        assert data.width == max(9, min(64, width - user.width - GAP))


@given(st.text(max_size=40), st.integers(0, 40), st.integers(1, 9), st.integers(8, 40))
def test_what_is_looked_for_is_in_what_is_shown(
    text: str, first: int, length: int, width: int
) -> None:
    shown_text = visible(text)
    first = min(first, len(shown_text))
    last = min(first + length, len(shown_text))
    shown, moved = fit_around(shown_text, first, last, width)
    assert cell_len(shown) == width
    if cell_len(shown_text[first:last]) <= width - 2:
        assert shown[first - moved : last - moved] == shown_text[first:last]


@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_column_that_holds_what_is_looked_for_is_shown_with_it(width: int) -> None:
    made = [COLUMNS[0], COLUMNS[1], COLUMNS[2]._replace(max_width=0), COLUMNS[3]]
    painter = RowPainter(Widget(), made)
    row = RowCells("1", ("0123456789abcdef" * 2, "E31", "x" * 100 + "gate four", ""))
    painter.look_for(lambda key, text: [(100, 109)] if key == "data" and text else [])
    painter.measure([row])
    painter.fit(width, 9)
    assert "data" in painter.lines.keys
    assert "gate four" in painter.lines.row(row, cursor=False, focus=False, find=painter._find)


def test_a_column_without_room_is_away() -> None:
    made = [*COLUMNS[:2], COLUMNS[2]._replace(max_width=0), COLUMNS[3]]
    assert [slot.column for slot in share(made, 200)] == [0, 1, 3]
    assert share([COLUMNS[0]._replace(max_width=0)], 80) == []
