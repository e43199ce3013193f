"""The pager against servers of every awkwardness of API.md section 4."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fs_tui.errors import ArgumentError, IncompleteError, LibraryNotFoundError, ProtocolError
from fs_tui.faces.paging.pager import Pager
from fs_tui.faces.paging.positions import MAX_POSITION
from fs_tui.faces.paging.requests import PageRequest, Purpose, proves_end
from fs_tui.models import Face, FacePage
from tests.unit.pager_server import Server, drive

CAPS = st.sampled_from([100, 1000])
NAMINGS = st.sampled_from(["none", "always", "if more", "by limit"])


def tokens(server: Server) -> dict[int, str]:
    return {position: f"{number:032x}" for position, number in enumerate(server.faces, 1)}


def faces(count: int) -> tuple[Face, ...]:
    return tuple(Face(str(number)) for number in range(count))


@given(
    count=st.integers(0, 4_200),
    cap=CAPS,
    naming=NAMINGS,
    allowed=st.integers(1, 8),
    seed=st.integers(),
)
def test_a_scan_meets_each_face_once_and_knows_the_end(
    count: int, cap: int, naming: str, allowed: int, seed: int
) -> None:
    server = Server(list(range(1, count + 1)), cap=cap, naming=naming)
    pager = Pager()
    pager.scanning = True
    reading = drive(pager, server, allowed=allowed, seed=seed)
    assert reading.met == tokens(server)
    assert not reading.twice
    assert pager.known.total == count
    assert pager.known.complete
    assert pager.known.stopped is None
    assert not pager.known.changed


@given(count=st.integers(0, 4_200), cap=CAPS, naming=NAMINGS, data=st.data())
def test_complete_is_said_exactly_when_every_face_was_met(
    count: int, cap: int, naming: str, data: st.DataObject
) -> None:
    """Looking here and there, in any order, finding the end on the way."""
    server = Server(list(range(1, count + 1)), cap=cap, naming=naming)
    pager = Pager()
    met: set[int] = set()
    for _ in range(data.draw(st.integers(1, 8))):
        match data.draw(st.sampled_from(["look", "seek", "end", "scan"])):
            case "look":
                first = data.draw(st.integers(1, 5_000))
                pager.want(first, first + data.draw(st.integers(1, 300)), ahead=50)
            case "seek":
                pager.seek(data.draw(st.integers(1, 5_000)))
            case "end":
                pager.search.begin()
            case _:
                pager.scanning = data.draw(st.booleans())
        reading = drive(pager, server)
        assert not met & set(reading.met)
        met |= set(reading.met)
        assert pager.known.loaded.count == len(met)
        assert pager.known.complete is (pager.known.total is not None and len(met) == count)
        assert pager.known.total in (None, count)
        assert not pager.known.changed


def test_a_search_for_the_end_goes_one_by_one_where_the_account_is_limited() -> None:
    server = Server(range(1, 2_501))
    pager = Pager()
    pager.search.one_by_one = True
    pager.search.begin()
    while (request := pager.next_request()) is not None:
        assert pager.next_request() is None, "a second one was let go beside it"
        pager.answered(request, server.answer(request))
    assert pager.known.total == 2_500


@given(
    count=st.integers(0, 3_000),
    cap=CAPS,
    failures=st.frozensets(st.integers(1, 30), max_size=8),
    allowed=st.integers(1, 4),
)
def test_a_failure_leaves_a_gap_that_retry_fills(
    count: int, cap: int, failures: frozenset[int], allowed: int
) -> None:
    server = Server(list(range(1, count + 1)), cap=cap, failures=failures)
    pager = Pager()
    pager.scanning = True
    drive(pager, server, allowed=allowed)
    if server.asked < min(failures, default=10**9):
        assert pager.known.complete
    for _ in range(len(failures) + 1):
        assert pager.known.gaps or pager.known.complete
        pager.retry()
        drive(pager, server, allowed=allowed)
    assert pager.known.complete
    assert pager.known.total == count


@given(
    count=st.integers(0, 3_000),
    cap=CAPS,
    naming=NAMINGS,
    refuse_above=st.integers(1, 2_500),
    allowed=st.integers(1, 4),
)
def test_a_refused_start_never_ends_in_complete_unless_it_is(
    count: int, cap: int, naming: str, refuse_above: int, allowed: int
) -> None:
    server = Server(list(range(1, count + 1)), cap=cap, naming=naming, refuse_above=refuse_above)
    pager = Pager()
    pager.scanning = True
    reading = drive(pager, server, allowed=allowed)
    assert reading.met.items() <= tokens(server).items()
    assert pager.known.complete is (len(reading.met) == count and pager.known.total == count)
    # A long page from the last start that is not refused is the furthest that can be seen.
    reach = refuse_above + cap - 1
    assert pager.known.complete or len(reading.met) == min(count, reach)
    assert pager.known.stopped is None or not pager.known.complete
    if not pager.known.complete:
        assert isinstance(pager.known.stopped, IncompleteError)
        assert pager.known.limit_position == len(reading.met) == max(reading.met)
        assert f"no further than face {len(reading.met):,}" in pager.known.stopped.detail


@pytest.mark.parametrize("count", [100, 1_000, 1_500, 1_998])
def test_a_service_that_refuses_positions_after_the_last_face_is_still_read_to_its_end(
    count: int,
) -> None:
    server = Server(list(range(1, count + 1)), refuse_above=min(count, 1_000))
    pager = Pager()
    pager.scanning = True
    drive(pager, server)
    assert pager.known.complete
    assert pager.known.total == count
    assert pager.known.stopped is None


@settings(max_examples=150)
@given(
    count=st.integers(0, 3_000),
    cap=CAPS,
    naming=NAMINGS,
    changes=st.dictionaries(st.integers(1, 40), st.integers(-150, 150), max_size=6),
    failures=st.frozensets(st.integers(1, 40), max_size=4),
    draw=st.data(),
)
def test_a_library_that_changes_never_makes_it_ask_for_ever(  # noqa: PLR0917 - drawn, not called
    count: int,
    cap: int,
    naming: str,
    changes: dict[int, int],
    failures: frozenset[int],
    draw: st.DataObject,
) -> None:
    allowed, seed = draw.draw(st.integers(1, 4)), draw.draw(st.integers(0, 99))
    server = Server(
        list(range(1, count + 1)), cap, naming, changes=changes, failures=failures, seed=seed
    )
    pager = Pager()
    pager.scanning = True
    if draw.draw(st.booleans()):
        pager.search.begin()
    reading = drive(pager, server, allowed=allowed, bound=400, seed=seed)
    assert max(reading.met, default=0) == pager.known.highest
    if pager.known.complete:
        assert pager.known.total == len(reading.met)


@given(
    count=st.integers(0, 900),
    cap=CAPS,
    naming=NAMINGS,
    changes=st.dictionaries(st.integers(2, 20), st.integers(-4, 4), min_size=1, max_size=4),
    draw=st.data(),
)
@settings(max_examples=300)
def test_what_is_called_complete_was_so_at_one_moment_in_whatever_order_pages_come(
    count: int, cap: int, naming: str, changes: dict[int, int], draw: st.DataObject
) -> None:
    """Looked at here and there, searched for its end, and scanned, while faces come and go."""
    allowed, seed = draw.draw(st.integers(1, 8)), draw.draw(st.integers(0, 99))
    server = Server(list(range(1, count + 1)), cap, naming, changes=changes, seed=seed)
    pager = Pager()
    met: dict[int, str] = {}
    for _ in range(draw.draw(st.integers(0, 3))):
        if draw.draw(st.booleans()):
            pager.search.begin()
        first = draw.draw(st.integers(1, 1_000))
        pager.want(first, first + 60, ahead=50)
        met |= drive(pager, server, allowed=allowed, bound=400, seed=seed).met
    pager.scanning = True
    met |= drive(pager, server, allowed=allowed, bound=400, seed=seed).met
    if pager.known.complete:
        assert sorted(met) == list(range(1, len(met) + 1))
        assert [int(met[position], 16) for position in sorted(met)] in server.states


@given(count=st.integers(1, 3_000), at=st.integers(2, 5), deleted=st.integers(1, 2_000))
def test_an_end_that_moved_towards_the_start_is_said(count: int, at: int, deleted: int) -> None:
    """The end is known, then faces go, then a window before it is empty."""
    assume(deleted < count)
    server = Server(list(range(1, count + 1)))
    pager = Pager()
    pager.search.begin()
    drive(pager, server)
    assert pager.known.total == count
    server.faces = server.faces[: count - deleted]
    pager.scanning = True
    drive(pager, server)
    if pager.known.loaded.count < count:
        assert pager.known.changed


@given(count=st.integers(0, 6_000_000), cap=CAPS)
def test_the_end_of_any_library_is_found_in_45_requests_and_15_round_trips(
    count: int, cap: int
) -> None:
    server = Server(range(1, count + 1), cap=cap)
    pager = Pager()
    pager.want(1, 40)
    drive(pager, server)
    pager.search.begin()
    reading = drive(pager, server)
    assert pager.known.total == count
    assert server.asked <= 45
    assert reading.rounds <= 15


@settings(max_examples=200)
@given(
    count=st.integers(0, 2_000_000),
    changes=st.dictionaries(st.integers(2, 40), st.integers(-5_000, 5_000), min_size=1, max_size=9),
    seed=st.integers(0, 99),
)
def test_the_search_for_an_end_that_moves_ends(
    count: int, changes: dict[int, int], seed: int
) -> None:
    class Moving(Server):
        """A library that is only a size."""

        def answer(self, request: PageRequest) -> FacePage:
            self.asked += 1
            size = max(0, len(self.faces) + changes.get(self.asked, 0))
            self.faces = range(size)
            rows = max(0, min(request.limit, size - request.start + 1))
            return FacePage(request.start, request.limit, faces(rows))

    server = Moving(range(count))
    pager = Pager()
    pager.search.begin()
    drive(pager, server, bound=60, seed=seed)
    assert server.asked <= 45


@pytest.mark.parametrize(
    ("rows", "limit", "following", "proven"),
    [
        (0, 100, None, True),
        (0, 100, 101, True),
        (99, 100, None, True),
        (100, 100, None, False),
        (100, 1000, None, False),
        (99, 1000, None, True),
        (101, 1000, None, True),
        (999, 1000, None, True),
        (1000, 1000, None, False),
        (49, 50, None, True),
        (50, 50, None, False),
        (100, 50, None, False),
        (37, 100, 38, False),
    ],
)
def test_trap_5_the_end_is_certain_only_where_the_documents_make_it_so(
    rows: int, limit: int, following: int | None, *, proven: bool
) -> None:
    assert proves_end(FacePage(1, limit, faces(rows), following)) is proven


@pytest.mark.parametrize("following", [1, 0, -5, MAX_POSITION + 1, 10**30])
def test_trap_4_a_next_that_leads_nowhere_stops_the_listing(following: int) -> None:
    pager = Pager()
    pager.scanning = True
    request = pager.next_request()
    assert request is not None
    pager.answered(request, FacePage(1, 1000, faces(100), following, "id-1"))
    assert isinstance(pager.known.stopped, ProtocolError)
    assert (pager.known.stopped.http_status, pager.known.stopped.request_id) == (200, "id-1")
    assert pager.next_request() is None
    assert isinstance(pager.known.stopped, ProtocolError)
    assert pager.known.loaded.count == 100
    assert not pager.known.complete


def test_trap_4_a_next_is_taken_and_what_it_passed_over_is_looked_at_last() -> None:
    pager = Pager()
    pager.scanning = True
    first = pager.next_request()
    assert first is not None
    pager.answered(first, FacePage(1, 1000, faces(100), 151))
    second = pager.next_request()
    assert second is not None
    assert second.start == 151
    pager.answered(second, FacePage(151, second.limit, faces(10)))
    third = pager.next_request()
    assert third == PageRequest(101, 50, Purpose.SCAN)
    pager.answered(third, FacePage(101, 50, ()))
    assert pager.next_request() is None
    assert pager.known.total == 110
    assert pager.known.complete


def test_a_page_of_100_teaches_a_scan_to_ask_for_no_more() -> None:
    server = Server(list(range(1, 1001)), cap=100)
    pager = Pager()
    pager.scanning = True
    drive(pager, server, allowed=4)
    assert [request.limit for request in server.log[:2]] == [1000, 100]


def test_what_is_looked_at_goes_before_a_scan_and_the_newest_wish_first() -> None:
    pager = Pager()
    pager.scanning = True
    pager.want(501, 520)
    assert pager.want(901, 920) == ()
    assert pager.next_request(allowed=2) == PageRequest(901, 100, Purpose.WINDOW)
    assert pager.next_request(allowed=2) == PageRequest(1, 901, Purpose.SCAN)


def test_a_superseded_window_is_to_be_cancelled_and_may_be_asked_again() -> None:
    pager = Pager()
    pager.want(501, 520)
    request = pager.next_request()
    assert request is not None
    assert pager.want(510, 530) == ()
    assert pager.want(901, 920) == (request,)
    pager.released(request)
    pager.want(501, 520)
    assert pager.next_request() == request


def test_a_wish_for_what_is_loaded_cancels_nothing() -> None:
    server = Server(range(1, 2_501))
    pager = Pager()
    pager.want(1, 60, ahead=50)
    request = pager.next_request()
    assert request is not None
    pager.want(90, 120)
    pager.answered(request, server.answer(request))
    ahead = pager.next_request()
    assert ahead == PageRequest(100, 101, Purpose.WINDOW)
    # The table has not drawn the first page yet, and asks for it once more.
    assert pager.want(41, 60) == ()


def test_a_failed_window_waits_for_retry() -> None:
    pager = Pager()
    pager.want(1, 40)
    request = pager.next_request()
    assert request is not None
    pager.failed(request, LibraryNotFoundError("INVALID_GROUP_ID"))
    assert not pager.wants_window
    assert pager.known.gaps.count == 100
    pager.retry()
    assert pager.next_request() == request


def test_only_what_is_known_to_be_there_is_missing() -> None:
    pager = Pager()
    for start, rows in ((1, 0), (201, 50)):
        pager.want(start, start + 100)
        request = pager.next_request()
        assert request is not None
        if rows:
            pager.answered(request, FacePage(request.start, request.limit, faces(rows)))
        else:
            pager.failed(request, ProtocolError("HTML"))
            assert pager.known.missing == 0
    assert pager.known.missing == 100
    pager.want(251, 300)
    request = pager.next_request()
    assert request is None or request.start > 250


def test_a_refused_limit_is_asked_again_with_the_usual_one() -> None:
    pager = Pager()
    pager.scanning = True
    request = pager.next_request()
    assert request is not None
    pager.failed(request, ArgumentError("BAD_ARGUMENTS: limit"))
    assert pager.next_request() == PageRequest(1, 100, Purpose.SCAN)


def test_a_wish_beyond_the_end_is_not_asked_for_and_not_drawn() -> None:
    pager = Pager()
    pager.want(1, 40)
    drive(pager, Server(list(range(1, 51))))
    assert pager.extent == 50
    pager.want(1_000, 1_040)
    pager.seek(2_000)
    assert pager.next_request() is None
    assert pager.extent == 50


def test_one_more_row_is_drawn_where_more_faces_may_follow() -> None:
    pager = Pager()
    assert pager.extent == 1
    pager.want(1, 40)
    drive(pager, Server(list(range(1, 301))))
    assert pager.extent == 101
