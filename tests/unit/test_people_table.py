"""People, growth and summary are what plain Python counts over the same faces."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fs_tui.faces.index import people_moment
from fs_tui.faces.index.database import Database
from fs_tui.faces.index.people_table import PeopleTable
from fs_tui.faces.index.store import FaceStore
from fs_tui.faces.persons import PeopleOrder, PersonRow
from fs_tui.faces.reports.growth import growth
from fs_tui.faces.reports.periods import Step
from fs_tui.faces.reports.summary import summary
from fs_tui.models import Face
from tests.unit.test_periods import ZONES, first_day

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from fs_tui.faces.index.people_moment import Moment

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_MS = (datetime(1, 1, 2, tzinfo=UTC) - EPOCH) // timedelta(milliseconds=1)
LAST_MS = (datetime(9999, 12, 30, tzinfo=UTC) - EPOCH) // timedelta(milliseconds=1)

ST_JOHNS = ZoneInfo("America/St_Johns")

IDS = st.sampled_from(
    ["", "a", "A", "b", "a\0", "a\0b", "é", "ﬀ", "\U0001f600", "'", " a", "10", "9"]
)
NEAR = st.integers(1_225_000_000_000, 1_227_000_000_000) | st.integers(
    1_225_506_600_000, 1_225_506_700_000
)
"""Some days around the end of daylight saving in Newfoundland in 2008, and some seconds of it."""

FACES = st.lists(
    st.builds(
        Face,
        face_token=st.just("t"),
        user_id=st.one_of(IDS, st.text(max_size=3)),
        user_data=st.sampled_from(["", "x"]),
        added_ms=st.one_of(st.none(), NEAR),
    ),
    max_size=60,
)


def storable(text: str) -> str:
    """A text as the service's answers hold it: half of a surrogate pair is U+FFFD there."""
    return text.encode("utf-8", "replace").decode()


@asynccontextmanager
async def moment(
    faces: Sequence[Face], *, kept: bool = False
) -> AsyncIterator[tuple[Moment, FaceStore]]:
    """What a table holds that is fed from a store, in two portions."""
    store = FaceStore()
    store.is_kept = kept
    table = PeopleTable(store)
    try:
        half = len(faces) // 3
        store.add(half + 1, faces[half:])
        await table.moment()
        store.add(1, faces[:half])
        yield await table.moment(), store
    finally:
        table.close()
        store.close()


def persons(faces: Sequence[Face]) -> dict[str, PersonRow]:
    """The truth by another road."""
    found: dict[str, list[int | None]] = defaultdict(list)
    for face in faces:
        found[face.user_id].append(face.added_ms)
    rows = {}
    for user_id, times in found.items():
        known = [time for time in times if time is not None]
        rows[user_id] = PersonRow(
            user_id, len(times), min(known, default=None), max(known, default=None)
        )
    return rows


def in_order(rows: dict[str, PersonRow], order: PeopleOrder) -> list[PersonRow]:
    def key(row: PersonRow) -> tuple[float, bytes]:
        by = {
            PeopleOrder.USER_ID: 0.0,
            PeopleOrder.FACES: -float(row.faces),
            PeopleOrder.FIRST: float("inf") if row.first_ms is None else row.first_ms,
            PeopleOrder.LAST: float("inf") if row.last_ms is None else -row.last_ms,
        }
        return by[order], row.user_id.encode()

    nobody = [row for row in rows.values() if not row.user_id]
    return sorted((row for row in rows.values() if row.user_id), key=key) + nobody


def is_repeated(times: Sequence[int | None]) -> bool:
    known = sorted(time for time in times if time is not None)
    return any(later - earlier <= 10_000 for earlier, later in pairwise(known))


@given(faces=FACES, order=st.sampled_from(PeopleOrder), least=st.integers(1, 3), kept=st.booleans())
async def test_people_are_grouped_and_ordered(
    faces: list[Face], order: PeopleOrder, least: int, *, kept: bool
) -> None:
    faces = [face._replace(user_id=storable(face.user_id)) for face in faces]
    with pytest.MonkeyPatch.context() as patch:
        # Some people are sorted at once, as they would be among millions.
        patch.setattr(people_moment, "_SORTED", 2)
        patch.setattr(people_moment, "_ONE_OF", 1)
        async with moment(faces, kept=kept) as (now, _):
            found = [row async for rows in now.listed(order, least=least) for row in rows]
    wanted = in_order(persons(faces), order)
    assert found == [row for row in wanted if row.faces >= least]


@given(faces=FACES, kept=st.booleans())
async def test_a_summary_counts_persons_and_faces(faces: list[Face], *, kept: bool) -> None:
    faces = [face._replace(user_id=storable(face.user_id)) for face in faces]
    async with moment(faces, kept=kept) as (now, store):
        found = await summary(now, store)
    counts = Counter(face.user_id for face in faces if face.user_id)
    times = [face.added_ms for face in faces if face.added_ms is not None]
    assert found.faces == len(faces)
    assert found.persons == len(counts)
    assert found.without_user_id == sum(not face.user_id for face in faces)
    assert found.without_data == sum(not face.user_data for face in faces)
    assert found.per_person == (
        *(sum(count == number for count in counts.values()) for number in (1, 2, 3, 4)),
        sum(5 <= count <= 9 for count in counts.values()),
        sum(count >= 10 for count in counts.values()),
    )
    assert found.repeated == sum(
        is_repeated([face.added_ms for face in faces if face.user_id == user_id])
        for user_id in counts
    )
    assert (found.first_ms, found.last_ms) == (min(times, default=None), max(times, default=None))


