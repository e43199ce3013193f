"""How the browser's panes share the screen: rules that hold in every size."""

from __future__ import annotations

import json
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import pytest

from fs_tui.settings.state import State, state_folder
from fs_tui.tui.browser.column_choice import chosen_columns
from fs_tui.tui.browser.face_columns import COLUMNS
from fs_tui.tui.browser.layout import Details, Layout, Pane, arrange, narrowed_sidebar
from fs_tui.tui.options import BrowserOptions
from fs_tui.tui.table.table_lines import TableLines
from tests.tui.browser import running

if TYPE_CHECKING:
    from tests.tui.browser import Browser

KEYS = [column.key for column in COLUMNS]
SIZES = [(40, 10), (50, 12), (60, 16), (80, 24), (100, 30), (120, 36), (160, 45), (200, 50)]


def columns(browser: Browser) -> tuple[str, ...]:
    """The columns that are drawn, from left to right; the positions have no name."""
    return browser.table._painter.lines.keys


def _fills(browser: Browser, width: int) -> bool:
    """Whether the panes that stand in a row have as many columns together."""
    beside = [browser.sidebar, browser.pane]
    if browser.screen.has_class("-beside"):
        beside.append(browser.detail)
    wide = sum(pane.outer_size.width for pane in beside if pane.display)
    return wide == width and browser.table._width == browser.table.size.width - 1


async def test_no_wider_screen_shows_fewer_columns_and_what_matters_is_there_from_80_on() -> None:
    wanted = {"user_id", "user_data", "add_time"}
    async with running(size=(60, 24)) as browser:
        await browser.enter_faces()
        most = 0
        for width in range(60, 221):
            await browser.pilot.resize_terminal(width, 24)
            await browser.until(partial(_fills, browser, width))
            shown = columns(browser)
            if width >= 80:
                assert wanted <= set(shown), (width, shown)
                assert len(shown) >= most, (width, shown)
                most = max(most, len(shown))
        assert set(shown) == {"", *(column.key for column in COLUMNS)}


def _room(layout: Layout, width: int, faces: int) -> int:
    """Cells of a line of the faces, while they have the focus."""
    classes = arrange(layout, width, 24, Pane.FACES)
    narrowed = narrowed_sidebar(layout, width, faces)
    libraries = 0 if "-no-libraries" in classes else 24 if narrowed is None else narrowed
    return width - libraries - (40 if "-beside" in classes else 0) - 3


@pytest.mark.parametrize("user_id", [0, 4, 12, 24, 29, 30, 36, 37, 64, 128])
@pytest.mark.parametrize("details", ["", "below", "off"])
@pytest.mark.parametrize("sidebar", [True, False])
def test_no_wider_screen_shows_fewer_columns_whatever_the_ids_and_positions_are(
    user_id: int,
    details: str,
    sidebar: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    layout = Layout(sidebar=sidebar, details=details)
    for number, data in product((1, 3, 5, len("5,000,000")), (0, 9, 64, 160)):
        most = 0
        for width in range(80, 301):
            texts = (user_id, data, 16, 32)
            faces = TableLines(COLUMNS, number, 0, texts).least + 1
            lines = TableLines(COLUMNS, number, _room(layout, width, faces), texts)
            assert {"", "user_id", "user_data", "add_time"} <= set(lines.keys), width
            assert len(lines.keys) >= most, width
            most = len(lines.keys)
            shown = next(slot.width for slot in lines.slots if slot.column == 1)
            assert shown >= min(user_id, 36), width
        assert most == 1 + len(COLUMNS)
        assert shown >= min(user_id, 128)
        texts = (user_id, data, 16, 32)
        lines = TableLines(COLUMNS, number, 400, texts)
        widths = {slot.column: slot.width for slot in lines.slots}
        assert widths[1] >= user_id
        assert widths[2] >= data


@pytest.mark.parametrize("width", [100, 103, 107, 112])
async def test_the_libraries_give_room_to_long_ids(width: int) -> None:
    options = BrowserOptions(library="city_main")
    many = {"city_main": 4_987_654, "first": 10}
    async with running(many, options=options, size=(width, 30)) as browser:
        browser.faults.hostile = {"user_id": "身" * 18}
        await browser.shows("city_main")
        browser.at_once("4000000G")
        await browser.until(lambda: browser.cursor.position == 4_000_000 and browser.token)
        await browser.until(lambda: "face_token" in columns(browser))
        assert "身" * 18 in browser.text
        assert browser.sidebar.display
        assert "first" in browser.text
        assert _fills(browser, width)
        await browser.press("z", "z")
        await browser.until(partial(_fills, browser, width))
        await browser.press("shift+tab", "z")
        await browser.until(lambda: browser.sidebar.size.width >= width - 3)


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 36)])
async def test_a_longer_position_takes_nothing_from_the_user_id(size: tuple[int, int]) -> None:
    async with running({"city_main": 4_987_654}, size=size) as browser:
        await browser.enter_faces("city_main")
        browser.at_once("1200000G")
        await browser.until(lambda: browser.cursor.position == 1_200_000 and browser.token)
        await browser.settle()
        rows = map(browser.table._window.row, browser.table.visible_rows)
        user_ids = [row.cells[0] for row in rows if row is not None]
        assert any(user_ids)
        assert all(user_id in browser.text for user_id in user_ids)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", [(), ("z",), ("d",), ("b",)])
