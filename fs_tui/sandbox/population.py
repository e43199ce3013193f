"""The libraries and faces of the sandbox, computed from their position; the same at every start.

Nothing is kept per face: a face is a function of (number of its library, index in it), and its
token a permutation of that pair, so a token leads back to its face without a table.

position (1-based, moves when faces are deleted) ──► index (0-based, for ever) ──► token, user, time
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta, timezone
from itertools import accumulate
from typing import TYPE_CHECKING

from fs_tui.models import Library
from fs_tui.sandbox.people import NAMES, NOTES, USER_FORMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "CAMPUS",
    "CITY",
    "CLINIC",
    "EMPTY",
    "MAX_LIBRARIES",
    "PILOT",
    "TRIO",
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

MAX_LIBRARIES = 10
"""As many as an account may have (page 004)."""

FaceRow = tuple[str, str, str, int]
"""face_token, user_id, user_data, epoch milliseconds."""

_COUNTS = {CLINIC: 2_500, EMPTY: 0, TRIO: 3, PILOT: 100, CAMPUS: 250_000, CITY: 4_987_654}
_TEXTS = {
    CLINIC: ("Clinic Novena", "Patients who agreed to check-in by face"),
    EMPTY: ("Visitors 2027", "Opens in January"),
    TRIO: ("Board room", ""),
    PILOT: ("Pilot group 第一批", "100 volunteers of the first trial"),
    CAMPUS: ("Campus East & West", "东校区与西校区 students and staff"),
    CITY: ("City registry", "All kiosks, read only"),
}

_SEED = random.Random(20_260_205)  # noqa: S311 - a believable population, not a secret
_MASK = (1 << 128) - 1
_HALF = (1 << 64) - 1
_FIRST, _SECOND = (_SEED.getrandbits(128) | 1 for _ in range(2))
_FIRST_BACK, _SECOND_BACK = pow(_FIRST, -1, 1 << 128), pow(_SECOND, -1, 1 << 128)

_PATTERN = (0, 1, 1, 2, 3, 3, 3, 4)
"""The user of each of eight faces in a row: five users, two of them with several faces."""
_USERS = 5

_SINGAPORE = timezone(timedelta(hours=8))
_BEGAN = datetime(2025, 3, 3, 8, 30, tzinfo=_SINGAPORE)
_MILLISECOND = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _steps(length: int, *, burst: float, longest: int) -> tuple[int, ...]:
    """Ascending milliseconds from 0: short steps in bursts, long ones between them."""
    steps = (
        _SEED.randrange(300, 4_000) if _SEED.random() < burst else _SEED.randrange(60_000, longest)
        for _ in range(length)
    )
    return tuple(accumulate(steps, initial=0))


# Enrolment goes in sessions of 64 faces; sixteen sessions with the nights, weekends and holidays
# between them make a season.
_SESSION = _steps(63, burst=0.85, longest=360_000)
_SEASON = tuple(
    accumulate(
        (_SESSION[-1] + _SEED.choice((20, 20, 20, 60, 200)) * 3_600_000 for _ in range(16)),
        initial=0,
    )
)
_LONGEST = 320 * 86_400_000
"""Milliseconds between the first and the last face of the largest libraries."""


def _moment(index: int) -> int:
    """Milliseconds from a library's first face to the one with this index, before any scale."""
    seasons, session = divmod(index >> 6, len(_SEASON) - 1)
    return seasons * _SEASON[-1] + _SEASON[session] + _SESSION[index & 63]


