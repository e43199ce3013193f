"""Pager: paging as a pure state machine: what is looked at goes in, requests come out.

want, seek, find_end, scanning ──► next_request ──► (somebody asks) ──► answered / failed
                                        ▲                                   │
                     EndSearch ─────────┴──── Positions: what is known ◄────┘

Everything that API.md section 4 says of `start`, `limit` and `next` is decided here and in the
parts that it names, and nowhere else.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from fs_tui.errors import ArgumentError, FsTuiError, PagingError
from fs_tui.faces.paging.end_search import EndSearch
from fs_tui.faces.paging.positions import MAX_POSITION, Positions
from fs_tui.faces.paging.requests import USUAL_PAGE, PageRequest, Purpose, proves_end
from fs_tui.faces.paging.seams import Seams
from fs_tui.gateway import MAX_PAGE

if TYPE_CHECKING:
    from fs_tui.models import FacePage

__all__ = ["Pager"]


class Pager:
    """See the module. Positions are 1-based, ranges half-open.

    Args:
        window: Rows that a request for a looked-at window asks for, and the grid it keeps to.
        first: Where the reading begins; what lies before it counts as read.
        last: Where a scan ends.

    Attributes:
        known: What is known of the positions.
        seams: Shows whether pages belong to one state of the library.
        search: The search for the end.
        scanning: Whether everything is to be asked for.
        page_size: Rows that a page of a scan has, as far as that is known.
    """

    def __init__(
        self,
        *,
        window: int = USUAL_PAGE,
        first: int = 1,
        last: int = MAX_POSITION,
    ) -> None:
        self.known = Positions(first)
        self.seams = Seams(self.known.loaded, self.known.joined)
        self.search = EndSearch(self.known, window)
        self.scanning = False
        self._window = window
        self._scan_last = last
        self._looked_at: tuple[int, int] | None = None
        self._ahead = 0
        self._goal: int | None = None
        self.page_size = MAX_PAGE
        self._page_size_known = False

    @property
    def new_a_page(self) -> int:
        """Faces that a page of a scan brings; one more joins it to the page before."""
        return self.page_size - 1

    # What is looked at

    def want(self, first: int, last: int, *, ahead: int = 0) -> tuple[PageRequest, ...]:
        """The positions `first` to `last - 1` are looked at, `ahead` more may be looked at soon.

        Returns:
            The requests for older windows that serve this one no more: to be cancelled.
        """
        self._looked_at = (max(1, first), min(last, MAX_POSITION))
        self._ahead = ahead
        return self._superseded()

    def seek(self, position: int) -> tuple[PageRequest, ...]:
        """One position is to be shown; it goes before what is looked at now.

        Returns:
            As `want` does.
        """
        self._goal = position
        return self._superseded()

    def look_away(self) -> None:
        """Nothing is looked at any more."""
        self._looked_at = self._goal = None

    @property
    def extent(self) -> int:
        """Rows to draw: up to the highest face or looked-at one, one more where more may follow."""
        limit = self.known.bound
        shown = self.known.highest
        if self._goal is not None and self._goal < limit:
            shown = max(shown, self._goal)
        if self._looked_at is not None and self._looked_at[0] < limit:
            shown = max(shown, min(self._looked_at[1], limit) - 1)
        return shown + 1 if shown + 1 < limit else shown

    @property
    def wants_window(self) -> bool:
        """Whether something that is looked at has to be asked for."""
        return self._window_start() is not None

    def serves(self, position: int) -> bool:
        """Whether a position is being asked for, or will be without being sought again."""
        if any(request.holds(position) for request in self.known.pending):
            return True
        return self._goal == position and self.known.free(position, self.known.bound) == position

    def _superseded(self) -> tuple[PageRequest, ...]:
        if not self.wants_window:
            # Nothing else is to be asked for. A page that is read but not yet shown would else
            # have the one after it, which is under way already, cancelled and asked for again.
            return ()
        return tuple(
            request
            for request in self.known.pending
            if request.purpose is Purpose.WINDOW
            and not any(low < request.end and request.start < high for low, high in self._wanted())
        )

    def _wanted(self) -> list[tuple[int, int]]:
        """The ranges that are looked at, the one that goes first before the others."""
        ranges = [] if self._goal is None else [(self._goal, self._goal + 1)]
        if self._looked_at is not None:
            ranges.append((self._looked_at[0], self._looked_at[1] + self._ahead))
        return ranges

    def _window_start(self) -> int | None:
        limit = self.known.bound
        for first, last in self._wanted():
            if (position := self.known.free(first, min(last, limit))) is not None:
                return position
        return None

    # Scan, and asking again

    @property
    def scan_done(self) -> bool:
        """Whether a scan has nothing left to ask for."""
        return not (
            self.known.pending
            or self._scan_start() is not None
            or self.search.at_edge(self.page_size)
        )

    def awaits(self, first: int, last: int) -> bool:
        """Whether a scan will still bring faces at `first` to `last - 1`, in its course."""
        known = self.known
        if any(request.start < last and first < request.end for request in known.pending):
            return True
        position = known.free(first, min(last, known.bound))
        return position is not None and position not in known.passed_over

    def retry(self) -> None:
        """Forget gaps, refusals and contradictions: they may be asked for again."""
        self.known.gaps.clear()
        self.known.unblock()
        self.search.retry()

    def reopen(self) -> None:
        """Faces follow what was the end: it is to be found anew."""
        self.known.reopen()
        self.search.reopen()
        self.retry()

    def samples(self, position: int) -> tuple[tuple[int, int], ...]:
        """Starts and limits of pages that show whether everything stands, the end's page last.

        That one reaches one position behind the highest face: where nothing follows it is not
        full, and proves it. It stands for the window round `position` too where it holds it.
        """
        highest = self.known.highest
        start = max(1, highest + 2 - self._window)
        if self.known.barrier is not None:
            start = max(1, min(start, self.known.accepted))
        last = (start, min(max(self._window, highest + 2 - start), MAX_PAGE))
        grid = self._grid(min(max(1, position), max(1, highest)))
        return (last,) if grid >= start else ((grid, self._window), last)

    # Requests out

    def next_request(self, *, allowed: int = 1) -> PageRequest | None:
        """What to ask next, or None for now. What it returns counts as under way.

        Args:
            allowed: Requests that may be under way together for windows and a scan; a search
                for the end has its own three.
        """
        request = self._window_request(allowed) or self.search.next_request(self.page_size)
        if request is None and not self.search.running:
            request = self._scan_request(allowed)
        if request is not None:
            self.known.pending.append(request)
        return request

    def _window_request(self, allowed: int) -> PageRequest | None:
        pending = self.known.pending
        if len(pending) >= allowed or any(r.purpose is Purpose.WINDOW for r in pending):
            return None
        position = self._window_start()
        if position is None:
            return None
        start = max(self._grid(position), self.known.free_from(position))
        return self._request(start, start + self._window, Purpose.WINDOW)

    def _grid(self, position: int) -> int:
        """Where the window that holds a position begins."""
        return (position - 1) // self._window * self._window + 1

    def _scan_request(self, allowed: int) -> PageRequest | None:
        pending = self.known.pending
        if not self.scanning or len(pending) >= allowed:
            return None
        # The first large page shows how many rows a page really has.
        if not self._page_size_known and any(r.limit > USUAL_PAGE for r in pending):
            return None
        start = self._scan_start()
        if start is None:
            return None
        end = min(start + self.page_size, self._scan_last + 1)
        return self._request(start, end, Purpose.SCAN)

    def _request(self, start: int, end: int, purpose: Purpose) -> PageRequest:
        """Ask for the free positions from `start` on, before `end`, and the read ones beside them.

        These join the page to what was read before, or is being read.
        """
        last = start + self.known.room(start, end)
        first = start - 1 if self.known.joins(start) else start
        joint = start not in self.known.passed_over and self.known.is_read(last)
        limit = min(last + joint - first, self.page_size)
        # What is left is to be joined on both sides, too.
        return PageRequest(first, limit - (joint and first + limit == last), purpose)

    def _scan_start(self) -> int | None:
        """The lowest position to ask for; those that a `next` passed over come last."""
        known = self.known
        limit = min(known.bound, self._scan_last + 1)
        lowest = position = known.free(1, limit)
        while position is not None and position in known.passed_over:
            position = known.free(known.passed_over.end_of(position), limit)
        return lowest if position is None else position

    # Answers in

    def torn(self, page: FacePage) -> str:
        """How a page shows another state of the library than what was read; empty where not."""
        position = self.seams.torn(page)
        return "" if position is None else f"another face is at position {position:,} now"

    def answered(self, request: PageRequest, page: FacePage) -> FacePage:
        """Take in an answer. Its faces stand at `request.start` and the following positions.

        Returns:
            The part of the page that is new.
        """
        known, rows = self.known, len(page.faces)
        known.pending.remove(request)
        known.accepted = max(known.accepted, request.start)
        end = request.start + rows
        joint = request.start in known.loaded
        if rows <= joint and proves_end(page):
            known.met_nothing(request.start + joint, request.end)
            return page._replace(faces=())
        taken, (first, last) = known.fitting(request.start, end)
        self._learn_page_size(request, rows)
        known.take_back(request.start, end)
        known.met_faces(*taken)
        for position in (taken[0], taken[1] - 1) if taken[0] < taken[1] else ():
            self.seams.note(position, page.faces[position - page.start].face_token)
        if joint and rows == 1:
            known.alone = end
        if page.next is not None:
            self._follow(page, page.next, end)
        elif proves_end(page):
            known.met_end(end)
            if taken[1] == end <= known.highest and end - 1 not in known.joined:
                known.note_change(f"there was no face {end:,} any more, though one was met there")
        if last - first == rows:
            return page
        return page._replace(start=first, faces=page.faces[first - page.start : last - page.start])

    def failed(self, request: PageRequest, error: FsTuiError) -> bool:
        """Take in a failure: a refused `start` bounds the listing, anything else leaves a gap.

        Returns:
            Whether it was an answer: that the service lists no further.
        """
        self.known.pending.remove(request)
        if isinstance(error, ArgumentError):
            if request.limit > USUAL_PAGE and error.reason.casefold().startswith("limit"):
                self.page_size, self._page_size_known = USUAL_PAGE, True
                return False
            if request.start > 1 and error.is_of_start:
                self.known.block(request.start, error)
                return True
        if request.purpose is Purpose.PROBE:
            self.search.failed()
        else:
            self.known.leave_gap(request.start, request.end)
        return False

    def repeated(self, request: PageRequest, error: FsTuiError) -> None:
        """Take in an answer that is another page's: nothing is asked for from there on."""
        self.known.pending.remove(request)
        self.known.block(request.start, error)

    def released(self, request: PageRequest) -> None:
        """Take back a request that was cancelled: it may be asked again."""
        self.known.pending.remove(request)

    def _learn_page_size(self, request: PageRequest, rows: int) -> None:
        if request.limit <= USUAL_PAGE + 2:
            # A window and the faces beside it: 100 of them may be all there are.
            return
        if rows >= request.limit:
            self._page_size_known = True
        elif rows == USUAL_PAGE or request.start + rows <= self.known.highest:
            self.page_size, self._page_size_known = max(rows, USUAL_PAGE), True

    def _follow(self, page: FacePage, following: int, end: int) -> None:
        """A `next` must lead forward."""
        if page.start < following <= MAX_POSITION:
            self.known.pass_over(end, following)
            return
        detail = f"after face {page.start:,} it names {following:,} as the next position"
        request_id = page.request_id
        error = PagingError(detail, http_status=HTTPStatus.OK, request_id=request_id)
        self.known.block(end, error)
