"""Random histories of a library and of the looks at it, as hypothesis draws them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from fs_tui.faces.paging.requests import USUAL_PAGE
from tests.unit.sync_service import LibraryService, face

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fs_tui.models import Face

__all__ = ["Event", "History", "Manner", "events", "manners"]


@dataclass(frozen=True)
class Event:
    """What other programs do to the library.

    Attributes:
        kind: add, delete, replace, insert, edit or remake.
        where: Which face, as a part of the library.
        many: How many faces.
        step: Seconds between faces that are added.
    """

    kind: str
    where: float = 0.0
    many: int = 1
    step: int = 1


@dataclass(frozen=True)
class Manner:
    """How the service lists; see LibraryService."""

    cap: int = 1000
    naming: str = "none"
    refuse_above: int | None = None
    ignore_start: bool = False
    overlap: bool = False
    most_limit: int = 1000
    timeless: bool = False

    def hides(self, during: Iterable[Event]) -> bool:
        """Whether what goes amid a scan may seem to be there: see the docstring of seams."""
        return self.overlap and any(event.kind in {"delete", "replace"} for event in during)


_places = st.floats(0, 1, exclude_max=True)
_ends = st.floats(0.8, 1, exclude_max=True)


def events(*kinds: str) -> st.SearchStrategy[Event]:
    """Events of some kinds; faces are few, mostly."""
    return st.builds(
        Event,
        st.sampled_from(kinds),
        _places | _ends,
        st.integers(1, 4) | st.sampled_from([1, 1, 1, 20, 21, 60, 120]),
        st.integers(0, 2),
    )


manners = st.builds(
    Manner,
    cap=st.sampled_from([1000, 1000, 100, 100, 50, 20, 7, 2, 1]),
    naming=st.sampled_from(["none", "if more", "always", "by limit", "stuck", "backward"]),
    refuse_above=st.none() | st.integers(1, 400),
    ignore_start=st.sampled_from([False] * 9 + [True]),
    overlap=st.sampled_from([False] * 9 + [True]),
    most_limit=st.sampled_from([1000, 1000, 100]),
    timeless=st.sampled_from([False] * 9 + [True]),
)


class History:
    """A library with what has become of it.

    Attributes:
        service: It is asked.
        states: The tokens that were listed at each request of the latest look.
    """

    def __init__(self, length: int, step: int) -> None:
        self._number = 0
        self._clock = 0
        self.service = LibraryService([self._new(step) for _ in range(length)])
        self.states: list[list[str]] = []

    def _new(self, step: int) -> Face:
        self._number += 1
        self._clock += step
        return face(self._number, at=self._clock)

    def apply(self, event: Event) -> None:
        """Let it happen."""
        listed = self.service.listed
        at = int(event.where * len(listed))
        if event.kind in {"delete", "replace"}:
            del listed[at : at + event.many]
        if event.kind in {"add", "replace"}:
            # Between two looks time passes, unless the clock of the enrolment stands.
            listed += [self._new(event.step) for _ in range(event.many)]
        if event.kind == "insert" and listed:
            self._insert(event)
        if event.kind == "edit" and listed:
            listed[at] = listed[at]._replace(user_data=f"edited {event.many}")
        if event.kind == "remake":
            listed[:] = [self._new(event.step) for _ in range(len(listed))]

    def _insert(self, event: Event) -> None:
        """Put a face among those of the last moment, where they allow it."""
        listed = self.service.listed
        moment = listed[-1].added_ms
        first = next(at for at, other in enumerate(listed) if other.added_ms == moment)
        at = first + int(event.where * (len(listed) + 1 - first))
        self._number += 1
        listed.insert(at, face(self._number)._replace(added_ms=moment))

    def behave(self, manner: Manner) -> None:
        """Let the service list in some manner from now on."""
        service = self.service
        service.cap, service.naming = manner.cap, manner.naming
        if manner.cap < USUAL_PAGE and manner.naming == "none":
            # By API.md, section 4, no. 5, so short a page is the last one.
            service.naming = "if more"
        service.refuse_above, service.most_limit = manner.refuse_above, manner.most_limit
        service.ignore_start, service.overlap = manner.ignore_start, manner.overlap
        if manner.timeless:
            service.listed[:] = [other._replace(added_ms=None) for other in service.listed]

    def begin_look(self, during: dict[int, Event], fails: set[int]) -> None:
        """Before a look: what will happen before its requests, and which of them will fail."""
        self.states = [self.tokens]
        service = self.service
        service.calls.clear()
        service.fails = fails
        service.before = {
            number: lambda _faces, event=event: self.apply(event)  # type: ignore[misc] # bound here
            for number, event in during.items()
        }
        service.always = lambda _faces: self.states.append(self.tokens)

    @property
    def tokens(self) -> list[str]:
        """What is listed now."""
        return [other.face_token for other in self.service.listed]
