"""A library that other programs change while it is looked at, listed in every awkward manner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import ArgumentError, ServiceFailureError
from fs_tui.models import Face, FacePage
from tests.unit.fake_gateway import FIRST_MS, FakeGateway

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["LibraryService", "face"]

MOST_CALLS = 2_000


def face(number: int, *, at: int | None = -1, says: str = "") -> Face:
    """The face that was enrolled as the `number`-th one, or `at` another second of enrolment."""
    seconds = number if at == -1 else at
    added_ms = None if seconds is None else FIRST_MS + seconds * 1000
    return Face(f"{number:032x}", f"user_{number % 997}", says or f"Face {number}", added_ms)


class LibraryService(FakeGateway):
    """A gateway to one library.

    Attributes:
        listed: The faces in order; change them at will.
        naming: How `next` is given: none, always, if more, by limit, stuck, backward.
        ignore_start: Every page is the first one.
        overlap: Each page begins with the face before it, in place of its first one.
        early: Each page begins so many faces before its start.
        most_limit: A `limit` above this is refused.
        fails: Numbers of the requests that fail, the first one is 1.
        before: What happens before a request, by its number.
        always: What happens after every request.
    """

    def __init__(self, faces: Sequence[Face], *, group_id: str = "lib") -> None:
        super().__init__(group_id=group_id)
        self.listed = list(faces)
        self.naming = "none"
        self.ignore_start = False
        self.overlap = False
        self.early = 0
        self.most_limit = 1000
        self.fails: set[int] = set()
        self.before: dict[int, Callable[[list[Face]], None]] = {}
        self.always: Callable[[list[Face]], None] = lambda _faces: None

    async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
        self._check(group_id)
        self.calls.append((start, limit))
        number = len(self.calls)
        assert number < MOST_CALLS, "it asks for ever"
        assert start >= 1
        assert 1 <= limit <= 1000
        if (change := self.before.get(number)) is not None:
            change(self.listed)
        if number in self.fails:
            raise ServiceFailureError("INTERNAL_ERROR", http_status=500)
        if self.refuse_above is not None and start > self.refuse_above:
            raise ArgumentError("BAD_ARGUMENTS: start", http_status=400)
        if limit > self.most_limit:
            raise ArgumentError("BAD_ARGUMENTS: limit", http_status=400)
        at = 1 if self.ignore_start else max(1, start - self.early)
        rows = self.listed[at - 1 : at - 1 + min(limit, self.cap)]
        if self.overlap and rows and at > 1:
            rows[0] = self.listed[at - 2]
        page = FacePage(start, limit, tuple(rows), self._next(start, limit, len(rows)))
        self.always(self.listed)
        return page

    def _next(self, start: int, limit: int, rows: int) -> int | None:
        more = rows and start + rows <= len(self.listed)
        match self.naming:
            case "always":
                return start + rows if rows else None
            case "by limit":
                return start + limit
            case "if more" if more:
                return start + rows
            case "stuck" if more:
                return start
            case "backward" if more:
                return max(1, start - rows)
        return None
