"""Kept rows are brought up to date in few requests, and nothing is claimed that was not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fs_tui.errors import IncompleteError, PagingError
from fs_tui.faces.outcome import State
from fs_tui.faces.sync import sync
from tests.unit.kept_list import READ, KeptList, scanned
from tests.unit.sync_service import LibraryService, face

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.faces.outcome import Outcome
    from fs_tui.models import Face


def library(length: int) -> LibraryService:
    """A library of so many faces, one a second."""
    return LibraryService([face(number) for number in range(1, length + 1)])


async def look(service: LibraryService, kept: KeptList, **options: bool | int) -> Outcome:
    service.calls.clear()
    found = await sync(service, "lib", kept, **options)  # type: ignore[arg-type] # by name
    assert found.requests == len(service.calls)
    assert found.count == kept.count
    assert found.marks == kept.marks
    if found.state is State.PROVEN:
        assert kept.faces == service.listed[: kept.count]
    if found.complete and found.up_to_date:
        assert kept.faces == service.listed
    return found


@pytest.mark.parametrize("length", [0, 1, 2, 49, 50, 51, 99, 100, 101, 2_500])
@pytest.mark.parametrize("naming", ["none", "always", "if more", "by limit"])
@pytest.mark.parametrize("cap", [100, 1000])
async def test_an_unchanged_library_takes_two_requests(length: int, naming: str, cap: int) -> None:
    service = library(length)
    service.naming, service.cap = naming, cap
    kept = scanned(service.listed)
    found = await look(service, kept)
    assert found.state is State.PROVEN
    assert found.complete
    # Of so few it is asked whether the service lists no more a page.
    assert found.requests <= (3 if length in {1, 2} else 2)
    assert (found.gone, found.added, found.stopped, found.why) == ((), 0, None, "")
    assert found.asked_from is not None
    assert found.asked_to is not None
    assert found.marks.looked_at is not None
    assert READ < found.asked_from <= found.marks.looked_at <= found.asked_to


@pytest.mark.parametrize("added", [1, 48, 49, 50, 51, 98])
@pytest.mark.parametrize("length", [0, 1, 50, 2_500])
@pytest.mark.parametrize("naming", ["none", "if more"])
@pytest.mark.parametrize("cap", [100, 1000])
async def test_up_to_98_additions_take_two_requests(
    added: int, length: int, naming: str, cap: int
) -> None:
    service = library(length + added)
    service.naming, service.cap = naming, cap
    found = await look(service, kept := scanned(service.listed[:length]))
    assert found.state is State.PROVEN
    assert found.complete
    assert found.added == added
    assert kept.faces == service.listed
    assert found.requests <= 2


@pytest.mark.parametrize("added", [99, 100, 949, 950, 951, 5_000])
@pytest.mark.parametrize("cap", [100, 1000])
async def test_any_number_of_additions_is_appended(added: int, cap: int) -> None:
    service = library(2_500 + added)
    service.cap = cap
    found = await look(service, kept := scanned(service.listed[:2_500]))
    assert (found.state, found.complete, found.added) == (State.PROVEN, True, added)
    assert kept.faces == service.listed
    assert found.requests <= 3 + added / (cap - 51)
    assert found.asked_from is not None
    assert found.marks.looked_at is not None
    # Each page that joins the one before proves all of them anew.
    assert (found.marks.looked_at > found.asked_from) == (added >= cap - 50)


@pytest.mark.parametrize(
    "gone", [1, 2, 500, 1_234, 2_430, 2_449, 2_450, 2_451, 2_452, 2_499, 2_500]
)
@pytest.mark.parametrize("added", [0, 1, 3, 60, 2_000])
@pytest.mark.parametrize("cap", [100, 1000])
async def test_one_deletion_is_found_wherever_it_is(gone: int, added: int, cap: int) -> None:
    service = library(2_500 + added)
    service.cap = cap
    kept = scanned(service.listed[:2_500])
    missing = service.listed.pop(gone - 1)
    found = await look(service, kept)
    assert (found.state, found.complete, found.added) == (State.PROVEN, True, added)
    assert found.gone == ((gone, missing),)
    assert kept.faces == service.listed
    assert found.requests <= 12 + added / (cap - 1)


@pytest.mark.parametrize("position", [3, 1_000, 2_400, 2_480])
@pytest.mark.parametrize("at", [None, 2])
async def test_kept_times_that_fall_or_are_missing_prove_nothing(
    position: int, at: int | None
) -> None:
    service = library(2_500)
    service.listed[position - 1] = face(position, at=at)
    fine = position == 3 and at == 2
    found = await look(service, scanned(service.listed))
    assert found.state is (State.PROVEN if fine else State.TAIL_SEEN)
    assert fine or found.why == "the kept times fall, or are missing"
    assert found.complete


async def test_new_times_that_fall_prove_nothing() -> None:
    service = library(2_502)
    service.listed[2_500:] = reversed(service.listed[2_500:])
    found = await look(service, kept := scanned(service.listed[:2_500]))
    assert found.state is State.TAIL_SEEN
    assert kept.faces == service.listed


@pytest.mark.parametrize("cap", [100, 1000])
@pytest.mark.parametrize("at", [None, 2_499, 2_500])
@pytest.mark.parametrize("behind", [0, 60])
async def test_a_new_face_that_is_not_later_leaves_the_prefix_unproven(
    at: int | None, cap: int, behind: int
) -> None:
    service = library(2_500 + behind)
    service.cap = cap
    service.listed.append(face(9_000, at=at))
    found = await look(service, kept := scanned(service.listed[:2_500]))
    assert found.state is State.TAIL_SEEN
    assert found.why == "a new face is not later than the last kept one"
    assert kept.faces == service.listed


async def test_a_kept_face_with_another_time_leaves_the_prefix_unproven() -> None:
    for position in (2_451, 2_500):
        service = library(2_500)
        kept = scanned(service.listed)
        service.listed[position - 1] = face(position, at=position + 7)
        found = await look(service, kept)
        assert (found.state, found.corrected) == (State.TAIL_SEEN, 1)
        assert found.why == "a kept face has another time"
        assert kept.faces == service.listed


async def test_a_retimed_face_that_a_probe_meets_leaves_the_prefix_unproven() -> None:
    service = library(2_500)
    kept = scanned(service.listed)
    service.listed[:2_400] = [face(n, at=n - 1) for n in range(1, 2_401)]
    del service.listed[100]
    assert (await look_once(service, kept)).state is State.TAIL_SEEN


@pytest.mark.parametrize("gone", [0, 1])
async def test_last_faces_of_one_moment_leave_the_prefix_unproven(gone: int) -> None:
    """An equally old one may have come before the window, and another one have gone."""
    service = library(2_450)
    # With one gone the window begins a face later, and lies within the moment only then.
    service.listed += [face(n, at=2_451) for n in range(2_451 + gone, 2_501)]
    kept = scanned(service.listed)
    del service.listed[100 : 100 + gone]
    assert (await look(service, kept)).state is State.TAIL_SEEN


async def test_a_moment_that_began_within_the_window_is_seen_whole() -> None:
    service = library(2_451)
    service.listed += [face(n, at=2_452) for n in range(2_452, 2_501)]
    found = await look(service, scanned(service.listed))
    assert found.state is State.PROVEN
    service.listed += [face(n, at=2_452) for n in range(2_501, 2_520)]
    assert (await look(service, scanned(service.listed[:2_500]))).state is State.TAIL_SEEN


@pytest.mark.parametrize("cap", [100, 1000])
async def test_a_moment_in_which_a_scan_stopped_may_go_on(cap: int) -> None:
    service = library(2_490)
    service.listed += [face(n, at=2_491) for n in range(2_491, 2_700)]
    service.cap = cap
    kept = scanned(service.listed[:2_500], complete=False)
    found = await look(service, kept)
    assert (found.state, found.complete) == (State.PROVEN, True)


async def test_a_doubt_stays_until_everything_is_read_again() -> None:
    service = library(2_500)
    service.listed.append(face(9_000, at=2_500))
    kept = scanned(service.listed[:2_500])
    said = (await look(service, kept)).why
    service.listed += [face(n) for n in range(2_501, 2_700)]
    found = await look(service, kept)
    assert (found.state, found.why) == (State.TAIL_SEEN, said)
    assert (await look(service, scanned(service.listed))).state is State.PROVEN


async def test_a_library_that_fits_into_a_window_is_read_anew_and_has_no_doubt() -> None:
    service = library(49)
    service.listed.append(face(9_000, at=49))
    kept = scanned(service.listed[:49])
    service.listed[7] = face(8, says="edited")
    found = await look(service, kept)
    assert (found.state, found.corrected) == (State.PROVEN, 1)
    assert found.marks.contents_as_of == found.asked_from
    assert kept.faces == service.listed


@pytest.mark.parametrize("first", [1, 2_400, 2_475])
@pytest.mark.parametrize(("gone", "state"), [(20, State.PROVEN), (21, State.MANY_GONE)])
async def test_twenty_gone_are_looked_for_and_one_more_offers_a_scan(
    first: int, gone: int, state: State
) -> None:
    service = library(2_500)
    kept = scanned(service.listed)
    del service.listed[first - 1 : first - 1 + gone]
    found = await look(service, kept)
    assert found.state is state
    assert found.offers_scan == (state is State.MANY_GONE)
    assert len(found.gone) == (gone if state is State.PROVEN else 0)
    if state is State.MANY_GONE:
        assert found.requests <= 2
        assert not kept.changes


@pytest.mark.parametrize("length", [30, 60, 2_500])
@pytest.mark.parametrize("anew", [0, 30, 5_000])
async def test_a_library_made_anew_is_told_from_one_that_lost_many(length: int, anew: int) -> None:
    service = library(length)
    kept = scanned(service.listed)
    service.listed[:] = [face(90_000 + n) for n in range(anew)]
    found = await look(service, kept)
    assert found.state is (State.MADE_ANEW if anew else State.MANY_GONE)
    assert found.requests <= 3
    assert anew or found.why == "it is empty now"
    service.listed[:0] = kept.faces[: length // 4]
    assert (await look(service, kept)).state is State.MANY_GONE
    assert not kept.changes


@pytest.mark.parametrize("place", [2_453, 2_470, 2_499])
async def test_faces_that_came_within_the_window_are_taken_in_where_they_are(place: int) -> None:
    service = library(2_500)
    kept = scanned(service.listed)
    service.listed.insert(place, face(9_000, at=place))
    del service.listed[place - 20]
    found = await look(service, kept)
    assert (found.state, found.added, len(found.gone)) == (State.TAIL_SEEN, 1, 1)
    assert found.why == "faces came before the last one"
    assert kept.faces == service.listed


@pytest.mark.parametrize("place", [1, 1_200, 2_430, 2_449])
@pytest.mark.parametrize("many", [1, 30])
async def test_faces_that_came_further_before_the_end_offer_a_scan(place: int, many: int) -> None:
    service = library(2_500)
    kept = scanned(service.listed)
    service.listed[place:place] = [face(9_000 + n, at=place) for n in range(many)]
    found = await look(service, kept)
    assert found.state is State.OUT_OF_ORDER
    assert found.offers_scan
    assert not kept.changes


def gone(position: int) -> Callable[[list[Face]], None]:
    """Another program deletes a face."""
    return lambda faces: faces.__delitem__(position - 1)


async def test_a_deletion_amid_the_search_starts_it_over() -> None:
    service = library(50_000)
    kept = scanned(service.listed)
    del service.listed[40_000]
    service.before[3] = gone(7)
    found = await look(service, kept)
    assert (found.state, len(found.gone)) == (State.PROVEN, 2)
    assert kept.faces == service.listed


async def test_a_search_starts_over_twice_at_most() -> None:
    service = library(50_000)
    kept = scanned(service.listed)
    del service.listed[40_000]

    def lose_one_behind_each_tail(faces: list[Face]) -> None:
        if service.calls[-1] == service.calls[0]:
            del faces[0]

    service.always = lose_one_behind_each_tail
    found = await look_once(service, kept)
    assert found.state is State.MOVING
    assert "changes while it is looked at" in found.why
    assert service.calls.count(service.calls[0]) == 3
    assert not kept.changes


async def test_the_tail_is_asked_again_behind_a_search() -> None:
    """What goes elsewhere than the search looks is seen at the tail only."""
    service = library(50_000)
    kept = scanned(service.listed)
    del service.listed[40_000]
    asked = (await look(service, scanned(kept.faces))).requests
    service.before[asked] = gone(3)
    found = await look(service, kept)
    assert (found.state, len(found.gone)) == (State.PROVEN, 2)
    assert kept.faces == service.listed


async def test_a_deletion_between_two_pages_of_what_came_is_seen() -> None:
    service = library(6_000)
    service.cap = 100
    kept = scanned(service.listed[:2_500])
    service.before[7] = gone(3)
    found = await look(service, kept)
    assert (found.state, found.complete, found.added) == (State.PROVEN, True, 3_500)
    assert kept.faces == service.listed


@pytest.mark.parametrize("position", [1, 2, 3, 1_000, 2_449, 2_450, 2_451, 2_452])
@pytest.mark.parametrize("added", [0, 1, 49, 50, 51, 98, 200])
@pytest.mark.parametrize("cap", [100, 1000])
async def test_a_page_that_begins_with_the_face_before_hides_no_deletion(
    position: int, added: int, cap: int
) -> None:
    service = library(2_500 + added)
    service.cap, service.overlap = cap, True
    kept = scanned(service.listed[:2_500])
    del service.listed[position - 1]
    found = await look_once(service, kept)
    assert not found.up_to_date
    assert not kept.changes
    service.overlap = False
    assert (await look(service, kept)).state is State.PROVEN


@pytest.mark.parametrize("gone", [[2], [1_000], [2_449], [2, 3], [7, 2_000], [5, 1_000, 2_000]])
@pytest.mark.parametrize("early", [1, 2, 3])
@pytest.mark.parametrize("added", [0, 1, 49])
async def test_pages_that_begin_early_hide_no_deletion(
    gone: list[int], early: int, added: int
) -> None:
    """As many faces before its start as are gone, a page looks like the one that was kept."""
    service = library(2_500 + added)
    service.cap, service.early = 100, early
    kept = scanned(service.listed[:2_500])
    service.listed = [row for at, row in enumerate(service.listed, 1) if at not in gone]
    assert not (await look_once(service, kept)).up_to_date
    assert not kept.changes


async def test_a_deletion_between_two_pages_of_which_one_begins_early_is_seen() -> None:
    service = library(21)
    service.cap, service.naming, service.overlap = 20, "if more", True
    kept = scanned(service.listed)
    service.before = {1: lambda faces: faces.append(face(22)), 2: gone(1)}
    assert not (await look_once(service, kept)).up_to_date
    assert not kept.changes


async def test_a_page_that_holds_a_face_twice_changes_nothing() -> None:
    service = library(2_500)
    kept = scanned(service.listed)
    service.listed += [face(2_501), face(2_501)]
    found = await look(service, kept)
    assert found.state is State.FAILED
    assert isinstance(found.stopped, PagingError)
    assert not kept.changes


@pytest.mark.parametrize("back", [1, 30, 60])
async def test_faces_that_are_listed_again_behind_the_end_are_not_kept_twice(back: int) -> None:
    service = library(2_500)
    kept = scanned(service.listed)
    service.cap = 51
    service.listed += service.listed[-back:][:20]
    found = await look_once(service, kept)
    assert found.state is not State.PROVEN
    assert kept.faces == [face(n) for n in range(1, 2_501)]


async def test_a_face_from_long_ago_that_is_listed_again_leaves_the_prefix_unproven() -> None:
    service = library(2_500)
    kept = scanned(service.listed)
    kept.each_once = False
    service.listed.append(face(7))
    assert (await look(service, kept)).state is State.TAIL_SEEN


async def test_a_service_that_refuses_long_pages_is_asked_for_short_ones() -> None:
    service = library(2_500)
    service.most_limit = 100
    kept = scanned(service.listed)
    del service.listed[1_000]
    found = await look(service, kept)
    assert found.state is State.PROVEN
    assert kept.faces == service.listed


@pytest.mark.parametrize("cap", [100, 1000])
@pytest.mark.parametrize("refuse_above", [1_000, 1_440])
async def test_what_is_kept_of_a_service_that_lists_no_further_is_proven_up_to_there(
    cap: int, refuse_above: int
) -> None:
    service = library(5_000)
    service.cap, service.refuse_above = cap, refuse_above
    kept = scanned(service.listed[: refuse_above + cap - 1], complete=False)
    del service.listed[70]
    found = await look(service, kept)
    assert found.state is State.PROVEN
    assert not found.complete
    assert isinstance(found.stopped, IncompleteError)
    assert len(found.gone) == 1
    assert kept.faces == service.listed[: refuse_above + cap - 1]


async def test_what_comes_after_the_last_request_is_not_claimed() -> None:
    service = library(2_500)
    kept = scanned(service.listed)
    service.always = lambda faces: faces.append(face(9_000 + len(service.calls)))
    found = await look_once(service, kept)
    assert (found.state, found.added) == (State.PROVEN, 0)
    assert found.asked_to is not None
    assert found.marks.looked_at is not None
    assert found.marks.looked_at <= found.asked_to


async def look_once(service: LibraryService, kept: KeptList) -> Outcome:
    """A look at a library that is another one afterwards."""
    service.calls.clear()
    return await sync(service, "lib", kept)


async def test_what_comes_while_it_is_looked_for_what_is_gone_is_taken_in() -> None:
    service = library(50_000)
    kept = scanned(service.listed)
    del service.listed[40_000]
    service.before[4] = lambda faces: faces.append(face(50_001))
    found = await look(service, kept)
    assert (found.state, found.added, len(found.gone)) == (State.PROVEN, 1, 1)
    assert kept.faces == service.listed


async def test_a_failure_behind_a_move_leaves_nothing_proven() -> None:
    service = library(6_000)
    service.cap = 100
    kept = scanned(service.listed[:2_500])
    service.before[7] = gone(3)
    service.fails = {8}
    found = await look(service, kept)
    assert found.state is State.FAILED
    assert found.added > 0
    assert not found.complete


async def test_rows_that_were_corrected_before_a_move_are_left_in_peace() -> None:
    service = library(3_200)
    service.cap = 100
    kept = scanned(service.listed[:2_500])
    service.listed[:2_400] = [face(n, says="edited") for n in range(1, 2_401)]
    del service.listed[1_700]
    service.before[13] = gone(3)
    found = await look_once(service, kept)
    assert (found.state, len(found.gone)) == (State.PROVEN, 2)
    assert [row.face_token for row in kept.faces] == [row.face_token for row in service.listed]


@pytest.mark.parametrize("at", [None, 3])
async def test_what_was_read_whole_needs_no_order_of_time(at: int | None) -> None:
    service = library(40)
    service.listed[20] = face(21, at=at)
    found = await look(service, scanned(service.listed))
    assert (found.state, found.complete) == (State.PROVEN, True)


@pytest.mark.parametrize("most", [0, 1, 5])
async def test_no_more_is_asked_for_than_allowed(most: int) -> None:
    service = library(5_000)
    service.cap = 100
    kept = scanned(service.listed[:2_500])
    found = await look(service, kept, most_requests=most)
    assert found.requests == most
    assert isinstance(found.stopped, IncompleteError)
    assert not found.complete
    assert found.state is (State.PROVEN if most else State.FAILED)


async def test_a_look_that_only_checks_appends_one_page() -> None:
    service = library(5_000)
    kept = scanned(service.listed[:2_500], complete=False)
    found = await look(service, kept, to_end=False)
    assert (found.state, found.complete, found.requests) == (State.PROVEN, False, 1)
    assert kept.count == 3_450


@pytest.mark.parametrize("naming", ["stuck", "backward"])
async def test_a_next_that_does_not_lead_on_stops_the_look(naming: str) -> None:
    service = library(2_600)
    service.naming = naming
    service.cap = 100
    kept = scanned(service.listed[:2_500])
    found = await look(service, kept)
    assert isinstance(found.stopped, PagingError)
    assert not kept.changes


async def test_without_times_a_lost_end_is_not_looked_for_for_ever() -> None:
    service = library(6_000)
    service.listed = [row._replace(added_ms=None) for row in service.listed]
    kept = scanned(service.listed[:2_500])
    del service.listed[2_499]
    found = await look(service, kept)
    assert (found.state, found.complete) == (State.TAIL_SEEN, True)
    assert len(kept.changes[0].added) < 2_000


async def test_a_later_face_shows_that_the_last_kept_one_is_gone() -> None:
    service = library(6_000)
    service.cap = 100
    kept = scanned(service.listed[:2_500])
    del service.listed[2_499]
    found = await look(service, kept)
    assert (found.state, len(found.gone)) == (State.PROVEN, 1)
    assert len(kept.changes[0].added) <= 100


async def test_kept_faces_that_moved_behind_many_new_ones_are_not_gone() -> None:
    service = library(2_500)
    service.cap = 100
    kept = scanned(service.listed)
    service.listed[2_480:2_480] = [face(9_000 + n, at=2_480) for n in range(60)]
    found = await look(service, kept)
    assert (found.state, found.gone, found.added) == (State.TAIL_SEEN, (), 60)
    assert kept.faces == service.listed


async def test_what_a_probe_meets_is_corrected_and_the_rest_is_as_old_as_before() -> None:
    service = library(5_000)
    service.cap = 100
    kept = scanned(service.listed)
    service.listed[:4_900] = [face(n, says="edited") for n in range(1, 4_901)]
    del service.listed[1_700]
    found = await look_once(service, kept)
    assert found.state is State.PROVEN
    edited = [row for row in kept.faces if row.user_data == "edited"]
    assert found.corrected == len(edited) > 100
    assert found.marks.contents_as_of == READ


@pytest.mark.parametrize(("length", "state"), [(40, State.PROVEN), (2_500, State.TAIL_SEEN)])
async def test_a_face_of_the_last_moment_on_the_next_page_counts_too(
    length: int, state: State
) -> None:
    service = library(length)
    service.listed.append(face(9_000, at=length))
    service.cap, service.naming = min(50, length), "if more"
    found = await look(service, scanned(service.listed[:length]))
    assert (found.state, found.complete, found.added) == (state, True, 1)


async def test_a_new_face_that_comes_again_on_the_next_page_is_not_kept_twice() -> None:
    service = library(2_600)
    service.cap = 100
    kept = scanned(service.listed[:2_500])
    service.listed.append(face(2_540))
    found = await look_once(service, kept)
    assert found.state is State.OUT_OF_ORDER
    assert kept.faces == service.listed[: kept.count]


async def test_pages_that_end_early_and_name_no_next_end_nothing() -> None:
    service = library(2_507)
    service.cap = 20
    kept = scanned(service.listed[:2_500])
    found = await look(service, kept)
    assert (found.state, found.complete, found.added) == (State.PROVEN, True, 7)
    assert kept.faces == service.listed


async def test_a_short_page_amid_a_library_makes_others_of_its_length_prove_nothing() -> None:
    service = library(2_535)
    service.cap = 20
    kept = scanned(service.listed[:2_500])
    found = await look(service, kept)
    assert (found.state, found.complete, found.added) == (State.PROVEN, True, 35)