async def test_the_pane_with_the_focus_is_on_screen_in_every_size(
    size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    async with running(size=size) as browser:
        await browser.enter_faces()
        await browser.press(*keys)
        for key in ("tab", "tab", "tab", "shift+tab", "enter", "escape", "b", "enter"):
            await browser.press(key)
            await browser.settle()
            assert browser.screen.focused is not None
            assert browser.screen.focused.region.area > 0
            assert browser.screen.region.contains_region(browser.screen.focused.region)


@pytest.mark.parametrize("focus", Pane)
@pytest.mark.parametrize("details", ["", *(place.value for place in Details)])
def test_a_pane_with_the_focus_is_never_put_away(focus: Pane, details: str) -> None:
    for width in range(1, 300):
        for height in range(1, 80):
            classes = arrange(Layout(sidebar=False, details=details), width, height, focus)
            if focus is Pane.LIBRARIES:
                assert "-no-libraries" not in classes
            if focus is Pane.DETAILS:
                assert not classes & {"-no-details", "-line"}
            only = {name for name in classes if name.startswith("-only-")}
            assert only <= {f"-only-{focus.value}"}


async def test_d_puts_the_details_below_beside_and_away() -> None:
    async with running(size=(120, 36)) as browser:
        await browser.enter_faces()
        below = browser.detail.region
        assert below.y > browser.table.region.bottom
        await browser.press("d")
        await browser.until(lambda: browser.detail.region.x > browser.table.region.right)
        await browser.press("d")
        await browser.until(lambda: not browser.detail.display)
        await browser.press("enter")
        await browser.until(lambda: browser.detail.has_focus and browser.detail.region.width == 120)
        await browser.press("escape")
        await browser.until(lambda: browser.table.has_focus and not browser.detail.display)
        await browser.press("d")
        await browser.until(lambda: browser.detail.region == below)


async def test_from_160_columns_on_the_details_are_beside_by_themselves() -> None:
    async with running(size=(159, 45)) as browser:
        await browser.enter_faces()
        assert browser.detail.region.y > browser.table.region.bottom
        await browser.pilot.resize_terminal(160, 45)
        await browser.until(lambda: browser.detail.region.x > browser.table.region.right)


async def test_below_100_columns_the_libraries_are_a_drawer_that_tab_and_b_open() -> None:
    async with running(size=(99, 30)) as browser:
        await browser.enter_faces()
        await browser.until(lambda: not browser.sidebar.display)
        for opens, closes in (("b", "b"), ("b", "tab"), ("shift+tab", "enter")):
            await browser.press(opens)
            await browser.until(lambda: browser.sidebar.display and browser.sidebar.has_focus)
            await browser.press(closes)
            await browser.until(lambda: browser.table.has_focus and not browser.sidebar.display)


async def test_z_gives_a_pane_the_whole_screen_and_the_others_their_place_again() -> None:
    async with running(size=(120, 36)) as browser:
        await browser.enter_faces()
        before = browser.pane.region
        await browser.press("z")
        await browser.until(lambda: browser.pane.region.width == 120)
        await browser.press("shift+tab")
        await browser.until(lambda: browser.sidebar.region.width == 120)
        await browser.press("enter", "z")
        await browser.until(lambda: browser.pane.region == before)
        await browser.press("z")
        await browser.until(lambda: browser.pane.region.width == 120)
        await browser.press("escape")
        await browser.until(lambda: browser.pane.region == before)
        assert browser.table.has_focus


async def test_esc_at_the_top_stays_where_it_is() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.press("escape", "escape")
        await browser.settle()
        assert browser.table.has_focus


async def test_a_run_that_names_a_library_begins_in_its_faces() -> None:
    options = BrowserOptions(library="second")
    for size in ((80, 24), (120, 36)):
        async with running(options=options, size=size) as browser:
            await browser.shows("second")
            assert browser.table.has_focus
            await browser.until(lambda: browser.fields["token"])
            assert browser.fields["token"] == browser.token == browser.tokens("second")[0]


async def test_the_layout_is_remembered_by_profile_and_holds_no_id() -> None:
    async with running(options=BrowserOptions(memory=State("one"))) as browser:
        await browser.enter_faces()
        await browser.press("d", "d", "b")
        await browser.until(lambda: not browser.sidebar.display and not browser.detail.display)
    async with running(options=BrowserOptions(memory=State("one"), library="first")) as browser:
        await browser.shows("first")
        assert not browser.sidebar.display
        assert not browser.detail.display
    async with running(options=BrowserOptions(memory=State("two"), library="first")) as browser:
        assert browser.sidebar.display
    known = json.loads((state_folder() / "state.json").read_text())
    assert known == {"one": {"layout": {"sidebar": False, "details": "off", "columns": {}}}}


@pytest.mark.parametrize(
    "known", [{"details": "above"}, {"sidebar": 3, "details": None}, {"x": 1}, {"columns": [1]}]
)
def test_a_layout_that_nobody_wrote_is_the_first_one(known: dict[str, object]) -> None:
    State("one").put("layout", known)
    assert Layout.remembered(State("one")) == Layout()


async def test_c_widens_a_column_puts_it_away_and_brings_it_back_and_is_remembered() -> None:
    long = "a note that is much longer than its column usually is, and ends with the word end"
    state = State("one")
    async with running(options=BrowserOptions(memory=state), size=(140, 24)) as browser:
        browser.faults.hostile = {"user_data": long}
        await browser.enter_faces()
        assert columns(browser) == ("", *KEYS)
        await browser.press("c", "j", "enter", "escape")
        await browser.until(lambda: long in browser.text and "face_token" not in columns(browser))
        await browser.press("c", "j", "enter", "escape")
        await browser.until(lambda: "user_data" not in columns(browser))
        assert browser.table.has_focus
    async with running(options=BrowserOptions(memory=state), size=(140, 24)) as browser:
        await browser.enter_faces()
        assert "user_data" not in columns(browser)
        await browser.press("c", "j", "enter", "escape")
        await browser.until(lambda: "user_data" in columns(browser))


def test_the_user_id_cannot_be_put_away() -> None:
    columns_left = chosen_columns(dict.fromkeys(KEYS, "away"))
    assert [column.key for column in columns_left if column.max_width != 0] == ["user_id"]
    assert list(chosen_columns(dict.fromkeys(KEYS, "nonsense"))) == list(COLUMNS)


async def test_the_order_is_remembered_by_profile() -> None:
    for profile, order in (("one", "-add_time"), ("two", "")):
        if order:
            State(profile).put("order", order)
        async with running(options=BrowserOptions(memory=State(profile))) as browser:
            await browser.enter_faces()
            await browser.press("a")
            await browser.until(lambda: browser.listing.status.complete)
            await browser.settle()
            await browser.until(lambda: not browser.listing.status.view.working)
            await browser.until(partial(_stands_descending, browser, bool(order)))
            await browser.press("s", "g", "enter")
            await browser.until(lambda: not browser.listing.status.view.stands.descending)
        assert State(profile).get("order", str) == ""


def _stands_descending(browser: Browser, wanted: object) -> bool:
    return browser.listing.status.view.stands.descending is wanted


async def test_a_remembered_order_orders_no_part_of_a_library_and_says_so() -> None:
    State("one").put("order", "-add_time")
    options = BrowserOptions(memory=State("one"))
    async with running(options=options) as browser:
        await browser.enter_faces()
        await browser.says("by added once all is loaded (a)")
        assert " by " not in browser.title
        assert "▼" not in browser.text
        assert browser.token == browser.tokens("first")[0]
        # What comes by looking on stands where it is looked at.
        await browser.press("G", "k")
        await browser.until(lambda: browser.cursor.position == 249)
        await browser.press("r", *["pageup"] * 12)
        await browser.until(lambda: browser.listing.status.complete)
        await browser.settle()
        assert browser.listing.status.view.order.field == ""
    async with running({"few": 40}, options=options) as browser:
        await browser.shows("few")  # Its first page is all of it.
        await browser.until(lambda: browser.listing.status.view.stands.descending)
        await browser.until(lambda: "by added, the newest first" in browser.title)


async def test_the_cursor_stays_with_its_face_when_a_remembered_order_stands() -> None:
    State("one").put("order", "-add_time")
    async with running(options=BrowserOptions(memory=State("one"))) as browser:
        await browser.enter_faces()
        await browser.press("j", "j", "a")
        await browser.until(lambda: browser.listing.status.view.stands.descending)
        await browser.until(lambda: browser.token == browser.tokens("first")[2])
        await browser.until(lambda: browser.table.cursor_row == 247)


async def test_an_order_that_nobody_has_is_none() -> None:
    State("one").put("order", "-face_token")
    async with running(options=BrowserOptions(memory=State("one"))) as browser:
        await browser.enter_faces()
        assert browser.listing.status.view.order.field == ""


async def test_a_new_size_is_taken_though_the_timer_that_takes_it_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running(size=(100, 24)) as browser:
        await browser.enter_faces()
        lost = partial(browser.app.set_timer, pause=True)
        with monkeypatch.context() as patch:
            patch.setattr(browser.app, "set_timer", lost)
            await browser.pilot.resize_terminal(120, 24)
            await browser.until(partial(_fills, browser, 120))
        await browser.pilot.resize_terminal(140, 24)
        await browser.until(partial(_fills, browser, 140))
