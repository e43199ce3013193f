"""No room on this machine: whatever fails, it is said, nothing hangs, nothing broken is read."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from fs_tui.errors import ResourceError
from fs_tui.faces.filter_language import parse
from fs_tui.faces.index import database
from fs_tui.faces.listing import FaceListing
from fs_tui.faces.persons import PeopleOrder
from fs_tui.faces.query import Order
from fs_tui.faces.reports.people import People
from fs_tui.faces.scopes import Scope
from fs_tui.faces.status import Activity, describe
from tests.unit.fake_gateway import FakeGateway, make_face

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path


def full() -> sqlite3.Error:
    return _sqlite("database or disk is full", sqlite3.SQLITE_FULL)


def unwritable() -> sqlite3.Error:
    return _sqlite("disk I/O error", sqlite3.SQLITE_IOERR_WRITE)


def _sqlite(text: str, code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error


class Trouble:
    """Fails the statements that hold some words, and sees what is asked of what has failed.

    Attributes:
        words: What a statement that fails holds; empty while none fails.
        after: How many of them pass before.
        error: Makes the error.
        asked_when_broken: Statements that came after a failure on the same connection.
    """

    def __init__(self) -> None:
        self.words = ""
        self.after = 0
        self.error: Callable[[], BaseException] = full
        self.failed = 0
        self.asked_when_broken: list[str] = []

    def connect(self, name: str, **options: Any) -> sqlite3.Connection:  # Any: sqlite3's own
        trouble = self

        class Connection(sqlite3.Connection):
            broken = False

            def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:  # Any: sqlite3's own
                self._look(sql)
                return super().execute(sql, *args)

            def executemany(self, sql: str, *args: Any) -> sqlite3.Cursor:  # Any: sqlite3's own
                self._look(sql)
                return super().executemany(sql, *args)

            def _look(self, sql: str) -> None:
                if self.broken:
                    trouble.asked_when_broken.append(sql)
                if trouble.words and trouble.words in sql:
                    trouble.after -= 1
                    if trouble.after < 0:
                        self.broken = True
                        trouble.failed += 1
                        raise trouble.error()

        return REAL_CONNECT(name, factory=Connection, **options)


REAL_CONNECT = sqlite3.connect


@pytest.fixture
def trouble(monkeypatch: pytest.MonkeyPatch) -> Iterator[Trouble]:
    trouble = Trouble()
    monkeypatch.setattr(sqlite3, "connect", trouble.connect)
    yield trouble
    assert trouble.asked_when_broken == []


@pytest.fixture
async def stray() -> AsyncIterator[list[dict[str, Any]]]:  # Any: asyncio's own
    """What nobody awaited, which asyncio would print: nothing may be in it at the end."""
    found: list[dict[str, Any]] = []  # Any: asyncio's own
    asyncio.get_running_loop().set_exception_handler(lambda _, context: found.append(context))
    yield found
    await asyncio.sleep(0)
    assert found == []


@pytest.fixture
async def listing(stray: list[object]) -> AsyncIterator[FaceListing]:
    listing = FaceListing(FakeGateway(60_000), "lib", concurrency=4, rest=lambda _: 0)
    async with asyncio.timeout(60):
        yield listing
        await listing.aclose()


ERRORS = pytest.mark.parametrize("error", [full, unwritable, MemoryError])


@ERRORS
async def test_a_page_that_cannot_be_kept_pauses_the_scan_and_is_said(
    trouble: Trouble, listing: FaceListing, error: Callable[[], BaseException]
) -> None:
    # Three statements a page, and one for the face that the first page has more.
    trouble.error, trouble.words, trouble.after = error, "INSERT", 11
    listing.scan()
    status = await listing.finished()
    assert isinstance(status.stopped, ResourceError)
    assert status.activity is Activity.PAUSED
    assert not status.complete
    assert status.loaded == 2_998
    assert "incomplete: a system limit was reached" in describe(status)
    assert "all" not in describe(status).split(" · ")[0]


async def test_what_is_shown_stays_and_nothing_more_is_asked_for(
    trouble: Trouble, listing: FaceListing
) -> None:
    gateway: Any = listing._gateway  # it counts what it is asked for
    assert await listing.goto(50) == 49
    shown = listing.rows(0, 60)
    trouble.words = "INSERT"
    listing.scan()
    await listing.finished()
    asked = len(gateway.calls)
    assert listing.rows(0, 60) == shown
    assert listing.rows(2_000, 2_001) == [None]
    listing.want(5_000, 5_030)
    listing.retry()
    listing.scan()
    assert not await listing.recheck(1)
    assert await listing.goto(40_000) is None
    assert await listing.find_end() is None
    await listing.finished()
    assert len(gateway.calls) == asked
    assert isinstance(listing.status.stopped, ResourceError)
    assert listing.rows(0, 60) == shown
    for refused in (listing.set_order(Order("user_id")), listing.set_filter(parse("user"))):
        with pytest.raises(ResourceError):
            await refused
    # To take them away nothing has to be read.
    await listing.set_order(Order())
    await listing.set_filter(None)
    with pytest.raises(ResourceError):
        await anext(listing.chunks(Scope.ALL))
    assert listing.rows(0, 60) == shown


async def test_a_reload_reads_anew_once_there_is_room(
    trouble: Trouble, listing: FaceListing
) -> None:
    assert await listing.goto(50) == 49
    listing.toggle_mark(50)
    trouble.words = "INSERT"
    listing.scan()
    await listing.finished()
    trouble.words = ""
    await listing.reload()
    assert listing.status.stopped is None
    listing.scan()
    assert (await listing.finished()).complete


@ERRORS
@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("SELECT face_token, position", 0),
        ("SELECT position, face_token", 0),
        ("json_group_array", 1),
        ("SELECT position FROM faces", 1),
    ],
)
async def test_reading_that_fails_is_said_and_never_waited_for(
    trouble: Trouble,
    listing: FaceListing,
    words: str,
    after: int,
    error: Callable[[], BaseException],
) -> None:
    trouble.error, trouble.words, trouble.after = error, words, after
    listing.scan()
    await listing.finished()
    failures = []
    for step in (
        listing.set_order(Order("user_id")),
        listing.set_filter(parse("user")),
        listing.position_of_token(make_face(59_999).face_token),
    ):
        try:
            await step
        except ResourceError as failure:
            failures.append(failure)
    listing.rows(0, 30)
    assert trouble.failed
    assert isinstance(listing.status.stopped, ResourceError)
    assert not listing.status.complete
    assert not listing.status.view.whole
    assert not listing.status.view.working


@ERRORS
@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("CREATE TABLE sorted", 0),
        ("INSERT INTO sorted", 0),
        ("FROM sorted", 0),
        ("FROM sorted", 2),
    ],
)
async def test_an_order_without_room_is_refused_and_the_rows_stand_as_before(
    trouble: Trouble,
    listing: FaceListing,
    words: str,
    after: int,
    error: Callable[[], BaseException],
) -> None:
    listing.scan()
    await listing.finished()
    before = listing.rows(0, 30)
    trouble.error, trouble.words, trouble.after = error, words, after
    with pytest.raises(ResourceError):
        await listing.set_order(Order("user_id"))
    assert listing.status.view.order == Order()
    assert listing.rows(0, 30) == before
    trouble.words = ""
    await listing.set_order(Order("user_id"))
    assert listing.status.view.order == Order("user_id")
    assert listing.status.view.rows == 60_000


async def test_an_order_that_loses_its_room_while_a_scan_goes_on_pauses_it(
    trouble: Trouble, listing: FaceListing
) -> None:
    await listing.set_order(Order("user_id", descending=True))
    trouble.words = "INSERT INTO sorted"
    listing.scan()
    status = await listing.finished()
    assert isinstance(status.stopped, ResourceError)
    trouble.words = ""
    listing.retry()
    listing.resume()
    assert (await listing.finished()).loaded == 60_000


async def test_a_database_that_cannot_be_opened_is_said_like_one_that_fails_later(
    trouble: Trouble, listing: FaceListing
) -> None:
    trouble.words = "PRAGMA"
    listing.want(0, 30)
    listing.scan()
    status = await listing.finished()
    assert isinstance(status.stopped, ResourceError)
    assert listing.rows(0, 1) == [None]
    trouble.words = ""
    await listing.reload()
    assert listing.rows(0, 1) != [None]
    assert listing.status.stopped is None


@ERRORS
@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("CREATE TABLE keys (n", 0),
        ("INSERT INTO keys (n", 2),
        ("CREATE INDEX", 0),
        ("SELECT user_id FROM keys", 1),
        ("json_group_array(-faces)", 0),
        ("INSERT INTO sorted", 0),
    ],
)
async def test_people_without_room_are_said_and_never_waited_for(
    trouble: Trouble,
    listing: FaceListing,
    words: str,
    after: int,
    error: Callable[[], BaseException],
) -> None:
    listing.scan()
    await listing.finished()
    trouble.error, trouble.words, trouble.after = error, words, after
    people = People(listing)
    people.set_order(PeopleOrder.FACES)
    status = await people.settled()
    assert trouble.failed
    assert isinstance(status.failure, ResourceError)
    assert status.percent is None
    assert listing.status.complete
    trouble.words = ""
    people.set_filter(None)
    status = await people.settled()
    assert (status.failure, status.faces) == (None, 60_000)
    await people.aclose()


def test_the_folder_is_named_that_is_full(
    trouble: Trouble, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    trouble.words = "SELECT 1"
    said = f"no room for temporary files in {tmp_path}; set TMPDIR"
    with (
        closing(database.Database(cache_kib=1)) as opened,
        pytest.raises(ResourceError, match=said),
    ):
        opened.rows("SELECT 1")


def test_a_mistake_of_ours_is_no_lack_of_room() -> None:
    with closing(database.Database(cache_kib=1)) as opened:
        with pytest.raises(sqlite3.OperationalError):
            opened.rows("SELECT nothing")
        assert opened.failure is None
