"""Contrast, computed from what is drawn: texts, frames, focus, scrollbar, in each theme of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.color import Color
from textual.filter import DimFilter

from fs_tui.tui.forms.dialog import DialogBox
from fs_tui.tui.options import BrowserOptions
from fs_tui.tui.themes import contrast
from tests.tui.browser import Browser, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.style import Style

    from fs_tui.tui.app import FsTuiApp

THEMES = ("textual-dark", "textual-light", "high-contrast")
"""The default one, a light one, and the one for bright light and tired eyes."""

_TEXT, _GRAPHICS = 4.5, 3.0

_FRAMES = frozenset("╭─╮│╰╯━┃┏┓┗┛▌▏▊█▁▂▃▄▅▆▇")

KEYS = {
    "libraries": [],
    "faces": ["enter", "space", "v", "j", "j"],
    "details": ["enter", "tab"],
    "filter": ["enter", "/", *"goh"],
    "wrong filter": ["enter", "/", *"usr:a"],
    "error": ["enter", "9", "9", "9", "9", "G"],
    "order": ["s"],
    "copy": ["enter", "Y"],
    "create": ["n", "a", "space"],
    "palette": [":", *"ci"],
    "help": ["?"],
    "log": ["L"],
}


def drawn(app: FsTuiApp, *, blended: bool = True) -> Iterator[tuple[str, Style]]:
    """Every run of the page or dialogue on top as a terminal gets it: what is dim is blended."""
    dim = DimFilter()
    boxes = list(app.screen.query(DialogBox))
    on_top = boxes[0].region if boxes else app.screen.region
    strips = app.screen._compositor.render_strips()[on_top.y : on_top.bottom]
    for strip in strips:
        part = strip.crop(on_top.x, on_top.right)
        for text, style, _ in part.apply_filter(dim, Color(0, 0, 0)) if blended else part:
            if style is not None and text.strip():
                yield text, style


def _colours(style: Style) -> tuple[Color, Color]:
    assert style.color
    assert style.bgcolor
    front = Color.from_rich_color(style.color)
    back = Color.from_rich_color(style.bgcolor)
    return (back, front) if style.reverse else (front, back)


def too_faint(app: FsTuiApp) -> list[str]:
    """What is harder to see than it may be."""
    found = []
    for text, style in drawn(app):
        front, back = _colours(style)
        least = _GRAPHICS if set(text.strip()) <= _FRAMES else _TEXT
        if (seen := contrast(front, back)) < least:
            found.append(f"{text.strip()[:30]!r}: {seen:.1f} ({front.hex} on {back.hex})")
    return found


async def _at(browser: Browser, keys: list[str]) -> None:
    await browser.shows("first")
    await browser.press(*keys)
    await browser.settle()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", KEYS)
async def test_every_text_and_frame_is_seen(theme: str, name: str) -> None:
    options = BrowserOptions(clipboard="osc52", theme=theme)
    async with running(options=options, size=(100, 30)) as browser:
        await _at(browser, KEYS[name])
        assert not too_faint(browser.app)


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light"])
@pytest.mark.parametrize("name", ["libraries", "faces", "order", "create", "palette", "log"])
async def test_a_text_in_the_terminals_own_colour_stands_on_its_own_ground(
    theme: str, name: str
) -> None:
    async with running(options=BrowserOptions(theme=theme), size=(100, 30)) as browser:
        await _at(browser, KEYS[name])
        for text, style in drawn(browser.app, blended=False):
            is_own = style.color is None or style.color.is_default
            on_own = style.bgcolor is None or style.bgcolor.is_default
            assert on_own or not is_own, text
            assert "range" not in text or "red" not in str(style)


@pytest.mark.parametrize("theme", THEMES)
async def test_rows_that_are_not_loaded_are_seen(theme: str) -> None:
    async with running(options=BrowserOptions(theme=theme), size=(100, 20)) as browser:
        await browser.enter_faces()
        browser.faults.fail("hold", "list", times=None)
        await browser.press(*["pagedown"] * 9)
        await browser.until(lambda: browser.text.count(" ·") > 5)
        assert not too_faint(browser.app)


@pytest.mark.parametrize("theme", THEMES)
async def test_every_second_row_can_be_told_from_the_others(theme: str) -> None:
    async with running(options=BrowserOptions(theme=theme)) as browser:
        await browser.shows("first")
        odd, even = (
            browser.table.get_component_styles(f"paged-table--{row}").background
            for row in ("odd", "even")
        )
        grounds = [browser.table.background_colors[1] + colour for colour in (odd, even)]
        assert contrast(*grounds) >= 1.09


async def test_without_colour_the_focus_has_a_heavier_frame_and_the_selection_a_marker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running() as browser:
        await browser.shows("first")
        assert browser.text.count("┏") == 1
        assert browser.text.splitlines()[1].startswith("┏━")
        await browser.press("enter")
        await browser.settle()
        assert not browser.text.splitlines()[1].startswith("┏━")
        assert browser.text.count("┏") == 1
        assert "▌" in browser.text
        strips = browser.screen._compositor.render_strips()
        styles = [style for strip in strips for text, style, _ in strip if "first" in text]
        assert any(style and (style.underline or style.reverse) for style in styles)
