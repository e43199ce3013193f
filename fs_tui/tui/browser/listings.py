"""Listings: the faces of every library that was looked at; they stay loaded until the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fs_tui.faces.listing import FaceListing
    from fs_tui.gateway import Event, Gateway

__all__ = ["Listings"]


class Listings:
    """Makes a listing a library, and keeps it.

    Args:
        concurrency: Requests of a scan that may be under way together.
    """

    def __init__(self, concurrency: int) -> None:
        self._concurrency = concurrency
        self._listings: dict[str, FaceListing] = {}

    def __iter__(self) -> Iterator[FaceListing]:
        return iter(self._listings.values())

    def of(self, gateway: Gateway, group_id: str) -> FaceListing:
        """Return a library's listing, as it was left."""
        from fs_tui.faces.listing import FaceListing

        if group_id not in self._listings:
            self._listings[group_id] = FaceListing(gateway, group_id, concurrency=self._concurrency)
        return self._listings[group_id]

    def on_gateway_event(self, event: Event) -> None:
        """Pass on what the gateway tells: limits slow a scan down."""
        for listing in self:
            listing.on_gateway_event(event)

    async def aclose(self) -> None:
        """Drop them; late answers go nowhere."""
        for listing in self:
            await listing.aclose()
