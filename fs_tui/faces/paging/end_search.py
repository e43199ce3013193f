"""EndSearch: where a library ends, in logarithmically many requests; pure, as the pager is.

Leaps while every position holds a face, then ever closer ones between the last face and the first
position without one. Where the service refuses a `start`, long pages from the highest one that it
takes show what follows, and maybe the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import IncompleteError
from fs_tui.faces.paging.positions import MAX_POSITION
from fs_tui.faces.paging.requests import PageRequest, Purpose

if TYPE_CHECKING:
    from fs_tui.faces.paging.positions import Positions

__all__ = ["LAST_START", "MAX_PROBES", "PROBES_AT_ONCE", "EndSearch"]

LAST_START = 1000
"""The last `start` that page 003 promises; services go further, or refuse it."""

PROBES_AT_ONCE = 3
"""How many positions one round looks at."""

MAX_PROBES = 45
"""Requests after which the search for an end that keeps moving gives up."""

_LEAP = 16
"""By how much a search goes further each time as long as it meets faces."""


class EndSearch:
    """See the module.

    Args:
        known: What is known of the positions; stays as it is.
        window: Rows that one request asks for.

    Attributes:
        running: Whether it was begun and has not ended.
        requests: How many it has sent since.
        one_by_one: Whether it sends one request at a time instead of three.
        lost: Why it ended without the end, where nothing refused or failed.
    """

    def __init__(self, known: Positions, window: int) -> None:
        self.running = False
        self.requests = 0
        self.one_by_one = False
        self.lost: IncompleteError | None = None
        self._known = known
        self._window = window
        self._round: list[int] = []
        self._last_edge: int | None = None
        self._failed = False

    def begin(self) -> None:
        """Begin anew."""
        self.running = True
        self.requests = 0
        self.lost = None
        self._round.clear()

    def stop(self) -> None:
        """Give it up."""
        self.running = False

    def failed(self) -> None:
        """One of its requests failed: it ends until `retry`."""
        self._failed = True
        self.stop()

    def retry(self) -> None:
        """A failure no longer keeps it from asking."""
        self._failed = False

    def reopen(self) -> None:
        """Faces follow what was the end."""
        self._last_edge = None

    def at_edge(self, page_size: int) -> bool:
        """Whether a refused `start` leaves something to ask for."""
        return self._edge(page_size) is not None

    def next_request(self, page_size: int) -> PageRequest | None:
        """What to ask next, or None for now.

        Args:
            page_size: Rows of a long page.
        """
        if (probe := self._probe(page_size)) is not None:
            self.requests += 1
            return PageRequest(probe - self._known.joins(probe), self._window, Purpose.PROBE)
        edge = None if self._known.pending else self._edge(page_size)
        if edge is None:
            return None
        self._last_edge = edge
        return PageRequest(edge, page_size, Purpose.PROBE)

    def _probe(self, page_size: int) -> int | None:
        if not self.running:
            return None
        probing = any(request.purpose is Purpose.PROBE for request in self._known.pending)
        if not self._round and not probing:
            self._round = self._next_round()
            self.running = bool(self._round) or self.at_edge(page_size)
        if not self._round or (probing and self.one_by_one):
            return None
        return self._round.pop(0)

    def _next_round(self) -> list[int]:
        """The positions of the next round."""
        low, high = self._known.highest, self._known.bound
        leap = max(low, self._window)
        # Of each page that follows another one the first face is known.
        step = self._window - 1
        if high == MAX_POSITION and leap * _LEAP < high:
            places = [low + 1, leap * _LEAP, leap * _LEAP**2]
        elif (width := high - low - 1) > PROBES_AT_ONCE * step:
            places = [low + width * i // (PROBES_AT_ONCE + 1) for i in range(1, PROBES_AT_ONCE + 1)]
        else:
            places = [low + 1 + i * step for i in range(PROBES_AT_ONCE)]
        places = [place for place in places if self._known.free(place, high) == place]
        if len(places) > MAX_PROBES - self.requests:
            self.lost = IncompleteError(f"the end was not found in {self.requests} requests")
            return []
        return places

    def _edge(self, page_size: int) -> int | None:
        """The `start` whose page shows most of what lies beyond a refused one."""
        known = self._known
        if not known.refused or self._failed or known.barrier is None:
            return None
        if known.reachable or known.total is not None:
            return None
        low, high = known.accepted, known.barrier
        if high - low > 1:
            promised = (start for start in (LAST_START, LAST_START + 1) if low < start < high)
            return next(promised, (low + high) // 2)
        seen = self._last_edge == low or low + page_size - 1 <= known.highest
        return None if seen else low
