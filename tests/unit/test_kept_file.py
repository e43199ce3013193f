"""A kept index: what comes back, what a gap moves, what is never readable, what is put aside."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_tui.errors import KeptIndexError, ResourceError
from fs_tui.faces.filter_language import parse
from fs_tui.faces.index import database as database_module
from fs_tui.faces.index import keeper as keeper_module
from fs_tui.faces.index import kept as kept_module
from fs_tui.faces.index.database import Database
from fs_tui.faces.index.gaps import Gaps
from fs_tui.faces.index.keeper import Keeper, expire
from fs_tui.faces.index.kept_facts import read_facts
from fs_tui.faces.index.sorting import ordered
from fs_tui.faces.kept_listing import KeptListing
from fs_tui.faces.query import Order
from tests.unit.fake_gateway import FakeGateway, make_face

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fs_tui.faces.index.kept import KeptFile

KEY = bytes(range(32))
MADE = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(
        tmp_path / "cache" / "indexes", KEY, "a file", "https://fs.example", "account-key"
    )


@pytest.fixture
def kept(keeper: Keeper) -> Iterator[KeptFile]:
    with closing(keeper.open("lib-canary", MADE)) as kept:
        yield kept


def fill(kept: KeptFile, count: int, first: int = 1) -> None:
    kept.store.add(first, [make_face(number) for number in range(first, first + count)])
    kept.settle()


def tokens(kept: KeptFile) -> list[int]:
    found = kept.store.window(1, kept.facts.prefix + 1)
    assert sorted(found) == list(range(1, kept.facts.prefix + 1))
    return [int(found[position].face_token, 16) for position in sorted(found)]


@given(st.sets(st.integers(1, 40)))
def test_a_position_is_the_row_less_the_gaps_before_it(gone: set[int]) -> None:
    gaps = Gaps()
    for row in gone:
        gaps.add(row)
    rows = [row for row in range(1, 60) if row not in gone]
    assert [gaps.position(row) for row in rows] == list(range(1, len(rows) + 1))
    assert [gaps.row(position) for position in range(1, len(rows) + 1)] == rows


def test_what_was_read_is_there_again(keeper: Keeper, kept: KeptFile) -> None:
    fill(kept, 250)
    kept.read_whole("")
    facts = kept.facts
    kept.close()
    with closing(keeper.open("lib-canary", MADE)) as again:
        assert tokens(again) == list(range(1, 251))
        assert again.store.at([7])[7] == make_face(7)
        assert (again.facts.complete, again.facts.prefix) == (True, 250)
        assert again.facts.contents_as_of == facts.contents_as_of
        assert again.notes == []


def test_who_still_counts_the_rows_knows_that_they_are_closed(kept: KeptFile) -> None:
    store = kept.store
    assert not store.closed
    kept.close()
    assert store.closed


def test_what_was_read_out_of_turn_is_dropped_when_it_is_opened_again(
    keeper: Keeper, kept: KeptFile
) -> None:
    fill(kept, 100)
    fill(kept, 50, first=301)
    kept.close()
    with closing(keeper.open("lib-canary")) as again:
        assert again.facts.prefix == 100
        fill(again, 200, first=101)
        assert again.facts.prefix == 300


def test_pages_out_of_turn_count_when_the_ones_before_them_have_come(kept: KeptFile) -> None:
    fill(kept, 100, first=101)
    assert kept.facts.prefix == 0
    fill(kept, 100)
    assert kept.facts.prefix == 200
    assert not kept.facts.falls
    assert kept.facts.last_added_ms == make_face(200).added_ms


def test_times_that_fall_or_are_missing_are_remembered(kept: KeptFile) -> None:
    fill(kept, 100)
    assert not kept.facts.falls
    kept.store.add(101, [make_face(50)])
    assert kept.facts.falls


@given(st.lists(st.tuples(st.integers(0, 30), st.sets(st.integers(1, 90), max_size=6)), max_size=6))
def test_positions_stand_whatever_comes_and_goes(steps: list[tuple[int, set[int]]]) -> None:
    """Against a list of numbers; opened anew after every step."""
    with TemporaryKeeper() as keeper:
        model: list[int] = []
        following = 1
        for came, gone in steps:
            with closing(keeper.open("lib")) as kept:
                faces = [make_face(number) for number in range(following, following + came)]
                kept.store.add(len(model) + 1, faces)
                model += range(following, following + came)
                following += came
                taken = sorted(position for position in gone if position <= len(model))
                kept.store.take_out(taken)
                model = [n for at, n in enumerate(model, 1) if at not in taken]
                _stands(kept, model)
            with closing(keeper.open("lib")) as again:
                _stands(again, model)


def _stands(kept: KeptFile, model: list[int]) -> None:
    store, end = kept.store, len(model) + 1
    assert tokens(kept) == model
    assert list(store.stored) == ([(1, end)] if model else [])
    query = parse("user:7")
    assert query is not None
    hits = [at for at, number in enumerate(model, 1) if query.matches(make_face(number))]
    assert list(store.hits(query, 1, end)) == hits
    some = list(range(2, end, 3))
    assert store.at(some) == {at: make_face(model[at - 1]) for at in some}
    wanted = {make_face(number).face_token for number in model[::4]}
    assert dict(chain.from_iterable(store.places(wanted))) == {
        make_face(n).face_token: at for at, n in enumerate(model, 1) if n in model[::4]
    }


class TemporaryKeeper:
    """A keeper in a folder of its own, for tests that run many times."""

    def __enter__(self) -> Keeper:
        from tempfile import TemporaryDirectory

        self._folder = TemporaryDirectory()
        return Keeper(Path(self._folder.name) / "indexes", KEY, "a file", "https://e", "k")

    def __exit__(self, *_error: object) -> None:
        self._folder.cleanup()


async def test_an_order_over_gaps_is_that_of_the_faces_that_are_left(kept: KeptFile) -> None:
    from array import array

    fill(kept, 300)
    kept.store.take_out([3, 150, 299])
    numbers = tokens(kept)
    rows = await ordered(kept.store, array("I", range(1, 298)), Order("user_id"))
    users = [make_face(numbers[position - 1]).user_id for position in rows]
    assert users == sorted(users)
    assert len(set(rows)) == 297


def test_a_face_that_the_service_does_not_have_leaves_the_file_at_once(kept: KeptFile) -> None:
    fill(kept, 100)
    assert kept.drop([make_face(40).face_token, "not there"]) == 1
    assert kept.drop_at(50, make_face(51).face_token)
    assert not kept.drop_at(50, make_face(51).face_token)
    assert tokens(kept) == [n for n in range(1, 101) if n not in {40, 51}]


def test_what_could_not_be_written_is_not_counted(keeper: Keeper, kept: KeptFile) -> None:
    """Neither in the facts nor in the store: both say what is in the file."""
    fill(kept, 100)
    before = kept.facts
    run = Database.run

    def full(database: Database, statement: str, *parameters: Any) -> None:
        with database:
            if statement == "COMMIT":
                raise sqlite3.OperationalError("full")
        run(database, statement, *parameters)

    with (
        patch.object(Database, "run", full),
        patch.object(database_module, "_failure", return_value=ResourceError("no room")),
    ):
        kept.store.add(101, [make_face(number) for number in range(101, 151)])
        assert kept.count == 150
        with pytest.raises(ResourceError):
            kept.settle()
    assert (kept.facts, list(kept.store.stored)) == (before, [(1, 101)])
    kept.close()
    with closing(keeper.open("lib-canary")) as again:
        assert again.count == 100


def test_another_program_is_told_that_this_one_has_it(keeper: Keeper, kept: KeptFile) -> None:
    with pytest.raises(KeptIndexError, match=rf"another fs-tui \(process {os.getpid()}\) has it"):
        keeper.open("lib-canary")
    kept.close()
    keeper.open("lib-canary").close()


def test_folder_and_files_are_for_their_owner_alone_and_for_no_backup(
    keeper: Keeper, kept: KeptFile
) -> None:
    fill(kept, 10)
    assert stat.S_IMODE(keeper.folder.stat().st_mode) == 0o700
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in keeper.folder.iterdir()}
    assert set(files.values()) == {0o600}
    assert any(name.endswith(".db-wal") for name in files)
    assert (
        (keeper.folder / "CACHEDIR.TAG")
        .read_text()
        .startswith("Signature: 8a477f597d28d172789f06886806bc55")
    )


def test_nothing_of_it_can_be_read(keeper: Keeper, kept: KeptFile) -> None:
    """Neither in the files nor in their names, while it is open and afterwards."""
    fill(kept, 5_000)
    kept.store.take_out(range(100, 200))
    _nothing_readable(keeper.folder)
    kept.close()
    _nothing_readable(keeper.folder)


def _nothing_readable(folder: Path) -> None:
    canaries = [b"lib-canary", b"fs.example", b"account-key", b"user_", b"Test user", b"SQLite"]
    canaries += [make_face(number).face_token.encode() for number in (1, 150, 4_999)]
    for path in folder.iterdir():
        assert not any(canary in os.fsencode(path.name) for canary in canaries)
        content = path.read_bytes()
        assert not any(canary in content for canary in canaries), path.suffix


@pytest.mark.parametrize("damage", ["overwritten", "cut", "plain", "version", "page size"])
def test_what_cannot_be_read_is_put_aside_with_a_sentence(
    keeper: Keeper, kept: KeptFile, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(kept, 2_000)
    kept.close()
    (path,) = keeper.folder.glob("*.db")
    content = path.read_bytes()
    match damage:
        case "overwritten":
            path.write_bytes(os.urandom(len(content)))
        case "cut":
            path.write_bytes(content[:1_000])
        case "plain":
            path.write_bytes(b"SQLite format 3\0" + bytes(4_080))
        case "version":
            with closing(Database(file=kept.file, cache_kib=100)) as database:
                database.run("PRAGMA user_version = 2")
        case "page size":
            # What a version with other pages has left cannot be told from what is damaged.
            kept_before = [one.replace("16384", "4096") for one in database_module._KEPT]
            monkeypatch.setattr(database_module, "_KEPT", kept_before)
    with closing(keeper.open("lib-canary")) as again:
        assert again.facts.prefix == 0
        (note,) = again.notes
        assert "put aside" in note
        assert "of version 2, and" in note or "of another version or key" in note
        fill(again, 10)
    assert path.with_suffix(".aside").is_file()
    assert keeper.forget("lib-canary") == 1
    assert not list(keeper.folder.glob("*.aside"))


def test_a_page_that_is_damaged_is_a_sentence_and_the_next_start_begins_anew(
    keeper: Keeper, kept: KeptFile
) -> None:
    fill(kept, 5_000)
    kept.close()
    (path,) = keeper.folder.glob("*.db")
    content = bytearray(path.read_bytes())
    for page in range(4, len(content) // 16_384 - 1):
        content[page * 16_384 : page * 16_384 + 64] = os.urandom(64)
    path.write_bytes(content)
    with closing(keeper.open("lib-canary")) as again, pytest.raises(ResourceError, match="damaged"):
        again.store.window(1, 5_001)
    assert not path.exists()
    with closing(keeper.open("lib-canary")) as anew:
        assert (anew.count, anew.notes) == (0, [])
        assert path.with_suffix(".aside").exists()


def _prefix(kept: KeptFile) -> int:
    """How many faces another program would find in the file."""
    return read_facts(kept.file).prefix


def test_pages_wait_a_moment_for_those_that_follow_and_no_longer(
    kept: KeptFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    for page in range(3):
        kept.store.add(page * 10 + 1, [make_face(page * 10 + place) for place in range(1, 11)])
        assert (tokens(kept), _prefix(kept)) == (list(range(1, page * 10 + 11)), 0)
    now += 1
    kept.store.add(31, [make_face(31)])
    assert _prefix(kept) == 31
    kept.store.add(32, [make_face(32)])
    kept.store.take_out([1])
    assert _prefix(kept) == 31
    kept.store.add(32, [make_face(33)])
    kept.close()
    assert _prefix(kept) == 32


def test_a_page_that_fails_takes_back_itself_and_nothing_that_waited(
    kept: KeptFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.store.add(1, [make_face(1)])

    insert = kept.store._insert

    def fail(*page: Any) -> None:  # whatever the store gives it
        insert(*page)
        raise ValueError("the page")

    monkeypatch.setattr(kept.store, "_insert", fail)
    with pytest.raises(ValueError, match="the page"):
        kept.store.add(2, [make_face(2)])
    assert (tokens(kept), _prefix(kept)) == ([1], 1)
    assert kept.store.window(1, 9).keys() == {1}


async def test_nothing_waits_where_nothing_more_comes(kept: KeptFile) -> None:
    listing = KeptListing(FakeGateway(350, group_id="lib-canary"), "lib-canary", kept)
    listing.scan()
    await listing.finished()
    assert _prefix(kept) == 350
    await listing.aclose()


async def test_what_a_scan_had_not_come_to_yet_is_not_said_to_have_been_added(
    kept: KeptFile,
) -> None:
    fill(kept, 300)
    listing = KeptListing(FakeGateway(350, group_id="lib-canary"), "lib-canary", kept)
    await listing.look()
    known = listing.status.kept
    assert kept.facts.prefix > 300
    assert known is not None
    assert known.seen.startswith("positions proven")
    await listing.aclose()


async def test_a_face_that_there_is_no_room_for_is_not_waited_for(kept: KeptFile) -> None:
    kept._database.run("PRAGMA max_page_count = 6")
    listing = KeptListing(FakeGateway(2_500, group_id="lib-canary"), "lib-canary", kept)
    async with asyncio.timeout(30):
        for position in range(100, 2_500, 100):
            if await listing.goto(position) is None:
                break
    assert isinstance(listing.status.stopped, ResourceError)
    await listing.aclose()


def test_another_key_has_files_of_its_own(keeper: Keeper, kept: KeptFile) -> None:
    fill(kept, 10)
    other = Keeper(keeper.folder, bytes(32), "a file", keeper.endpoint, keeper.api_key)
    with closing(other.open("lib-canary")) as another:
        assert another.facts.prefix == 0
        fill(another, 20)
        assert [one.facts.prefix for one in other.summaries() if one.facts] == [20]
    assert [one.facts.prefix for one in keeper.summaries() if one.facts] == [10]
    assert other.forget_all() == 1
    assert [one.facts.prefix for one in keeper.summaries() if one.facts] == [10]


def test_an_index_belongs_to_one_endpoint_and_one_account(keeper: Keeper) -> None:
    with closing(keeper.open("lib")) as kept:
        fill(kept, 10)
    for other in (keeper._replace(endpoint="https://another"), keeper._replace(api_key="another")):
        with closing(other.open("lib")) as another:
            assert another.facts.prefix == 0


def test_an_index_that_was_begun_before_it_was_known_when_the_library_was_made_stays(
    keeper: Keeper,
) -> None:
    made = datetime(2026, 1, 27, tzinfo=UTC)
    with closing(keeper.open("lib")) as kept:
        fill(kept, 10)
    for _ in range(2):
        with closing(keeper.open("lib", made)) as kept:
            assert (kept.facts.prefix, kept.notes) == (10, [])
    with closing(keeper.open("lib", made + timedelta(seconds=1))) as kept:
        assert kept.facts.prefix == 0


def test_the_index_of_a_library_that_was_made_anew_is_removed_and_said(
    keeper: Keeper, kept: KeptFile
) -> None:
    fill(kept, 10)
    kept.close()
    with closing(keeper.open("lib-canary", MADE + timedelta(days=1))) as again:
        assert again.facts.prefix == 0
        assert any("created again" in note for note in again.notes)
    with closing(keeper.open("lib-canary", MADE + timedelta(days=1))) as again:
        assert again.notes == []


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    keeper = Keeper(tmp_path / "file" / "indexes", KEY, "a file", "https://e", "k")
    with pytest.raises(KeptIndexError, match=str(tmp_path)):
        keeper.open("lib")


def test_without_the_package_that_encrypts_nothing_is_kept(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper_module, "cipher_missing", lambda: True)
    with pytest.raises(KeptIndexError, match="not installed"):
        keeper.open("lib")
    assert not keeper.folder.exists()


def test_a_link_in_the_place_of_an_index_is_put_aside(keeper: Keeper, tmp_path: Path) -> None:
    with closing(keeper.open("lib")) as kept:
        kept.read_whole("")
    (path,) = keeper.folder.glob("*.db")
    path.unlink()
    victim = tmp_path / "victim"
    victim.write_text("mine")
    path.symlink_to(victim)
    with closing(keeper.open("lib")) as kept:
        fill(kept, 10)
    assert victim.read_text() == "mine"


def test_a_clock_that_was_set_back_is_said_and_removes_nothing(
    keeper: Keeper, kept: KeptFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(kept, 10)
    kept.close()
    before = kept_module._now()
    monkeypatch.setattr(kept_module, "_now", lambda: before - 90_000_000)
    with closing(keeper.open("lib-canary")) as again:
        assert any("clock" in note for note in again.notes)
        assert again.facts.prefix == 10
    (path,) = keeper.folder.glob("*.db")
    os.utime(path, (time.time() + 1e6,) * 2)
    assert expire(keeper.folder, 30) == 0


def test_what_was_not_used_for_so_long_goes_and_what_is_in_use_stays(keeper: Keeper) -> None:
    with closing(keeper.open("old")) as old, closing(keeper.open("open")) as in_use:
        fill(old, 10)
        fill(in_use, 10)
        old.close()
        assert len(list(keeper.folder.glob("*.db"))) == 2
        for path in keeper.folder.glob("*.db"):
            os.utime(path, (time.time() - 31 * 86_400,) * 2)
        assert expire(keeper.folder, 32) == 0
        assert expire(keeper.folder, 30) == 1
        assert len(list(keeper.folder.glob("*.db"))) == 1
        in_use.store.window(1, 11)


_KILLED = """
import sys
from pathlib import Path
from fs_tui.faces.index.keeper import Keeper
from tests.unit.fake_gateway import make_face

keeper = Keeper(Path(sys.argv[1]), bytes(range(32)), "a file", "https://fs.example", "account-key")
kept = keeper.open("lib-canary")
print("ready", flush=True)
number = 1
while True:
    faces = [make_face(one) for one in range(number, number + 100)]
    kept.store.add(kept.facts.prefix + 1, faces)
    number += 100
    if number % 1_000 == 1:
        kept.store.take_out([kept.facts.prefix - 500])
"""


@pytest.mark.parametrize("moment", range(20))
def test_after_a_kill_every_row_is_true_and_nothing_is_readable(
    keeper: Keeper, moment: int
) -> None:
    """At twenty moments of writing: what is there stands in its place, and it goes on."""
    command = [sys.executable, "-c", _KILLED, str(keeper.folder)]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.01 * moment)
        process.kill()
    _nothing_readable(keeper.folder)
    with closing(keeper.open("lib-canary")) as kept:
        assert kept.notes == []
        numbers = tokens(kept)
        found = kept.store.window(1, len(numbers) + 1)
        assert all(found[at] == make_face(number) for at, number in enumerate(numbers, 1))
        assert numbers == sorted(set(numbers))
        fill(kept, 100, first=len(numbers) + 1)
