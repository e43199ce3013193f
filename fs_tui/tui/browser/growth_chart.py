"""The growth of a library in two short lines, which stand below the list of libraries.

Every so many of its faces is looked at: they stand in the order of their times, and a bar has eight
heights, so that counting all of them would hardly show another picture. `t` counts them.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from fs_tui.chart import columns, has_blocks
from fs_tui.records import EPOCH
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fs_tui.faces.listing import FaceListing

__all__ = ["chart_lines", "months_of"]

_SAMPLES = 400
"""Faces that are looked at: some milliseconds."""


def chart_lines(months: Sequence[int], width: int) -> tuple[str, ...]:
    """Return a heading and a bar a month, the newest one at the right end; nothing for less."""
    shown = months[-width:] if width > 0 else ()
    if len(shown) < 2:  # noqa: PLR2004  one month is no growth
        return ()
    ascii_only = not has_blocks("utf-8", os.environ.get("TERM", ""))
    return f"Growth, {count(len(shown), 'month')}", columns(shown, ascii_only=ascii_only)


def months_of(listing: FaceListing) -> list[int]:
    """How much came in each month, from the first to the last, in UTC, of what is wholly loaded."""
    months = list(_months(listing)) if listing.status.complete else []
    if not months:
        return []
    first = min(months)
    counts = [0] * (max(months) - first + 1)
    for month in months:
        counts[month - first] += 1
    return counts


def _months(listing: FaceListing) -> Iterator[int]:
    """The months of evenly spaced faces, counted from the year 0."""
    total = listing.status.loaded
    samples = min(total, _SAMPLES)
    for number in range(samples):
        loaded = listing.face(1 + number * total // samples)
        if loaded is None or loaded.face.added_ms is None:
            continue
        try:
            added = EPOCH + timedelta(milliseconds=loaded.face.added_ms)
        except OverflowError:
            continue
        yield added.year * 12 + added.month
