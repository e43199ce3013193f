"""Positions: what answers and refusals have told of a library's positions.

loaded, absent, gaps, pending        are not asked for (again)
joined      those whose face came on one page with the face behind it
passed over                          by a `next`: asked for last
highest     the highest position that holds a face
beyond      the lowest position that was seen to lie after the last face
barrier     the lowest position that cannot be asked for, and why

The end is proven when `beyond` follows `highest`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import ArgumentError, FsTuiError, IncompleteError
from fs_tui.faces.ranges import RangeSet

if TYPE_CHECKING:
    from fs_tui.faces.paging.requests import PageRequest

__all__ = ["MAX_POSITION", "Positions"]

MAX_POSITION = 2**32 - 1
"""No library is this large; what lies beyond is never asked for."""


class Positions:
    """See the module. Positions are 1-based, ranges half-open.

    Args:
        first: Where the reading begins; what lies before it counts as loaded.

    Attributes:
        first: See there.
        loaded: Whose faces came.
        joined: See the module.
        gaps: Whose request failed.
        passed_over: What a `next` left out.
        alone: A position that is asked for without the one before it, which came alone.
        pending: The requests under way.
        highest: See the module.
        accepted: The highest `start` that was answered.
        barrier: See the module.
        changed: How the library was seen to change while it was read; empty when it was not.
    """

    def __init__(self, first: int = 1) -> None:
        self.first = first
        self.loaded = RangeSet()
        self.loaded.add(1, first)
        self.joined = RangeSet()
        self.joined.add(1, first)
        self.gaps = RangeSet()
        self.passed_over = RangeSet()
        self.alone: int | None = None
        self.pending: list[PageRequest] = []
        self.highest = first - 1
        self.accepted = 0
        self.barrier: int | None = None
        self.changed = ""
        self._barrier_reason: FsTuiError | None = None
        self._absent = RangeSet()
        self._beyond: int | None = None

    # What is known

    @property
    def total(self) -> int | None:
        """How many faces there are, where that is proven."""
        if self._beyond != self.highest + 1 or self.passed_over.overlaps(1, self.highest):
            return None
        return self.highest - self._absent.count

    @property
    def whole(self) -> bool:
        """Whether every face is loaded, page joins page, and the end is proven."""
        return self.total == self.loaded.count and self.joined.end_of(1) >= self.highest

    @property
    def complete(self) -> bool:
        """Whether it is whole, and nothing was seen to move."""
        return self.whole and not self.changed

    @property
    def missing(self) -> int:
        """Faces that are known to be there, and whose request failed."""
        # A gap never holds the highest position, whose face came.
        return sum(last - first for first, last in self.gaps if first <= self.highest)

    @property
    def bound(self) -> int:
        """The lowest position that is not to be asked for."""
        bounds = (self._beyond, self.barrier, MAX_POSITION)
        return min(bound for bound in bounds if bound is not None)

    @property
    def reachable(self) -> bool:
        """Whether the position after the highest one can be asked for."""
        return self.bound > self.highest + 1

    @property
    def refused(self) -> bool:
        """Whether the service refuses to list what lies behind the barrier."""
        return isinstance(self._barrier_reason, ArgumentError)

    @property
    def stopped(self) -> FsTuiError | None:
        """What keeps the listing from being whole, but for what is yet to be asked for."""
        if self._barrier_reason is not None and not self.refused:
            return self._barrier_reason
        if self.total is not None:
            loose = self.total == self.loaded.count and not self.whole
            return IncompleteError("its pages are too short to reach each other") if loose else None
        if not self.refused:
            return None
        if (limit := self.limit_position) is not None:
            detail = f"the service lists no further than face {limit:,}"
        else:
            refused = self.loaded.end_of(self.barrier or 1)
            detail = f"the service does not list face {refused:,} and what follows"
        return IncompleteError(detail, hint="Use another tool of the service for the rest.")

    @property
    def limit_position(self) -> int | None:
        """The last face that the service lists, where it refuses the next one and one was met."""
        known = not self.refused or self.reachable or self.total is not None
        return None if known or self.highest < self.first else self.highest

    # What is free to be asked for

    def free(self, first: int | None, limit: int) -> int | None:
        """The first position from `first` on, below `limit`, that is to be asked for."""
        while first is not None and first < limit:
            passed = max(known.end_of(first) for known in (self.loaded, self._absent, self.gaps))
            for request in self.pending:
                if request.holds(passed):
                    passed = request.end
            if passed == first:
                return first
            first = passed
        return None

    def free_from(self, position: int) -> int:
        """The first position of the free run that holds the free `position`."""
        ends = [known.start_before(position) for known in (self.loaded, self._absent, self.gaps)]
        ends += [request.end for request in self.pending if request.end <= position]
        return max(1, *ends)

    def room(self, start: int, end: int) -> int:
        """How many positions from the free `start` on, before `end`, are free."""
        for known in (self.loaded, self._absent, self.gaps):
            following = known.next_start(start)
            end = end if following is None else min(end, following)
        for request in self.pending:
            if request.start > start:
                end = min(end, request.start)
        return max(1, end - start)

    def is_read(self, position: int) -> bool:
        """Whether a position was read, or is being asked for."""
        pending = any(request.holds(position) for request in self.pending)
        return pending or self._is_loaded(position)

    def _is_loaded(self, position: int) -> bool:
        return position >= self.first and position in self.loaded

    def joins(self, start: int) -> bool:
        """Whether a page from the free `start` on is to begin with the face before it."""
        return start != self.alone and start not in self.passed_over and self.is_read(start - 1)

    def fitting(self, start: int, end: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """The part of a page from `start` to before `end` that is taken, and what of it is new.

        A face that comes without the one that is read beside it is left to a page that holds both,
        unless it is all that came, and not only because it was passed over.
        """
        least = 0 if start in self.passed_over else 1
        first = min(self.loaded.end_of(start), end)
        last = max(first, self.loaded.start_of(end - 1))
        taken_first, taken_last = start, end
        if first == start and self._is_loaded(start - 1) and last - first > least:
            taken_first = first = start + 1
        if last == end and self._is_loaded(end) and last - first > least:
            taken_last = last = end - 1
        return (taken_first, taken_last), (first, last)

    # What answers tell

    def met_faces(self, start: int, end: int) -> None:
        """The positions `start` to `end - 1` hold faces, which came on one page."""
        for known in (self.gaps, self._absent):
            known.remove(start, end)
        self.loaded.add(start, end)
        self.joined.add(start, end - 1)
        if self._beyond is not None and end > self._beyond:
            self.note_change(f"it ended before face {self._beyond:,}, and now goes on")
            self._beyond = None
        if self.barrier is not None and start >= self.barrier:
            self.unblock()
        self.highest = max(self.highest, end - 1)

    def met_nothing(self, start: int, end: int) -> None:
        """Asked for `start` to `end - 1`, the service gave no face."""
        if start > self.highest:
            self._beyond = start if self._beyond is None else min(self._beyond, start)
            return
        known = self.loaded.next_start(start)
        end = end if known is None else min(end, known)
        expected = start in self.passed_over
        self._absent.add(start, end)
        self.joined.add(start - 1, end)
        self.passed_over.remove(start, end)
        self.gaps.remove(start, end)
        if not expected and start not in self.loaded:
            self.note_change(f"there was no face {start:,} any more, though later ones were met")

    def met_end(self, end: int) -> None:
        """The page before `end` shows that its last face is the last one."""
        if end > self.highest:
            self._beyond = end

    def pass_over(self, first: int, last: int) -> None:
        """A `next` leads over the positions `first` to `last - 1`."""
        for start, end in list(self.loaded.missing(first, last)):
            self.passed_over.add(start, end)

    def take_back(self, start: int, end: int) -> None:
        """The positions `start` to `end - 1` hold faces: what is passed over there may do so too.

        All of it is asked for as others are.
        """
        if self.passed_over.overlaps(start, end):
            for first, last in list(self.passed_over):
                if first < end and start < last:
                    self.passed_over.remove(first, last)

    def leave_gap(self, first: int, last: int) -> None:
        """The request for the positions `first` to `last - 1` failed."""
        for start, end in list(self.loaded.missing(first, last)):
            self.gaps.add(start, end)

    def block(self, position: int, reason: FsTuiError) -> None:
        """Ask for nothing from `position` on."""
        if self.barrier is None or position < self.barrier:
            self.barrier, self._barrier_reason = position, reason

    def unblock(self) -> None:
        """Forget a refusal, or an answer that led nowhere."""
        self.barrier = self._barrier_reason = None

    def reopen(self) -> None:
        """Faces follow what was the end."""
        self._beyond = None

    def note_change(self, how: str) -> None:
        """The library was seen to change while it was read, if so; the first sight is kept."""
        self.changed = self.changed or how
