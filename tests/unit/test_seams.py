"""A joined scan: a face that stands at its seam shows that none before it came or went."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from fs_tui.faces.kept_listing import KeptListing
from fs_tui.faces.kept_rows import Change, Marks
from fs_tui.faces.paging.pager import Pager
from fs_tui.faces.paging.positions import Positions
from fs_tui.faces.paging.requests import PageRequest, Purpose
from fs_tui.faces.paging.seams import Seams
from fs_tui.faces.status import describe
from fs_tui.models import FacePage
from tests.unit.sync_service import LibraryService, face
from tests.unit.test_kept_file import TemporaryKeeper

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.models import Face


def page(start: int, *numbers: int) -> FacePage:
    return FacePage(start, 100, tuple(map(face, numbers)))


def seams_of(*pages: FacePage) -> Seams:
    """What is remembered of some pages that were read whole."""
    known = Positions()
    seams = Seams(known.loaded, known.joined)
    for one in pages:
        assert seams.torn(one) is None
        end = one.start + len(one.faces)
        known.met_faces(one.start, end)
        for position in (one.start, end - 1):
            seams.note(position, one.faces[position - one.start].face_token)
    return seams


def test_pages_that_meet_in_the_same_face_are_not_torn() -> None:
    seams = seams_of(page(1, 1, 2, 3), page(5, 5, 6), page(3, 3, 4, 5))
    assert seams.torn(page(6, 6, 7)) is None
    assert seams.torn(page(7)) is None


@pytest.mark.parametrize(
    ("later", "torn"),
    [
        (page(3, 4, 5), 3),
        (page(3), 3),
        (page(0, 9, 8), 1),
        (page(4, 4, 6), 5),
        (page(4, 4, 6, 7, 9), 5),
        (page(4, 4, 5, 6, 8), 7),
    ],
)
def test_another_face_or_none_at_a_seam_tears_it(later: FacePage, torn: int) -> None:
    assert seams_of(page(1, 1, 2, 3), page(5, 5, 6, 7)).torn(later) == torn


def test_of_pages_that_meet_only_both_ends_are_remembered() -> None:
    """Else a stream of millions of faces would need memory for each of its pages."""
    seams = seams_of(page(1, 1, 2, 3), page(3, 3, 4, 5), page(5, 5, 6))
    assert seams.torn(page(3, 9, 9)) is None
    assert seams.torn(page(6, 9)) == 6
    assert seams.torn(page(1, 9)) == 1


def gone(position: int) -> Callable[[list[Face]], None]:
    return lambda faces: faces.__delitem__(position - 1)


@pytest.mark.parametrize("concurrency", [1, 3])
@pytest.mark.parametrize("position", [1, 99, 100, 101, 250, 420])
@pytest.mark.parametrize("at", [2, 3, 4, 5])
async def test_a_face_that_goes_amid_a_scan_hides_no_other_one(
    position: int, at: int, concurrency: int
) -> None:
    """Positions and end would be the same, with one face that is gone and one that is missing."""
    service = LibraryService([face(number) for number in range(1, 421)])
    service.cap = 100
    service.before[at] = gone(position)
    with TemporaryKeeper() as keeper, closing(keeper.open("lib")) as kept:
        listing = KeptListing(service, "lib", kept, concurrency=concurrency, rest=lambda _: 0)
        listing.scan()
        status = await asyncio.wait_for(listing.finished(), 20)
        assert status.complete
        assert not kept.facts.doubt
        assert list(await kept.rows(1, kept.count + 1)) == service.listed
        await listing.aclose()


async def test_a_joined_scan_asks_for_one_face_a_page_more() -> None:
    service = LibraryService([face(number) for number in range(1, 5_001)])
    with TemporaryKeeper() as keeper, closing(keeper.open("lib")) as kept:
        listing = KeptListing(service, "lib", kept, rest=lambda _: 0)
        listing.scan()
        assert (await listing.finished()).complete
        assert [start for start, _ in service.calls] == [1, 1_000, 1_999, 2_998, 3_997, 4_996]
        await listing.aclose()


async def test_a_doubt_that_a_look_leaves_is_said_and_nothing_is_called_complete() -> None:
    moment = [face(number, at=7) for number in range(1, 61)]
    service = LibraryService(moment)
    with TemporaryKeeper() as keeper:
        with closing(keeper.open("lib")) as kept:
            listing = KeptListing(service, "lib", kept, rest=lambda _: 0)
            listing.scan()
            assert (await listing.finished()).complete
            await listing.aclose()
        with closing(keeper.open("lib")) as kept:
            listing = KeptListing(service, "lib", kept, rest=lambda _: 0)
            await listing.look()
            assert not listing.status.complete
            line = describe(listing.status)
            assert line.count("prefix not proven (the last kept faces are of one moment)") == 1
            assert "changed while it was read" not in line
            await listing.aclose()


async def test_pages_that_do_not_meet_begin_no_scan_that_nobody_wants() -> None:
    service = LibraryService([face(number) for number in range(1, 2_001)])
    with TemporaryKeeper() as keeper, closing(keeper.open("lib")) as kept:
        listing = KeptListing(service, "lib", kept, rest=lambda _: 0)
        await listing.goto(1)
        kept.torn()
        assert (await listing.finished()).scan is None
        assert listing.status.loaded < 2_000
        await listing.aclose()


@pytest.mark.parametrize("at", [60, 61, None])
async def test_an_end_that_is_followed_doubts_a_face_that_is_not_later(at: int | None) -> None:
    service = LibraryService([face(number) for number in range(1, 61)])
    with TemporaryKeeper() as keeper, closing(keeper.open("lib")) as kept:
        listing = KeptListing(service, "lib", kept, rest=lambda _: 0)
        listing.scan()
        await listing.finished()
        service.listed.append(face(61, at=at))
        assert await listing.grow() == 1
        assert listing.status.complete == (at == 61)
        assert bool(kept.facts.doubt) == (at != 61)
        await listing.aclose()


async def test_what_was_looked_at_before_the_scan_is_joined_on_both_sides() -> None:
    service = LibraryService([face(number) for number in range(1, 421)])
    service.cap = 100
    with TemporaryKeeper() as keeper, closing(keeper.open("lib")) as kept:
        listing = KeptListing(service, "lib", kept, rest=lambda _: 0)
        await listing.goto(250)
        service.listed.pop(9)
        listing.scan()
        assert (await asyncio.wait_for(listing.finished(), 20)).complete
        assert list(await kept.rows(1, kept.count + 1)) == service.listed
        await listing.aclose()


async def test_a_scan_that_goes_on_joins_what_was_kept() -> None:
    service = LibraryService([face(number) for number in range(1, 421)])
    service.cap = 100
    read = datetime(2026, 11, 26, tzinfo=UTC)
    with TemporaryKeeper() as keeper, closing(keeper.open("lib")) as kept:
        marks = Marks(looked_at=read, contents_as_of=read)
        await kept.apply(Change(added=service.listed[:200], marks=marks))
        listing = KeptListing(service, "lib", kept, rest=lambda _: 0)
        service.before[2] = gone(7)
        listing.scan()
        assert (await asyncio.wait_for(listing.finished(), 20)).complete
        assert list(await kept.rows(1, kept.count + 1)) == service.listed
        await listing.aclose()


@pytest.mark.parametrize("answered", [False, True])
def test_a_page_of_a_joined_scan_reaches_into_what_others_have_asked_for(*, answered: bool) -> None:
    """Else a face that goes between the two answers would be stepped over."""
    pager = Pager()
    pager.want(201, 301)
    window = pager.next_request(allowed=3)
    assert window == PageRequest(201, 100, Purpose.WINDOW)
    if answered:
        pager.answered(window, page(201, *range(201, 301)))
    pager.scanning = True
    assert pager.next_request(allowed=3) == PageRequest(1, 201, Purpose.SCAN)
