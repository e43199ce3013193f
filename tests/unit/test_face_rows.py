"""Faces that are made when they are asked for are those that a tuple would hold."""

from __future__ import annotations

from fs_tui.models import Face, FaceRows

VALUES = [("a", "u1", "", 5), ("b", "", "data", None), ("c", "u3", "", 0)]
FACES = tuple(Face(*values) for values in VALUES)
COLUMNS = tuple(zip(*FACES, strict=True))


def test_rows_are_the_faces_of_their_columns() -> None:
    rows = FaceRows(COLUMNS)
    assert rows == FACES
    assert rows == FaceRows(list(map(list, COLUMNS)))
    assert rows != FACES[:2]
    assert (len(rows), list(rows), tuple(reversed(rows))) == (3, list(FACES), FACES[::-1])
    assert (rows[1], rows[-1].user_id) == (FACES[1], "u3")
    assert rows[1:] == FACES[1:]
    assert rows[:-1] == FACES[:2]
    assert all(type(face) is Face for face in (*rows, *rows[:], rows[0]))


def test_columns_are_had_from_rows_and_from_faces() -> None:
    assert FaceRows.columns_of(FaceRows(COLUMNS)) is COLUMNS
    assert FaceRows.columns_of(FACES) == COLUMNS


def test_a_part_that_is_the_whole_is_not_copied() -> None:
    rows = FaceRows(COLUMNS)
    assert rows[:] is rows
    assert rows[0:9] is rows
    assert rows[::-1] == FACES[::-1]


def test_faces_are_made_of_whatever_has_their_fields() -> None:
    assert FaceRows.like(FACES) == FACES
    assert len(FaceRows.like(FACES).columns) == len(Face._fields)
