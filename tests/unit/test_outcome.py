"""What is said of a look: what is proven since when, and never more than that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fs_tui.errors import ConnectError, IncompleteError
from fs_tui.faces.kept_rows import Marks
from fs_tui.faces.outcome import Outcome, State, describe
from fs_tui.words import moment
from tests.unit.sync_service import face

NOW = datetime(2026, 11, 27, 12, 4, 30, tzinfo=UTC)
READ = datetime(2026, 11, 26, 18, 2, tzinfo=UTC)

SEEN = Marks(complete=True, looked_at=NOW, contents_as_of=READ)
BEFORE = SEEN._replace(looked_at=READ)
PART = SEEN._replace(complete=False)
DOUBT = "faces came before the last one"
READ_THEN = "contents as of 26 Nov"
PROVEN_THEN = f"positions proven 26 Nov, {READ_THEN}"
PROVEN_NOW = f"positions proven 12:04, {READ_THEN}"

LOOK = Outcome(
    state=State.PROVEN,
    gone=(),
    added=0,
    corrected=0,
    requests=1,
    asked_from=NOW,
    asked_to=NOW,
    marks=SEEN,
    count=2_500,
)


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (LOOK, PROVEN_NOW),
        (
            replace(LOOK, added=13, gone=((1, face(1)), (9, face(9))), corrected=1),
            f"13 added, 2 gone, 1 corrected, {PROVEN_NOW}",
        ),
        (
            replace(LOOK, state=State.TAIL_SEEN, why=DOUBT, marks=SEEN._replace(doubt=DOUBT)),
            f"tail seen 12:04, prefix not proven ({DOUBT}), {READ_THEN}",
        ),
        (
            replace(LOOK, state=State.MANY_GONE, why="more than 20 faces are gone", marks=BEFORE),
            f"not up to date: more than 20 faces are gone, {PROVEN_THEN}",
        ),
        (
            replace(LOOK, state=State.MOVING, why="why", marks=BEFORE._replace(doubt=DOUBT)),
            f"not up to date: why, tail seen 26 Nov, prefix not proven ({DOUBT}), {READ_THEN}",
        ),
        (
            replace(LOOK, state=State.FAILED, why="the service cannot be reached", marks=BEFORE),
            f"not checked: the service cannot be reached, {PROVEN_THEN}",
        ),
        (replace(LOOK, marks=PART), f"{PROVEN_NOW}, more follow face 2,500"),
        (
            replace(LOOK, marks=PART, stopped=ConnectError("refused")),
            f"{PROVEN_NOW}, kept up to face 2,500 only (the service cannot be reached)",
        ),
        (
            replace(LOOK, marks=PART, stopped=IncompleteError("detail")),
            f"{PROVEN_NOW}, kept up to face 2,500 only (detail)",
        ),
        (
            replace(LOOK, state=State.FAILED, why="why", marks=Marks(), count=0),
            "not checked: why, nothing kept yet",
        ),
    ],
)
@pytest.mark.usefixtures("utc")
def test_what_is_said_is_what_was_shown(outcome: Outcome, said: str) -> None:
    assert describe(outcome, NOW) == said
    assert describe(outcome)


@pytest.mark.parametrize("state", State)
def test_only_what_was_looked_at_to_the_end_is_complete(state: State) -> None:
    outcome = replace(LOOK, state=state)
    assert outcome.complete == outcome.up_to_date == (state in {State.PROVEN, State.TAIL_SEEN})
    assert not replace(outcome, marks=SEEN._replace(complete=False)).complete


def test_an_outcome_shows_no_face() -> None:
    assert face(7).user_data not in repr(replace(LOOK, gone=((1, face(7)),)))


@pytest.mark.usefixtures("utc")
def test_a_moment_is_told_as_shortly_as_it_is_clear() -> None:
    assert moment(NOW, NOW) == "12:04"
    assert moment(NOW + timedelta(hours=3), NOW) == "15:04"
    assert moment(NOW - timedelta(hours=13), NOW) == "26 Nov"
    assert moment(NOW - timedelta(days=365), NOW) == "27 Nov 2025"
