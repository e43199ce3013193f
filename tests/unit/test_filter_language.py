"""The filter language, and that SQL and Python mean the same by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_tui.errors import FilterError
from fs_tui.faces.filter_language import parse
from fs_tui.faces.index.store import FaceStore
from fs_tui.faces.query import ANYWHERE, Term, Text
from fs_tui.models import Face

FACES = [
    Face("aaa111", "user_01", "Test user", 1_769_739_690_208),
    Face("bbb222", "USER_02", "test User ÄÖ", 1_770_000_000_000),
    Face("ccc333", "李雷", '100% _x_ \\ "back" | -x 00:38', None),
]


def passing(text: str) -> str:
    query = parse(text)
    assert query is not None
    return "".join(face.face_token[0] for face in FACES if query.matches(face))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("user", "ab"),
        ("USER", "b"),
        ("User", "b"),
        ("user:user", "ab"),
        ("USER:user", "ab"),
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
        ("00:38", "c"),
    ],
)
def test_words_are_looked_for_in_their_fields_and_all_of_them_are_met(
    text: str, tokens: str
) -> None:
    assert passing(text) == tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("user:=user_01", "a"),
        ("user:=user_0", ""),
        ("user:=USER_01", ""),
        ('data:="Test user"', "a"),
        ('data:="test user"', ""),
        ("token:=ccc333", "c"),
        ("=user_01", "a"),
        ("=ccc333", "c"),
        ('user:=""', ""),
        ('"="', ""),
    ],
)
def test_an_equals_sign_means_exactly(text: str, tokens: str) -> None:
    assert passing(text) == tokens


def test_faces_without_a_user_id_are_found_by_an_empty_text() -> None:
    query = parse('user:=""')
    assert query is not None
    assert query.matches(Face("a", "", "x"))
    assert not query.matches(FACES[0])


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("-user", "c"),
        ("user -user:01", "b"),
        ('-data:"test user"', "c"),
        ("-after:2000", "c"),
        ("-before:2000", "abc"),
        ("-user:=user_01", "bc"),
        ("-01|李", "b"),
        ('"-x"', "c"),
        ("data:-x", "c"),
        ("--x", "ab"),
    ],
)
def test_a_minus_excludes_a_word_with_all_its_choices(text: str, tokens: str) -> None:
    assert passing(text) == tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("01|李", "ac"),
        ("user:01|李|nobody", "ac"),
        ("user:test|data:100", "c"),
        ("data:100|user:02|01", "abc"),
        ("user:=user_01|USER_02|李", "ab"),
        ("user:=user_01|user:李", "ac"),
        ('"test user"|"|"', "abc"),
        ('data:"test user"|"_x_"', "abc"),
        ("after:2026-02-01T00:00Z|token:aaa", "ab"),
        ('"01|李"', ""),
    ],
)
def test_a_bar_is_either_and_a_choice_looks_where_the_one_before_it_does(
    text: str, tokens: str
) -> None:
    assert passing(text) == tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [('"""back"""', "c"), ('"|"', "c"), ('data:"| -x"', "c"), ('""""', "c"), ('"a""b"', "")],
)
def test_quotes_take_a_text_as_it_is_and_one_within_them_is_written_twice(
    text: str, tokens: str
) -> None:
    assert passing(text) == tokens


