"""A comparison says what plain dictionaries say, and never calls missing what was not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from fs_tui.account.comparison import Comparison, Counts, Difference, Item, Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KEYS = st.sampled_from(["a", "b", "c", "é", "z", "\U0001f600", "￮", "a\0"])
Content = dict[str, tuple[int, str | None]]
"""Sizes and values by key."""

SIDES = st.dictionaries(KEYS, st.tuples(st.integers(1, 3), st.sampled_from(["x", "y", None])))


def items(side: Content) -> Iterator[Item]:
    for key, (number, value) in sorted(side.items(), key=lambda item: item[0].encode()):
        yield Item(key, key, number, (value,))


async def compared(
    a: Content,
    b: Content,
    *,
    whole_a: bool = True,
    whole_b: bool = True,
) -> tuple[list[Difference], Counts]:
    comparison = Comparison(
        items(a), items(b), told=[0], sized=True, whole_a=whole_a, whole_b=whole_b
    )
    found = [difference async for some in comparison.differences() for difference in some]
    return found, comparison.counts


def keys(found: Sequence[Difference], side: Side) -> set[str]:
    items = [one.a or one.b for one in found if one.side is side]
    return {item.key for item in items if item is not None}


@given(a=SIDES, b=SIDES)
async def test_two_whole_sides(a: Content, b: Content) -> None:
    found, counts = await compared(a, b)
    assert keys(found, Side.ONLY_A) == a.keys() - b.keys()
    assert keys(found, Side.ONLY_B) == b.keys() - a.keys()
    assert keys(found, Side.DIFFERS) == {key for key in a.keys() & b.keys() if a[key] != b[key]}
    assert counts.equal == sum(a[key] == b[key] for key in a.keys() & b.keys())
    assert counts.unseen == 0
    assert counts.agree == (a == b)
    order = [(one.a or one.b).key.encode() for one in found if one.a or one.b]  # type: ignore[union-attr] # one is there
    assert order == sorted(order)


@given(a=SIDES, b=SIDES)
async def test_the_sides_mirror_each_other(a: Content, b: Content) -> None:
    there, _ = await compared(a, b)
    back, _ = await compared(b, a)
    mirror = {Side.ONLY_A: Side.ONLY_B, Side.ONLY_B: Side.ONLY_A, Side.DIFFERS: Side.DIFFERS}
    assert back == [Difference(mirror[one.side], one.b, one.a) for one in there]


@given(whole=SIDES, b=SIDES, read=st.sets(KEYS))
async def test_nothing_is_missing_on_a_side_that_was_not_read_to_its_end(
    whole: Content, b: Content, read: set[str]
) -> None:
    part = {key: value for key, value in whole.items() if key in read}
    found, counts = await compared(part, b, whole_a=False)
    assert not keys(found, Side.ONLY_B)
    assert keys(found, Side.ONLY_A) <= whole.keys() - b.keys()
    assert all(part[key][0] > b[key][0] for key in keys(found, Side.DIFFERS))
    told = counts.equal + counts.only_a + counts.only_b + counts.differs + counts.unseen
    assert told == len(part.keys() | b.keys())
    mirrored, _ = await compared(b, part, whole_b=False)
    mirror = {Side.ONLY_A: Side.ONLY_B, Side.DIFFERS: Side.DIFFERS}
    assert mirrored == [Difference(mirror[one.side], one.b, one.a) for one in found]
