"""Keep, close, open, look, through random histories: what is shown is so, or is said not to be."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fs_tui.faces.kept_listing import KeptListing
from fs_tui.faces.outcome import State
from fs_tui.faces.sync import sync
from tests.unit import killed_sync
from tests.unit.sync_history import Event, History, Manner, events, manners
from tests.unit.test_kept_file import TemporaryKeeper

if TYPE_CHECKING:
    from fs_tui.faces.index.keeper import Keeper
    from fs_tui.faces.index.kept import KeptFile
    from fs_tui.faces.status import ListingStatus

ADDED = Event("add", 0.0, 1, 0)
REPLACED = {2: Event("replace", 0.0, 60, 0)}
LENGTHS = st.integers(0, 60) | st.integers(60, 420)
CHANGES = st.dictionaries(
    st.integers(1, 9), events("add", "delete", "replace", "insert"), max_size=2
)


def tokens(kept: KeptFile) -> list[str]:
    found = kept.store.window(1, kept.count + 1)
    assert sorted(found) == list(range(1, kept.count + 1))
    return [found[position].face_token for position in sorted(found)]


def run(history: History, keeper: Keeper, during: dict[int, Event], *, cut: int) -> ListingStatus:
    """Open what is kept, look and read the rest, and close it; after `cut` requests it is left."""
    history.begin_look(during, set())

    async def work() -> ListingStatus:
        with closing(keeper.open("lib")) as kept:
            listing = KeptListing(history.service, "lib", kept, rest=lambda _failures: 0)
            try:
                await listing.look()
                listing.scan()
                asked = len(history.service.calls)
                ended = asyncio.ensure_future(listing.finished())
                while len(history.service.calls) < asked + cut and not ended.done():  # noqa: ASYNC110 - no time passes
                    await asyncio.sleep(0)
                ended.cancel()
                check(history, kept, listing.status)
                return listing.status
            finally:
                await listing.aclose()

    return asyncio.run(work())


def check(history: History, kept: KeptFile, status: ListingStatus) -> None:
    """Rows that are called all there are, and not doubted, were so at some moment of the run."""
    rows = tokens(kept)
    if status.complete and (status.kept is None or status.kept.up_to_date or status.kept.fresh):
        assert not kept.facts.doubt
        assert rows in history.states
    assert len(set(rows)) == len(rows) or not status.complete


@given(
    LENGTHS,
    st.lists(
        st.tuples(
            st.sampled_from([100, 1000]),
            st.lists(events("add", "delete", "replace", "insert"), max_size=2),
            CHANGES,
            st.sampled_from([0, 2, 100]),
        ),
        min_size=1,
        max_size=4,
    ),
)
@settings(max_examples=100)
def test_what_is_kept_is_what_the_service_lists(
    length: int, runs: list[tuple[int, list[Event], dict[int, Event], int]]
) -> None:
    history = History(length, 1)
    with TemporaryKeeper() as keeper:
        for cap, happened, during, cut in runs:
            history.service.cap = cap
            for event in happened:
                history.apply(event)
            run(history, keeper, during, cut=cut)


@given(
    LENGTHS,
    st.lists(
        st.tuples(
            manners,
            st.lists(events("add", "delete", "insert", "remake"), max_size=2),
            CHANGES,
            st.sampled_from([2, 100]),
        ),
        min_size=1,
        max_size=4,
    ),
)
# A library that is replaced between the two requests of a look that had read it whole.
@example(
    20, [(Manner(), [], {}, 2), (Manner(naming="always"), [Event("add", 0.0, 1, 0)], REPLACED, 2)]
)
# One that is replaced between a look and the window that is read behind it.
@example(2, [(Manner(cap=1), [], {}, 100), (Manner(naming="always"), [], REPLACED, 2)])
# One that loses a face just when the service begins each page with the face before it.
@example(
    120,
    [(Manner(), [], {}, 100), (Manner(overlap=True), [Event("delete"), ADDED], {}, 100)],
)
# One that grew where the service does not list any more.
@example(101, [(Manner(), [], {}, 2), (Manner(refuse_above=2, most_limit=100), [ADDED], {}, 2)])
@settings(max_examples=100)
def test_awkward_services_leave_nothing_untrue_in_what_is_kept(
    length: int, runs: list[tuple[Manner, list[Event], dict[int, Event], int]]
) -> None:
    history = History(length, 1)
    with TemporaryKeeper() as keeper:
        for manner, happened, during, cut in runs:
            if manner.hides(during.values()):
                return
            history.behave(manner)
            for event in happened:
                history.apply(event)
            run(history, keeper, during, cut=cut)


@pytest.mark.parametrize("moment", range(20))
def test_after_a_kill_amid_a_look_every_row_is_true_and_the_next_look_goes_on(
    tmp_path: Path, moment: int
) -> None:
    """At twenty moments: rows are those before a look, after it, or the ones that came so far."""
    command = [sys.executable, "-m", "tests.unit.killed_sync", str(tmp_path / "kept")]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.013 * moment)
        process.kill()
        steps = 1 + len(process.stdout.readlines())
    history = killed_sync.begin()
    before = history.tokens
    for number in range(steps):
        before = history.tokens
        killed_sync.step(history, number)
    with closing(killed_sync.keeper(tmp_path / "kept").open("lib-canary")) as kept:
        assert kept.notes == []
        rows = tokens(kept)
        assert rows in (before, history.tokens[: len(rows)])
        found = asyncio.run(sync(history.service, "lib", kept))
        assert (found.state, found.complete) == (State.PROVEN, True)
        assert tokens(kept) == history.tokens
