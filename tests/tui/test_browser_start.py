"""What happens first: the libraries, the first rows, the connect page, no libraries."""

from __future__ import annotations

import gc
from collections import Counter
from typing import TYPE_CHECKING, Any

from textual._compositor import Compositor
from textual.css.stylesheet import Stylesheet

from fs_tui.errors import CredentialsNotFoundError, SettingsError
from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET
from fs_tui.tui.app import FsTuiApp
from fs_tui.tui.browser.screen import BrowserScreen
from fs_tui.tui.forms.field import Field
from fs_tui.tui.keys import keymap
from fs_tui.tui.options import BrowserOptions
from fs_tui.tui.pages.connect import Connect
from tests.tui.browser import SMALL, running

if TYPE_CHECKING:
    import pytest
    from textual.dom import DOMNode


async def test_the_libraries_are_listed_and_the_first_one_is_open() -> None:
    async with running() as browser:
        await browser.shows("first")
        assert [library.group_id for library in browser.sidebar.libraries] == [*SMALL]
        assert browser.sidebar.has_focus
        assert browser.truth == "100 faces loaded, more may exist"
        assert "3 of 10" in browser.text
        assert "sandbox.invalid · environment" in browser.title


async def test_one_request_comes_before_the_first_rows() -> None:
    async with running() as browser:
        await browser.shows("first")
        assert browser.asked("list") == browser.asked("list", start="1", limit="100") == 1


async def test_the_first_frame_waits_for_nothing() -> None:
    async with running(
        prepare=lambda service: service.faults.fail("hold", "group_list")
    ) as browser:
        await browser.until(lambda: browser.faults.held)
        assert "Libraries" in browser.text
        assert "loading …" in browser.text
        browser.faults.release()
        await browser.shows("first")


async def test_nothing_but_the_table_is_styled_twice_for_the_first_frame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    styled: Counter[str] = Counter()
    until_ready: Counter[str] = Counter()
    apply, ready = Stylesheet.apply, FsTuiApp.on_ready

    def count(sheet: Stylesheet, node: DOMNode, **options: Any) -> None:
        styled[type(node).__name__] += 1
        apply(sheet, node, **options)

    def note(app: FsTuiApp) -> None:
        until_ready.update(styled)
        ready(app)

    monkeypatch.setattr(Stylesheet, "apply", count)
    monkeypatch.setattr(FsTuiApp, "on_ready", note)
    async with running(options=BrowserOptions(library="second")) as browser:
        await browser.shows("second")
    once = (
        *("BrowserActions", "TitleBar", "KeyHints", "Sidebar", "Inspector", "LineText"),
        *("FacesPane", "StatusLine", "FilterBar"),
    )
    assert [until_ready[name] for name in once] == [1] * len(once)


async def test_a_named_library_has_the_focus_from_the_first_frame_on() -> None:
    async with running(options=BrowserOptions(library="second")) as browser:
        await browser.shows("second")
        assert browser.app.focused is browser.table
        assert browser.table.has_focus
        await browser.press("j")
        await browser.until(lambda: browser.table.cursor_row == 1)


async def test_what_is_to_be_laid_out_and_painted_anew_is_painted_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paintings = 0
    render = Compositor.render_update

    def count(compositor: Compositor, **options: Any) -> object:
        nonlocal paintings
        paintings += 1
        return render(compositor, **options)

    async with running() as browser:
        await browser.shows("first")
        await browser.settle()
        monkeypatch.setattr(Compositor, "render_update", count)
        browser.app.screen.refresh()
        browser.app.screen.refresh(layout=True)
        await browser.until(lambda: paintings)
        await browser.settle()
    assert paintings == 1


async def test_a_window_that_changes_while_nothing_is_painted_is_painted() -> None:
    async with running() as browser:
        await browser.shows("first")
        await browser.settle()
        screen = browser.app.screen
        assert isinstance(screen, BrowserScreen)
        screen.hold(600)
        assert browser.app._batch_count
        await browser.pilot.resize_terminal(100, 30)
        await browser.until(lambda: not browser.app._batch_count)


async def test_the_prompt_is_made_when_it_is_wanted_first_and_takes_what_comes_with_it() -> None:
    async with running() as browser:
        await browser.enter_faces()
        assert not browser.filterbar.children
        browser.at_once("/goh")
        await browser.until(lambda: browser.filterbar.text == "goh")


async def test_the_named_library_is_opened_first() -> None:
    async with running(options=BrowserOptions(library="second")) as browser:
        await browser.shows("second")
        assert browser.sidebar.current
        assert browser.sidebar.current.group_id == "second"
        assert browser.asked("list", group_id="first") == 0


