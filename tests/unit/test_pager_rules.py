"""The pager and its search for the end, rule by rule; test_pager.py drives them as a whole."""

from __future__ import annotations

import pytest

from fs_tui.errors import ArgumentError, ServiceFailureError
from fs_tui.faces.paging.end_search import EndSearch
from fs_tui.faces.paging.pager import Pager
from fs_tui.faces.paging.positions import Positions
from fs_tui.faces.paging.requests import PageRequest, Purpose
from fs_tui.models import Face, FacePage
from tests.unit.pager_server import Server, drive


def sent(pager: Pager, *, allowed: int = 1) -> PageRequest:
    """The next request; that there is one is part of the test."""
    request = pager.next_request(allowed=allowed)
    assert request is not None
    return request


def answer(pager: Pager, request: PageRequest, rows: int, following: int | None = None) -> None:
    faces = tuple(Face(str(number)) for number in range(rows))
    pager.answered(request, FacePage(request.start, request.limit, faces, following))


# What a refusal tells


@pytest.mark.parametrize("code", ["BAD_ARGUMENTS", "BAD_ARGUMENTS: start", "BAD_ARGUMENTS:START"])
def test_a_refused_start_bounds_the_listing(code: str) -> None:
    pager = Pager()
    pager.want(501, 520)
    pager.failed(sent(pager), ArgumentError(code))
    assert pager.known.bound == 501
    assert not pager.known.gaps


@pytest.mark.parametrize("first", [1, 501])
@pytest.mark.parametrize("code", ["BAD_ARGUMENTS: group_id", "BAD_ARGUMENTS: limit"])
def test_a_refusal_of_something_else_bounds_nothing_and_is_not_asked_again(
    code: str, first: int
) -> None:
    pager = Pager()
    pager.want(first, first + 20)
    pager.failed(sent(pager), ArgumentError(code))
    assert pager.known.barrier is None
    assert list(pager.known.gaps) == [(first, first + 100)]
    assert pager.next_request() is None


@pytest.mark.parametrize("code", ["BAD_ARGUMENTS", "BAD_ARGUMENTS: start"])
def test_a_refusal_of_the_first_position_is_a_failure_and_no_bound(code: str) -> None:
    pager = Pager()
    pager.want(1, 20)
    pager.failed(sent(pager), ArgumentError(code))
    assert pager.known.stopped is None
    assert list(pager.known.gaps) == [(1, 101)]


# What is sent beside what


def test_a_window_waits_while_all_that_is_allowed_is_under_way() -> None:
    pager = Pager()
    pager.scanning = True
    sent(pager)
    pager.want(5_001, 5_020)
    assert pager.next_request(allowed=1) is None
    assert pager.next_request(allowed=2) == PageRequest(5_001, 100, Purpose.WINDOW)


def test_one_window_is_asked_for_at_a_time() -> None:
    pager = Pager()
    pager.want(1, 300)
    sent(pager)
    assert pager.next_request(allowed=8) is None


def test_a_wish_cancels_no_request_of_a_scan_and_none_of_a_search() -> None:
    pager = Pager()
    pager.search.begin()
    while pager.next_request() is not None:
        pass
    pager.scanning = True
    pager.search.stop()
    assert sent(pager, allowed=9).purpose is Purpose.SCAN
    assert pager.want(9_001, 9_020) == ()


def test_a_page_ahead_of_what_is_looked_at_is_asked_for() -> None:
    pager = Pager()
    pager.want(1, 60, ahead=40)
    answer(pager, sent(pager), 100)
    assert pager.next_request() is None
    pager.want(1, 61, ahead=41)
    assert pager.next_request() == PageRequest(100, 101, Purpose.WINDOW)


def test_a_position_is_served_where_it_is_sought_and_no_other_one() -> None:
    pager = Pager()
    pager.seek(501)
    assert pager.serves(501)
    assert not pager.serves(9_001)


# What answers teach


def test_the_highest_accepted_start_is_kept_whatever_is_answered_later() -> None:
    pager = Pager()
    for first in (901, 1):
        pager.want(first, first + 20)
        answer(pager, sent(pager), 100)
    assert pager.known.accepted == 901


def test_a_long_page_that_is_not_full_before_known_faces_shows_what_a_page_holds() -> None:
    pager = Pager()
    pager.want(5_001, 5_020)
    answer(pager, sent(pager), 100)
    pager.look_away()
    pager.scanning = True
    answer(pager, sent(pager), 500)
    assert pager.next_request() == PageRequest(500, 500, Purpose.SCAN)


def test_a_scan_brings_what_a_next_passed_over_out_of_its_course() -> None:
    pager = Pager()
    pager.scanning = True
    answer(pager, sent(pager), 100, 151)
    assert not pager.awaits(101, 151)
    assert pager.awaits(151, 152)


def test_a_wish_that_goes_beyond_the_end_draws_rows_up_to_it() -> None:
    pager = Pager()
    pager.want(1, 200)
    answer(pager, sent(pager), 50)
    assert pager.extent == 50


def test_one_page_is_looked_at_again_where_it_holds_the_window_too() -> None:
    pager = Pager()
    pager.scanning = True
    drive(pager, Server(range(1, 200)))
    assert pager.samples(150) == ((101, 100),)
    assert pager.samples(100) == ((1, 100), (101, 100))


# The search for the end


def test_a_failed_search_leaves_what_is_refused_alone_until_retry() -> None:
    pager = Pager()
    pager.scanning = True
    for _ in range(2):
        answer(pager, sent(pager), 1_000)
    pager.failed(sent(pager), ArgumentError("BAD_ARGUMENTS: start"))
    edge = sent(pager)
    assert edge.start == 1_001
    pager.failed(edge, ServiceFailureError("INTERNAL_ERROR"))
    assert pager.next_request() is None
    assert pager.scan_done
    pager.retry()
    assert sent(pager).start == 1_999


def test_a_search_runs_as_long_as_something_is_asked_for_it() -> None:
    server = Server(range(1, 2_501), refuse_above=700)
    pager = Pager()
    pager.search.begin()
    while pager.next_request() is not None:
        assert pager.search.running
        for request in list(pager.known.pending):
            try:
                pager.answered(request, server.answer(request))
            except ArgumentError as error:
                pager.failed(request, error)
    assert not pager.search.running
    assert pager.known.limit_position == 1_699


def test_nothing_is_asked_at_a_refusal_behind_a_proven_end() -> None:
    known = Positions()
    known.met_faces(1, 51)
    known.accepted = 1
    known.block(201, ArgumentError("BAD_ARGUMENTS: start"))
    known.met_end(51)
    assert not EndSearch(known, 100).at_edge(1000)


def test_a_search_that_begins_anew_asks_for_nothing_that_the_one_before_it_still_meant_to() -> None:
    pager = Pager()
    pager.search.one_by_one = True
    pager.search.begin()
    answer(pager, sent(pager), 50)
    pager.search.begin()
    assert pager.next_request() is None
    assert pager.known.total == 50


def test_faces_behind_what_was_the_end_are_met_where_the_next_start_is_refused() -> None:
    server = Server(list(range(1, 1_001)), refuse_above=1_000)
    pager = Pager()
    pager.scanning = True
    drive(pager, server)
    assert pager.known.total == 1_000
    server.faces = list(range(1, 1_051))
    pager.reopen()
    drive(pager, server)
    assert pager.known.total == 1_050
    assert pager.known.complete
