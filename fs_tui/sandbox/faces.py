"""The faces of one library, computed from their index; the same at every start.

Nothing is kept for a face but what tests and growth have added: a face is a function of (number of
its library, index in it), and its token a permutation of that pair, so a token leads back to its
face without a table.

position (1-based, moves when faces come and go) ──► index (for ever) ──► token, user, time
"""

from __future__ import annotations

import random
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import accumulate
from typing import TYPE_CHECKING, ClassVar, Literal

from fs_tui.sandbox.people import (
    NAMES,
    NOTES,
    PLAIN_NAMES,
    PLAIN_NOTES,
    TESTER,
    TESTER_DATA,
    USER_FORMS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["BEGAN", "FaceRow", "FaceSet", "NewFace"]

FaceRow = tuple[str, str, str, int | None]
"""face_token, user_id, user_data, epoch milliseconds; None where the service has no time."""

BEGAN = datetime(2025, 3, 3, 8, 30, tzinfo=timezone(timedelta(hours=8)))
"""When the first library was made, in Singapore."""

_SEED = random.Random(20_260_205)  # noqa: S311 - a believable population, not a secret
_MASK = (1 << 128) - 1
_HALF = (1 << 64) - 1
_LOW = (1 << 60) - 1
_FIRST, _SECOND = (_SEED.getrandbits(128) | 1 for _ in range(2))
_FIRST_BACK, _SECOND_BACK = pow(_FIRST, -1, 1 << 128), pow(_SECOND, -1, 1 << 128)

_USERS, _SESSION_USERS = 5, 40
"""New users among eight faces in a row, and among the 64 of a session; the other faces are of
people who came to an earlier session."""
_BEFORE = -1
_AT_ONCE = (0, 1, 1, 2, 3, 3, 3, 4)
_APART = (0, 1, _BEFORE, 2, 3, _BEFORE, _BEFORE, 4)
_PATTERN = (*_AT_ONCE, *_APART * 15)
"""Which of the five users has each face: most come back another day, and a few are enrolled several
times within seconds."""

_PLAIN_USERS, _PLAIN_FACES = 160, 256
"""The first of a library have letters that every font has, so that pictures show no boxes."""

_TESTS = 25
"""As many faces has the user id of the technicians, who have too many of them."""
_TEST_STRIDE = 97

_OVERLAP_NUMBERS, _OVERLAP_USERS = 4, 1_400
"""Four libraries further on, user ids are of the same form again: the first users there are the
last ones here, so that some people are in two libraries."""

_MILLISECOND = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400_000


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
_LONGEST = 320 * _DAY
"""Milliseconds between the first and the last face of the largest libraries."""


def _moment(index: int) -> int:
    """Milliseconds from a library's first face to the one with this index, before any scale."""
    seasons, session = divmod(index >> 6, len(_SEASON) - 1)
    return seasons * _SEASON[-1] + _SEASON[session] + _SESSION[index & 63]


@dataclass(frozen=True, slots=True)
class NewFace:
    """A face that is to be added; what is not given is made up.

    Attributes:
        added_ms: Epoch milliseconds; None for a face without a time. `next` is later than the
            library's last face, or, before another face, exactly as late as that one.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    user_id: str | None = None
    user_data: str | None = None
    added_ms: int | Literal["next"] | None = "next"


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which indexes stand where.

    Attributes:
        spans: Indexes without a gap, in the order of their positions.
        ends: How many faces there are up to the end of each span.
    """

    spans: tuple[range, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, spans: Iterable[range]) -> _Layout:
        kept = tuple(span for span in spans if span)
        return cls(kept, tuple(accumulate(map(len, kept))))

    def __len__(self) -> int:
        return self.ends[-1] if self.ends else 0

    def cut(self, first: int, end: int) -> Iterator[range]:
        """The indexes at the 0-based positions from `first` to before `end`, as far as they go."""
        first = max(first, 0)
        at = bisect_right(self.ends, first)
        before = self.ends[at - 1] if at else 0
        while before < end and at < len(self.spans):
            span = self.spans[at]
            yield span[max(0, first - before) : end - before]
            before, at = self.ends[at], at + 1

    def with_span(self, first: int, end: int, span: range = range(0)) -> _Layout:
        """The same with other indexes at these 0-based positions."""
        return _Layout.of((*self.cut(0, first), span, *self.cut(end, len(self))))

    def position(self, index: int) -> int | None:
        """The 0-based position of an index, in time that grows with the number of spans."""
        for span, end in zip(self.spans, self.ends, strict=True):
            if index in span:
                return end - span.stop + index
        return None


class FaceSet:
    """The faces of one library, by position and by token.

    Args:
        number: Tells the library's faces from those of all others, and says who is in it.
        count: How many faces there are at the start.
        mask: Makes other tokens of the same faces.
    """

    def __init__(self, number: int, count: int, mask: int = 0) -> None:
        self.number = number
        self._mask = mask
        self._next = count
        # Millions of faces fit into a year when all distances in time are divided.
        self._scale = _moment(count) // _LONGEST + 1
        self._form = USER_FORMS[number % len(USER_FORMS)]
        self._earlier_users = (number - 1) // _OVERLAP_NUMBERS * _OVERLAP_USERS
        self._stride = max(count // _TESTS, _TEST_STRIDE)
        self._began = (BEGAN - _EPOCH) // _MILLISECOND + number * _DAY
        self._latest = self._began + _moment(max(count - 1, 0)) // self._scale
        self._layout = _Layout.of([range(count)])
        self._given: dict[int, FaceRow] = {}

    def __len__(self) -> int:
        return len(self._layout)

    def rows(self, start: int, limit: int) -> list[FaceRow]:
        """At most `limit` faces from the 1-based position `start` on, sorted by time."""
        rows: list[FaceRow] = []
        for piece in self._layout.cut(start - 1, start - 1 + limit):
            rows += self._read(piece)
        return rows

    def find(self, token: str) -> FaceRow | None:
        """The face with this token, without a search; None when it is not in this library."""
        index = self._index_of(token)
        if index is None or self._layout.position(index) is None:
            return None
        return next(iter(self._read(range(index, index + 1))))

    def add(self, faces: Iterable[NewFace], position: int | None = None) -> None:
        """Add faces at the end, or before the face at a 1-based position."""
        layout = self._layout
        at = len(layout) if position is None else min(max(position - 1, 0), len(layout))
        first = self._next
        for face in faces:
            self._given[self._next] = self._made(self._next, face, at)
            self._next += 1
        self._layout = layout.with_span(at, at, range(first, self._next))

    def grow(self, count: int, position: int | None = None) -> None:
        """Add so many faces at the end, or before the one at a position, as old as that one."""
        self.add([NewFace()] * count, position)

    def delete(self, token: str) -> bool:
        """Delete a face; every later one moves up by one position. False when there is none."""
        index = self._index_of(token)
        at = None if index is None else self._layout.position(index)
        if at is None:
            return False
        self._layout = self._layout.with_span(at, at + 1)
        return True

    def delete_at(self, positions: Iterable[int]) -> None:
        """Delete the faces at these 1-based positions, all counted before the first one goes."""
        layout = self._layout
        for position in sorted(set(positions), reverse=True):
            layout = layout.with_span(position - 1, position)
        self._layout = layout

    def edit(self, position: int, user_id: str | None, user_data: str | None) -> None:
        """Give a face, if there is one, another user id or data."""
        for piece in self._layout.cut(position - 1, position):
            ((token, old_id, old_data, added_ms),) = self._read(piece)
            self._given[piece.start] = (
                token,
                old_id if user_id is None else user_id,
                old_data if user_data is None else user_data,
                added_ms,
            )
            self._layout = self._layout.with_span(position - 1, position, piece)

    def _read(self, piece: range) -> Iterable[FaceRow]:
        """The faces of a part of a span; they are all given, or all computed."""
        if piece.start in self._given:
            return [self._given[index] for index in piece]
        return self._faces(piece.start, piece.stop)

    def _made(self, index: int, face: NewFace, at: int) -> FaceRow:
        ((token, user_id, user_data, _),) = self._faces(index, index + 1)
        added_ms = self._next_time(index, at) if face.added_ms == "next" else face.added_ms
        self._latest = max(self._latest, added_ms or 0)
        return (
            token,
            user_id if face.user_id is None else face.user_id,
            user_data if face.user_data is None else face.user_data,
            added_ms,
        )

    def _next_time(self, index: int, at: int) -> int | None:
        """The time of the face that stands at a 0-based position, or one after the last face."""
        if at < len(self):
            return self.rows(at + 1, 1)[0][3]
        return self._latest + (_moment(index) - _moment(max(index - 1, 0))) // self._scale

    def _index_of(self, token: str) -> int | None:
        """Undo the permutation of `_faces`."""
        if len(token) != 32 or not set(token) <= set("0123456789abcdef"):  # noqa: PLR2004 - 128 bits
            return None
        mixed = int(token, 16) ^ self._mask
        mixed = (mixed ^ (mixed >> 64)) * _SECOND_BACK & _MASK
        pair = (mixed ^ (mixed >> 64)) * _FIRST_BACK & _MASK
        number, index = pair >> 64, pair & _HALF
        return index if number == self.number else None

    def _faces(self, first: int, end: int) -> Iterator[FaceRow]:
        """The faces of some indexes.

        One loop with everything in local names: the benchmark reads five million of them.
        """
        template, step, period = self._form.template, self._form.step, self._form.period
        began, scale, mask = self._began, self._scale, self._mask
        session, season, pattern = _SESSION, _SEASON, _PATTERN
        season_length, users_before = len(season) - 1, self._earlier_users
        stride = self._stride
        test = first + (stride // 2 - first) % stride
        state = ((self.number << 64 | first) * _FIRST) & _MASK
        for index in range(first, end):
            mixed = (state ^ (state >> 64)) * _SECOND & _MASK
            mixed ^= mixed >> 64
            state = (state + _FIRST) & _MASK
            low = mixed & _LOW
            earlier = (index >> 6) * _SESSION_USERS
            within = pattern[index & 127]
            if within >= 0 and (low & 15 or not earlier):
                user = (index >> 3) * _USERS + within
            elif earlier:
                user = (low >> 8) % earlier
            else:  # in the first session nobody comes back
                user = -index
            names = PLAIN_NAMES if user < _PLAIN_USERS else NAMES
            notes = PLAIN_NOTES if index < _PLAIN_FACES else NOTES
            place = index >> 6
            moment = season[place % season_length] + season[-1] * (place // season_length)
            user_id = template % ((user + users_before) * step % period)
            user_data = (
                names[user * 40_537 % len(names)] if low & 48 else notes[(low >> 6) % len(notes)]
            )
            if index == test:
                user_id, user_data = TESTER, TESTER_DATA
                test += stride
            elif not low & 0x3F00000:
                user_id = ""
            yield (
                f"{mixed ^ mask:032x}",
                user_id,
                user_data,
                began + (moment + session[index & 63]) // scale,
            )