async def test_a_named_library_that_is_not_there_is_said_and_the_first_one_opened() -> None:
    async with running(options=BrowserOptions(library="gone")) as browser:
        await browser.shows("first")
        await browser.says("There is no library gone")
        await browser.settle()
        assert "There is no library gone" in browser.text


async def test_a_failed_list_is_said_and_r_asks_again() -> None:
    async with running(
        prepare=lambda service: service.faults.fail("error", "group_list", code="INTERNAL_ERROR")
    ) as browser:
        await browser.says("INTERNAL_ERROR")
        assert "loading …" not in browser.text
        await browser.press("r")
        await browser.shows("first")


async def test_an_account_without_libraries_says_how_to_make_one() -> None:
    async with running({}) as browser:
        await browser.says("No libraries yet: press n to create the first one.")
        assert browser.asked("list") == 0
        await browser.press(*"GsaEYyr", "enter", "slash", "tab", "space", "v")
        await browser.settle()
        assert browser.app.is_running


async def test_when_the_last_library_is_gone_its_rows_go_too() -> None:
    async with running({"only": 5}) as browser:
        await browser.shows("only")
        browser.service.population.forget("only")
        await browser.press("r")
        await browser.says("No libraries yet")
        assert browser.table.row_count == 0


async def test_missing_credentials_open_the_connect_page_and_then_the_browser() -> None:
    async with running(refusals=(CredentialsNotFoundError("no source has a pair"),)) as browser:
        await browser.until(lambda: isinstance(browser.app.screen, Connect))
        await browser.says("Connect")
        browser.app.screen.query_one("#api_key", Field).value = DEMO_API_KEY
        browser.app.screen.query_one("#api_secret", Field).value = DEMO_API_SECRET
        await browser.press("tab", "tab", "right", "enter")
        await browser.shows("first")
        assert browser.app.screen is browser.screen
        assert "this run" in browser.title
        assert [str(met.error) for met in browser.errors] == [
            "No key and secret found: no source has a pair"
        ]


async def test_keys_of_one_packet_are_in_the_key_and_the_secret_in_their_order() -> None:
    async with running(refusals=(CredentialsNotFoundError("no source has a pair"),)) as browser:
        await browser.until(lambda: isinstance(browser.app.screen, Connect))
        await browser.says("Connect")
        key, secret = DEMO_API_KEY, DEMO_API_SECRET
        browser.at_once(f"x\x15{key[1:]}\x01{key[0]}\t{secret[:-1]}xy\x7f\x7f{secret[-1]}\r")
        await browser.shows("first")


async def test_leaving_the_connect_page_leaves_the_program() -> None:
    async with running(refusals=(CredentialsNotFoundError("no source has a pair"),)) as browser:
        await browser.until(lambda: isinstance(browser.app.screen, Connect))
        await browser.press("escape")
        await browser.until(lambda: not browser.app.is_running or browser.app._exit)
        assert browser.app.return_code == 0


async def test_a_session_that_cannot_be_opened_is_said_and_r_tries_again() -> None:
    async with running(refusals=(SettingsError("the endpoint is odd"),)) as browser:
        await browser.says("Invalid settings: the endpoint is odd")
        await browser.press("r")
        await browser.shows("first")


async def test_names_and_ids_of_libraries_take_one_line_each() -> None:
    counts = {"a-very-long-library-id-that-fills-48-bytes-wholly-": 3, "b": 1}
    async with running(counts, size=(80, 24)) as browser:
        await browser.until(lambda: browser.sidebar.virtual_size.height)
        assert browser.sidebar.virtual_size.height == 4


async def test_an_action_that_a_keymap_left_no_key_is_named() -> None:
    options = BrowserOptions(actions=keymap({"reload": ["r", "f"]}))
    async with running(options=options) as browser:
        await browser.says("The keymap leaves no key for: find.")
        await browser.press("f")
        assert browser.pane.display


async def test_what_a_keymap_took_from_later_keys_is_said_and_kept() -> None:
    options = BrowserOptions(actions=keymap({"reload": ["r", "z"]}))
    async with running(options=options) as browser:
        await browser.shows("first")
        said = "Your keymap has taken z: zoom; the palette has them."
        assert any(said in getattr(one, "note", "") for one in browser.app.said)
        await browser.press(":")
        await browser.says("Zoom the pane")


async def test_garbage_is_looked_for_once_the_first_faces_are_there() -> None:
    gc.disable()
    try:
        async with running() as browser:
            await browser.shows("first")
            await browser.until(gc.isenabled)
    finally:
        gc.enable()
