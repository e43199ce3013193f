"""Files of ids are read as they are found, and what cannot be read is named with its place."""

from __future__ import annotations

import io
import json
import os
import sys
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_tui.account import id_files
from fs_tui.account.id_files import FileRow, read_lines, read_rows
from fs_tui.errors import FileError

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "9eab9fe14a402295fb78409a81abfc3c"


def rows(path: Path, content: str | bytes, key: str = "user_id") -> list[FileRow]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_rows(str(path), key))


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_each_format_is_read_with_and_without_a_bom_and_with_either_line_end(
    tmp_path: Path, start: bytes, end: str
) -> None:
    face = {"face_token": TOKEN, "user_id": 'a "b", c', "add_time": "2026-01-27T06:19:01.000Z"}
    wanted = [FileRow(TOKEN, 'a "b", c', None, 1_769_494_741_000)]
    line = json.dumps(face)
    table = end.join(
        ["face_token,user_id,add_time", f'{TOKEN},"a ""b"", c",{face["add_time"]}', ""]
    )
    assert rows(tmp_path / "a.jsonl", start + f"{line}{end}{end}".encode()) == wanted
    assert rows(tmp_path / "a.json", start + f"[{line}]{end}".encode()) == wanted
    assert rows(tmp_path / "a.csv", start + table.encode()) == wanted
    ids = start + f"one{end}two words{end}{end}".encode()
    assert rows(tmp_path / "a.txt", ids) == [FileRow(user_id="one"), FileRow(user_id="two words")]


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ('{"user_id": "x"}\n', FileRow(user_id="x")),
        ('[{"user_id": "x"}]', FileRow(user_id="x")),
        ("user_id,other\nx,1\n", FileRow(user_id="x")),
        ('"user_id"\r\nx\r\n', FileRow(user_id="x")),
        ("x\n", FileRow(user_id="x")),
    ],
)
def test_without_a_known_suffix_the_content_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, wanted: FileRow
) -> None:
    assert rows(tmp_path / "ids", content) == [wanted]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
    assert list(read_rows("-", "user_id")) == [wanted]


def test_the_apostrophe_of_our_csv_files_is_taken_off(tmp_path: Path) -> None:
    table = "user_id\r\n'+6580000001\r\n''=1\r\n'quoted'\r\n"
    found = [row.user_id for row in rows(tmp_path / "a.csv", table)]
    assert found == ["+6580000001", "'=1", "'quoted'"]


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.jsonl", "a.txt", "none"])
def test_a_file_with_nothing_in_it_has_no_rows(tmp_path: Path, name: str) -> None:
    assert rows(tmp_path / name, "") == []


def test_numbers_are_ids_too_and_times_may_be_milliseconds(tmp_path: Path) -> None:
    assert rows(tmp_path / "a.jsonl", '{"user_id": 17, "add_time": 1769739690208}') == [
        FileRow(user_id="17", added_ms=1_769_739_690_208)
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "name,phone\nx,1\n", "no column 'user_id'; it has 'name', 'phone'"),
        ("a.csv", "user_id,b,user_id\nx,,y\n", "line 1: the column 'user_id' stands there twice"),
        ("a.csv", "user_id,b\nx\n", "line 2: 1 cells where the first line has 2"),
        ("a.csv", 'user_id\n"x', "cannot be read"),
        ("a.csv", "user_id,add_time\nx,soon\n", "line 2: add_time is not a time"),
        ("a.csv", "user_id,add_time\nx,2026-01-27T06:19:01\n", "line 2: add_time has no offset"),
        ("a.jsonl", '{"user_id": "x"}\n{"user": "y"}\n', "line 2 has no column 'user_id'"),
        ("a.jsonl", '{"user_id": "x"}\n{"user_id": \n', "cannot be read after line 2"),
        ("a.jsonl", '{"user_id": ["x"]}\n', "line 1: user_id is not a text"),
        ("a.jsonl", "17\n", "line 1: this is not a JSON object"),
        ("a.jsonl", "[" * 50_000, "cannot be read"),
        ("a.jsonl", '{"user_id": "x", "add_time": ' + "9" * 6_000 + "}", "add_time is not a time"),
        ("a.json", '{"user_id": "x"}', "holds no JSON array"),
        ("a.csv", "user_id,faces\nx,some\n", "line 2: faces is not a number"),
        ("a.csv", "user_id,faces,last_added\nx,1,some\n", "line 2: last_added is not a time"),
        ("a.json", '[{"user_id": "x"}', "after line 1: a ',' or ']' is missing"),
        ("a.json", '[{"user_id": "x"} {"user_id": "y"}]', "after line 1: a ',' or ']' is missing"),
        ("a.json", '[{"user_id": "x"},]', "after line 1: Expecting value"),
        ("a.json", '[{"user_id": "x"}] {}', "after line 1: something follows the array"),
        ("a.json", '[{"user_id": "x"}, {"user_id": ', "after line 1: Expecting value"),
        ("a.json", '[{"user_id": "x"}, 12345', "line 2: this is not a JSON object"),
        ("a.jsonl", '{"user_id": "x", "add_time": 9223372036854775808}', "add_time is not a time"),
        ("a.txt", b"x\n\xff\n", "is not UTF-8 text"),
        ("a.csv", b"user_id\n\xff\n", "is not UTF-8 text"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(
    tmp_path: Path, name: str, content: str | bytes, said: str
) -> None:
    with pytest.raises(FileError) as caught:
        rows(tmp_path / name, content)
    assert said in str(caught.value)
    assert caught.value.hint


def test_a_column_that_is_missing_names_what_to_compare_by_instead(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        rows(tmp_path / "a.csv", f"face_token\n{TOKEN}\n")
    assert "--by face_token" in caught.value.hint


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_what_is_no_file_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        list(read_rows(os.path.join(tmp_path, name), "user_id"))  # noqa: PTH118  as it is typed


def test_a_million_lines_are_read_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_text("".join(f"user_{number:07}\n" for number in range(1_000_000)))
    reading = read_rows(str(path), "user_id")
    assert next(reading).user_id == "user_0000000"
    assert sum(1 for _ in reading) == 999_999


def test_lines_come_with_their_numbers_and_without_their_ends(tmp_path: Path) -> None:
    file = tmp_path / "lines.csv"
    file.write_bytes(b"\xef\xbb\xbfuser:=a, b\r\n\r\n  \ndewi ")
    assert list(read_lines(str(file))) == [(1, "user:=a, b"), (4, "dewi ")]
    file.write_bytes(b"dewi\n\xff")
    with pytest.raises(FileError, match="is not UTF-8 text"):
        list(read_lines(str(file)))


def test_standard_input_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    buffered = io.BufferedReader(io.BytesIO(b"dewi\n"))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(buffered))
    assert list(read_lines("-")) == [(1, "dewi")]
    assert not sys.stdin.isatty()


@given(
    items=st.lists(st.dictionaries(st.sampled_from(["user_id", "note"]), st.text()), max_size=6),
    indent=st.sampled_from([None, 2]),
    part=st.integers(1, 9),
)
def test_a_json_array_is_read_in_parts_of_any_size(
    items: list[dict[str, str]], indent: int | None, part: int
) -> None:
    wanted = [{"user_id": "x", **item} for item in items]
    text = io.StringIO(json.dumps(wanted, indent=indent))
    with patch.object(id_files, "_PART", part):
        assert list(id_files._items(text, id_files._Place("file"))) == wanted
