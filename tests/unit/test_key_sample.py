"""How a sample parts numbers: none is lost, and none but what very many are is with too many."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_tui.faces.index import key_sample
from fs_tui.faces.index.key_sample import ALL, KeySample

NUMBERS = st.lists(st.lists(st.integers(-3, 12) | st.integers(ALL.least, ALL.most)))


@given(portions=NUMBERS, size=st.integers(1, 9))
def test_the_parts_follow_each_other_and_only_one_of_one_number_is_large(
    portions: list[list[int]], size: int
) -> None:
    numbers = [number for portion in portions for number in portion]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(key_sample, "_ONE_OF", 1)
        sample = KeySample()
        for portion in portions:
            sample.add(portion)
        parts = sample.parts(size)
    assert (parts[0].least, parts[-1].most) == ALL
    assert all(part.most + 1 == behind.least for part, behind in pairwise(parts))
    for part in parts:
        within = [number for number in numbers if part.least <= number <= part.most]
        assert len(within) <= 2 * size or part.least == part.most or len(set(within)) == 1
