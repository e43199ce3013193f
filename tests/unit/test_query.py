"""The filter language, and that SQL and Python mean the same by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_tui.faces.index.query import FilterSyntaxError, Query, parse
from fs_tui.faces.index.store import FaceStore
from fs_tui.models import Face

FACES = [
    Face("aaa111", "user_01", "Test user", 1_769_739_690_208),
    Face("bbb222", "USER_02", "test User ÄÖ", 1_770_000_000_000),
    Face("ccc333", "李雷", "100% _x_ \\ back", None),
]


def passing(text: str) -> list[str]:
    query = parse(text)
    assert query is not None
    return [face.face_token[:1] for face in FACES if query.matches(face)]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("user", "ab"),
        ("USER", "b"),
        ("User", "b"),
        ("user:user", "ab"),
        ("data:user", "ab"),
        ("token:222", "b"),
        ("user:222", ""),
        ("test 01", "a"),
        ('"test user"', "ab"),
        ('data:"test user"', "ab"),
        ("Data:test", "ab"),
        ("李", "c"),
        ("100%", "c"),
        ("_x_", "c"),
        ("a_1", ""),
        ("\\", "c"),
        ("Ä", "b"),
        ("ä", ""),
        ('"user:"', ""),
        ("after:2026-02-01T00:00Z", "b"),
        ("before:2026-02-01T00:00Z", "a"),
        ("after:2026-01-01 before:2026-12-31 user", "ab"),
    ],
)
def test_what_a_filter_finds(text: str, tokens: str) -> None:
    assert "".join(passing(text)) == tokens


@pytest.mark.parametrize("text", ["", "   ", "\t"])
def test_a_blank_filter_is_none(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "position", "word"),
    [
        ('a "b', 2, "not closed"),
        ('""', 0, "nothing"),
        ("user:", 5, "missing"),
        ("a usr:x", 2, "usr:"),
        ("after:yesterday", 6, "2026-02-01"),
        ("after:2026-02-30", 6, "2026-02-01"),
        ("before:20260201", 7, "2026-02-01"),
        ('ab"c', 2, "quote"),
        ("x" * 1001, 1000, "longer"),
    ],
)
def test_a_mistake_is_said_with_its_place(text: str, position: int, word: str) -> None:
    with pytest.raises(FilterSyntaxError) as caught:
        parse(text)
    assert caught.value.position == position
    assert word in caught.value.detail


def test_equal_filters_are_equal() -> None:
    assert parse(" user:x ") == parse("user:x")
    assert parse("user:x") != parse("user:y")


# SQLite's LIKE ends at a NUL; no text of a person holds one.
TEXTS = st.text(st.sampled_from('abAB01äÄ李%_\\" :é-'), max_size=6)
WORDS = st.text(st.sampled_from("abAB01äÄ李%_\\é-"), min_size=1, max_size=3)
TERMS = st.builds(
    lambda field, word: f'{field}"{word}"', st.sampled_from(["", "user:", "data:", "token:"]), WORDS
)


@given(
    st.lists(st.builds(Face, TEXTS, TEXTS, TEXTS, st.none() | st.integers(0, 10**13)), max_size=8),
    st.lists(TERMS | st.just("after:2001-01-01") | st.just("before:2030-05-05"), min_size=1),
)
def test_sql_and_python_agree(faces: list[Face], terms: list[str]) -> None:
    query = parse(" ".join(terms[:4]))
    assert query is not None
    store = FaceStore()
    try:
        store.add(1, faces)
        found = list(store.hits(query, 1, len(faces) + 1))
    finally:
        store.close()
    assert found == [p for p, face in enumerate(faces, 1) if query.matches(face)]


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_with_a_place_in_it(text: str) -> None:
    place: int | None = None
    query: Query | None = None
    try:
        query = parse(text)
    except FilterSyntaxError as error:
        place = error.position
    assert (query is None) or (place is None)
    assert place is None or 0 <= place <= len(text)
