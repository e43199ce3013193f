"""PageRequest: one group/list that is to be sent, and what an answer to it proves of the end."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fs_tui.models import FacePage

__all__ = ["HEAD_START", "USUAL_PAGE", "PageRequest", "Purpose", "proves_end"]

USUAL_PAGE = 100
"""What a page holds whatever `limit` says, where the service keeps to its description."""

HEAD_START = 5
"""Turns of the event loop that a request takes, at most, from its task to its connection."""


class Purpose(Enum):
    """What a request is for."""

    WINDOW = "window"
    PROBE = "probe"
    SCAN = "scan"


class PageRequest(NamedTuple):
    """`limit` faces from position `start` on."""

    start: int
    limit: int
    purpose: Purpose

    @property
    def end(self) -> int:
        """The position after the last one that is asked for."""
        return self.start + self.limit

    def holds(self, position: int) -> bool:
        """Whether a position is asked for."""
        return self.start <= position < self.end


def proves_end(page: FacePage) -> bool:
    """Whether a page shows that its last face is the library's last one (API.md, trap 5).

    A page that names a next position proves nothing: that one is asked first (trap 4).
    """
    rows = len(page.faces)
    return rows == 0 or (page.next is None and rows < page.limit and rows != USUAL_PAGE)
