"""How a sample divides numbers: none is lost, and none but what very many are is with too many."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from fs_tui.faces.index.people_moment import divided

LEAST, MOST = 1 - 2**63, 2**63 - 1
NUMBERS = st.lists(st.integers(-3, 12) | st.integers(LEAST, MOST))


@given(numbers=NUMBERS, size=st.integers(1, 9))
def test_the_parts_follow_each_other_and_only_one_of_one_number_is_large(
    numbers: list[int], size: int
) -> None:
    parts = divided(list(numbers), -(-len(numbers) // size))
    assert (parts[0][0], parts[-1][1]) == (LEAST, MOST)
    assert all(most + 1 == least for (_, most), (least, _) in pairwise(parts))
    for least, most in parts:
        within = [number for number in numbers if least <= number <= most]
        assert len(within) <= 2 * size or least == most or len(set(within)) == 1
