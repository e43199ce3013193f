"""How the panes share the screen: what a person chose, and what there is room for."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fs_tui.tui.options import Memory

__all__ = ["WIDE", "Details", "Layout", "Pane", "arrange", "has_details", "narrowed_sidebar"]

WIDE, _WIDEST = 100, 160
"""Columns: from here on the libraries stay on screen, and the details go beside the faces."""
_BESIDE = 116
"""Columns: from here on details may go beside the faces, for who wants that."""
_HIGH, _HIGHEST = 22, 30
"""Lines: from here on details have a pane, and a higher one."""
_BESIDE_CELLS, _SIDEBAR = 40, 24
"""Cells of the details there, and of the libraries, as the style sheet says."""
_LEAST_SIDEBAR = 13
"""Cells of the libraries where the faces need the others."""
_FRAME = 2
"""Cells of the frame of the faces."""
_LEAST = (60, 16)
"""Columns and lines: below them there is room for one pane, without frame, title and keys."""


class Pane(Enum):
    """What can have the focus."""

    LIBRARIES = "libraries"
    FACES = "faces"
    DETAILS = "details"


class Details(Enum):
    """Where the details are."""

    BELOW = "below"
    BESIDE = "beside"
    OFF = "off"


@dataclass(slots=True)
class Layout:
    """What a person chose; it is remembered.

    Attributes:
        sidebar: The libraries stay on screen where there is room.
        details: Where the details are; empty follows the room.
        columns: The widths of columns that were chosen, by their keys.
    """

    sidebar: bool = True
    details: str = ""
    columns: dict[str, str] = field(default_factory=dict)

    @classmethod
    def remembered(cls, memory: Memory) -> Layout:
        """Return the choice of an earlier run; what it does not hold is as it is at first."""
        known = memory.get("layout", dict) or {}
        details, columns = known.get("details"), known.get("columns")
        if not isinstance(columns, dict):
            columns = {}
        return cls(
            sidebar=known.get("sidebar") is not False,
            details=details if details in [one.value for one in Details] else "",
            columns={name: width for name, width in columns.items() if isinstance(width, str)},
        )

    def remember(self, memory: Memory) -> None:
        """Keep the choice for later runs."""
        memory.put("layout", asdict(self))

    def details_at(self, width: int) -> Details:
        """Where the details are in so many columns."""
        if self.details == Details.OFF.value:
            return Details.OFF
        least = {"": _WIDEST, Details.BESIDE.value: _BESIDE}.get(self.details)
        return Details.BELOW if least is None or width < least else Details.BESIDE

    def turn_details(self, width: int) -> Details:
        """Put the details where they go next: below, beside where there is room, off."""
        places = [place for place in Details if place is not Details.BESIDE or width >= _BESIDE]
        after = places[(places.index(self.details_at(width)) + 1) % len(places)]
        self.details = after.value
        return after


def has_details(layout: Layout, width: int, height: int) -> bool:
    """Whether the details have a pane, and not a line or nothing, beside the others."""
    details = layout.details_at(width)
    return details is Details.BESIDE or (details is Details.BELOW and height >= _HIGH)


def arrange(
    layout: Layout, width: int, height: int, focus: Pane, *, zoomed: bool = False
) -> frozenset[str]:
    """Return the classes that arrange the screen.

    Args:
        layout: What was chosen.
        width: Columns of the terminal.
        height: Its lines.
        focus: Where the focus is: that pane is always there, and alone where it needs all room.
        zoomed: It is alone, as was asked for.
    """
    tiny = width < _LEAST[0] or height < _LEAST[1]
    details = layout.details_at(width)
    if zoomed or tiny or (focus is Pane.DETAILS and not has_details(layout, width, height)):
        return frozenset({f"-only-{focus.value}"} | ({"-bare"} if tiny else set()))
    classes = {
        "-no-libraries": not (layout.sidebar and width >= WIDE) and focus is not Pane.LIBRARIES,
        "-no-details": details is Details.OFF,
        "-beside": details is Details.BESIDE,
        "-line": details is Details.BELOW and height < _HIGH,
        "-high": height >= _HIGHEST,
    }
    return frozenset(name for name, holds in classes.items() if holds)


def narrowed_sidebar(layout: Layout, width: int, faces: int) -> int | None:
    """Return the cells of the libraries where they give room to the faces; None for their own.

    Args:
        layout: What was chosen.
        width: Columns of the terminal.
        faces: Cells that the faces need to show all their columns.
    """
    beside = _BESIDE_CELLS if layout.details_at(width) is Details.BESIDE else 0
    left = width - beside - _FRAME - faces
    return max(left, _LEAST_SIDEBAR) if width >= WIDE and left < _SIDEBAR else None
