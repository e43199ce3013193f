"""Listings: the faces of every library that was looked at; they stay loaded until the end."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from fs_tui.errors import FsTuiError
from fs_tui.tasks import start_task
from fs_tui.tui.host import Job
from fs_tui.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.reports.people import People
    from fs_tui.faces.status import ListingStatus
    from fs_tui.gateway import Event, Gateway
    from fs_tui.models import Library
    from fs_tui.tui.host import Host

__all__ = ["Listings"]


class Listings:
    """Makes a listing a library, and keeps it.

    Args:
        host: What it runs things in; its options say whether and how they are kept.
        told: Gets what people are to know of a kept one, a sentence each.
        changed: Gets the newest status of each.
    """

    def __init__(
        self,
        host: Host,
        told: Callable[[str], None],
        changed: Callable[[ListingStatus], None],
    ) -> None:
        self._host = host
        self._keeping = host.options.keeping
        self._told = told
        self._changed = changed
        self._listings: dict[str, FaceListing] = {}
        self._made: dict[str, datetime | None] = {}
        self._people: tuple[FaceListing, People] | None = None
        self._gone: deque[tuple[str, str]] = deque()

    def __iter__(self) -> Iterator[FaceListing]:
        return iter(self._listings.values())

    def of(self, gateway: Gateway, group_id: str) -> FaceListing:
        """Return a library's listing, as it was left."""
        from fs_tui.faces.listing import FaceListing

        if group_id not in self._listings:
            concurrency = self._host.options.concurrency
            if self._keeping is None:
                listing = FaceListing(gateway, group_id, concurrency=concurrency)
            else:
                listing = self._keeping.listing(
                    gateway, group_id, told=self._told, concurrency=concurrency
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

    def note_gone(self, group_id: str, face_token: str) -> None:
        """The service does not have this face: take it out of what is kept, one after the other."""
        if self._keeping is not None:
            self._gone.append((group_id, face_token))
            if len(self._gone) == 1:
                self._host.work(Job.FORGET, self._take_out())

    async def _take_out(self) -> None:
        while self._gone:
            group_id, face_token = self._gone[0]
            try:
                if await self._forget(group_id, face_token):
                    name = visible(group_id, limit=60)
                    self._host.tell(f"The face left the kept index of {name}.")
            except FsTuiError as error:
                self._host.report(Job.FORGET.value, error, group_id)
            self._gone.popleft()

    async def _forget(self, group_id: str, face_token: str) -> bool:
        listing = self._listings.get(group_id)
        if listing is not None and listing.status.kept is not None:
            return await listing.forget(face_token)
        return self._keeping is not None and await self._keeping.forget(group_id, face_token)

    def on_gateway_event(self, event: Event) -> None:
        """Pass on what the gateway tells: limits slow a scan down."""
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
