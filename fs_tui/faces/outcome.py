"""Outcome: what a look at the service has shown of kept rows, and the true sentence about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from fs_tui.errors import FsTuiError, IncompleteError, ResourceError
from fs_tui.words import count, moment

if TYPE_CHECKING:
    from fs_tui.faces.kept_rows import Marks
    from fs_tui.models import Face

__all__ = ["Outcome", "State", "describe", "reason"]


class State(Enum):
    """What is known of the kept rows' positions after a look.

    The first two have brought the rows up to date; the others have left them as they were, or as
    the last step that was proven has left them.
    """

    PROVEN = "proven"
    """Every row stands where it is kept; what is not seen is data that was edited in place."""

    TAIL_SEEN = "tail seen"
    """The last rows stand; what came and went before them may have cancelled each other out."""

    MANY_GONE = "many gone"
    """More faces are gone than are looked for one by one: reading everything is cheaper."""

    MADE_ANEW = "created again"
    """None of the kept faces was met: another library has the same id."""

    OUT_OF_ORDER = "out of order"
    """Faces have come before kept ones, further from the end than the last window."""

    MOVING = "moving"
    """It changed while it was looked at, as often as was tried."""

    FAILED = "failed"
    """The service, the network or this machine did not do it; `stopped` says what happened."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one look found, and did.

    Attributes:
        state: See there.
        gone: The faces that were taken out as the service lists them no more, with the positions
            that they had until then.
        added: How many faces came; as many were appended.
        corrected: How many rows say otherwise than before of the same token.
        requests: How many pages were asked for.
        asked_from: When the first one was, aware, UTC; None where none was.
        asked_to: When the last answer was there.
        marks: What is known of the rows now.
        count: How many rows there are now.
        why: Why the state is not `PROVEN`; a few words, empty where it is.
        stopped: What ended the look before the library's end; None where nothing did.
    """

    state: State
    gone: tuple[tuple[int, Face], ...] = field(repr=False)
    added: int
    corrected: int
    requests: int
    asked_from: datetime | None
    asked_to: datetime | None
    marks: Marks
    count: int
    why: str = ""
    stopped: FsTuiError | None = None

    @property
    def complete(self) -> bool:
        """Whether the rows reach the library's end, as this look has shown it."""
        return self.marks.complete and self.up_to_date

    @property
    def up_to_date(self) -> bool:
        """Whether the rows are what the service lists now, as far as that can be seen."""
        return self.state in {State.PROVEN, State.TAIL_SEEN}

    @property
    def offers_scan(self) -> bool:
        """Whether reading everything again is what would help."""
        return self.state in {State.MANY_GONE, State.MADE_ANEW, State.OUT_OF_ORDER}


def describe(outcome: Outcome, now: datetime | None = None) -> str:
    """Say in one line what came and went, what is proven since when, and what is not.

    Args:
        outcome: Of a look.
        now: Times of its day are told by the clock, others by the date.
    """
    now = datetime.now(UTC) if now is None else now
    parts = (_trouble(outcome), _changes(outcome), *_known(outcome.marks, now), _end(outcome))
    return ", ".join(part for part in parts if part)


def _trouble(outcome: Outcome) -> str:
    if outcome.up_to_date:
        return ""
    return f"{'not checked' if outcome.state is State.FAILED else 'not up to date'}: {outcome.why}"


def _changes(outcome: Outcome) -> str:
    numbers = (
        (outcome.added, "added"),
        (len(outcome.gone), "gone"),
        (outcome.corrected, "corrected"),
    )
    return ", ".join(f"{count(number)} {what}" for number, what in numbers if number)


def _known(marks: Marks, now: datetime) -> tuple[str, ...]:
    """What holds of the rows, whichever look has shown it."""
    if marks.looked_at is None or marks.contents_as_of is None:
        return ()
    when = moment(marks.looked_at, now)
    contents = f"contents as of {moment(marks.contents_as_of, now)}"
    if marks.doubt:
        return (f"tail seen {when}", f"prefix not proven ({marks.doubt})", contents)
    return (f"positions proven {when}", contents)


def _end(outcome: Outcome) -> str:
    if outcome.marks.complete:
        return ""
    if not outcome.up_to_date:
        return f"kept up to face {outcome.count:,} only" if outcome.count else "nothing kept yet"
    if outcome.stopped is None:
        return f"more follow face {outcome.count:,}"
    return f"kept up to face {outcome.count:,} only ({reason(outcome.stopped)})"


def reason(error: FsTuiError) -> str:
    """An error as a part of a sentence."""
    if isinstance(error, IncompleteError | ResourceError):
        return error.detail
    return f"{error.title[:1].lower()}{error.title[1:]}"
