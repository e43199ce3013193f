"""What was loaded is kept as it was, in a database that leaves nothing behind."""

from __future__ import annotations

import gc
import json
import sys
from array import array
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_tui.faces.filter_language import parse
from fs_tui.faces.index.database import Database
from fs_tui.faces.index.loaded import LoadedFaces
from fs_tui.faces.index.sorting import ordered
from fs_tui.faces.index.store import CHUNK, FaceStore
from fs_tui.faces.index.token_filter import TokenBloomFilter
from fs_tui.faces.marks import Marks
from fs_tui.faces.query import Order
from fs_tui.faces.ranges import RangeSet
from fs_tui.models import Face, FacePage, FaceRows
from tests.unit.fake_gateway import make_face

if TYPE_CHECKING:
    from collections.abc import Iterator

RANGES = st.tuples(st.integers(1, 60), st.integers(0, 20)).map(lambda r: (r[0], r[0] + r[1]))


@pytest.fixture
def store() -> Iterator[FaceStore]:
    store = FaceStore()
    yield store
    store.close()


@given(st.lists(st.tuples(st.booleans(), RANGES)), RANGES)
def test_a_range_set_is_a_set_of_positions(
    steps: list[tuple[bool, tuple[int, int]]], window: tuple[int, int]
) -> None:
    ranges, plain = RangeSet(), set[int]()
    for add, (first, last) in steps:
        if add:
            ranges.add(first, last)
            plain |= set(range(first, last))
        else:
            ranges.remove(first, last)
            plain -= set(range(first, last))
    inside = set(range(*window))
    assert {p for a, b in ranges for p in range(a, b)} == plain
    assert all(b < c for (_, b), (c, _) in zip(list(ranges), list(ranges)[1:], strict=False))
    assert ranges.count == len(plain)
    assert {p for a, b in ranges.missing(*window) for p in range(a, b)} == inside - plain
    assert {p for a, b in ranges.within(*window) for p in range(a, b)} == inside & plain
    assert ranges.overlaps(*window) is bool(inside & plain)
    assert ranges.next_start(window[0]) == min((p for p in plain if p >= window[0]), default=None)
    if window[0] not in plain:
        before = [p + 1 for p in plain if p < window[0]]
        assert ranges.start_before(window[0]) == max(before, default=0)


@given(st.lists(RANGES), st.lists(st.integers(1, 90)))
def test_marks_are_a_set_of_positions(added: list[tuple[int, int]], removed: list[int]) -> None:
    marks, plain = Marks(), set[int]()
    for first, last in added:
        marks.add(first, last)
        plain |= set(range(first, last))
    for position in removed:
        marks.set(position, marked=False)
        plain.discard(position)
    assert list(marks) == sorted(plain)
    assert marks.count == len(plain)
    assert all((position in marks) is (position in plain) for position in range(1, 100))


def test_a_token_that_was_met_before_is_always_suspected_and_a_new_one_hardly_ever() -> None:
    familiar = TokenBloomFilter()
    tokens = [f"{number:x}" for number in range(20_000)]
    assert len(familiar.suspects(tokens)) < 20
    assert familiar.suspects(tokens) == tokens


def test_faces_come_back_as_they_were(store: FaceStore) -> None:
    faces = [Face("a", "ü\n\x1b[31m", "李", None), Face("b", "", "'; --", -5), Face("c\0d")]
    store.add(7, faces)
    assert store.window(1, 100) == dict(enumerate(faces, 7))
    assert store.at([9, 7, 1]) == {7: faces[0], 9: faces[2]}
    assert list(store.stored) == [(7, 10)]


def test_a_later_answer_for_a_position_replaces_the_older_one(store: FaceStore) -> None:
    store.add(1, [Face("a"), Face("b")])
    store.add(2, [Face("c")])
    assert [face.face_token for face in store.window(1, 3).values()] == ["a", "c"]
    assert store.stored.count == 2


def test_steps_go_through_everything_and_skip_what_is_not_there(store: FaceStore) -> None:
    store.add(1, [make_face(1)])
    store.add(CHUNK * 3, [make_face(2)])
    assert [first for first, _ in store.steps()] == [1, CHUNK * 3]


def test_tokens_are_found_with_their_places(store: FaceStore) -> None:
    store.add(1, [Face("a"), Face("b"), Face("a")])
    assert [sorted(found) for found in store.places({"a", "z"})] == [[("a", 1), ("a", 3)]]