@given(faces=FACES, zone=st.sampled_from(ZONES).map(ZoneInfo), step=st.sampled_from(Step))
@example([Face("t", "a", "", FIRST_MS), Face("t", "a", "", LAST_MS)], ZoneInfo("UTC"), Step.YEAR)
@example([Face("t", "a", "", FIRST_MS), Face("t", "a", "", LAST_MS)], ST_JOHNS, Step.DAY)
@example([Face("t", "a", "", ms) for ms in (0, 1, LAST_MS, LAST_MS - 1)], ST_JOHNS, Step.WEEK)
@example([Face("t", "a", "", ms) for ms in (-1, 0, LAST_MS)], ZoneInfo("UTC"), Step.DAY)
@example([Face("t", "a", "", LAST_MS * 2), Face("t", "", "", 0)], ZoneInfo("UTC"), Step.DAY)
async def test_growth_counts_faces_and_persons_of_each_period(
    faces: list[Face], zone: ZoneInfo, step: Step
) -> None:
    faces = [face._replace(user_id=storable(face.user_id)) for face in faces]
    async with moment(faces) as (now, _):
        found = await growth(now, step, zone)
    timed = [
        (first_day(step, face.added_ms, zone), face.user_id)
        for face in faces
        if face.added_ms is not None and face.added_ms <= LAST_MS
    ]
    days = Counter(day for day, _ in timed)
    ids = {day: {user_id for other, user_id in timed if other == day and user_id} for day in days}
    shown = {period.first_day: period for period in found.periods if period.faces}
    assert {day: period.faces for day, period in shown.items()} == days
    assert {day: period.persons for day, period in shown.items()} == {
        day: len(known) for day, known in ids.items()
    }
    assert found.untimed == len(faces) - len(timed)
    all_days = [period.first_day for period in found.periods]
    assert all_days == sorted(set(all_days))
    if days:
        assert (all_days[0], all_days[-1]) == (min(days), max(days))


async def test_a_moment_stays_as_it_was_while_faces_come(monkeypatch: pytest.MonkeyPatch) -> None:
    # Some people have a stride to themselves of which nothing was there before.
    monkeypatch.setattr(people_moment, "_STRIDE", 1)
    store = FaceStore()
    table = PeopleTable(store)
    store.add(1, [Face("t", "a", "", 1), Face("u", "c", "", 5)])
    before = await table.moment()
    store.add(3, [Face("v", "a", "", 2), Face("w", "b", "", 3)])
    after = await table.moment()
    rows = {}
    for moment in (before, after):
        rows[moment] = [row async for some in moment.listed(PeopleOrder.USER_ID) for row in some]
        found = await moment.people([("", 0, 9)])
        assert [row._replace(repeated=False) for row in found] == rows[moment]
    assert (await summary(before, store)).per_person == (2, 0, 0, 0, 0, 0)
    assert (await summary(after, store)).per_person == (2, 1, 0, 0, 0, 0)
    assert rows[before] == [PersonRow("a", 1, 1, 1), PersonRow("c", 1, 5, 5)]
    assert rows[after] == [
        PersonRow("a", 2, 1, 2),
        PersonRow("b", 1, 3, 3),
        PersonRow("c", 1, 5, 5),
    ]
    table.close()
    store.close()


@pytest.mark.parametrize("order", PeopleOrder)
async def test_nobody_at_all_is_no_error(order: PeopleOrder) -> None:
    async with moment([]) as (now, store):
        assert [rows async for rows in now.listed(order)] == []
        assert (await summary(now, store)).faces == 0
        assert (await growth(now, Step.DAY, ZoneInfo("UTC"))).periods == ()


async def test_people_are_listed_in_every_order_while_more_faces_come_than_there_were() -> None:
    """No index can be dropped while it is read, as it is where most faces are still to come."""
    for order in PeopleOrder:
        store = FaceStore()
        table = PeopleTable(store)
        some = [Face(f"{number:x}", f"p{number:05}", "", number) for number in range(30_000)]
        store.add(1, some[:9_000])
        now = await table.moment()
        async with aclosing(now.listed(order)) as listed:
            found = await anext(listed)
            store.add(9_001, some[9_000:])
            later = await table.moment()
            async for rows in listed:
                found += rows
        assert found == in_order(persons(some[:9_000]), order)
        assert [row async for rows in later.listed(order) for row in rows] == in_order(
            persons(some), order
        )
        table.close()
        store.close()


async def test_a_listing_that_is_given_up_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    store = FaceStore()
    made: list[Database] = []

    def scratch(*schema: str, cache_kib: int) -> Database:
        made.append(Database(*schema, cache_kib=cache_kib))
        return made[-1]

    monkeypatch.setattr(store, "scratch", scratch)
    store.add(1, [Face(f"{number:x}", f"p{number:05}", "", number) for number in range(20_000)])
    table = PeopleTable(store)
    for order in PeopleOrder:
        now = await table.moment()
        async with aclosing(now.listed(order)) as listed:
            assert await anext(listed)
            assert made[0].answering == 1
        await table.moment()
        assert made[0].answering == 0
    table.close()
    store.close()
