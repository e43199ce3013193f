"""The sandbox's faces: computed, sorted, findable, and the same at every start."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from collections import Counter

import pytest

from fs_tui.sandbox.population import CAMPUS, CITY, CLINIC, FaceSet, Population


@pytest.fixture(scope="module")
def population() -> Population:
    return Population()


@pytest.mark.parametrize("start", [1, 2_490, 100_000, 249_001])
def test_a_window_is_the_same_however_it_is_cut(population: Population, start: int) -> None:
    faces = population[CAMPUS]
    whole = faces.rows(start, 1000)
    assert [faces.rows(start + offset, 1)[0] for offset in range(0, 1000, 37)] == whole[::37]


def test_faces_are_sorted_by_time_and_their_tokens_differ(population: Population) -> None:
    rows = population[CAMPUS].rows(1, 250_000)
    times = [row[3] for row in rows]
    assert times == sorted(times)
    assert len({row[0] for row in rows}) == 250_000
    assert all(re.fullmatch("[0-9a-f]{32}", row[0]) for row in rows[:1000])


def test_enrolment_has_gaps_and_bursts(population: Population) -> None:
    times = [row[3] for row in population[CLINIC].rows(1, 2_500)]
    steps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert sum(step < 5_000 for step in steps) > 1_000
    assert sum(step > 3_600_000 for step in steps) > 20


def test_users_have_several_faces_and_names_of_several_scripts(population: Population) -> None:
    rows = population[CLINIC].rows(1, 2_500)
    faces_of = Counter(row[1] for row in rows)
    assert 1_000 < len(faces_of) < 2_000
    assert {1, 2, 3} <= set(faces_of.values())
    assert any("\u4e00" <= sign <= "\u9fff" for row in rows for sign in row[2])
    assert any(not row[2] for row in rows)


def test_a_token_leads_to_its_face(population: Population) -> None:
    for group_id, position in (
        (CLINIC, 1),
        (CAMPUS, 250_000),
        (CITY, 4_987_654),
        (CITY, 3_141_592),
    ):
        (row,) = population[group_id].rows(position, 1)
        assert population[group_id].find(row[0]) == row


def test_the_same_faces_at_every_start() -> None:
    code = (
        "from fs_tui.sandbox.population import *; p = Population();"
        "print([p[CITY].rows(n, 2) for n in (1, 2_000_000, 4_987_653)])"
    )
    here = Population()[CITY]
    there = subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert there.stdout.strip() == str([here.rows(n, 2) for n in (1, 2_000_000, 4_987_653)])


def test_a_deletion_shifts_every_later_position() -> None:
    faces = FaceSet(1, 50)
    whole = faces.rows(1, 50)
    gone = (0, 7, 8, 9, 30, 49)
    for index in (30, 8, 0, 49, 9, 7):
        assert faces.delete(whole[index][0])
    left = [row for index, row in enumerate(whole) if index not in gone]
    assert len(faces) == 44
    assert faces.rows(1, 1000) == left
    assert [faces.rows(position, 1) for position in range(1, 45)] == [[row] for row in left]
    assert faces.find(whole[8][0]) is None
    assert not faces.delete(whole[8][0])


def test_growth_adds_at_the_end() -> None:
    faces = FaceSet(1, 3)
    before = faces.rows(1, 10)
    faces.grow(4)
    assert faces.rows(1, 10)[:3] == before
    assert len(faces.rows(1, 10)) == len(faces) == 7


def test_a_forgotten_library_leaves_nothing_to_the_next_one() -> None:
    population = Population({"a": 5, "b": 5})
    token = population["b"].rows(1, 1)[0][0]
    population.forget("a")
    assert [library.group_id for library in population] == ["b"]
    assert population["b"].find(token)
