"""The fast road for pages of faces: it gives what the usual one gives, or leaves it alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fs_tui.api import wire
from fs_tui.api.pages import read_page
from fs_tui.errors import ProtocolError

_ADDED = 1769739690208

_ROW = {
    "face_token": "9eab9fe14a402295fb78409a81abfc3c",
    "user_id": "user_01",
    "user_data": "Test user",
    "add_time": _ADDED,
}

_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
_times = (
    st.none()
    | st.integers()
    | st.integers(0, 2_000_000_000_000)
    | st.integers(0, 2_000_000_000_000).map(str)
    | st.datetimes().map(str)
    | _values
)
_texts = st.text() | st.none() | _values
_rows = st.dictionaries(st.text(), _values, max_size=2).flatmap(
    lambda more: st.fixed_dictionaries(
        {"face_token": st.text(min_size=1) | _texts},
        optional={"user_id": _texts, "user_data": _texts, "add_time": _times},
    ).map(lambda row: {**more, **row})
)
_pages = st.fixed_dictionaries(
    {"face_tokens": st.lists(_rows, max_size=4)},
    optional={
        "request_id": _texts,
        "time_used": st.integers() | _values,
        "next": st.integers() | st.integers().map(str) | _values,
        "error": st.none() | _values,
        "error_message": st.none() | _values,
        "x": _values,
    },
)

_JUNK = st.lists(
    st.sampled_from(
        [
            *'"[]{}:, \\\n\t\x01\x7f',
            *('"a"', "1", "01", "-", "-0", "1.", ".5", "1e", "1e5", "1e999", "9" * 400, "9" * 5000),
            *("NaN", "-Infinity", "tru", "true", "null", "+1", "1_0", "0x1", "//", "'a'"),
            *("\\ud800", "\\udc00\\ud83d\\ude00", "\\x", "\\u00", "é", "\ufeff", "\xa0"),
        ]
    ),
    max_size=5,
).map("".join)

_PLACES = st.sampled_from(
    [
        '{"face_tokens": [], "x": JUNK}',
        '{"face_tokens": [{"face_token": "t", "x": JUNK}]}',
        '{"face_tokens": [{"face_token": "t", "user_id": JUNK}]}',
        '{"face_tokens": [{"face_token": "t", "add_time": JUNK}]}',
        '{"face_tokens": [], "request_id": JUNK}',
        '{"face_tokens": [], "next": JUNK}',
        '{"face_tokens": [], "error": JUNK}',
        '{"face_tokens": JUNK}',
        '{"face_tokens": []} JUNK',
    ]
)


def _check_same(body: bytes) -> bool:
    """Whether the fast road takes a body; it gives what the usual one gives then."""
    fast = read_page(body)
    if fast is None:
        return False
    usual = wire.read_object(body)
    assert wire.error_code(usual) == ""
    assert wire.optional_text(fast["request_id"]) == wire.optional_text(usual.get("request_id"))
    assert wire.optional_number(fast["time_used"]) == wire.optional_number(usual.get("time_used"))
    assert _faces(fast) == _faces(usual)
    return True


def _faces(answer: wire.Object) -> object:
    try:
        return wire.faces(answer)
    except ProtocolError as error:
        return str(error)


@given(page=_pages, escaped=st.booleans())
def test_the_fast_road_gives_what_the_usual_one_gives(
    page: dict[str, Any], *, escaped: bool
) -> None:
    body = json.dumps(page, ensure_ascii=escaped).encode()
    _check_same(body)


@settings(max_examples=300)
@given(junk=_JUNK, place=_PLACES)
def test_the_fast_road_takes_nothing_that_the_usual_one_refuses(junk: str, place: str) -> None:
    _check_same(place.replace("JUNK", junk).encode())


@pytest.mark.parametrize(
    "row",
    [
        _ROW,
        {"face_token": "t"},
        {**_ROW, "user_id": None, "user_data": None, "add_time": None},
        {**_ROW, "add_time": str(_ADDED)},
        {**_ROW, "add_time": "2026-01-30T10:21:30.208+08:00"},
        {**_ROW, "add_time": 10**15},
        {**_ROW, "score": 0.5, "box": [1, 2]},
        {**_ROW, "user_data": 'é "\\ud83d\\ude00" \n'},
    ],
)
def test_what_services_really_send_takes_the_fast_road(row: dict[str, Any]) -> None:
    page = {"face_tokens": [row] * 3, "request_id": "1,a", "time_used": 3, "extra": {"a": [None]}}
    for following in ({}, {"next": 4}, {"next": "4"}, {"next": None}):
        assert _check_same(json.dumps(page | following).encode())


@pytest.mark.parametrize(
    "body",
    [
        b'{"face_tokens": [], "error": "X"}',
        b'{"face_tokens": [], "error_message": "X"}',
        b'{"face_tokens": [], "x": "\xff"}',
        b'\xef\xbb\xbf{"face_tokens": []}',
        b'{"face_tokens": [{"face_token": ""}]}',
        b'{"face_tokens": [{}]}',
        b'{"face_tokens": [{"face_token": "\\ud800"}]}',
        b'{"face_tokens": [{"face_token": 7}]}',
        b'{"face_tokens": [{"face_token": "t", "add_time": true}]}',
        b'{"face_tokens": [], "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"face_tokens": []} x',
        b'{"info": {}}',
        b"",
    ],
)
def test_what_is_not_such_a_page_is_left_to_the_usual_way(body: bytes) -> None:
    assert read_page(body) is None
