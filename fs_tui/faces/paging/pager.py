"""Pager: paging as a pure state machine: wishes in, requests out, answers and errors in.

want, find_end, scan ──► next_request ──► (somebody asks the service) ──► answered / failed

What it knows of the positions 1, 2, 3, …:

    loaded, absent, gaps, pending        are not asked for (again)
    highest     the highest position that holds a face
    beyond      the lowest position that was seen to lie after the last face
    barrier     the lowest position that cannot be asked for, and why

The end is proven when `beyond` follows `highest`. Everything that API.md section 4 says of
`start`, `limit` and `next` is decided here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING

from fs_tui.errors import ArgumentError, FsTuiError, IncompleteError, ProtocolError
from fs_tui.faces.ranges import RangeSet
from fs_tui.gateway import MAX_PAGE

if TYPE_CHECKING:
    from fs_tui.models import FacePage

__all__ = ["MAX_POSITION", "PageRequest", "Pager", "Purpose", "proves_end"]

MAX_POSITION = 2**32 - 1
"""No library is this large; what lies beyond is never asked for."""

USUAL_PAGE = 100
"""What a page holds whatever `limit` says, where the service keeps to its description."""

LAST_START = 1000
"""The last `start` that page 003 promises; services go further, or refuse it."""

PROBES_AT_ONCE = 3
"""How many positions one round of the search for the end looks at."""

MAX_PROBES = 45
"""Requests after which the search for an end that keeps moving gives up."""

_LEAP = 16
"""By how much a search goes further each time as long as it meets faces."""


class Purpose(Enum):
    """What a request is for."""

    WINDOW = "window"
    PROBE = "probe"
    SCAN = "scan"


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One group/list that is to be sent: `limit` faces from position `start` on."""

    start: int
    limit: int
    purpose: Purpose

    @property
    def end(self) -> int:
        """The position after the last one that is asked for."""
        return self.start + self.limit


def proves_end(page: FacePage) -> bool:
    """Whether a page shows that its last face is the library's last one (API.md, trap 5).

    A page that names a next position proves nothing: that one is asked first (trap 4).
    """
    rows = len(page.faces)
    if rows == 0:
        return True
    if page.next is not None:
        return False
    return rows < min(page.limit, USUAL_PAGE) or (rows < page.limit and rows != USUAL_PAGE)