async def test_what_may_stand_twice_is_nothing_that_a_search_for_garbage_goes_through() -> None:
    loaded = LoadedFaces(changed=lambda: None, moved=lambda _how: None, failed=lambda _error: None)
    token = make_face(1).face_token
    for start in (1, 2):
        loaded.keep(FacePage(start, 1, FaceRows([[token], [""], [""], [0]])))
    assert loaded.suspicious
    holders = (set, frozenset, dict)
    assert not [held for held in gc.get_referrers(token) if isinstance(held, holders)]
    await loaded.close()


def test_a_step_that_looks_for_tokens_goes_through_few_rows_and_not_through_the_tokens(
    store: FaceStore,
) -> None:
    class Sought(frozenset[str]):
        def __iter__(self) -> Iterator[str]:
            raise AssertionError("there may be tens of thousands")

    store.add(1, [make_face(number) for number in range(CHUNK + 1)])
    sought = Sought([make_face(0).face_token, make_face(CHUNK).face_token])
    places = [[position for _, position in found] for found in store.places(sought)]
    assert places == [[1], [], [CHUNK + 1]]


def test_hits_are_ascending_positions_of_a_window(store: FaceStore) -> None:
    store.add(1, [make_face(number) for number in range(1, 301)])
    query = parse("data:7")
    assert query is not None
    assert list(store.hits(query, 100, 200)) == [p for p in range(100, 200) if "7" in str(p)]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("field", ["", "user_id", "add_time"])
@pytest.mark.parametrize("sparse", [False, True])
async def test_an_order_is_that_of_the_keys_and_then_of_the_positions(
    store: FaceStore, field: str, *, descending: bool, sparse: bool
) -> None:
    count = CHUNK + 500
    faces = [
        Face(str(p), f"u{p * 7919 % 97}", "", None if p % 5 == 0 else -p) for p in range(count)
    ]
    store.add(1, faces)
    positions = array("I", range(1, count + 1, 3 if sparse else 1))

    def key(position: int) -> tuple[str | int | float, int]:
        face = faces[position - 1]
        match field:
            case "user_id":
                return face.user_id, position
            case "add_time":
                return (float("-inf") if face.added_ms is None else face.added_ms), position
            case _:
                return position, position

    expected = sorted(positions, key=key, reverse=descending)
    assert list(await ordered(store, positions, Order(field, descending))) == expected


@pytest.mark.parametrize("falls_at", [None, 2, CHUNK + 1, CHUNK + 2, CHUNK + 50])
async def test_an_order_that_holds_already_is_not_sorted_and_any_fall_is(
    store: FaceStore, monkeypatch: pytest.MonkeyPatch, falls_at: int | None
) -> None:
    sorts: list[str] = []
    scratch = store.scratch

    def noted(*schema: str, cache_kib: int) -> Database:
        sorts.append("")
        return scratch(*schema, cache_kib=cache_kib)

    monkeypatch.setattr(store, "scratch", noted)
    times = [position // 3 for position in range(CHUNK + 100)]
    if falls_at is not None:
        times[falls_at - 1] = -1
    store.add(1, [Face(str(at), "", "", time) for at, time in enumerate(times, 1)])
    positions = array("I", range(1, len(times) + 1))
    rows = await ordered(store, positions, Order("add_time"))
    assert list(rows) == sorted(positions, key=lambda position: times[position - 1])
    assert bool(sorts) is (falls_at is not None)


@pytest.mark.skipif(sys.platform != "linux", reason="open files are seen in /proc")
@pytest.mark.parametrize("in_memory", [False, True])
def test_what_is_sorted_of_a_database_in_memory_is_in_no_file(*, in_memory: bool) -> None:
    """The others show that the test sees the files of a sort."""
    database = Database("CREATE TABLE keys (key)", cache_kib=1_000, in_memory=in_memory)
    try:
        keys = json.dumps([f"{number * 7919 % 300_007:032}" for number in range(300_000)])
        database.run("INSERT INTO keys SELECT value FROM json_each(?)", (keys,))
        sorting = database.batches("SELECT rowid FROM keys ORDER BY key")
        before = _files()
        next(sorting)
        assert (_files() == before) is in_memory
        del sorting
    finally:
        database.close()


def _files() -> set[str]:
    """The files that this process has open."""
    return {str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}
