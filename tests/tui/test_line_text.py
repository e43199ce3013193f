"""The text that repaints only the lines that change."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from fs_tui.tui.table.line_text import LineText


class TextApp(App[None]):
    """A text in a pane."""

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield LineText()

    @property
    def text(self) -> LineText:
        return self.query_one(LineText)

    @property
    def lines(self) -> list[str]:
        strips = self.screen._compositor.render_strips()
        return [strip.text.rstrip() for strip in strips]


def dirty(text: LineText) -> list[int]:
    """The lines that wait to be repainted."""
    return sorted({y for region in text._repaint_regions for y in region.line_range})


async def test_only_lines_that_differ_are_repainted() -> None:
    app = TextApp()
    async with app.run_test(size=(20, 8)) as pilot:
        app.text.update(Content("one\ntwo\nthree\nfour"))
        await pilot.pause()
        assert app.lines[:5] == ["one", "two", "three", "four", ""]
        app.text._repaint_regions.clear()
        app.text.update(Content("one\n2\nthree"))
        assert dirty(app.text) == [1, 3]
        await pilot.pause()
        assert app.lines[:5] == ["one", "2", "three", "", ""]
        app.text._repaint_regions.clear()
        app.text.update(Content("one\n2\nthree"))
        assert dirty(app.text) == []


async def test_a_change_of_colour_is_a_change() -> None:
    app = TextApp()
    async with app.run_test(size=(20, 8)) as pilot:
        app.text.update(Content("one\ntwo"))
        await pilot.pause()
        app.text._repaint_regions.clear()
        app.text.update(Content.assemble("one\n", ("two", "red")))
        assert dirty(app.text) == [1]


async def test_a_text_that_is_longer_than_the_pane_scrolls_and_one_that_fits_does_not() -> None:
    app = TextApp()
    async with app.run_test(size=(20, 8)) as pilot:
        app.text.update(Content("\n".join(f"line {number}" for number in range(30))))
        await pilot.pause()
        pane = app.query_one(VerticalScroll)
        assert pane.max_scroll_y == 22
        pane.scroll_end(animate=False)
        await pilot.pause()
        assert app.lines[-1].startswith("line 29")
        app.text.update(Content("short"))
        await pilot.pause()
        assert pane.max_scroll_y == 0
        assert app.lines[0] == "short"


async def test_a_resize_wraps_anew() -> None:
    app = TextApp()
    async with app.run_test(size=(40, 8)) as pilot:
        app.text.update(Content("a sentence of some words"))
        await pilot.pause()
        assert app.lines[0] == "a sentence of some words"
        await pilot.resize_terminal(12, 8)
        await pilot.pause()
        assert app.lines[:2] == ["a sentence", "of some"]


async def test_a_text_that_was_given_before_the_first_layout_is_shown() -> None:
    class Early(TextApp):
        def compose(self) -> ComposeResult:
            text = LineText()
            text.update(Content("early"))
            yield text

    app = Early()
    async with app.run_test(size=(20, 3)) as pilot:
        await pilot.pause()
        assert app.lines[0] == "early"
        assert app.text.content.plain == "early"


async def test_a_text_that_changed_before_it_had_room_is_shown_as_it_is_then() -> None:
    app = TextApp()
    async with app.run_test(size=(20, 8)) as pilot:
        pane = app.query_one(VerticalScroll)
        pane.display = False
        await pilot.pause()
        app.text.update(Content("one"))
        app.text._render()
        app.text.update(Content("two"))
        pane.display = True
        await pilot.pause()
        assert app.lines[0] == "two"
