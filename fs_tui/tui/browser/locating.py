"""Looks for the position of a face whose row is not loaded, without reading the whole library.

The service lists faces by the time of their creation (page 003): so a face's time leads to its
page in logarithmically many requests, as long as that order holds. Where it does not, nothing is
claimed, and the whole library remains to be loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fs_tui.faces.listing import FaceListing
    from fs_tui.models import Face

__all__ = ["locate"]

_NEIGHBOURS = 1000
"""Positions that are looked through where faces have the same time."""


async def locate(listing: FaceListing, face: Face) -> int | None:
    """Return a face's 1-based position; None where its time does not lead to it."""
    known = await listing.position_of_token(face.face_token)
    total = await listing.find_end() if known is None and face.added_ms is not None else None
    if total is None:
        return known
    low, high = 1, total
    while low <= high:
        middle = (low + high) // 2
        time = await _time_at(listing, middle)
        known = await listing.position_of_token(face.face_token)
        if known is not None or time is None or face.added_ms is None:
            return known
        if time < face.added_ms:
            low = middle + 1
        else:
            high = middle - 1
    return await _near(listing, face, low, total)


async def _near(listing: FaceListing, face: Face, first: int, total: int) -> int | None:
    """Look through the faces of the same time, which begin at a position."""
    for position in range(first, min(total, first + _NEIGHBOURS) + 1):
        is_new = listing.face(position) is None
        time = await _time_at(listing, position)
        known = await listing.position_of_token(face.face_token) if is_new else None
        if known is not None or time != face.added_ms:
            return known
    return None


async def _time_at(listing: FaceListing, position: int) -> int | None:
    """When the face at a position was added; None where it cannot be loaded, or has no time."""
    if listing.face(position) is None:
        await listing.goto(position)
    loaded = listing.face(position)
    return None if loaded is None else loaded.face.added_ms
