"""RateMeter: how fast faces came of late."""

from __future__ import annotations

from collections import deque

__all__ = ["RateMeter"]

_SPAN = 5.0
"""Seconds that are looked back on."""


class RateMeter:
    """A rate over the last seconds; the clock is passed in."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, int]] = deque()

    def note(self, now: float, faces: int) -> None:
        """`faces` came at `now` (seconds of a steady clock)."""
        self._points.append((now, faces))
        while now - self._points[0][0] > _SPAN:
            self._points.popleft()

    def rate(self, now: float) -> float:
        """Faces a second; 0 while that cannot be said."""
        points = [point for point in self._points if now - point[0] <= _SPAN]
        if not points or now <= points[0][0]:
            return 0.0
        # The first page came at the beginning of the span, not within it.
        return sum(faces for _, faces in points[1:]) / (now - points[0][0])

    def rest(self) -> None:
        """Begin anew: a pause is not slowness."""
        self._points.clear()
