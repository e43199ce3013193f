"""The way through what was looked at: back and forward, as a browser keeps it."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Place", "Trail"]

_KEPT = 200

_SEARCH = "find"
"""The view that shows nothing until something is looked for."""


class Place(NamedTuple):
    """Something that was looked at.

    Attributes:
        group_id: The library; empty where it is all of them.
        position: 1-based position of the cursor's face, or row of a view; 0 for the whole.
        filter: The filter's text; empty for none.
        view: The name of the view; empty for the faces themselves.
        led: What was looked at before led here, and esc leads back there.
    """

    group_id: str
    position: int = 0
    filter: str = ""
    view: str = ""
    led: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether it is a search for nothing in all libraries: nobody wants to come back to it."""
        return not self.group_id and not self.filter and self.view in {"", _SEARCH}

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it another place than the one before."""
        return self.group_id, self.filter, self.view


class Trail:
    """Places in the order in which they were looked at, and which of them is now."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._now = -1

    @property
    def now(self) -> Place | None:
        """Where one is; None before the first place."""
        return self._places[self._now] if self._places else None

    @property
    def before(self) -> Place | None:
        """Where a step back leads; None at the first place."""
        return self._places[self._now - 1] if self._now > 0 else None

    def visit(self, place: Place) -> None:
        """Go somewhere new: what lay ahead is forgotten. The same place again is no step."""
        if self.now is not None and (self.now.key == place.key or self.now.is_blank):
            self._places[self._now] = place
            return
        del self._places[self._now + 1 :]
        self._places.append(place)
        del self._places[:-_KEPT]
        self._now = len(self._places) - 1

    def remember(self, place: Place) -> None:
        """Remember where the cursor is before leaving; another library is no news of this one."""
        now = self.now
        if now is not None and (now.group_id, now.view) == (place.group_id, place.view):
            self._places[self._now] = place._replace(led=now.led and now.key == place.key)

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
