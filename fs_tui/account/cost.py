"""Cost: how many requests reading some libraries whole takes; few of them are not counted.

first page, what lies far behind it ──► many pages: search for the end ──► requests
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fs_tui.faces.listing import FaceListing

__all__ = ["MANY", "Cost", "reading_cost"]

MANY = 100
"""Pages beyond which reading is announced, and asked for."""


class Cost(NamedTuple):
    """What reading takes.

    Attributes:
        requests: How many, for the libraries of known length.
        unknown: The libraries of unknown length.
    """

    requests: int
    unknown: tuple[str, ...]


async def reading_cost(listings: Sequence[FaceListing]) -> Cost | None:
    """Find out what reading some libraries takes; None where that is not more than MANY requests.

    Args:
        listings: Of which nothing was asked yet, and which ask for pages of a scan's size.
    """
    share = max(1, MANY // max(1, len(listings)))
    if not any([await _reaches(listing, share) for listing in listings]):
        return None
    pages = [await _pages_left(listing) for listing in listings]
    total = sum(number or 0 for number in pages)
    pairs = zip(listings, pages, strict=True)
    unknown = tuple(listing.group_id for listing, left in pairs if left is None)
    return Cost(total, unknown) if unknown or total > MANY else None


async def _reaches(listing: FaceListing, pages: int) -> bool:
    """Whether a library goes on behind so many pages, or that cannot be told."""
    await listing.goto(1)
    rows = listing.status.loaded
    if listing.status.total is not None or not rows:
        return False
    return await listing.goto(pages * rows + 1) is not None or listing.status.stopped is not None


async def _pages_left(listing: FaceListing) -> int | None:
    """How many pages are to be read yet; None where nothing tells."""
    status = listing.status
    if status.total is None and await listing.find_end() is None:
        # Where the service lists no further, what is left is known, and little.
        status = listing.status
        return 0 if status.limit_position or not status.loaded else None
    return listing.requests_left
