"""Bars never hide what is there, and never look full before they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_tui.chart import bar, columns


@given(number=st.integers(0, 10**7), most=st.integers(1, 10**7), ascii_only=st.booleans())
def test_a_bar_shows_every_part_and_is_full_only_for_all(
    number: int, most: int, *, ascii_only: bool
) -> None:
    drawn = bar(number, most, 20, ascii_only=ascii_only)
    assert len(drawn) <= 20
    assert bool(drawn) == (number > 0)
    assert (drawn in {"█" * 20, "#" * 20}) == (number >= most)
    assert drawn.isascii() or not ascii_only


@given(numbers=st.lists(st.integers(0, 10**7), max_size=30), ascii_only=st.booleans())
def test_columns_are_as_high_as_their_numbers(numbers: list[int], *, ascii_only: bool) -> None:
    drawn = columns(numbers, ascii_only=ascii_only)
    heights = [(" .:|#" if ascii_only else " ▁▂▃▄▅▆▇█").index(cell) for cell in drawn]
    assert len(drawn) == len(numbers)
    assert [height > 0 for height in heights] == [number > 0 for number in numbers]
    in_order = [height for _, height in sorted(zip(numbers, heights, strict=True))]
    assert in_order == sorted(heights)


@pytest.mark.parametrize(
    ("number", "drawn"), [(0, ""), (1, "▏"), (4, "▌"), (8, "█"), (12, "█▌"), (16, "██"), (99, "██")]
)
def test_a_bar_is_drawn_to_the_eighth_of_a_cell(number: int, drawn: str) -> None:
    assert bar(number, 16, 2) == drawn
