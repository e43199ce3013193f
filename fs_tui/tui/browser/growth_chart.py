"""The growth of libraries as small charts, one of which stands below the list of libraries."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from fs_tui.chart import columns, has_blocks
from fs_tui.tui.browser.pace import Paced
from fs_tui.tui.host import Job
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.reports.outline import Outline
    from fs_tui.tui.browser.sidebar import Sidebar
    from fs_tui.tui.host import Host

__all__ = ["Bars", "GrowthChart", "bars", "chart_lines"]

_FEW = 3
"""Months that show too little: days do then."""

_SOON = 0.1
"""Seconds in which the rows are painted."""


class GrowthChart:
    """Counts what is loaded of the library that is looked at, while nothing else is to be done.

    Args:
        host: Runs it in the background.
        sidebar: Shows it.
    """

    def __init__(self, host: Host, sidebar: Sidebar) -> None:
        self._host = host
        self._sidebar = sidebar
        self._listing: FaceListing | None = None
        self._outlines: dict[str, Outline] = {}
        self._seen: tuple[object, ...] = ()
        self._paced = Paced(sidebar.set_timer, partial(host.work, Job.OUTLINE), self._count)

    def look_at(self, listing: FaceListing) -> None:
        """Show the growth of a library, anew where something came or went."""
        status = listing.status
        seen = (listing, status.generation, status.loaded, status.complete)
        if seen != self._seen and status.loaded:
            self._seen, self._listing = seen, listing
            self._paced.want()

    async def _count(self) -> None:
        # What it imports and counts would hold up the rows that it is about.
        await asyncio.sleep(_SOON)
        from fs_tui.faces.reports.outline import Outline
        from fs_tui.faces.reports.zones import local_zone

        listing = self._listing
        if listing is None:
            return
        outline = self._outlines.get(listing.group_id)
        if outline is None or not outline.is_of(listing.store):
            outline = self._outlines[listing.group_id] = Outline(listing.store, local_zone())
        await outline.count()
        status = listing.status
        whole = status.complete and outline.counted == status.loaded
        known = bars(outline.days, whole=whole)
        self._sidebar.show_growth(listing.group_id, partial(chart_lines, known))


class Bars(NamedTuple):
    """How many faces came in each period, from the first to the last.

    Attributes:
        faces: One number for each.
        step: How long a period is.
        whole: They are all that the library has.
    """

    faces: Sequence[int]
    step: str
    whole: bool = True


def bars(days: Mapping[date, int], *, whole: bool = True) -> Bars:
    """Return a bar a month, or a day where the months are few."""
    months: dict[int, int] = {}
    for day, faces in days.items():
        month = day.year * 12 + day.month
        months[month] = months.get(month, 0) + faces
    if len(row := _row(months)) >= _FEW:
        return Bars(row, "month", whole)
    return Bars(_row({day.toordinal(): faces for day, faces in days.items()}), "day", whole)


def chart_lines(known: Bars, width: int) -> tuple[str, ...]:
    """Return a heading, the newest bars in so many cells, and what they are; none for one bar."""
    shown = known.faces[-width:] if width > 0 else ()
    if len(shown) < 2:  # noqa: PLR2004  one bar is no growth
        return ()
    ascii_only = not has_blocks("utf-8", os.environ.get("TERM", ""))
    words, fits = count(len(shown), known.step), len(shown) == len(known.faces)
    if known.whole:
        words = words if fits else f"the last {words}"
    else:
        words = f"the first {words}" if fits else f"{words}, then more"
    return "Growth", columns(shown, ascii_only=ascii_only), words


def _row(faces: Mapping[int, int]) -> Sequence[int]:
    """One number for each from the first to the last, those without any among them."""
    if not faces:
        return ()
    return [faces.get(number, 0) for number in range(min(faces), max(faces) + 1)]
