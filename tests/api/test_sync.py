"""Kept rows and the real sandbox: how many requests a look takes, and what each manner proves."""

from __future__ import annotations

import json
import urllib.request
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from fs_tui.api.client import FaceSearchClient
from fs_tui.api.transport import TransportOptions
from fs_tui.errors import (
    IncompleteError,
    LibraryNotFoundError,
    LimitError,
    NetworkError,
    PagingError,
)
from fs_tui.faces.outcome import State, describe
from fs_tui.faces.sync import MOST_GONE, MOST_REQUESTS, sync
from fs_tui.models import Face
from fs_tui.sandbox.population import CAMPUS, CITY, CLINIC, EMPTY, PILOT, Population
from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET
from tests.api.fault_matrix import HASTY, PATIENT
from tests.kept_population import KeptPopulation
from tests.unit.kept_list import READ, KeptList, scanned

if TYPE_CHECKING:
    from fs_tui.faces.kept_rows import KeptRows
    from fs_tui.faces.outcome import Outcome
    from fs_tui.sandbox.serve import Running

_DEFAULTS = TransportOptions()

FIVE_MILLION = len(Population()[CITY])


def change(sandbox: Running, name: str, library: str, **arguments: object) -> None:
    """Let another program change a library, as the control API has it."""
    request = urllib.request.Request(  # noqa: S310 - a loopback address
        f"{sandbox.url}/sandbox/changes",
        data=json.dumps({"change": name, "library": library, **arguments}).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - the same
        assert answer.status == 200


async def look(
    sandbox: Running,
    library: str,
    kept: KeptRows,
    options: TransportOptions = _DEFAULTS,
    most_requests: int = MOST_REQUESTS,
    *,
    counted: bool = True,
) -> Outcome:
    """One look; its requests are compared with those that the sandbox has served.

    Not where requests were given up just before: they may reach a busy sandbox during this look.
    """
    asked = sandbox.service.served["list"]
    client = FaceSearchClient(sandbox.url, DEMO_API_KEY, DEMO_API_SECRET, options=options)
    async with aclosing(client):
        found = await sync(client, library, kept, most_requests=most_requests)
    if counted and found.stopped is None:
        assert sandbox.service.served["list"] - asked == found.requests
    return found


def listed(sandbox: Running, library: str) -> list[Face]:
    faces = sandbox.service.population[library]
    return [Face(*row) for row in faces.rows(1, len(faces))]


def kept_city() -> KeptPopulation:
    return KeptPopulation(Population()[CITY], READ)


def kept_clinic() -> KeptList:
    return scanned(Face(*row) for row in Population()[CLINIC].rows(1, 2_500))


@pytest.mark.parametrize("page_cap", [None, 100])
@pytest.mark.parametrize("added", [0, 1, 49, 50, 98])
async def test_five_million_unchanged_or_with_98_more_take_two_requests(
    sandbox: Running, page_cap: int | None, added: int
) -> None:
    sandbox.faults.page_cap = page_cap
    change(sandbox, "add", CITY, count=added)
    found = await look(sandbox, CITY, kept := kept_city())
    assert (found.state, found.complete, found.added) == (State.PROVEN, True, added)
    assert found.requests <= 2
    assert kept.count == FIVE_MILLION + added


@pytest.mark.parametrize("page_cap", [None, 100])
@pytest.mark.parametrize(
    ("gone", "added"),
    [
        (1, 0),
        (2, 70),
        (1_000, 0),
        (1_234_567, 70),
        (2_493_828, 0),
        (FIVE_MILLION - 51, 70),
        (FIVE_MILLION, 0),
    ],
)
async def test_one_deletion_among_five_million_takes_thirty_requests(
    sandbox: Running, page_cap: int | None, added: int, gone: int
) -> None:
    sandbox.faults.page_cap = page_cap
    kept = kept_city()
    (missing,) = await kept.rows(gone, gone + 1)
    change(sandbox, "delete", CITY, positions=[gone])
    change(sandbox, "add", CITY, count=added)
    found = await look(sandbox, CITY, kept)
    assert (found.state, found.complete, found.added) == (State.PROVEN, True, added)
    assert found.gone == ((gone, missing),)
    assert found.requests <= 30
    assert (await look(sandbox, CITY, kept)).requests <= 2


async def test_twenty_deletions_among_five_million_are_found_and_one_more_offers_a_scan(
    sandbox: Running,
) -> None:
    gone = [7 + 249_000 * number for number in range(MOST_GONE)]
    change(sandbox, "delete", CITY, positions=gone)
    found = await look(sandbox, CITY, kept := kept_city())
    assert (found.state, found.complete) == (State.PROVEN, True)
    assert [position for position, _ in found.gone] == gone
    assert found.requests <= 260
    change(sandbox, "delete", CITY, positions=range_list(50_000, MOST_GONE + 1))
    found = await look(sandbox, CITY, kept)
    assert found.state is State.MANY_GONE
    assert found.offers_scan
    assert found.requests <= 2
    assert kept.count == FIVE_MILLION - MOST_GONE


def range_list(step: int, count: int) -> list[int]:
    return [step * (number + 1) for number in range(count)]


async def test_what_went_and_what_came_between_two_looks_do_not_hide_each_other(
    sandbox: Running,
) -> None:
    kept = kept_clinic()
    for number in range(5):
        change(sandbox, "delete", CLINIC, positions=[100 + 500 * number])
        change(sandbox, "add", CLINIC)
        found = await look(sandbox, CLINIC, kept)
        assert (found.state, len(found.gone), found.added) == (State.PROVEN, 1, 1)
        assert kept.faces == listed(sandbox, CLINIC)


async def test_an_equally_old_face_before_the_end_leaves_the_prefix_unproven(
    sandbox: Running,
) -> None:
    kept = kept_clinic()
    change(sandbox, "add", CLINIC, position=2_500)
    found = await look(sandbox, CLINIC, kept)
    assert found.state is State.TAIL_SEEN
    assert kept.faces == listed(sandbox, CLINIC)
    assert "prefix not proven (faces came before the last one)" in describe(found)
    # No later look can tell what may have been hidden then.
    assert (await look(sandbox, CLINIC, kept)).state is State.TAIL_SEEN


async def test_an_older_face_amid_the_library_cannot_be_taken_in(sandbox: Running) -> None:
    kept = kept_clinic()
    before = list(kept.faces)
    change(sandbox, "add", CLINIC, position=1_200)
    found = await look(sandbox, CLINIC, kept)
    assert found.state is State.OUT_OF_ORDER
    assert found.offers_scan
    assert kept.faces == before


async def test_a_face_as_old_as_the_last_one_leaves_the_prefix_unproven(sandbox: Running) -> None:
    kept = kept_clinic()
    change(sandbox, "add", CLINIC, faces=[{"added_ms": kept.faces[-1].added_ms}])
    found = await look(sandbox, CLINIC, kept)
    assert found.state is State.TAIL_SEEN
    assert found.why == "a new face is not later than the last kept one"
    assert kept.faces == listed(sandbox, CLINIC)


async def test_a_face_without_a_time_leaves_the_prefix_unproven(sandbox: Running) -> None:
    kept = kept_clinic()
    change(sandbox, "add", CLINIC, faces=[{"added_ms": None}])
    assert (await look(sandbox, CLINIC, kept)).state is State.TAIL_SEEN


@pytest.mark.parametrize("form", ["string", "iso", "number"])
async def test_the_form_of_a_time_changes_nothing(sandbox: Running, form: str) -> None:
    sandbox.faults.add_time = form  # type: ignore[assignment] # one of its values
    assert (await look(sandbox, CLINIC, kept_clinic())).state is State.PROVEN


async def test_times_that_are_no_longer_given_prove_nothing(sandbox: Running) -> None:
    sandbox.faults.add_time = "null"
    found = await look(sandbox, CLINIC, kept_clinic())
    assert found.state is State.TAIL_SEEN
    assert found.why == "a kept face has another time"


@pytest.mark.parametrize("count", [None, 3_000, 60])
async def test_a_library_that_was_made_anew_is_not_mixed_with_the_old_one(
    sandbox: Running, count: int | None
) -> None:
    kept = kept_clinic()
    before = list(kept.faces)
    change(sandbox, "remake", CLINIC, count=count, keep_time=True)
    found = await look(sandbox, CLINIC, kept)
    assert found.state is State.MADE_ANEW
    assert found.offers_scan
    assert kept.faces == before
    assert found.requests <= 3


async def test_a_library_that_was_emptied_offers_a_scan(sandbox: Running) -> None:
    change(sandbox, "delete", CLINIC, positions=list(range(1, 2_501)))
    found = await look(sandbox, CLINIC, kept_clinic())
    assert found.state is State.MANY_GONE


async def test_a_library_that_is_gone_is_said_to_be(sandbox: Running) -> None:
    change(sandbox, "remove", CLINIC)
    found = await look(sandbox, CLINIC, kept_clinic())
    assert found.state is State.FAILED
    assert isinstance(found.stopped, LibraryNotFoundError)


async def test_data_that_was_edited_is_seen_where_it_is_looked_at_only(sandbox: Running) -> None:
    kept = kept_clinic()
    change(sandbox, "edit", CLINIC, position=2_499, user_data="seen")
    change(sandbox, "edit", CLINIC, position=3, user_data="not seen")
    found = await look(sandbox, CLINIC, kept)
    assert found.state is State.PROVEN
    assert kept.faces[2_498].user_data == "seen"
    assert kept.faces[2] != listed(sandbox, CLINIC)[2]
    assert found.marks.contents_as_of == READ
    now = datetime(2026, 11, 27, 12, 4, tzinfo=UTC)
    said = describe(replace(found, marks=found.marks._replace(looked_at=now)), now)
    assert said == "1 corrected, positions proven 12:04, contents as of 26 Nov"


async def test_a_small_library_is_read_whole_each_time(sandbox: Running) -> None:
    kept = scanned(Face(*row) for row in Population()[PILOT].rows(1, 40))
    sandbox.service.population[PILOT].delete_at(range(41, 101))
    change(sandbox, "edit", PILOT, position=3, user_data="seen")
    found = await look(sandbox, PILOT, kept)
    assert (found.state, found.requests) == (State.PROVEN, 1)
    assert kept.faces == listed(sandbox, PILOT)
    assert found.marks.contents_as_of == found.asked_from


async def test_an_empty_library_stays_empty_and_its_first_face_is_met(sandbox: Running) -> None:
    kept = scanned([])
    assert (await look(sandbox, EMPTY, kept)).complete
    change(sandbox, "add", EMPTY, count=3)
    found = await look(sandbox, EMPTY, kept)
    assert (found.state, found.added) == (State.PROVEN, 3)
    assert kept.faces == listed(sandbox, EMPTY)


async def test_a_scan_that_stopped_goes_on_from_what_still_stands(sandbox: Running) -> None:
    rows = Population()[CAMPUS].rows(1, 100_000)
    kept = scanned((Face(*row) for row in rows), complete=False)
    change(sandbox, "delete", CAMPUS, positions=[77_000])
    client = FaceSearchClient(sandbox.url, DEMO_API_KEY, DEMO_API_SECRET)
    async with aclosing(client):
        found = await sync(client, CAMPUS, kept, to_end=False)
    assert found.state is State.PROVEN
    assert not found.complete
    assert [position for position, _ in found.gone] == [77_000]
    assert kept.faces == listed(sandbox, CAMPUS)[: found.count]
    assert describe(found).startswith("951 added, 1 gone, positions proven")
    assert f"more follow face {found.count:,}" in describe(found)


async def test_more_than_may_be_asked_for_is_said_and_what_came_is_kept(sandbox: Running) -> None:
    kept = scanned((Face(*row) for row in Population()[CAMPUS].rows(1, 1_000)), complete=False)
    client = FaceSearchClient(sandbox.url, DEMO_API_KEY, DEMO_API_SECRET)
    async with aclosing(client):
        found = await sync(client, CAMPUS, kept, most_requests=10)
    assert found.requests == 10
    assert isinstance(found.stopped, IncompleteError)
    assert not found.complete
    assert found.state is State.PROVEN
    assert kept.faces == listed(sandbox, CAMPUS)[: found.count]
    assert found.added == found.count - 1_000 > 9_000


async def test_a_library_that_loses_faces_all_the_time_is_left_alone(sandbox: Running) -> None:
    kept = kept_clinic()
    before = list(kept.faces)
    change(sandbox, "delete", CLINIC, positions=[5])
    sandbox.faults.deletion = 1
    found = await look(sandbox, CLINIC, kept)
    assert found.state is State.MOVING
    assert found.requests <= 30
    assert not found.offers_scan
    assert kept.faces == before


@pytest.mark.parametrize("growth", [1, 3, 150, 1_000])
async def test_a_library_that_grows_all_the_time_is_followed(sandbox: Running, growth: int) -> None:
    kept = kept_clinic()
    change(sandbox, "delete", CLINIC, positions=[5])
    sandbox.faults.growth = growth
    # More comes with each page than it holds: only the limit ends that.
    found = await look(sandbox, CLINIC, kept, most_requests=30)
    assert found.state is State.PROVEN
    assert kept.faces == listed(sandbox, CLINIC)[: found.count]
    assert found.complete == (found.stopped is None) == (growth < 1_000)


async def test_faces_that_come_before_the_last_one_all_the_time_prove_nothing_wrong(
    sandbox: Running,
) -> None:
    kept = kept_clinic()
    sandbox.faults.insertion = 1
    assert (await look(sandbox, CLINIC, kept)).state is State.PROVEN
    found = await look(sandbox, CLINIC, kept)
    assert found.state is State.TAIL_SEEN


@pytest.mark.parametrize("page_cap", [3, 7, 20, 50, 51, 99])
async def test_short_pages_are_followed(sandbox: Running, page_cap: int) -> None:
    sandbox.faults.page_cap = page_cap
    kept = kept_clinic()
    change(sandbox, "delete", CLINIC, positions=[5])
    change(sandbox, "add", CLINIC, count=7)
    found = await look(sandbox, CLINIC, kept)
    assert (found.state, found.complete) == (State.PROVEN, True)
    assert kept.faces == listed(sandbox, CLINIC)


@pytest.mark.parametrize(("page_cap", "said"), [(1, "1 face a page"), (2, "2 faces a page")])
async def test_pages_that_are_too_short_to_be_joined_are_said_to_be(
    sandbox: Running, page_cap: int, said: str
) -> None:
    sandbox.faults.page_cap = page_cap
    found = await look(sandbox, CLINIC, kept_clinic())
    assert found.state is State.FAILED
    assert said in found.why


@pytest.mark.parametrize("added", [0, 1, 60])
async def test_pages_that_begin_early_from_now_on_hide_no_deletion(
    sandbox: Running, added: int
) -> None:
    sandbox.faults.overlap, sandbox.faults.page_cap = True, 100
    kept = kept_clinic()
    change(sandbox, "delete", CLINIC, positions=[1_000])
    change(sandbox, "add", CLINIC, count=added)
    assert not (await look(sandbox, CLINIC, kept)).up_to_date
    assert not kept.changes


async def test_pages_that_end_early_and_name_no_next_do_not_hide_kept_faces(
    sandbox: Running,
) -> None:
    sandbox.faults.page_cap, sandbox.faults.next = 20, "absent"
    kept = kept_clinic()
    change(sandbox, "add", CLINIC, count=7)
    found = await look(sandbox, CLINIC, kept)
    assert (found.state, found.complete, found.gone) == (State.PROVEN, True, ())
    assert kept.faces == listed(sandbox, CLINIC)


@pytest.mark.parametrize("manner", [{"ignore_start": True}, {"overlap": True}])
@pytest.mark.parametrize("length", [60, 300, 2_500])
async def test_pages_that_are_not_those_of_their_position_change_nothing(
    sandbox: Running, manner: dict[str, bool], length: int
) -> None:
    kept = KeptList(kept_clinic().faces[:length], kept_clinic().marks)
    before = list(kept.faces)
    for name, value in manner.items():
        setattr(sandbox.faults, name, value)
    found = await look(sandbox, CLINIC, kept)
    assert not found.up_to_date
    assert kept.faces == before


@pytest.mark.parametrize("naming", ["stuck", "backward"])
async def test_a_next_that_leads_back_stops_the_look(sandbox: Running, naming: str) -> None:
    sandbox.faults.next = naming  # type: ignore[assignment] # one of its values
    kept = kept_clinic()
    before = list(kept.faces)
    change(sandbox, "delete", CLINIC, positions=[5])
    found = await look(sandbox, CLINIC, kept)
    assert found.state is State.FAILED
    assert isinstance(found.stopped, PagingError)
    assert kept.faces == before


async def test_a_refused_start_is_said_and_changes_nothing(sandbox: Running) -> None:
    sandbox.faults.max_start = 1_000
    kept = kept_clinic()
    found = await look(sandbox, CLINIC, kept)
    assert found.state is State.FAILED
    assert isinstance(found.stopped, IncompleteError)
    assert "does not list face 1,501" in describe(found)


async def test_a_refused_start_behind_the_tail_leaves_the_end_unproven(sandbox: Running) -> None:
    sandbox.faults.max_start = 2_460
    sandbox.faults.page_cap = 100
    kept = kept_clinic()
    change(sandbox, "add", CLINIC, count=100)
    found = await look(sandbox, CLINIC, kept)
    assert found.state is State.PROVEN
    assert not found.complete
    assert found.added == 50
    assert kept.faces == listed(sandbox, CLINIC)[:2_550]
    assert "kept up to face 2,550 only (the service does not list face" in describe(found)


@pytest.mark.parametrize(
    ("kind", "options", "error"),
    [
        ("reset", {}, NetworkError),
        ("hang", {}, NetworkError),
        ("error", {"code": "CONCURRENCY_LIMIT_EXCEEDED"}, LimitError),
    ],
)
@pytest.mark.parametrize("after", [0, 1, 2, 3])
async def test_a_failure_amid_a_look_leaves_true_rows_and_the_next_look_goes_on(
    sandbox: Running, kind: str, options: dict[str, str], error: type[Exception], after: int
) -> None:
    kept = kept_clinic()
    before = list(kept.faces)
    sandbox.faults.page_cap = 100
    change(sandbox, "delete", CLINIC, positions=[5])
    change(sandbox, "add", CLINIC, count=500)
    sandbox.faults.fail(kind, "list", times=None, after=after, **options)
    found = await look(sandbox, CLINIC, kept, HASTY if kind == "hang" else PATIENT)
    assert isinstance(found.stopped, error)
    assert not found.complete
    assert kept.faces == before
    sandbox.faults.clear()
    found = await look(sandbox, CLINIC, kept, counted=kind != "hang")
    assert found.state is State.PROVEN
    assert kept.faces == listed(sandbox, CLINIC)
