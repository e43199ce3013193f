"""Lists take every key at every size."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from fs_tui.tui.forms.any_size_list import AnySizeList


class _Host(App[None]):
    def compose(self) -> ComposeResult:
        """One list with a border."""
        lines = AnySizeList(*(str(number) for number in range(9)), markup=False)
        lines.styles.border = ("round", "white")
        # As ours: Textual cannot wrap or fold at no width at all.
        lines.styles.text_wrap, lines.styles.text_overflow = "nowrap", "ellipsis"
        yield lines


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (20, 6)])
async def test_page_keys_move_or_do_nothing_and_never_end_the_program(
    size: tuple[int, int],
) -> None:
    app = _Host()
    async with app.run_test(size=size) as pilot:
        app.query_one(AnySizeList).highlighted = 7
        await pilot.press("pageup", "pagedown", "up", "down", "home", "end")
        assert app.query_one(AnySizeList).highlighted == 8
