"""The order that a sorter makes of keys that come portion by portion."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_tui.errors import ResourceError
from fs_tui.faces.index import sorter as sorter_module
from fs_tui.faces.index.database import Database
from fs_tui.faces.index.sorter import Sorter

KEYS = st.one_of(
    st.lists(st.lists(st.none() | st.integers(-5, 5)), max_size=6),
    st.lists(st.lists(st.none() | st.text("aAéz\U0001f600\"\\'", max_size=3)), max_size=6),
)


@given(portions=KEYS, first=st.none() | st.integers(1, 1_000_000), together=st.integers(1, 4))
def test_equal_keys_follow_as_they_came_and_null_before_all_others(
    portions: list[list[str | int | None]], first: int | None, together: int
) -> None:
    keys = [key for portion in portions for key in portion]
    names = range(7, 7 + 3 * len(keys), 3) if first is None else range(first, first + len(keys))

    async def sort() -> list[int]:
        sorter = Sorter(Database, list(names) if first is None else names)
        try:
            for portion in portions:
                await sorter.put(json.dumps(portion))
            return list(await sorter.ordered())
        finally:
            sorter.stop()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorter_module, "_TOGETHER", together)
        found = asyncio.run(sort())
    ranked = sorted(zip(keys, names, strict=True), key=_null_first)
    assert found == [name for _, name in ranked]


def _null_first(ranked: tuple[str | int | None, int]) -> tuple[bool, str | int]:
    key = ranked[0]
    # UTF-8 keeps the order of code points.
    return (False, 0) if key is None else (True, key)


async def test_what_cannot_be_sorted_is_said_to_who_brings_more_and_is_never_waited_for() -> None:
    sorter = Sorter(Database, range(9))
    try:
        with pytest.raises(sqlite3.OperationalError):
            await _put_often(sorter, "no JSON")
    finally:
        sorter.stop()


async def _put_often(sorter: Sorter, keys: str) -> None:
    for _ in range(9):
        await sorter.put(keys)


async def test_a_sorter_without_room_for_the_sorted_numbers_says_so() -> None:
    def scratch(*schema: str, cache_kib: int) -> Database:
        return Database(*schema, "PRAGMA max_page_count = 4", cache_kib=cache_kib)

    sorter = Sorter(scratch, range(50_000))
    try:
        await sorter.put(json.dumps([1] * 50_000))
        with pytest.raises(ResourceError):
            await sorter.ordered()
    finally:
        sorter.stop()


async def test_stopping_amid_the_work_ends_its_thread() -> None:
    before = set(threading.enumerate())
    sorter = Sorter(Database, range(9))
    await sorter.put("[1, 2]")
    (thread,) = set(threading.enumerate()) - before or (None,)
    sorter.stop()
    if thread is not None:
        await asyncio.to_thread(thread.join, 30)
        assert not thread.is_alive()


async def test_how_much_is_done_grows_from_little_to_nearly_all_while_it_sorts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sorter_module, "_TELL_EVERY", 0.002)
    shares: list[float] = []
    sorter = Sorter(Database, range(400_000))
    try:
        for first in range(400_000, 0, -10_000):
            await sorter.put(json.dumps([f"{key:08}" for key in range(first, first - 10_000, -1)]))
        assert len(await sorter.ordered(shares.append)) == 400_000
    finally:
        sorter.stop()
    assert shares == sorted(shares)
    assert min(shares) < 0.3
    assert 0.7 < max(shares) <= 1
    assert any(0.3 < share < 0.7 for share in shares)
