"""Kept rows are brought up to date in few requests, and nothing is claimed that was not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fs_tui.faces.outcome import State
from fs_tui.faces.sync import sync
from tests.unit.kept_list import READ, KeptList, scanned
from tests.unit.sync_service import LibraryService, face

if TYPE_CHECKING:
    from fs_tui.faces.outcome import Outcome


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
    assert found.requests <= (3 if length == 1 else 2)
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
