"""Rows as text: what each format looks like, for whatever is in the rows."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fs_tui.models import FACE_FIELDS, LIBRARY_FIELDS, Face, FaceRows, Library
from fs_tui.records import (
    CSV,
    FORMATS,
    JSON,
    JSONL,
    Field,
    Format,
    Kind,
    Tabs,
    behind_mask,
    document,
    record,
    unguarded,
)
from fs_tui.times import iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FACE = Face("token", "user", 'said "hi", left', 1_769_739_690_208)

SIGNS = st.characters() | st.sampled_from("\x1b\x7f\x9b\u202e\ud800\udcff\"',=+-@\r\n\t\0")
TEXTS = st.text(SIGNS, max_size=20)
FACES = st.builds(Face, TEXTS, TEXTS, TEXTS, st.none() | st.integers(-(10**15), 10**15))
PORTIONS = st.lists(st.lists(FACES, max_size=3), max_size=3)


def written(form: Format, rows: Sequence[object], fields: Sequence[Field] = FACE_FIELDS) -> str:
    encoder = form.encoder(fields)
    return (encoder.head() + encoder.rows(rows) + encoder.foot()).decode()


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_csv_is_rfc_4180_with_the_api_names_and_utc() -> None:
    assert written(CSV, [FACE]) == (
        "face_token,user_id,user_data,add_time\r\n"
        'token,user,"said ""hi"", left",2026-01-30T02:21:30.208Z\r\n'
    )


@given(st.lists(FACES, max_size=5))
def test_every_csv_reader_gets_the_raw_values_back(faces: list[Face]) -> None:
    expected = [
        ["" if value is None else str(value) for value in record(FACE_FIELDS, face).values()]
        for face in faces
    ]
    encoder = CSV.encoder(FACE_FIELDS)
    read = cells(encoder.rows(faces).decode(errors="surrogatepass"))
    assert read == [[_utf8(cell) for cell in row] for row in expected]
    guarded = cells(CSV.encoder(FACE_FIELDS, guard=True).rows(faces).decode())
    assert [[unguarded(cell) for cell in row] for row in guarded] == read
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows([[_utf8(cell) for cell in row] for row in expected])
    assert encoder.rows(faces).decode() == lines.getvalue()


def _utf8(text: str) -> str:
    """Halves of surrogate pairs are no text; they are written as their numbers."""
    return text.encode(errors="backslashreplace").decode()


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-1", "@sum", "\tx", "\rx", "'=1", "''@"])
def test_a_cell_that_a_spreadsheet_would_run_is_quoted_in_files_and_raw_in_pipes(cell: str) -> None:
    fields, face = FACE_FIELDS[1:2], [Face("token", cell)]
    assert cells(CSV.encoder(fields, guard=True).rows(face).decode()) == [[f"'{cell}"]]
    assert cells(CSV.encoder(fields).rows(face).decode()) == [[cell]]


def test_a_line_of_one_empty_cell_is_a_line_and_not_nothing() -> None:
    assert cells(written(CSV, [Face("a"), Face("b")], FACE_FIELDS[1:2])) == [
        ["user_id"],
        [""],
        [""],
    ]


@given(PORTIONS)
@example([[Face("a\x7f", "\x9b", "\u202e", None), Face("\ud800")]])
def test_json_lines_hold_one_raw_object_a_line_whatever_is_in_it(
    portions: list[list[Face]],
) -> None:
    encoder = JSONL.encoder(FACE_FIELDS)
    lines = b"".join(map(encoder.rows, portions)).decode().split("\n")
    faces = [face for faces in portions for face in faces]
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == [record(FACE_FIELDS, face) for face in faces]
    assert all(map(str.isprintable, lines))


@given(PORTIONS)
def test_a_json_document_is_one_array_with_the_lines_of_json_lines(
    portions: list[list[Face]],
) -> None:
    encoder = JSON.encoder(FACE_FIELDS)
    text = (encoder.head() + b"".join(map(encoder.rows, portions)) + encoder.foot()).decode()
    faces = [face for faces in portions for face in faces]
    assert json.loads(text) == [record(FACE_FIELDS, face) for face in faces]
    lines = [line.removesuffix(",") for line in text.splitlines()[1:-1]]
    assert lines == written(JSONL, faces).splitlines()


@given(st.lists(FACES, max_size=4))
def test_both_roads_of_json_write_the_same(faces: list[Face]) -> None:
    """What holds nothing odd is written as if an odd neighbour had sent it the other road."""
    odd = Face("\x7f")
    assert written(JSONL, [*faces, odd]).splitlines()[:-1] == [
        line for face in faces for line in written(JSONL, [face]).splitlines()
    ]


class Unmade(FaceRows):
    """Faces that nobody is to make."""

    def __iter__(self) -> Iterator[Face]:
        raise AssertionError("their columns are there")


@given(
    st.lists(FACES, min_size=1, max_size=4),
    st.sampled_from([FACE_FIELDS, behind_mask(FACE_FIELDS)]),
)
def test_rows_that_lie_in_columns_are_written_as_they_lie(
    faces: list[Face], fields: Sequence[Field]
) -> None:
    for form in FORMATS:
        assert written(form, Unmade.like(faces), fields) == written(form, faces, fields)


@given(st.lists(FACES, max_size=5))
def test_no_value_breaks_a_line_or_a_column_of_tabs(faces: list[Face]) -> None:
    lines = Tabs(FACE_FIELDS).rows(faces).decode().split("\n")
    assert [len(line.split("\t")) for line in lines] == [len(FACE_FIELDS)] * len(faces) + [1]


def test_a_missing_time_is_empty_in_csv_and_null_in_json() -> None:
    face = Face("token")
    assert cells(written(CSV, [face]))[1][-1] == ""
    assert json.loads(written(JSONL, [face]))["add_time"] is None


@pytest.mark.parametrize("beyond", [10**15, -(10**14), 10**30])
def test_a_time_that_no_calendar_holds_is_null(beyond: int) -> None:
    faces = [Face("token", added_ms=beyond), FACE]
    times = [json.loads(line)["add_time"] for line in written(JSONL, faces).splitlines()]
    assert times == [None, "2026-01-30T02:21:30.208Z"]


@given(
    st.datetimes(
        datetime(1, 1, 2),  # noqa: DTZ001 - the zone comes with `timezones`
        datetime(9999, 12, 30),  # noqa: DTZ001 - the same
        timezones=st.just(timezone(timedelta(hours=8))),
    )
)
def test_a_time_is_iso_8601_in_utc_to_the_millisecond_wherever_it_comes_from(
    moment: datetime,
) -> None:
    expected = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    number = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    library = Library("g", add_time=moment)
    assert iso(moment) == expected
    assert record(LIBRARY_FIELDS, library)["add_time"] == expected
    assert record(FACE_FIELDS, Face("t", added_ms=number))["add_time"] == expected


class Row(NamedTuple):
    """What no command has: every kind of field, and a row within the row."""

    side: str | None
    faces: int | None
    share: float
    words: tuple[str, ...]
    face: Face


OTHER_FIELDS = (
    Field("side"),
    Field("faces", kind=Kind.NUMBER),
    Field("share", kind=Kind.NUMBER),
    Field("words", kind=Kind.WORDS),
    Field("token", "face.face_token"),
    Field("first_added", "face.added_ms", Kind.TIME),
)


@pytest.mark.parametrize("odd", ["", "\x7f"])
def test_rows_of_any_type_are_written(odd: str) -> None:
    """Numbers and lists are JSON's own; a number that is below zero is no formula."""
    row = Row(None, -3, 0.5, ("a b", f"c{odd}"), FACE)
    expected: dict[str, Any] = {
        "side": None,
        "faces": -3,
        "share": 0.5,
        "words": ["a b", f"c{odd}"],
        "token": "token",
        "first_added": "2026-01-30T02:21:30.208Z",
    }
    huge = row._replace(faces=2**70)
    assert json.loads(written(JSONL, [row], OTHER_FIELDS)) == expected
    assert json.loads(written(JSONL, [huge], OTHER_FIELDS)) == expected | {"faces": 2**70}
    line = ["", "-3", "0.5", f"a b c{odd}", "token", "2026-01-30T02:21:30.208Z"]
    guarded = CSV.encoder(OTHER_FIELDS, guard=True).rows([row]).decode()
    assert cells(guarded) == [line]


def test_a_document_has_the_layout_of_rows() -> None:
    assert document([{"a": 1}, {"a": "é"}]) == '[\n{"a":1},\n{"a":"é"}\n]\n'
    assert document([]) == "[]\n"
    assert document({"a": "\x1b"}) == '{"a":"\\u001b"}\n'
    assert written(JSON, []) == document([])


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_is_written_for_no_rows_but_what_makes_it_whole(form: Format) -> None:
    encoder = form.encoder(FACE_FIELDS)
    assert encoder.rows([]) == b""


def test_every_field_that_tells_of_a_person_is_masked_in_whatever_row_it_stands() -> None:
    names = ["side", "face_token", "user_id", "user_id_a", "user_data_b", "faces_a", "add_time"]
    masked = [field.name for field in behind_mask(map(Field, names)) if field.mask]
    assert masked == ["face_token", "user_id", "user_id_a", "user_data_b"]
