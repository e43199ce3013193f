"""Listings: the faces of every library that was looked at; they stay loaded until the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.tasks import start_task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.reports.people import People
    from fs_tui.faces.status import ListingStatus
    from fs_tui.gateway import Event, Gateway
    from fs_tui.models import Library
    from fs_tui.tui.keeping import Keeping

__all__ = ["Listings"]

_USUAL_SECONDS = 0.1
"""What a page takes where none was asked for yet."""

_WEIGHT = 4
"""A page's part of the average is one in so many."""


class Listings:
    """Makes a listing a library, and keeps it.

    Args:
        concurrency: Requests of a scan that may be under way together.
        keeping: Makes those that are kept; None keeps none.
        told: Gets what people are to know of a kept one, a sentence each.
        changed: Gets the newest status of each.
    """

    def __init__(
        self,
        concurrency: int,
        keeping: Keeping | None,
        told: Callable[[str], None],
        changed: Callable[[ListingStatus], None],
    ) -> None:
        self._concurrency = concurrency
        self._keeping = keeping
        self._told = told
        self._changed = changed
        self._listings: dict[str, FaceListing] = {}
        self._made: dict[str, datetime | None] = {}
        self._page_seconds = _USUAL_SECONDS
        self._people: tuple[FaceListing, People] | None = None

    @property
    def page_seconds(self) -> float:
        """How long a page takes, by what the last ones took."""
        return self._page_seconds

    def __iter__(self) -> Iterator[FaceListing]:
        return iter(self._listings.values())

    def of(self, gateway: Gateway, group_id: str) -> FaceListing:
        """Return a library's listing, as it was left."""
        from fs_tui.faces.listing import FaceListing

        if group_id not in self._listings:
            if self._keeping is None:
                listing = FaceListing(gateway, group_id, concurrency=self._concurrency)
            else:
                listing = self._keeping.listing(
                    gateway, group_id, told=self._told, concurrency=self._concurrency
                )
            listing.subscribe(self._changed)
            listing.note_made(self._made.get(group_id))
            self._listings[group_id] = listing
        return self._listings[group_id]

    def visited(self, group_id: str) -> FaceListing | None:
        """Return a library's listing, if it was made before."""
        return self._listings.get(group_id)

    def note_libraries(self, libraries: Iterable[Library]) -> list[FaceListing]:
        """Know when each was made; returns the listings of which what was kept is gone thereby."""
        self._made = {library.group_id: library.add_time for library in libraries}
        return [listing for listing in self if listing.note_made(self._made.get(listing.group_id))]

    async def forget(self, group_id: str, face_token: str) -> bool:
        """Take a face that the service does not have out of what is kept; False for none there.

        Raises:
            KeptIndexError: It may still be kept.
        """
        listing = self._listings.get(group_id)
        if listing is not None and listing.status.kept is not None:
            return await listing.forget(face_token)
        return self._keeping is not None and await self._keeping.forget(group_id, face_token)

    def on_gateway_event(self, event: Event) -> None:
        """Pass on what the gateway tells: limits slow a scan down."""
        from fs_tui.models import RequestRecord

        if isinstance(event, RequestRecord) and event.call == "list" and not event.error:
            self._page_seconds += (event.round_trip_ms / 1000 - self._page_seconds) / _WEIGHT
        for listing in self:
            listing.on_gateway_event(event)

    def people(self, listing: FaceListing) -> People:
        """What counts a listing's people, for whoever wants it; that of another one is dropped."""
        from fs_tui.faces.reports.people import People

        if self._people is not None and self._people[0] is listing:
            return self._people[1]
        if self._people is not None:
            start_task(self._people[1].aclose(), name="people")
        people = People(listing)
        self._people = listing, people
        return people

    async def aclose(self) -> None:
        """Drop them; late answers go nowhere."""
        if self._people is not None:
            await self._people[1].aclose()
        for listing in self:
            await listing.aclose()
