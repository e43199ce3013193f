"""Each endpoint's answer by its shape, and every trap of shared/API.md, section 4."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_tui.api import wire
from fs_tui.api.times import milliseconds
from fs_tui.errors import ProtocolError
from fs_tui.models import Face, Library

_ADDED = 1769739690208

_ROW = {
    "face_token": "9eab9fe14a402295fb78409a81abfc3c",
    "user_id": "user_01",
    "user_data": "Test user",
    "add_time": _ADDED,
}

_FACE = Face("9eab9fe14a402295fb78409a81abfc3c", "user_01", "Test user", _ADDED)

_DETAILS = {
    "group_id": "YuanliStudent_test_01",
    "group_name": "MegviiInternLibrary_01",
    "group_data": "Megvii intern face library for storing face information",
    "model_version": "s21",
    "add_time": "2026-02-05T11:17:45+08:00",
}

_LIBRARY = Library(
    "YuanliStudent_test_01",
    "MegviiInternLibrary_01",
    "Megvii intern face library for storing face information",
    "s21",
    datetime(2026, 2, 5, 3, 17, 45, tzinfo=UTC),
)


_PADDING = b" " * 65_536
"""Makes an answer long enough for the other parser."""


def read(value: Any) -> wire.Object:
    """Send a value the way the service does."""
    return wire.read_object(json.dumps(value).encode())


def test_details_nest_under_info() -> None:
    assert wire.library(read({"request_id": "1,a", "info": _DETAILS})) == _LIBRARY


def test_one_face_nests_under_info() -> None:
    assert wire.face(read({"info": _ROW})) == _FACE


def test_libraries_are_group_infos() -> None:
    assert wire.libraries(read({"group_infos": [_DETAILS]})) == (_LIBRARY,)
    assert wire.libraries(read({"group_infos": []})) == ()


def test_faces_are_face_tokens_an_array_of_objects() -> None:
    assert wire.faces(read({"face_tokens": [_ROW, _ROW]})) == ((_FACE, _FACE), None)
    assert wire.faces(read({"face_tokens": []})) == ((), None)


def test_create_answers_flat_and_without_add_time() -> None:
    flat = {key: value for key, value in _DETAILS.items() if key != "add_time"}
    made = wire.created(read({"request_id": "1,a", "time_used": 127, **flat}))
    assert made.group_id == _LIBRARY.group_id
    assert made.add_time is None


@pytest.mark.parametrize(
    ("decode", "container"),
    [
        (wire.libraries, "group_infos"),
        (wire.library, "info"),
        (wire.faces, "face_tokens"),
        (wire.face, "info"),
        (wire.created, "group_id"),
    ],
)
def test_a_missing_container_is_a_protocol_error_and_never_an_empty_result(
    decode: Any, container: str
) -> None:
    with pytest.raises(ProtocolError, match=container):
        decode(read({"request_id": "1,a", "time_used": 3}))


@pytest.mark.parametrize("wrong", [None, "text", 7, True, {"a": 1}, [1], ["x"], [None], [[]]])
@pytest.mark.parametrize(
    ("decode", "container"), [(wire.libraries, "group_infos"), (wire.faces, "face_tokens")]
)
def test_a_list_that_is_not_a_list_of_objects_is_a_protocol_error(
    decode: Any, container: str, wrong: Any
) -> None:
    with pytest.raises(ProtocolError, match=container):
        decode(read({container: wrong}))


@pytest.mark.parametrize("wrong", [None, "text", 7, False, [], [_ROW]])
@pytest.mark.parametrize("decode", [wire.library, wire.face])
def test_an_info_that_is_not_an_object_is_a_protocol_error(decode: Any, wrong: Any) -> None:
    with pytest.raises(ProtocolError, match="info"):
        decode(read({"info": wrong}))


def test_unknown_fields_are_ignored_and_optional_ones_may_be_missing() -> None:
    assert wire.faces(read({"face_tokens": [{**_ROW, "score": 0.5}], "extra": []}))[0] == (_FACE,)
    assert wire.faces(read({"face_tokens": [{"face_token": "t"}]}))[0] == (Face("t"),)
    assert wire.libraries(read({"group_infos": [{"group_id": "g"}]})) == (Library("g"),)


@pytest.mark.parametrize("token", [{}, {"face_token": None}, {"face_token": ""}])
def test_a_face_without_a_token_is_a_protocol_error(token: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError, match="face_token"):
        wire.faces(read({"face_tokens": [{"user_id": "u", **token}]}))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (13800138000, "13800138000"),
        (None, ""),
        (True, "true"),
        (1.5, "1.5"),
        ({"a": 1}, '{"a": 1}'),
    ],
)
def test_what_is_no_text_where_text_is_documented_is_taken_as_text(
    given: Any, expected: str
) -> None:
    row = {**_ROW, "user_id": given, "user_data": given}
    (found,), _ = wire.faces(read({"face_tokens": [row]}))
    assert (found.user_id, found.user_data) == (expected, expected)
    assert wire.library(read({"info": {**_DETAILS, "group_name": given}})).group_name == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (_ADDED, _ADDED),
        (float(_ADDED), _ADDED),
        (str(_ADDED), _ADDED),
        ("2026-01-30T10:21:30.208+08:00", _ADDED),
        ("2026-01-30T02:21:30.208Z", _ADDED),
        ("2026-01-30T02:21:30.208", _ADDED),  # without an offset: UTC
        ("2026-01-30 02:21:30.208", _ADDED),
        (0, 0),
        (-1, -1),
        (None, None),
        ("", None),
        ("yesterday", None),
        (True, None),
        ([], None),
        (10**30, None),
        (-(10**30), None),
        ("9" * 5000, None),
        ("9999-12-31T23:59:59-14:00", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_add_time_is_read_in_all_its_forms(given: object, expected: int | None) -> None:
    assert milliseconds(given) == expected
    assert wire.face(read({"info": {**_ROW, "add_time": given}})).added_ms == expected
    (listed,), _ = wire.faces(read({"face_tokens": [{**_ROW, "add_time": given}]}))
    assert listed.added_ms == expected
    added = wire.library(read({"info": {**_DETAILS, "add_time": given}})).add_time
    assert (added is None) == (expected is None)
    if added is not None:
        assert added.tzinfo is not None
        assert added == listed.add_time


def test_a_time_without_an_offset_is_utc_wherever_this_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as there:
        there.setenv("TZ", "Asia/Singapore")
        time.tzset()
        assert milliseconds("2026-01-30T02:21:30.208") == _ADDED
    time.tzset()


@pytest.mark.parametrize("zone", ["+14:00", "-12:00"])
def test_every_time_that_is_accepted_can_be_shown_in_every_zone(zone: str) -> None:
    offset = datetime.fromisoformat(f"2026-01-01T00:00:00{zone}").tzinfo
    for edge in (-62_000_000_000_000 + 1, 253_000_000_000_000 - 1):
        face = Face("t", added_ms=milliseconds(edge))
        assert face.add_time is not None
        assert face.add_time.astimezone(offset).year in {5, 9986, 9987}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        *((101, 101), ("101", 101), (101.0, 101), (None, None), ("", None), (0, 0), (-5, -5)),
        (2**53 - 1, 2**53 - 1),
    ],
)
def test_next_is_taken_as_number_or_numeric_text_and_may_be_absent(
    given: Any, expected: int | None
) -> None:
    assert wire.faces(read({"face_tokens": [], "next": given}))[1] == expected


@pytest.mark.parametrize(
    "wrong", ["soon", True, 1.5, [], {}, 2**53, -(2**53), 1e300, "9" * 4000, "9" * 5000]
)
def test_a_next_that_is_no_whole_number_is_a_protocol_error(wrong: Any) -> None:
    with pytest.raises(ProtocolError, match="next"):
        wire.faces(read({"face_tokens": [], "next": wrong}))


def test_a_next_that_no_reader_of_json_agrees_on_is_a_protocol_error() -> None:
    with pytest.raises(ProtocolError, match="next"):
        wire.faces(wire.read_object(b'{"face_tokens": [], "next": 1e999}'))


def test_what_is_nested_too_deeply_to_be_a_text_is_a_protocol_error() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ProtocolError, match="deeply"):
        wire.optional_text(deep)


@pytest.mark.parametrize("empty", ["", None])
def test_a_whole_row_without_a_token_is_a_protocol_error_too(empty: str | None) -> None:
    with pytest.raises(ProtocolError, match="face_token"):
        wire.faces(read({"face_tokens": [_ROW, {**_ROW, "face_token": empty}]}))


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"error": "GROUP_EXIST"}, "GROUP_EXIST"),
        ({"error_message": "GROUP_EXIST"}, "GROUP_EXIST"),
        ({"error_message": "OLD: x", "error": "NEW: y"}, "NEW: y"),
        ({"error": None, "error_message": "X: y"}, "X: y"),
        ({"error": ""}, ""),
        ({"error": 17}, "17"),
        ({"error": {"code": 1}}, '{"code": 1}'),
        ({"info": {}}, ""),
    ],
)
def test_the_error_code_has_two_spellings_and_need_not_be_text(
    answer: dict[str, Any], code: str
) -> None:
    assert wire.error_code(read(answer)) == code


@pytest.mark.parametrize("padding", [b"", _PADDING], ids=["short", "long"])
@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"<!DOCTYPE html><html></html>", "HTML"),
        (b"<html><body>502</body></html>", "HTML"),
        (b"Request Entity Too Large", "plain text"),
        (b'{"request_id": "1,a", "face_tok', "cut off"),
        (b'{"info": {}} trailing', "damaged"),
        (b"[]", "a list"),
        (b'"text"', "a text"),
        (b"7", "a number"),
        (b"true", "a boolean"),
        (b"null", "null"),
        (b'{"add_time": NaN}', "not JSON"),
        (b'{"a": "\xff\xfe"}', "UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "UTF-8"),
        (b"[" * 100_000, "deeply"),
        (b'{"a":' * 100_000, "deeply"),
    ],
)
def test_what_is_no_json_object_is_a_protocol_error(body: bytes, says: str, padding: bytes) -> None:
    with pytest.raises(ProtocolError) as caught:
        wire.read_object(body + padding)
    assert says in str(caught.value)


def test_a_protocol_error_holds_nothing_of_the_answer() -> None:
    """The answer may be about people, and a JSONDecodeError carries all of it."""
    with pytest.raises(ProtocolError) as caught:
        wire.read_object(b'{"user_id": "13800138000", ')
    assert "13800138000" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_number_that_is_too_long_for_python_is_its_digits() -> None:
    """It is no reason to refuse the rest of an answer."""
    digits = "9" * 5_000
    row = (
        f'{{"face_token": "t", "user_id": {digits}, "user_data": -{digits}, "add_time": {digits}}}'
    )
    body = f'{{"face_tokens": [{row}], "x": [{digits}]}}'.encode()
    for padding in (b"", _PADDING):
        (found,), _ = wire.faces(wire.read_object(body + padding))
        assert found == Face("t", digits, f"-{digits}", None)
    assert wire.read_object(b'{"a": ' + b"9" * 4_300 + b"}")["a"] == 10**4_300 - 1


_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(answer=st.dictionaries(st.text(), _values), escaped=st.booleans())
def test_a_long_answer_is_read_like_a_short_one(answer: dict[str, Any], *, escaped: bool) -> None:
    """The fast road for pages, see test_pages, leaves it alone."""
    body = json.dumps(answer, ensure_ascii=escaped).encode()
    assert repr(wire.read_object(body + _PADDING)) == repr(wire.read_object(body))


@pytest.mark.parametrize("padding", [b"", _PADDING], ids=["short", "long"])
def test_a_byte_order_mark_is_no_reason_to_refuse(padding: bytes) -> None:
    assert wire.read_object(b'\xef\xbb\xbf{"a": 1}' + padding) == {"a": 1}


@pytest.mark.parametrize("padding", [b"", _PADDING], ids=["short", "long"])
def test_half_a_surrogate_pair_becomes_a_replacement_character(padding: bytes) -> None:
    """It can neither be stored, nor printed, nor sent back."""
    row = rb'{"face_token": "t", "user_id": "a\ud800b\uDFFF", "user_data": "\ud83d\ude00"}'
    ((found,), _) = wire.faces(wire.read_object(b'{"face_tokens": [' + row + b"]}" + padding))
    assert found.user_id == "a\ufffdb\ufffd"
    assert found.user_data == "\N{GRINNING FACE}"
    assert found.user_id.encode()


@pytest.mark.parametrize(
    ("given", "expected"),
    [(159, 159), ("159", 159), (1.9, 1), (None, None), ("fast", None), (True, None), (1e300, None)],
)
def test_time_used_may_be_missing_or_text(given: Any, expected: int | None) -> None:
    assert wire.optional_number(read({"time_used": given})["time_used"]) == expected


def test_request_id_may_be_missing() -> None:
    assert wire.optional_text(None) is None
    assert wire.optional_text("") is None
    assert wire.optional_text("1772530321,13109482") == "1772530321,13109482"
