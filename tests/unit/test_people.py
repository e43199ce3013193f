"""People show true rows in the order that they say, while the library grows and changes."""

from __future__ import annotations

import asyncio
from datetime import UTC
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_tui.faces.filter_language import parse
from fs_tui.faces.index.people_table import PeopleTable
from fs_tui.faces.listing import FaceListing
from fs_tui.faces.persons import PeopleOrder
from fs_tui.faces.reports import people as people_module
from fs_tui.faces.reports.people import People
from fs_tui.faces.reports.periods import Step
from fs_tui.faces.status import describe
from fs_tui.models import Face
from fs_tui.tui.browser.progress import known
from tests.unit.fake_gateway import FakeGateway, make_face
from tests.unit.test_people_table import FACES, in_order, persons, storable
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.faces.index.people_moment import Moment
    from fs_tui.faces.persons import PersonRow


def expected(
    faces: list[Face], order: PeopleOrder = PeopleOrder.USER_ID, least: int = 1
) -> list[PersonRow]:
    """The rows by another road."""
    return [row for row in in_order(persons(faces), order) if row.faces >= least]


async def shown(people: People) -> list[PersonRow]:
    """All rows, as a table asks for them."""
    found: list[PersonRow] = []
    for first in range(0, people.row_count(), 100):
        found += await window(people, first, min(first + 100, people.row_count()))
    return found


async def window(people: People, first: int, last: int) -> list[PersonRow]:
    people.want(first, last)
    await until(lambda: None not in people.rows(first, last))
    return [row._replace(repeated=False) for row in people.rows(first, last) if row]


def numbers_of(gateway: FakeGateway) -> list[Face]:
    return list(map(make_face, gateway.numbers))


@given(faces=FACES, order=st.sampled_from(PeopleOrder), least=st.integers(1, 3))
async def test_rows_are_those_of_the_faces_in_the_order_that_is_said(
    faces: list[Face], order: PeopleOrder, least: int
) -> None:
    faces = [face._replace(user_id=storable(face.user_id)) for face in faces]
    listing = FaceListing(FakeGateway(), "lib")
    listing.store.add(1, faces)
    people = People(listing)
    people.set_order(order)
    people.set_least(least)
    status = await people.settled()
    assert (status.order, status.counted, status.percent) == (order, True, None)
    assert await shown(people) == expected(faces, order, least)
    await people.aclose()
    await listing.aclose()


@pytest.mark.parametrize("order", PeopleOrder)
async def test_rows_of_many_people_are_found_wherever_they_are(order: PeopleOrder) -> None:
    faces = [
        Face(f"{number:x}", f"p{number * 7919 % 20_011:05}", "", number * 977 % 100_003)
        for number in range(30_000)
    ]
    listing = FaceListing(FakeGateway(), "lib")
    listing.store.add(1, faces)
    people = People(listing)
    people.set_order(order)
    await people.settled()
    wanted = expected(faces, order)
    assert people.row_count() == len(wanted) == people.status.persons
    for first in (0, 500, 8_150, 12_345, len(wanted) - 90):
        assert await window(people, first, first + 90) == wanted[first : first + 90]
    await people.aclose()
    await listing.aclose()


async def test_people_follow_a_scan_and_are_whole_only_at_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(people_module, "_REST", 0.0)
    monkeypatch.setattr(people_module, "_SHARE", 0.0)
    gateway = FakeGateway(20_000)
    listing = FaceListing(gateway, "lib")
    people = People(listing)

    def close_after_ten(_start: int, _limit: int) -> None:
        if len(gateway.calls) == 10:
            gateway.gate.clear()

    gateway.failing = close_after_ten
    listing.scan()
    await until(lambda: people.status.faces == listing.status.loaded > 1_000)
    status = await people.settled()
    assert not status.whole
    assert 0 < status.faces == listing.status.loaded < 20_000
    gateway.gate.set()
    await listing.finished()
    status = await people.settled()
    assert status.whole
    assert status.faces == 20_000
    assert await shown(people) == expected(numbers_of(gateway))
    await people.aclose()
    await listing.aclose()


async def test_rows_stay_in_the_order_that_is_said_until_the_other_one_stands() -> None:
    listing = FaceListing(FakeGateway(20_000), "lib")
    listing.scan()
    await listing.finished()
    people = People(listing)
    await people.settled()
    seen = set()
    people.subscribe(lambda status: seen.add((status.order, status.percent is None)))
    people.set_order(PeopleOrder.LAST)
    assert (people.status.order, people.status.wanted) == (PeopleOrder.USER_ID, PeopleOrder.LAST)
    first = people.rows(0, 1)[0]
    assert first is not None
    assert first.user_id == "user_000"
    await people.settled()
    assert people.status.order is PeopleOrder.LAST
    await until(lambda: (PeopleOrder.LAST, True) in seen)
    await people.aclose()
    await listing.aclose()


