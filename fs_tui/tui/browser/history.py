"""The way through what was looked at: back and forward, as a browser keeps it."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Place", "Trail"]

_KEPT = 200


class Place(NamedTuple):
    """Something that was looked at.

    Attributes:
        group_id: The library.
        position: 1-based position of the cursor's face; 0 for the library as such.
        filter: The filter's text; empty for none.
    """

    group_id: str
    position: int = 0
    filter: str = ""


class Trail:
    """Places in the order in which they were looked at, and which of them is now."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._now = -1

    def visit(self, place: Place) -> None:
        """Go somewhere new: what lay ahead is forgotten. The same place again is no step."""
        if self._places and self._key(self._places[self._now]) == self._key(place):
            self._places[self._now] = place
            return
        del self._places[self._now + 1 :]
        self._places.append(place)
        del self._places[:-_KEPT]
        self._now = len(self._places) - 1

    def remember(self, place: Place) -> None:
        """Remember where the cursor is before leaving; another library is no news of this one."""
        if self._places and self._places[self._now].group_id == place.group_id:
            self._places[self._now] = place

    def back(self) -> Place | None:
        """Step back; None at the first place."""
        return self._step(-1)

    def forward(self) -> Place | None:
        """Step forward; None at the last place."""
        return self._step(1)

    def _step(self, by: int) -> Place | None:
        if not 0 <= self._now + by < len(self._places):
            return None
        self._now += by
        return self._places[self._now]

    @staticmethod
    def _key(place: Place) -> tuple[str, str]:
        return place.group_id, place.filter
