"""What answers tell of a library's positions, rule by rule; the pager's tests drive them all."""

from __future__ import annotations

import pytest

from fs_tui.errors import ArgumentError, ProtocolError
from fs_tui.faces.paging.positions import MAX_POSITION, Positions
from fs_tui.faces.paging.requests import PageRequest, Purpose

REFUSAL = ArgumentError("BAD_ARGUMENTS: start")


def after_pages(*pages: tuple[int, int]) -> Positions:
    """Positions whose faces came in pages from one position to before another."""
    known = Positions()
    for start, end in pages:
        known.met_faces(start, end)
    return known


def test_a_gap_counts_as_missing_only_where_later_faces_prove_that_it_holds_some() -> None:
    known = after_pages((1, 101), (201, 301))
    known.leave_gap(101, 401)
    known.leave_gap(501, 601)
    assert list(known.gaps) == [(101, 201), (301, 401), (501, 601)]
    assert known.missing == 100
    known.met_faces(401, 402)
    assert known.missing == 200


def test_what_a_next_passed_over_and_then_holds_nothing_is_no_change() -> None:
    known = after_pages((1, 101), (201, 301))
    known.pass_over(101, 201)
    known.met_nothing(101, 201)
    assert not known.changed
    known.met_end(301)
    assert known.total == known.loaded.count == 200


def test_faces_that_were_there_and_are_not_any_more_are_a_change() -> None:
    known = after_pages((1, 101), (201, 301))
    known.met_nothing(101, 201)
    assert known.changed


@pytest.mark.parametrize("joined", [False, True])
def test_faces_that_came_on_pages_of_their_own_are_whole_once_a_page_joins_them(
    *, joined: bool
) -> None:
    known = after_pages((1, 51), (51, 61), *([(50, 52)] if joined else []))
    known.met_end(61)
    assert known.total == known.loaded.count == 60
    assert known.complete is joined
    assert ("too short to reach each other" in str(known.stopped)) is not joined


@pytest.mark.parametrize(
    ("page", "taken", "new"),
    [
        ((30, 40), (30, 40), (30, 40)),
        ((10, 20), (10, 20), (11, 20)),
        ((11, 20), (12, 20), (12, 20)),
        ((11, 12), (11, 12), (11, 12)),
        ((40, 51), (40, 51), (40, 50)),
        ((40, 50), (40, 49), (40, 49)),
        ((49, 50), (49, 50), (49, 50)),
        ((45, 60), (45, 60), (45, 50)),
        ((52, 55), (52, 55), (55, 55)),
    ],
)
def test_a_page_is_taken_with_the_face_that_joins_it_or_left_apart(
    page: tuple[int, int], taken: tuple[int, int], new: tuple[int, int]
) -> None:
    known = after_pages((1, 11), (50, 61))
    assert known.fitting(*page) == (taken, new)


def test_of_what_was_passed_over_nothing_is_taken_that_is_not_joined() -> None:
    known = after_pages((1, 101), (102, 201))
    known.pass_over(101, 102)
    assert known.fitting(101, 102) == ((102, 102), (102, 102))
    known.take_back(101, 102)
    assert known.joins(101)


def test_an_end_is_not_proven_while_something_before_it_was_passed_over() -> None:
    known = after_pages((1, 101), (201, 301))
    known.pass_over(101, 201)
    known.met_end(301)
    assert known.total is None
    assert not known.complete


@pytest.mark.parametrize("later", [(51, 52), (201, 301)])
def test_a_page_that_looks_like_the_last_one_is_no_end_where_later_faces_were_met(
    later: tuple[int, int],
) -> None:
    known = after_pages(later, (1, 51))
    known.met_end(51)
    assert known.bound == MAX_POSITION
    assert known.total is None


def test_an_empty_answer_at_the_highest_face_puts_no_end_before_it() -> None:
    known = after_pages((1, 101))
    known.met_nothing(100, 200)
    assert known.bound == MAX_POSITION


def test_faces_behind_a_proven_end_are_a_change_and_take_the_end_away() -> None:
    known = after_pages((1, 51))
    known.met_end(51)
    assert known.total == 50
    known.met_faces(51, 60)
    assert known.changed
    assert known.total is None


def test_faces_up_to_a_proven_end_are_none() -> None:
    known = after_pages((1, 26))
    known.met_nothing(51, 151)
    known.met_faces(26, 51)
    assert not known.changed
    assert known.total == 50


def test_of_two_empty_answers_the_nearer_one_bounds_the_reading() -> None:
    known = Positions()
    known.met_nothing(500, 600)
    known.met_nothing(900, 1_000)
    assert known.bound == 500


@pytest.mark.parametrize("reason", [REFUSAL, ProtocolError("it leads nowhere")])
def test_of_two_barriers_the_nearer_one_holds(reason: ArgumentError | ProtocolError) -> None:
    known = Positions()
    known.block(1_001, reason)
    known.block(2_001, ProtocolError("farther"))
    assert (known.barrier, known.bound) == (1_001, 1_001)
    known.block(501, REFUSAL)
    assert known.barrier == 501


def test_faces_before_a_barrier_leave_it_standing_and_faces_at_it_take_it_away() -> None:
    known = after_pages((1, 101))
    known.block(1_001, REFUSAL)
    known.met_faces(101, 201)
    assert known.bound == 1_001
    known.met_faces(1_001, 1_101)
    assert known.bound == MAX_POSITION
    assert known.stopped is None


def test_the_first_sight_of_a_change_is_kept() -> None:
    known = Positions()
    known.note_change("first")
    known.note_change("second")
    assert known.changed == "first"


def test_a_gap_is_left_where_nothing_was_loaded_alone() -> None:
    known = after_pages((51, 61))
    known.leave_gap(1, 101)
    assert list(known.gaps) == [(1, 51), (61, 101)]
    assert known.free(1, 200) == 101


def test_what_is_under_way_is_asked_for_by_nothing_else_were_it_one_position_away() -> None:
    known = Positions()
    known.pending += [PageRequest(1, 50, Purpose.SCAN), PageRequest(52, 49, Purpose.SCAN)]
    assert known.free(1, 201) == 51
    assert known.free_from(51) == 51
    assert known.room(51, 101) == 1


def test_a_refusal_limits_the_listing_only_once_everything_before_it_came() -> None:
    known = after_pages((1, 101))
    known.block(1_001, REFUSAL)
    assert known.limit_position is None
    known.met_faces(101, 1_001)
    assert known.limit_position == 1_000


def test_a_refusal_right_behind_a_proven_end_limits_nothing() -> None:
    known = after_pages((1, 101))
    known.met_end(101)
    known.block(101, REFUSAL)
    assert known.total == 100
    assert known.limit_position is None
    assert known.stopped is None
