"""Exports: what the formats look like, and files that appear whole or not at all."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import stat
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_tui.errors import FileError, IncompleteError
from fs_tui.faces.export import (
    FIELDS,
    CsvEncoder,
    Format,
    JsonEncoder,
    JsonLinesEncoder,
    Scope,
    export,
    face_record,
    suggested_stem,
)
from fs_tui.faces.status import LoadedFace
from fs_tui.models import Face

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

FACE = Face("token", "user", 'said "hi", left', 1_769_739_690_208)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
FACES = st.builds(Face, TEXTS, TEXTS, TEXTS, st.none() | st.integers(0, 4 * 10**12))


async def chunks(*sizes: int, then: Exception | None = None) -> AsyncIterator[Sequence[LoadedFace]]:
    position = 1
    for size in sizes:
        yield [LoadedFace(p, Face(f"t{p}")) for p in range(position, position + size)]
        position += size
    if then is not None:
        raise then


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_csv_is_rfc_4180_with_the_api_names_and_utc() -> None:
    encoder = CsvEncoder()
    assert encoder.head() == "face_token,user_id,user_data,add_time\r\n"
    assert encoder.rows([FACE]) == 'token,user,"said ""hi"", left",2026-01-30T02:21:30.208Z\r\n'


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-1", "@sum", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_run_is_quoted_in_files_and_raw_in_pipes(cell: str) -> None:
    face = Face("token", cell)
    fields = ("user_id",)
    files = list(csv.reader(io.StringIO(CsvEncoder(fields).rows([face]), newline="")))
    pipes = list(csv.reader(io.StringIO(CsvEncoder(fields, guard=False).rows([face]), newline="")))
    assert files == [[f"'{cell}"]]
    assert pipes == [[cell]]


@given(st.lists(FACES, max_size=5))
def test_every_csv_reader_gets_the_raw_values_back(faces: list[Face]) -> None:
    text = CsvEncoder(guard=False).rows(faces)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows == [[value or "" for value in face_record(face).values()] for face in faces]


@given(st.lists(FACES, max_size=5))
def test_json_lines_hold_one_raw_object_a_line_whatever_is_in_it(faces: list[Face]) -> None:
    lines = JsonLinesEncoder().rows(faces).splitlines()
    assert [json.loads(line) for line in lines] == [face_record(face) for face in faces]


@given(st.lists(st.lists(FACES, max_size=3), max_size=3))
def test_a_json_document_is_one_array(portions: list[list[Face]]) -> None:
    encoder = JsonEncoder()
    text = encoder.head() + "".join(map(encoder.rows, portions)) + encoder.foot()
    assert json.loads(text) == [face_record(face) for faces in portions for face in faces]


def test_a_missing_time_is_empty_in_csv_and_null_in_json() -> None:
    face = Face("token")
    assert CsvEncoder().rows([face]) == "token,,,\r\n"
    assert json.loads(JsonLinesEncoder().rows([face]))["add_time"] is None


def test_a_time_that_no_calendar_holds_is_null() -> None:
    assert face_record(Face("token", added_ms=10**18), ("add_time",)) == {"add_time": None}


async def test_a_file_appears_whole_with_its_rows_and_for_its_owner_only(tmp_path: Path) -> None:
    path, told = tmp_path / "faces.csv", list[int]()
    result = await export(chunks(2, 3), path, Format.CSV, progress=told.append)
    assert (result.path, result.rows, result.whole, result.error) == (path, 5, True, None)
    assert told == [2, 5]
    assert len(path.read_bytes().splitlines()) == 6
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names(tmp_path) == ["faces.csv"]


async def test_a_failed_export_leaves_whole_rows_in_a_partial_file(tmp_path: Path) -> None:
    path, error = tmp_path / "faces.jsonl", IncompleteError("no further than face 3")
    result = await export(chunks(3, then=error), path, Format.JSONL)
    assert (result.rows, result.whole, result.error) == (3, False, error)
    assert names(tmp_path) == ["faces.jsonl.partial"]
    assert len(result.path.read_text().splitlines()) == 3


async def test_a_stopped_export_leaves_a_partial_file(tmp_path: Path) -> None:
    path = tmp_path / "faces.csv"
    result = await export(chunks(3, 3), path, Format.CSV, stop=lambda: True)
    assert (result.rows, result.whole) == (3, False)
    assert names(tmp_path) == ["faces.csv.partial"]


async def test_a_cancelled_export_leaves_a_partial_file(tmp_path: Path) -> None:
    gate, written = asyncio.Event(), asyncio.Event()

    async def source() -> AsyncIterator[Sequence[LoadedFace]]:
        yield [LoadedFace(1, FACE)]
        written.set()
        await gate.wait()

    task = asyncio.create_task(export(source(), tmp_path / "faces.csv", Format.CSV))
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert names(tmp_path) == ["faces.csv.partial"]


async def test_an_existing_file_is_replaced_only_when_agreed(tmp_path: Path) -> None:
    path = tmp_path / "faces.csv"
    path.write_text("mine")
    with pytest.raises(FileError, match="exists already"):
        await export(chunks(1), path, Format.CSV)
    assert path.read_text() == "mine"
    assert (await export(chunks(1), path, Format.CSV, overwrite=True)).whole
    assert path.read_text() != "mine"


async def test_a_file_that_came_into_being_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "faces.csv"
    with pytest.raises(FileError, match="meanwhile"):
        await export(chunks(1), path, Format.CSV, progress=lambda _: path.touch())
    assert path.read_bytes() == b""
    assert (tmp_path / "faces.csv.partial").exists()


@pytest.mark.parametrize("overwrite", [False, True])
async def test_what_is_no_regular_file_is_never_replaced(tmp_path: Path, overwrite: bool) -> None:  # noqa: FBT001 - a parameter
    path = tmp_path / "faces.csv"
    os.mkfifo(path)
    with pytest.raises(FileError, match="not a regular file"):
        await export(chunks(1), path, Format.CSV, overwrite=overwrite)
    assert names(tmp_path) == ["faces.csv"]


async def test_a_pipe_that_came_into_being_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "faces.csv"
    with pytest.raises(FileError, match=r"not a regular file: see faces\.csv\.partial"):
        await export(
            chunks(1), path, Format.CSV, overwrite=True, progress=lambda _: os.mkfifo(path)
        )
    assert path.is_fifo()


@pytest.mark.parametrize("overwrite", [False, True])
async def test_a_name_that_cannot_be_looked_at_is_a_file_error(
    tmp_path: Path,
    overwrite: bool,  # noqa: FBT001 - a parameter
) -> None:
    with pytest.raises(FileError, match="File name too long"):
        await export(chunks(1), tmp_path / ("x" * 300), Format.CSV, overwrite=overwrite)


async def test_a_folder_that_is_not_there_is_a_file_error(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        await export(chunks(1), tmp_path / "nowhere" / "faces.csv", Format.CSV)


async def test_an_older_partial_link_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("precious")
    (tmp_path / "faces.csv.partial").symlink_to(other)
    assert (await export(chunks(1), tmp_path / "faces.csv", Format.CSV)).whole
    assert other.read_text() == "precious"


def test_a_suggested_name_does_not_hold_the_id() -> None:
    stem = suggested_stem("staff/../berlin", Scope.MARKED)
    assert "staff" not in stem
    assert "berlin" not in stem
    assert "/" not in stem
    assert "marked" in stem


def test_fields_are_chosen_and_ordered() -> None:
    assert FIELDS == ("face_token", "user_id", "user_data", "add_time")
    assert CsvEncoder(("user_id", "face_token")).rows([FACE]) == "user,token\r\n"