class Pager:
    """See the module. Positions are 1-based, ranges half-open.

    Args:
        window: Rows that a request for a looked-at window asks for, and the grid it keeps to.
        first: Where the reading begins; what lies before it counts as read.
        last: Where a scan ends.
    """

    def __init__(
        self, *, window: int = USUAL_PAGE, first: int = 1, last: int = MAX_POSITION
    ) -> None:
        self.loaded = RangeSet()
        self.gaps = RangeSet()
        self.changed = ""
        self.probes = 0
        self.lost: FsTuiError | None = None
        """Why a search for the end ended without it, where nothing refused or failed."""
        self.scanning = False
        self.probing = False
        self.one_by_one = False
        """Whether a search for the end sends one request at a time instead of three."""
        self._window = window
        self._absent = RangeSet()
        self._passed_over = RangeSet()
        self._beyond: int | None = None
        self._barrier: int | None = None
        self._barrier_reason: FsTuiError | None = None
        self._pending: list[PageRequest] = []
        self._wish: tuple[int, int] | None = None
        self._goal: int | None = None
        self._ahead = 0
        self._probe_queue: list[int] = []
        self._step = MAX_PAGE
        self._step_known = False
        self._accepted = 0
        self._edge: int | None = None
        self._edge_failed = False
        self._scan_last = last
        self.loaded.add(1, first)
        self.highest = first - 1

    # What is known

    @property
    def total(self) -> int | None:
        """How many faces there are, where that is proven."""
        if self._beyond != self.highest + 1 or self._passed_over.overlaps(1, self.highest):
            return None
        return self.highest - self._absent.count

    @property
    def complete(self) -> bool:
        """Whether every face is loaded, the end is proven, and nothing was seen to move."""
        return self.total == self.loaded.count and not self.changed

    @property
    def missing(self) -> int:
        """Faces that are known to be there, and whose request failed."""
        return sum(
            min(last, self.highest + 1) - first
            for first, last in self.gaps
            if first <= self.highest
        )

    @property
    def reachable(self) -> bool:
        """Whether the position after the highest one can be asked for."""
        return self._limit() > self.highest + 1

    @property
    def extent(self) -> int:
        """Rows to draw: up to the highest face or wish, and one more where more may follow."""
        limit = self._limit()
        shown = self.highest
        if self._goal is not None and self._goal < limit:
            shown = max(shown, self._goal)
        if self._wish is not None and self._wish[0] < limit:
            shown = max(shown, min(self._wish[1], limit) - 1)
        return shown + 1 if shown + 1 < limit else shown

    @property
    def stopped(self) -> FsTuiError | None:
        """What keeps the listing from its end: a refusal, or an answer that leads nowhere."""
        if not self._refused:
            return self._barrier_reason
        if self.total is not None:
            return None
        if (limit := self.limit_position) is not None:
            detail = f"the service lists no further than face {limit:,}"
        else:
            detail = f"the service does not list face {self._barrier:,} and what follows"
        return IncompleteError(detail, hint="Use another tool of the service for the rest.")

    @property
    def limit_position(self) -> int | None:
        """The last face that the service lists, where it refuses the next one."""
        known = not self._refused or self.reachable or self.total is not None
        return None if known else self.highest

    @property
    def _refused(self) -> bool:
        return isinstance(self._barrier_reason, ArgumentError)

    @property
    def pending(self) -> tuple[PageRequest, ...]:
        """The requests under way."""
        return tuple(self._pending)

    @property
    def scan_done(self) -> bool:
        """Whether a scan has nothing left to ask for."""
        return not self._pending and self._scan_start() is None and self._edge_start() is None

    # Wishes

    def want(self, first: int, last: int, *, ahead: int = 0) -> tuple[PageRequest, ...]:
        """The positions `first` to `last - 1` are looked at, `ahead` more may be looked at soon.

        Returns:
            The requests for older windows that serve this one no more: to be cancelled.
        """
        self._wish = (max(1, first), min(last, MAX_POSITION))
        self._ahead = ahead
        return self._superseded()

    def seek(self, position: int) -> tuple[PageRequest, ...]:
        """One position is to be shown; it goes before what is looked at now.

        Returns:
            As `want` does.
        """
        self._goal = position
        return self._superseded()

    def awaits(self, first: int, last: int) -> bool:
        """Whether a scan will still bring faces at `first` to `last - 1`, in its course."""
        if any(request.start < last and first < request.end for request in self._pending):
            return True
        position = self._free(first, min(last, self._limit()))
        return position is not None and position not in self._passed_over

    def forget_wishes(self) -> None:
        """Nothing is looked at any more."""
        self._wish = self._goal = None

    def serves(self, position: int) -> bool:
        """Whether a position is being asked for, or will be without another wish."""
        if any(request.start <= position < request.end for request in self._pending):
            return True
        return self._goal == position and self._free(position, self._limit()) == position

    def _superseded(self) -> tuple[PageRequest, ...]:
        if self._window_start() is None:
            # Nothing else is to be asked for. A page that is read but not yet shown would else
            # have the one after it, which is under way already, cancelled and asked for again.
            return ()
        return tuple(
            request
            for request in self._pending
            if request.purpose is Purpose.WINDOW
            and not any(low < request.end and request.start < high for low, high in self._wishes())
        )

    def _wishes(self) -> list[tuple[int, int]]:
        """What is looked at, the first one first; nothing of it beyond what can be asked for."""
        wishes = [] if self._goal is None else [(self._goal, self._goal + 1)]
        if self._wish is not None:
            wishes.append((self._wish[0], self._wish[1] + self._ahead))
        return wishes

    @property
    def wants_window(self) -> bool:
        """Whether something that is looked at has to be asked for."""
        return self._window_start() is not None

    def find_end(self) -> None:
        """Begin to search for the end."""
        self.probing = True
        self.probes = 0
        self.lost = None
        self._probe_queue.clear()

    def retry(self) -> None:
        """Forget gaps, refusals and contradictions: they may be asked for again."""
        self.gaps.clear()
        self._barrier = self._barrier_reason = None
        self._edge_failed = False

    def block(self, position: int, reason: FsTuiError) -> None:
        """Ask for nothing from `position` on."""
        if self._barrier is None or position < self._barrier:
            self._barrier, self._barrier_reason = position, reason

    # Asking again

    def samples(self, position: int) -> tuple[tuple[int, int], ...]:
        """Starts and limits of pages that show whether everything stands, the end's page last.

        That one reaches one position behind the highest face: where nothing follows it is not
        full, and proves it. It stands for the window round `position` too where it holds it.
        """
        start = max(1, self.highest + 2 - self._window)
        if self._barrier is not None:
            start = max(1, min(start, self._accepted))
        last = (start, min(max(self._window, self.highest + 2 - start), MAX_PAGE))
        looked_at = min(max(1, position), max(1, self.highest))
        grid = (looked_at - 1) // self._window * self._window + 1
        return (last,) if grid >= start else ((grid, self._window), last)

    def reopen(self) -> None:
        """Faces follow what was the end: it is to be found anew."""
        self._beyond = None
        self._edge = None
        self.retry()

    # Requests out

    def next_request(self, *, allowed: int = 1) -> PageRequest | None:
        """What to ask next, or None for now. What it returns counts as under way.

        Args:
            allowed: Requests that may be under way together for windows and a scan; a search
                for the end has its own three (see `one_by_one`).
        """
        request = self._window_request(allowed) or self._probe_request() or self._edge_request()
        if request is None and not self.probing:
            request = self._scan_request(allowed)
        if request is not None:
            self._pending.append(request)
        return request

    def _window_request(self, allowed: int) -> PageRequest | None:
        if len(self._pending) >= allowed:
            return None
        if any(request.purpose is Purpose.WINDOW for request in self._pending):
            return None
        position = self._window_start()
        if position is None:
            return None
        grid = (position - 1) // self._window * self._window + 1
        start = max(grid, self._free_from(position))
        return PageRequest(start, self._room(start, grid + self._window), Purpose.WINDOW)

    def _window_start(self) -> int | None:
        for first, last in self._wishes():
            if (position := self._free(first, min(last, self._limit()))) is not None:
                return position
        return None

    def _probe_request(self) -> PageRequest | None:
        if not self.probing:
            return None
        probing = sum(request.purpose is Purpose.PROBE for request in self._pending)
        if not self._probe_queue and not probing:
            self._probe_queue = self._next_round()
            if not self._probe_queue:
                self.probing = self._edge_start() is not None
                return None
        if not self._probe_queue or (probing and self.one_by_one):
            return None
        self.probes += 1
        return PageRequest(self._probe_queue.pop(0), self._window, Purpose.PROBE)

    def _next_round(self) -> list[int]:
        """The positions of the next round: leaps while there is no end, then ever closer ones."""
        low, high = self.highest, self._limit()
        leap = max(low, self._window)
        if high == MAX_POSITION and leap * _LEAP < high:
            places = [low + 1, leap * _LEAP, leap * _LEAP**2]
        elif (width := high - low - 1) > PROBES_AT_ONCE * self._window:
            places = [low + width * i // (PROBES_AT_ONCE + 1) for i in range(1, PROBES_AT_ONCE + 1)]
        else:
            places = [low + 1 + i * self._window for i in range(PROBES_AT_ONCE)]
        places = [p for p in places if p < self._limit() and not self._taken(p)]
        if len(places) > MAX_PROBES - self.probes:
            self.lost = IncompleteError(f"the end was not found in {self.probes} requests")
            return []
        return places

    def _edge_request(self) -> PageRequest | None:
        """Beyond a refused `start`, a long page from the last one that is not refused shows more.

        It may even show the end: a service that refuses every `start` after the last face.
        """
        start = None if self._pending else self._edge_start()
        if start is None:
            return None
        self._edge = start
        return PageRequest(start, self._step, Purpose.PROBE)

    def _edge_start(self) -> int | None:
        if not self._refused or self._edge_failed or self._barrier is None:
            return None
        if self.reachable or self.total is not None:
            return None
        low, high = self._accepted, self._barrier
        if high - low > 1:
            return LAST_START if low < LAST_START < high else (low + high) // 2
        return None if self._edge == low else low

    def _scan_request(self, allowed: int) -> PageRequest | None:
        if not self.scanning or len(self._pending) >= allowed:
            return None
        # The first large page shows how many rows a page really has.
        if not self._step_known and any(r.limit > USUAL_PAGE for r in self._pending):
            return None
        start = self._scan_start()
        if start is None:
            return None
        end = min(start + self._step, self._scan_last + 1)
        return PageRequest(start, self._room(start, end), Purpose.SCAN)

    def _scan_start(self) -> int | None:
        """The lowest position to ask for; those that a `next` passed over come last."""
        limit = min(self._limit(), self._scan_last + 1)
        position = self._free(1, limit)
        while position is not None and position in self._passed_over:
            position = self._free(self._passed_over.end_of(position), limit)
        return self._free(1, limit) if position is None else position

    # Answers in

    def answered(self, request: PageRequest, page: FacePage) -> None:
        """Take in an answer. Its faces stand at `request.start` and the following positions."""
        self._pending.remove(request)
        rows = len(page.faces)
        self._accepted = max(self._accepted, request.start)
        if not rows:
            self._met_nothing(request)
            return
        start, end = request.start, request.start + rows
        self._learn_step(request, rows)
        self._met_faces(start, end)
        if page.next is not None:
            self._follow(page, page.next, end)
        elif proves_end(page) and end > self.highest:
            self._beyond = end

    def failed(self, request: PageRequest, error: FsTuiError) -> None:
        """Take in a failure: a refused `start` bounds the listing, anything else leaves a gap."""
        self._pending.remove(request)
        if isinstance(error, ArgumentError):
            reason = error.reason.casefold()
            if request.limit > USUAL_PAGE and reason.startswith("limit"):
                self._step, self._step_known = USUAL_PAGE, True
                return
            if request.start > 1 and (not reason or reason.startswith("start")):
                self.block(request.start, error)
                return
        if request.purpose is Purpose.PROBE:
            self._edge_failed = True
            self.stop_probing()
            return
        for first, last in list(self.loaded.missing(request.start, request.end)):
            self.gaps.add(first, last)

    def released(self, request: PageRequest) -> None:
        """Take back a request that was cancelled: it may be asked again."""
        self._pending.remove(request)

    def stop_probing(self) -> None:
        """Give the search for the end up."""
        self.probing = False
        self._probe_queue.clear()

    def note_change(self, how: str) -> None:
        """The library was seen to change while it was read; the first sight is kept."""
        self.changed = self.changed or how

    def _met_nothing(self, request: PageRequest) -> None:
        start = request.start
        if start > self.highest:
            self._beyond = start if self._beyond is None else min(self._beyond, start)
            return
        known = self.loaded.next_start(start)
        end = request.end if known is None else min(request.end, known)
        expected = start in self._passed_over
        self._absent.add(start, end)
        self._passed_over.remove(start, end)
        self.gaps.remove(start, end)
        if not expected and start not in self.loaded:
            self.note_change(f"there was no face {start:,} any more, though later ones were met")

    def _met_faces(self, start: int, end: int) -> None:
        for known in (self.gaps, self._absent, self._passed_over):
            known.remove(start, end)
        self.loaded.add(start, end)
        if self._beyond is not None and end > self._beyond:
            self.note_change(f"it ended before face {self._beyond:,}, and now goes on")
            self._beyond = None
        if self._barrier is not None and start >= self._barrier:
            self._barrier = self._barrier_reason = None
        self.highest = max(self.highest, end - 1)

    def _learn_step(self, request: PageRequest, rows: int) -> None:
        if request.limit <= USUAL_PAGE:
            return
        if rows >= request.limit:
            self._step_known = True
        elif rows == USUAL_PAGE or request.start + rows <= self.highest:
            self._step, self._step_known = max(rows, USUAL_PAGE), True

    def _follow(self, page: FacePage, following: int, end: int) -> None:
        if page.start < following <= MAX_POSITION:
            for first, last in list(self.loaded.missing(end, following)):
                self._passed_over.add(first, last)
            return
        detail = f"after face {page.start:,} it names {following:,} as the next position"
        request_id = page.request_id
        self.block(end, ProtocolError(detail, http_status=HTTPStatus.OK, request_id=request_id))

    # Positions

    def _limit(self) -> int:
        """The lowest position that is not to be asked for."""
        bounds = (self._beyond, self._barrier, MAX_POSITION)
        return min(bound for bound in bounds if bound is not None)

    def _taken(self, position: int) -> bool:
        return (
            position in self.loaded
            or position in self._absent
            or position in self.gaps
            or any(request.start <= position < request.end for request in self._pending)
        )

    def _free(self, first: int | None, limit: int) -> int | None:
        """The first position from `first` on, below `limit`, that is to be asked for."""
        while first is not None and first < limit:
            passed = max(known.end_of(first) for known in (self.loaded, self._absent, self.gaps))
            for request in self._pending:
                if request.start <= passed < request.end:
                    passed = request.end
            if passed == first:
                return first
            first = passed
        return None

    def _free_from(self, position: int) -> int:
        """The first position of the free run that holds the free `position`."""
        ends = [known.start_before(position) for known in (self.loaded, self._absent, self.gaps)]
        ends += [request.end for request in self._pending if request.end <= position]
        return max(1, *ends)

    def _room(self, start: int, end: int) -> int:
        """How many positions from the free `start` on, before `end`, are free."""
        for known in (self.loaded, self._absent, self.gaps):
            following = known.next_start(start)
            end = end if following is None else min(end, following)
        for request in self._pending:
            if request.start > start:
                end = min(end, request.start)
        return max(1, end - start)
