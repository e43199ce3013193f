"""A service of every awkwardness of API.md section 4, and a loop that drives a pager with it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fs_tui.errors import ArgumentError, FsTuiError, ServiceFailureError
from fs_tui.faces.paging.requests import PageRequest, Purpose
from fs_tui.models import Face, FacePage

if TYPE_CHECKING:
    from fs_tui.faces.paging.pager import Pager

__all__ = ["Server", "drive"]


@dataclass
class Server:
    """A library and the manners in which it is listed.

    Attributes:
        faces: The enrolment numbers of the faces, in order.
        cap: Rows of a page at most.
        naming: How `next` is given: not at all, always, only when more follows, or as if every
            page held `limit` rows.
        refuse_above: Where `start` is refused from.
        failures: Which requests fail (by their number); each one only once.
        changes: What happens before a request (by its number): faces added (positive) or deleted.
        states: What was listed at each request, where something happens at any.
    """

    faces: list[int] | range
    cap: int = 1000
    naming: str = "none"
    refuse_above: int | None = None
    failures: frozenset[int] = frozenset()
    changes: dict[int, int] = field(default_factory=dict)
    seed: int = 0
    asked: int = 0
    log: list[PageRequest] = field(default_factory=list)
    states: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - repeatable, not secret
        self._next_number = max(self.faces, default=0) + 1

    def answer(self, request: PageRequest) -> FacePage:
        """One answer, or the error that the client would raise."""
        self.asked += 1
        self.log.append(request)
        self._change(self.changes.get(self.asked, 0))
        if self.changes:
            self.states.append(list(self.faces))
        if self.asked in self.failures:
            raise ServiceFailureError("INTERNAL_ERROR")
        if self.refuse_above is not None and request.start > self.refuse_above:
            raise ArgumentError("BAD_ARGUMENTS: start")
        rows = self.faces[request.start - 1 :][: min(request.limit, self.cap)]
        faces = tuple(Face(f"{number:032x}") for number in rows)
        return FacePage(request.start, request.limit, faces, self._next(request, len(rows)))

    def _change(self, by: int) -> None:
        if isinstance(self.faces, range):
            return
        for _ in range(by):
            self.faces.append(self._next_number)
            self._next_number += 1
        for _ in range(min(-by, len(self.faces))):
            del self.faces[self._random.randrange(len(self.faces))]

    def _next(self, request: PageRequest, rows: int) -> int | None:
        end = request.start + rows
        if self.naming == "always":
            return end if rows else None
        if self.naming == "if more":
            return end if end <= len(self.faces) else None
        if self.naming == "by limit":
            return request.start + request.limit
        return None


@dataclass
class Reading:
    """What a drive saw.

    Attributes:
        met: The token at each position, as it was met first.
        twice: Whether a position was met twice, and not only to join a page to another one.
    """

    met: dict[int, str] = field(default_factory=dict)
    twice: bool = False
    rounds: int = 0


def drive(
    pager: Pager, server: Server, *, allowed: int = 1, bound: int = 5_000, seed: int = 0
) -> Reading:
    """Let the server answer the pager's requests, in any order, until it has none."""
    reading, order = Reading(), random.Random(seed)  # noqa: S311 - repeatable, not secret
    while True:
        while pager.next_request(allowed=allowed) is not None:
            pass
        if not pager.known.pending:
            return reading
        reading.rounds += 1
        for request in order.sample(pager.known.pending, len(pager.known.pending)):
            if server.asked >= bound:
                raise AssertionError("it asks for ever")
            _exchange(pager, server, request, reading)
            if request.purpose is not Purpose.PROBE:
                break


def _exchange(pager: Pager, server: Server, request: PageRequest, reading: Reading) -> None:
    try:
        page = server.answer(request)
    except FsTuiError as error:
        pager.failed(request, error)
        return
    pager.known.note_change(pager.torn(page))
    new = pager.answered(request, page)
    for position, face in enumerate(new.faces, new.start):
        reading.twice |= position in reading.met
        reading.met.setdefault(position, face.face_token)