async def test_a_reload_and_an_edited_face_are_counted_anew() -> None:
    gateway = FakeGateway(1_000)
    listing = FaceListing(gateway, "lib")
    listing.scan()
    await listing.finished()
    people = People(listing)
    await people.settled()
    listing.store.add(1, [make_face(1)._replace(user_id="another")])
    people.set_least(1)
    await people.settled()
    assert (await shown(people))[0].user_id == "another"
    gateway.numbers = range(1, 501)
    await listing.reload()
    await listing.finished()
    await until(lambda: people.status.faces == 500)
    await people.settled()
    assert await shown(people) == expected(numbers_of(gateway))
    assert people.status.whole
    await people.aclose()
    await listing.aclose()


async def test_a_filter_counts_only_what_passes() -> None:
    gateway = FakeGateway(5_000)
    listing = FaceListing(gateway, "lib")
    listing.scan()
    await listing.finished()
    people = People(listing, parse("user:01"))
    await people.settled()
    passing = [face for face in numbers_of(gateway) if "01" in face.user_id]
    assert await shown(people) == expected(passing)
    assert people.status.filter_text == "user:01"
    people.set_filter(None)
    await people.settled()
    assert await shown(people) == expected(numbers_of(gateway))
    found = await people.summary()
    assert found is not None
    assert found.faces == 5_000
    await people.aclose()
    await listing.aclose()


async def test_closing_amid_the_work_ends_it() -> None:
    listing = FaceListing(FakeGateway(50_000), "lib")
    listing.scan()
    await listing.finished()
    for turns in range(0, 40, 4):
        people = People(listing)
        people.set_order(PeopleOrder.FACES)
        for _ in range(turns):
            await asyncio.sleep(0)
        await people.aclose()
        assert people.row_count() == 0
    await listing.aclose()


async def test_changes_of_mind_lose_no_face() -> None:
    gateway = FakeGateway(40_000)
    listing = FaceListing(gateway, "lib")
    listing.scan()
    await listing.finished()
    people = People(listing)
    for turn in range(30):
        people.set_order(list(PeopleOrder)[turn % 4])
        people.set_least(1 + turn % 2)
        for _ in range(turn):
            await asyncio.sleep(0)
    people.set_least(1)
    people.set_order(PeopleOrder.FACES)
    assert (await people.settled()).faces == 40_000
    assert await shown(people) == expected(numbers_of(gateway), PeopleOrder.FACES)
    growth = await people.growth(Step.YEAR, UTC)
    assert growth is not None
    assert sum(period.faces for period in growth.periods) == 40_000
    await people.aclose()
    await listing.aclose()


async def test_a_token_that_is_met_twice_is_one_face() -> None:
    gateway = FakeGateway(3_000)
    gateway.numbers = [*range(1, 1_501), *range(1_400, 3_001)]
    listing = FaceListing(gateway, "lib")
    listing.scan()
    status = await listing.finished()
    assert (status.loaded, status.twice, status.complete) == (3_101, 101, False)
    assert describe(status).startswith("3,000 faces loaded")
    assert known(status) == "3,000+"
    people = People(listing)
    counted = await people.settled()
    assert (counted.faces, counted.whole) == (3_000, False)
    assert await shown(people) == expected(list(map(make_face, range(1, 3_001))))
    found = await people.summary()
    assert found is not None
    assert (found.faces, found.without_data) == (3_000, 0)
    await people.aclose()
    await listing.aclose()


async def test_what_came_in_before_another_order_was_asked_for_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    faces = [Face(f"{number:x}", f"p{number % 40}", "", number) for number in range(300)]
    listing = FaceListing(FakeGateway(), "lib")
    listing.store.add(1, faces[:100])
    people = People(listing)
    assert (await people.settled()).faces == 100
    came, goes_on, whole = asyncio.Event(), asyncio.Event(), PeopleTable.moment

    async def moment(table: PeopleTable, done: Callable[[int], None]) -> Moment:
        found = await whole(table, done)
        came.set()
        await goes_on.wait()
        return found

    monkeypatch.setattr(PeopleTable, "moment", moment)
    listing.store.add(101, faces[100:])
    people.set_least(2)
    await came.wait()
    people.set_order(PeopleOrder.FACES)
    goes_on.set()
    assert (await people.settled()).faces == 300
    assert await shown(people) == expected(faces, PeopleOrder.FACES, 2)
    await people.aclose()
    await listing.aclose()