class FaceSet:
    """The faces of one library, by position and by token.

    Args:
        number: Tells the library's faces from those of all others.
        count: How many faces there are at the start.
    """

    def __init__(self, number: int, count: int) -> None:
        self._number = number
        self._enrolled = count
        # Millions of faces fit into a year when all distances in time are divided.
        self._scale = _moment(count) // _LONGEST + 1
        self._form = USER_FORMS[number % len(USER_FORMS)]
        self._began = (_BEGAN - _EPOCH) // _MILLISECOND + number * 86_400_000
        # Ascending indexes of deleted faces, and for each the position that follows its gap.
        self._deleted: list[int] = []
        self._shifts: list[int] = []

    def __len__(self) -> int:
        return self._enrolled - len(self._deleted)

    def rows(self, start: int, limit: int) -> list[FaceRow]:
        """At most `limit` faces from the 1-based position `start` on, sorted by time."""
        last = min(start - 1 + limit, len(self))
        if start > last:
            return []
        first, end = self._index(start - 1), self._index(last - 1) + 1
        rows = list(self._faces(first, end))
        for index in reversed(self._deleted[slice(*self._deleted_within(first, end))]):
            del rows[index - first]
        return rows

    def find(self, token: str) -> FaceRow | None:
        """The face with this token, in constant time; None when it is not in this library."""
        index = self._index_of(token)
        return None if index is None else next(self._faces(index, index + 1))

    def grow(self, count: int) -> None:
        """Add faces at the end."""
        self._enrolled += count

    def delete(self, token: str) -> bool:
        """Delete a face; every later one moves up by one position. False when there is none."""
        index = self._index_of(token)
        if index is None:
            return False
        self._deleted.insert(bisect_left(self._deleted, index), index)
        self._shifts = [deleted - before for before, deleted in enumerate(self._deleted)]
        return True

    def _index(self, position: int) -> int:
        """The index of the face at a 0-based position."""
        return position + bisect_right(self._shifts, position)

    def _deleted_within(self, first: int, end: int) -> tuple[int, int]:
        return bisect_left(self._deleted, first), bisect_left(self._deleted, end)

    def _index_of(self, token: str) -> int | None:
        """Undo the permutation of `_faces`."""
        if len(token) != 32 or not set(token) <= set("0123456789abcdef"):  # noqa: PLR2004 - 128 bits
            return None
        mixed = int(token, 16)
        mixed = (mixed ^ (mixed >> 64)) * _SECOND_BACK & _MASK
        pair = (mixed ^ (mixed >> 64)) * _FIRST_BACK & _MASK
        number, index = pair >> 64, pair & _HALF
        if number != self._number or index >= self._enrolled:
            return None
        at = bisect_left(self._deleted, index)
        return None if self._deleted[at : at + 1] == [index] else index

    def _faces(self, first: int, end: int) -> Iterator[FaceRow]:
        """The faces of some indexes, deleted ones included.

        One loop with everything in local names: the benchmark reads five million of them.
        """
        template, step, period = self._form.template, self._form.step, self._form.period
        began, scale = self._began, self._scale
        session, season, names, notes = _SESSION, _SEASON, NAMES, NOTES
        season_length = len(season) - 1
        state = ((self._number << 64 | first) * _FIRST) & _MASK
        for index in range(first, end):
            mixed = (state ^ (state >> 64)) * _SECOND & _MASK
            mixed ^= mixed >> 64
            state = (state + _FIRST) & _MASK
            user = (index >> 3) * _USERS + _PATTERN[index & 7]
            if not mixed & 15 and index > 64:  # noqa: PLR2004 - somebody who was there before
                user = (mixed >> 8) % ((index >> 3) * _USERS)
            place = index >> 6
            moment = season[place % season_length] + season[-1] * (place // season_length)
            yield (
                f"{mixed:032x}",
                template % (user * step % period),
                names[user * 40_503 % len(names)]
                if mixed & 48
                else notes[(mixed >> 6) % len(notes)],
                began + (moment + session[index & 63]) // scale,
            )


class Population:
    """The libraries of one account, in the order of their creation.

    Args:
        counts: Number of faces by library id; the demo's own when not given.
    """

    def __init__(self, counts: Mapping[str, int] = _COUNTS) -> None:
        self._libraries: dict[str, Library] = {}
        self._faces: dict[str, FaceSet] = {}
        self._numbers = 0
        for number, (group_id, count) in enumerate(counts.items()):
            name, data = _TEXTS.get(group_id, (group_id, ""))
            added = _BEGAN + timedelta(days=number, minutes=-7 * number - 12, seconds=number)
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
        self._faces[library.group_id] = FaceSet(self._numbers, count)
        self._libraries[library.group_id] = library

    def forget(self, group_id: str) -> None:
        """Remove a library with its faces, as another program of the account would."""
        del self._libraries[group_id], self._faces[group_id]
