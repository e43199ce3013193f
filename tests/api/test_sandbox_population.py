"""The sandbox's faces: computed, sorted, findable, and the same at every start."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from collections import Counter, defaultdict
from random import Random

import pytest

from fs_tui.sandbox.faces import FaceRow, FaceSet, NewFace
from fs_tui.sandbox.people import TESTER
from fs_tui.sandbox.population import CAMPUS, CITY, CLINIC, LOBBY, PILOT, Population


@pytest.fixture(scope="module")
def population() -> Population:
    return Population()


def times_of(rows: list[FaceRow]) -> list[int]:
    return [row[3] for row in rows if row[3] is not None]


def times_by_user(rows: list[FaceRow]) -> dict[str, list[int]]:
    """The times of each person's faces; a face without a user id is nobody's."""
    times: dict[str, list[int]] = defaultdict(list)
    for _, user_id, _, time, *_ in rows:
        if user_id and time is not None:
            times[user_id].append(time)
    return times


@pytest.mark.parametrize("start", [1, 2_490, 100_000, 249_001])
def test_a_window_is_the_same_however_it_is_cut(population: Population, start: int) -> None:
    faces = population[CAMPUS]
    whole = faces.rows(start, 1000)
    assert [faces.rows(start + offset, 1)[0] for offset in range(0, 1000, 37)] == whole[::37]


def test_faces_are_sorted_by_time_and_their_tokens_differ(population: Population) -> None:
    rows = population[CAMPUS].rows(1, 250_000)
    assert times_of(rows) == sorted(times_of(rows))
    assert len({row[0] for row in rows}) == 250_000
    assert all(re.fullmatch("[0-9a-f]{32}", row[0]) for row in rows[:1000])


def test_enrolment_has_gaps_and_bursts(population: Population) -> None:
    times = times_of(population[CLINIC].rows(1, 2_500))
    steps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert sum(step < 5_000 for step in steps) > 1_000
    assert sum(step > 3_600_000 for step in steps) > 20


def test_users_have_several_faces_and_names_of_several_scripts(population: Population) -> None:
    rows = population[CLINIC].rows(1, 2_500)
    faces_of = Counter(row[1] for row in rows)
    assert 1_000 < len(faces_of) < 2_000
    assert {1, 2, 3} <= set(faces_of.values())
    assert any("\u4e00" <= character <= "\u9fff" for row in rows for character in row[2])
    assert any(not row[2] for row in rows)


def test_the_first_rows_need_no_unusual_font(population: Population) -> None:
    for group_id in (CLINIC, PILOT, CAMPUS, CITY):
        rows = population[group_id].rows(1, 120)
        assert all(character < "\u0500" for row in rows for character in row[1] + row[2])


def test_somebody_has_too_many_faces(population: Population) -> None:
    for group_id in (CLINIC, CAMPUS):
        faces_of = Counter(row[1] for row in population[group_id].rows(1, 250_000) if row[1])
        (most, count), (_, second) = faces_of.most_common(2)
        assert (most, count) == (TESTER, 25)
        assert second < 20


def test_few_people_are_enrolled_again_within_seconds(population: Population) -> None:
    people = times_by_user(population[CLINIC].rows(1, 2_500)).values()
    repeated = [
        times for times in people if any(b - a < 10_000 for a, b in itertools.pairwise(times))
    ]
    assert 20 < len(repeated) < 80
    assert any(len(times) > 2 for times in repeated)
    assert sum(len(times) > 1 for times in people) > 400


def test_some_people_are_in_two_libraries_and_most_are_not(population: Population) -> None:
    clinic, campus = (times_by_user(population[name].rows(1, 250_000)) for name in (CLINIC, CAMPUS))
    assert 50 < len(clinic.keys() & campus.keys()) < len(clinic) / 4


def test_some_faces_have_no_user_id(population: Population) -> None:
    assert 20 < sum(not row[1] for row in population[CLINIC].rows(1, 2_500)) < 100


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


def test_faces_that_are_added_come_after_the_last_one() -> None:
    faces = FaceSet(1, 3)
    faces.add([NewFace("E31", "x", 1), NewFace(added_ms=None), NewFace(), NewFace()])
    rows = faces.rows(4, 10)
    assert rows[0][1:4] == ("E31", "x", 1)
    assert rows[1][3] is None
    assert all(faces.find(row[0]) == row for row in rows)
    faces.delete_at([4])
    faces.grow(2)
    assert times_of(faces.rows(1, 10)) == sorted(times_of(faces.rows(1, 10)))


def test_a_face_that_is_inserted_is_as_old_as_the_one_that_it_moves() -> None:
    faces = FaceSet(1, 20)
    before = faces.rows(1, 20)
    faces.add([NewFace(), NewFace()], position=8)
    after = faces.rows(1, 22)
    assert after[:7] + after[9:] == before
    assert {row[3] for row in after[7:10]} == {before[7][3]}
    assert faces.find(after[8][0]) == after[8]
    assert faces.rows(8, 3) == after[7:10]


def test_positions_are_counted_before_the_first_deletion() -> None:
    faces = FaceSet(1, 10)
    before = faces.rows(1, 10)
    faces.delete_at([2, 9, 2, 3, 99])
    assert faces.rows(1, 10) == [before[at] for at in (0, 3, 4, 5, 6, 7, 9)]
    faces.delete_at(range(1, 8))
    assert (len(faces), faces.rows(1, 10)) == (0, [])
    faces.grow(2)
    assert len(faces.rows(1, 10)) == 2


def test_positions_that_there_are_not_change_nothing() -> None:
    faces = FaceSet(1, 5)
    before = faces.rows(1, 10)
    faces.delete_at([-3, 0, 6, 10**9])
    for position in (-3, 0, 6):
        faces.edit(position, "x", "y")
    assert faces.rows(1, 10) == before
    faces.add([NewFace()], position=-7)
    faces.add([NewFace()], position=99)
    assert faces.rows(2, 5) == before
    assert len(faces) == 7


def test_an_edit_changes_what_is_said_of_a_face_and_nothing_else() -> None:
    faces = FaceSet(1, 5)
    before = faces.rows(1, 10)
    faces.edit(3, "E31", None)
    faces.edit(3, None, "")
    after = faces.rows(1, 10)
    assert after[2][:4] == (before[2][0], "E31", "", before[2][3])
    assert after[:2] + after[3:] == before[:2] + before[3:]
    assert faces.find(before[2][0]) == after[2]
    faces.delete_at([3])
    assert faces.find(before[2][0]) is None


def test_random_edits_leave_what_a_list_would_hold() -> None:
    random = Random(11)  # noqa: S311 - to be repeated
    faces = FaceSet(5, 300)
    mirror = faces.rows(1, 300)
    for _ in range(300):
        at = random.randrange(len(mirror) + 1)
        if random.random() < 0.5:
            faces.add([NewFace()], position=at + 1)
            mirror[at:at] = faces.rows(at + 1, 1)
        else:
            faces.delete_at([at + 1])
            del mirror[at : at + 1]
        assert len(faces) == len(mirror)
    assert faces.rows(1, 1000) == mirror
    assert len({row[0] for row in mirror}) == len(mirror)
    for row in mirror:
        assert faces.find(row[0]) == row


def test_a_library_that_is_made_anew_has_the_same_people_under_other_tokens() -> None:
    population = Population({"a": 40, "b": 5})
    before = population["a"].rows(1, 40)
    population.remake("a")
    after = population["a"].rows(1, 40)
    assert not {row[0] for row in before} & {row[0] for row in after}
    assert [row[1:] for row in before] == [row[1:] for row in after]
    assert population["a"].find(before[0][0]) is None
    assert population["a"].find(after[0][0]) == after[0]
    assert [library.group_id for library in population] == ["a", "b"]


def test_another_account_has_the_same_people_under_other_tokens() -> None:
    one, other = (Population({"a": 40}, account=number)["a"].rows(1, 40) for number in (0, 1))
    assert not {row[0] for row in one} & {row[0] for row in other}
    assert [row[1:] for row in one] == [row[1:] for row in other]


def test_the_lobby_grows_while_one_looks() -> None:
    population = Population()
    population.pass_time(1_000_000.0)
    faces = population[LOBBY]
    assert len(faces) == 720
    assert times_of(faces.rows(720, 1)) == [1_000_000_000]
    population.pass_time(1_000_004.0)
    assert len(faces) == 720
    population.pass_time(1_000_011.0)
    assert times_of(faces.rows(721, 9)) == [1_000_005_000, 1_000_010_000]


def test_a_clock_that_is_set_back_takes_no_face_away_and_adds_none() -> None:
    population = Population()
    for now in (1_000_000.0, 900_000.0, 1_000_001.0, 1_000_005.0):
        population.pass_time(now)
    assert len(population[LOBBY]) == 721


def test_a_forgotten_library_leaves_nothing_to_the_next_one() -> None:
    population = Population({"a": 5, "b": 5})
    token = population["b"].rows(1, 1)[0][0]
    population.forget("a")
    assert [library.group_id for library in population] == ["b"]
    assert population["b"].find(token)
