"""Whatever becomes of a library: what is called proven is so, and no row is ever untrue."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import example, given, settings
from hypothesis import strategies as st

from fs_tui.errors import ResourceError
from fs_tui.faces.outcome import State, describe
from fs_tui.faces.sync import MOST_GONE, sync
from tests.unit.kept_list import KeptList, scanned
from tests.unit.sync_history import Event, History, Manner, events, manners

if TYPE_CHECKING:
    from fs_tui.faces.kept_rows import Change
    from fs_tui.faces.outcome import Outcome

EARLY = Manner(overlap=True)
LENGTHS = st.integers(0, 60) | st.integers(60, 420)


def tokens(kept: KeptList) -> list[str]:
    return [face.face_token for face in kept.faces]


def look(
    history: History,
    kept: KeptList,
    during: dict[int, Event] | None = None,
    fails: set[int] | None = None,
    *,
    to_end: bool = True,
) -> Outcome:
    """One look, and what must hold after each, whatever happened."""
    history.begin_look(during or {}, fails or set())
    before, applied = tokens(kept), len(kept.changes)
    found = asyncio.run(sync(history.service, "lib", kept, to_end=to_end))
    assert found.requests == len(history.service.calls)
    assert found.marks == kept.marks
    assert found.count == kept.count == len(before) + found.added - len(found.gone)
    assert describe(found)
    if applied == len(kept.changes):
        assert tokens(kept) == before
    if found.state is State.PROVEN:
        assert_was(history, kept, complete=found.complete)
    elif not found.up_to_date:
        assert found.why
        assert not found.complete
    return found


def assert_was(history: History, kept: KeptList, *, complete: bool) -> None:
    """The rows are what the service listed at some moment of the look."""
    rows = tokens(kept)
    states = history.states if complete else [state[: len(rows)] for state in history.states]
    assert rows in states


@given(
    LENGTHS,
    st.integers(0, 2),
    st.lists(
        st.lists(events("add", "delete", "replace", "insert", "edit"), max_size=3), max_size=4
    ),
    st.sampled_from([100, 1000]),
)
def test_what_is_proven_is_what_the_service_lists(
    length: int, step: int, between: list[list[Event]], cap: int
) -> None:
    history = History(length, step)
    kept = scanned(history.service.listed)
    history.service.cap = cap
    for happened in between:
        listed = history.tokens
        for event in happened:
            history.apply(event)
        found = look(history, kept)
        gone = len(set(listed).difference(history.tokens))
        if found.state is State.MANY_GONE:
            assert gone > MOST_GONE
        if found.state is State.PROVEN:
            assert found.complete
            assert gone <= MOST_GONE
        if not found.up_to_date:
            return


@given(
    LENGTHS,
    st.lists(st.lists(events("add", "delete", "replace"), max_size=2), max_size=4),
)
def test_where_additions_come_last_few_deletions_never_need_a_scan(
    length: int, between: list[list[Event]]
) -> None:
    history = History(length, 1)
    kept = scanned(history.service.listed)
    for happened in between:
        listed = history.tokens
        for event in happened:
            history.apply(replace(event, step=event.step + 1))
        gone = len(set(listed).difference(history.tokens))
        found = look(history, kept)
        if gone > MOST_GONE:
            assert found.state in {State.MANY_GONE, State.MADE_ANEW}
            assert found.offers_scan
            return
        assert (found.state, found.complete) == (State.PROVEN, True)
        assert len(found.gone) == gone
        assert kept.faces == history.service.listed


@given(
    LENGTHS,
    st.integers(0, 2),
    st.lists(
        st.tuples(
            manners,
            st.lists(events("add", "delete", "replace", "insert", "edit", "remake"), max_size=2),
            st.dictionaries(
                st.integers(1, 9), events("add", "delete", "replace", "insert"), max_size=2
            ),
            st.sets(st.integers(1, 9), max_size=1),
        ),
        max_size=4,
    ),
)
# A service that begins to list the face before a page just when one went, and when one goes.
@example(120, 1, [(EARLY, [Event("delete"), Event("add")], {}, set())])
@example(21, 1, [(replace(EARLY, cap=20), [], {1: Event("add"), 2: Event("delete")}, set())])
@settings(max_examples=400)
def test_awkward_services_and_changes_amid_a_look_prove_nothing_false(
    length: int,
    step: int,
    looks: list[tuple[Manner, list[Event], dict[int, Event], set[int]]],
) -> None:
    history = History(length, step)
    kept = scanned(history.service.listed)
    for manner, happened, during, fails in looks:
        history.behave(manner)
        for event in happened:
            history.apply(event)
        look(history, kept, during, fails)


@given(LENGTHS, st.floats(0, 1), events("add", "delete", "replace"), st.sampled_from([100, 1000]))
def test_an_interrupted_scan_goes_on_where_it_stopped(
    length: int, part: float, event: Event, cap: int
) -> None:
    history = History(length, 1)
    kept = scanned(history.service.listed[: int(part * length)], complete=False)
    history.service.cap = cap
    history.apply(replace(event, step=event.step + 1))
    first = look(history, kept, to_end=False)
    if first.up_to_date:
        assert first.requests <= 60
        found = look(history, kept)
        assert (found.state, found.complete) == (State.PROVEN, True)
        assert kept.faces == history.service.listed


@given(LENGTHS, st.lists(events("add", "delete", "replace"), max_size=2), st.integers(1, 4))
def test_a_change_that_cannot_be_done_leaves_what_was_there(
    length: int, happened: list[Event], full_at: int
) -> None:
    history = History(length, 1)
    kept = scanned(history.service.listed)
    history.service.cap = 100
    for event in happened:
        history.apply(event)
    asked = 0

    def no_room(_change: Change) -> None:
        nonlocal asked
        asked += 1
        if asked >= full_at:
            raise ResourceError("the disk is full")

    kept.before_apply = no_room
    found = look(history, kept)
    if asked >= full_at:
        assert isinstance(found.stopped, ResourceError)
        assert len(kept.changes) == full_at - 1
    kept.before_apply = lambda _change: None
    if found.up_to_date or found.state is State.FAILED:
        look(history, kept)