@pytest.mark.parametrize("text", ["", "   ", "\t"])
def test_a_blank_filter_is_none(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('a "b', "character 3 is not closed"),
        ('user:"b', "character 6 is not closed"),
        ('"b""', "character 1 is not closed"),
        ('""', "nothing between the quotes"),
        ('user:""', "nothing between the quotes"),
        ('ab"c', "character 3 is in the middle of a word"),
        ('"ab"c', "character 5 is in the middle of a word"),
        ("user:", "missing after user:"),
        ("user:=", "missing after user:="),
        ("user: x", "missing after user:"),
        ("=", "missing after ="),
        ("a -", "missing at character 4"),
        ("a|", "missing at character 3"),
        ("|a", "missing at character 1"),
        ("a||b", "missing at character 3"),
        ("a|-b", "- excludes a word with all its choices"),
        ("a usr:x", 'no field "usr:"; did you mean user:?'),
        ("aftr:2026", "did you mean after:?"),
        ("befor:2026", "did you mean before:?"),
        ("tokne:a", "did you mean token:?"),
        ("http://x", 'no field "http:"; quote the text'),
        ("after:", "missing after after:"),
        ("after:2026|x", '"x" is not a time'),
        ("after:=2026", 'takes no "="'),
        ("x" * 1001, "longer than 1,000"),
        ("user:\udcff", "bytes that are not text"),
    ],
)
def test_a_mistake_is_said_with_its_place(text: str, words: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert words in caught.value.detail


def test_equal_filters_are_equal() -> None:
    assert parse(" user:x ") == parse("user:x")
    assert parse("user:x") != parse("user:y")


def test_a_query_is_plain_data_that_shows_which_token_is_meant() -> None:
    token = "0123456789abcdef" * 2
    bare, named = parse(token), parse(f"token:={token}")
    assert bare is not None
    assert named is not None
    assert bare.terms == (Term((Text(ANYWHERE, token),)),)
    assert named.terms == (Term((Text(("face_token",), token, whole=True),)),)


SIGNS = st.sampled_from('abAB01äÄß\u017f李%_\\"| :=-é\0\ufffd\u00a0')
TEXTS = st.text(SIGNS, max_size=6)
QUOTED = st.text(SIGNS, min_size=1, max_size=3).map(
    lambda text: '"' + text.replace('"', '""') + '"'
)
CHOICES = st.builds(
    lambda field, equals, text: field + equals + text,
    st.sampled_from(["", "user:", "data:", "token:"]),
    st.sampled_from(["", "="]),
    QUOTED,
)
BOUNDS = st.builds(
    lambda bound, ms: f"{bound}:1970-01-01T00:00:00.{ms:03}Z",
    st.sampled_from(["after", "before"]),
    st.integers(0, 9),
)
TERMS = st.builds(
    lambda excluded, choices, bounds: excluded + "|".join(choices + bounds),
    st.sampled_from(["", "-"]),
    st.lists(CHOICES, min_size=1, max_size=2),
    st.lists(BOUNDS, max_size=2),
) | st.builds("{}{}".format, st.sampled_from(["", "-"]), BOUNDS)
ADDED = st.none() | st.integers(0, 9)
HEX_TOKENS = st.text(st.sampled_from("abAB01"), min_size=6, max_size=6)
FACE_LISTS = st.sampled_from([TEXTS, HEX_TOKENS]).flatmap(
    lambda tokens: st.lists(st.builds(Face, tokens, TEXTS, TEXTS, ADDED), max_size=8)
)


@given(
    FACE_LISTS,
    st.lists(TERMS, min_size=1, max_size=4),
)
def test_sql_and_python_agree(faces: list[Face], terms: list[str]) -> None:
    query = parse(" ".join(terms))
    assert query is not None
    store = FaceStore()
    try:
        store.add(1, faces)
        found = list(store.hits(query, 1, len(faces) + 1))
    finally:
        store.close()
    assert found == [p for p, face in enumerate(faces, 1) if query.matches(face)]


@pytest.mark.parametrize("text", ["abc", "ABC", "=x\0ABC", "-abc", '"\0"', '"x\0a"'])
def test_what_stands_behind_a_nul_is_found(text: str) -> None:
    """SQLite's LIKE ends there."""
    query, faces = parse(text), [Face("t", "x\0ABC"), Face("u", "abc"), Face("v", "d")]
    assert query is not None
    store = FaceStore()
    try:
        store.add(1, faces)
        found = list(store.hits(query, 1, 4))
    finally:
        store.close()
    assert found == [p for p, face in enumerate(faces, 1) if query.matches(face)]
    assert query.matches(faces[0]) is not text.startswith("-")


def test_a_token_of_other_signs_is_found_whenever_it_comes() -> None:
    """Texts that are no hexadecimal digits are not looked for in tokens that are."""
    query, store = parse("xyz"), FaceStore()
    assert query is not None
    try:
        store.add(1, [Face("ab01"), Face("cd23", "xyz")])
        assert list(store.hits(query, 1, 4)) == [2]
        store.add(3, [Face("vwxyz")])
        store.add(4, [Face("ab02")])
        assert list(store.hits(query, 1, 5)) == [2, 3]
    finally:
        store.close()


@pytest.mark.parametrize("separator", ["|", " ", " -"])
def test_the_longest_filter_is_no_more_than_the_database_takes(separator: str) -> None:
    query = parse(separator.join("a" for _ in range(1_000 // (len(separator) + 1))))
    assert query is not None
    store = FaceStore()
    try:
        store.add(1, FACES)
        assert list(store.hits(query, 1, 4)) == [
            p for p, face in enumerate(FACES, 1) if query.matches(face)
        ]
    finally:
        store.close()


@given(st.text(SIGNS, min_size=1, max_size=8))
def test_every_text_can_be_looked_for_in_quotes(text: str) -> None:
    query = parse('user:="' + text.replace('"', '""') + '"')
    assert query is not None
    assert query.matches(Face("a", text))
    assert not query.matches(Face("a", text + "x"))


@given(st.text(max_size=30) | st.text(st.sampled_from('userdatafo:="|- 20:T.Z+'), max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        query = parse(text)
    except FilterError as error:
        assert error.detail  # noqa: PT017 - most texts are read
    else:
        assert (query is None) is not bool(text.strip())


@pytest.mark.parametrize(
    ("typed", "field", "shown", "found"),
    [
        ("goh", "user_data", "Goh and Gohan", ["Goh", "Goh"]),
        ("Goh", "user_data", "goh", []),
        ("user:goh", "user_data", "Goh", []),
        ("-goh", "user_data", "Goh", []),
        ("goh|han", "user_data", "Gohan", ["Goh"]),
        ("user:=E31", "user_id", "E31", ["E31"]),
        ("user:=E31", "user_id", "E311", []),
        ("ö after:2025", "user_data", "Böröczky", ["ö", "ö"]),
    ],
)
def test_what_matched_is_found_where_it_is_shown(
    typed: str, field: str, shown: str, found: list[str]
) -> None:
    query = parse(typed)
    assert query is not None
    assert [shown[first:end] for first, end in query.spans(field, shown)] == found
