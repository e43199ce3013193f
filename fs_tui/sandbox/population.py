"""The libraries of the sandbox's account, and what happens to them while they are looked at."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from fs_tui.models import Library
from fs_tui.sandbox.faces import BEGAN, FaceRow, FaceSet, NewFace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

__all__ = [
    "CAMPUS",
    "CITY",
    "CLINIC",
    "COUNTS",
    "EMPTY",
    "LOBBY",
    "MAX_LIBRARIES",
    "PILOT",
    "TRIO",
    "Arrivals",
    "FaceRow",
    "FaceSet",
    "Population",
]

CLINIC = "clinic_2500"
EMPTY = "visitors_2027"
TRIO = "board#3@hq"
PILOT = "pilot-100"
CAMPUS = "campus%east&west"
CITY = "city_main"
LOBBY = "lobby_live"

MAX_LIBRARIES = 10
"""As many as an account may have (page 004)."""

_DEMO = {
    CLINIC: (2_500, "Clinic Novena", "Patients who agreed to check-in by face"),
    EMPTY: (0, "Visitors 2027", "Opens in January"),
    TRIO: (3, "Board room", ""),
    PILOT: (100, "Pilot group", "100 volunteers of the first trial"),
    CAMPUS: (250_000, "Campus East & West", "东校区与西校区 students and staff"),
    CITY: (4_987_654, "City registry", "All kiosks, read only"),
    LOBBY: (0, "Lobby kiosk", "A visitor every few seconds"),
}
"""Faces, name and data of the demo's libraries."""

COUNTS = {group_id: count for group_id, (count, *_) in _DEMO.items()}
"""The demo's libraries, with as many faces as each begins with."""

_LOBBY_SECONDS, _LOBBY_PAST = 5, 720

_MOST_AT_ONCE = 10_000


@dataclass(slots=True)
class Arrivals:
    """Faces that come to a library by themselves.

    Attributes:
        every: Seconds between two of them.
        past: How many have come when somebody looks for the first time.
        since: When the latest one came, in seconds since 1970; None before anybody has looked.
    """

    every: float
    past: int = 0
    since: float | None = None

    def due(self, now: float) -> list[NewFace]:
        """Those that have come since it was asked the last time."""
        if self.since is None:
            self.since = now - self.past * self.every
        count = min(int((now - self.since) / self.every), _MOST_AT_ONCE)
        began, self.since = self.since, self.since + max(count, 0) * self.every
        return [
            NewFace(added_ms=round((began + number * self.every) * 1000))
            for number in range(1, count + 1)
        ]


class Population:
    """The libraries of one account, in the order of their creation.

    Args:
        counts: Number of faces by library id, the demo's own if nothing else is said; its lobby
            grows by itself.
        account: Another one has the same people under other tokens, as staging and production do.

    Attributes:
        arrivals: The libraries that grow by themselves.
    """

    def __init__(self, counts: Mapping[str, int] = COUNTS, *, account: int = 0) -> None:
        self._libraries: dict[str, Library] = {}
        self._faces: dict[str, FaceSet] = {}
        self._numbers = 0
        self._masks = random.Random(account)  # noqa: S311 - to be repeated, not to be secret
        self._mask = self._masks.getrandbits(128) if account else 0
        self.arrivals: dict[str, Arrivals] = {}
        if LOBBY in counts:
            self.arrivals[LOBBY] = Arrivals(_LOBBY_SECONDS, _LOBBY_PAST)
        for number, (group_id, count) in enumerate(counts.items()):
            _, name, data = _DEMO.get(group_id, (count, group_id, ""))
            added = BEGAN + timedelta(days=number, minutes=-7 * number - 12, seconds=number)
            self.add(Library(group_id, name, data, "s21", added), count)

    def __len__(self) -> int:
        return len(self._libraries)

    def __iter__(self) -> Iterator[Library]:
        return iter(tuple(self._libraries.values()))

    def __contains__(self, group_id: object) -> bool:
        return group_id in self._libraries

    def __getitem__(self, group_id: str) -> FaceSet:
        return self._faces[group_id]

    def library(self, group_id: str) -> Library | None:
        """The details of a library; None when there is none."""
        return self._libraries.get(group_id)

    def add(self, library: Library, count: int = 0) -> None:
        """Add a library; whether that is allowed is for the service to say."""
        self._numbers += 1
        self._faces[library.group_id] = FaceSet(self._numbers, count, self._mask)
        self._libraries[library.group_id] = library

    def forget(self, group_id: str) -> None:
        """Remove a library with its faces, as another program of the account would."""
        del self._libraries[group_id], self._faces[group_id]
        self.arrivals.pop(group_id, None)

    def remake(
        self, group_id: str, count: int | None = None, add_time: datetime | None = None
    ) -> None:
        """Replace a library by one of the same id, whose faces have other tokens.

        Args:
            group_id: Of a library that is there.
            count: How many faces it has; as many as before when not given.
            add_time: When it was made; the same time as before when not given.
        """
        count = len(self[group_id]) if count is None else count
        mask = self._masks.getrandbits(128)
        self._faces[group_id] = FaceSet(self[group_id].number, count, mask)
        if add_time is not None:
            self._libraries[group_id] = self._libraries[group_id]._replace(add_time=add_time)

    def pass_time(self, now: float) -> None:
        """Let faces come to the libraries that grow by themselves, until `now` (Unix seconds)."""
        for group_id, arrivals in tuple(self.arrivals.items()):
            if due := arrivals.due(now):
                self[group_id].add(due)
