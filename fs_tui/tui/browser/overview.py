"""Overview: what the faces of a library say of the whole, for its card."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fs_tui.tui.browser.pace import Paced
from fs_tui.tui.host import Job
from fs_tui.words import added, count

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.reports.people import People
    from fs_tui.faces.reports.summary import Summary
    from fs_tui.faces.status import ListingStatus
    from fs_tui.tui.browser.faces_pane import FacesPane
    from fs_tui.tui.browser.inspector import Inspector
    from fs_tui.tui.browser.subject import Subject
    from fs_tui.tui.host import Host

__all__ = ["Overview"]

Fields = tuple[tuple[str, tuple[str, ...]], ...]


class Overview:
    """Counts while a library is what is looked at, and leaves alone what has not changed.

    Args:
        host: Runs it in the background.
        faces: Knows the listing that is open.
        inspector: Shows it.
    """

    def __init__(self, host: Host, faces: FacesPane, inspector: Inspector) -> None:
        self._host = host
        self._faces = faces
        self._inspector = inspector
        self._listing: FaceListing | None = None
        self._people: People | None = None
        self._end: Callable[[], None] = lambda: None
        self._paced = Paced(faces.set_timer, partial(host.work, Job.SUMMARY), self._count)
        self._counted: tuple[People, int, bool, int] | None = None

    def look_at(self, subject: Subject) -> None:
        """Follow the library that is looked at, if its faces are listed."""
        listing = self._faces.listing
        wanted = subject.library is not None and listing is not None
        if not wanted or listing is None or listing.group_id != subject.group_id:
            self._end()
            self._listing = None
        elif listing is not self._listing and listing.status.loaded:
            self._end()
            self._listing = listing
            people = self._people = self._faces.listings.people(listing)
            self._end = people.subscribe(lambda _status: self._look(listing, people))
            self._look(listing, people)

    def _look(self, listing: FaceListing, people: People) -> None:
        status = people.status
        state = (people, status.moment, status.whole, listing.status.twice)
        if status.moment and state != self._counted:
            is_other = self._counted is None or self._counted[0] is not people
            self._counted = state
            self._paced.want(at_once=is_other or listing.status.scan is None)

    async def _count(self) -> None:
        listing, people = self._listing, self._people
        if listing is None or people is None:
            return
        whole = people.status.whole
        found = await people.summary()
        if found is not None and listing is self._listing:
            fields = _fields(found, listing.status, whole=whole)
            self._inspector.add(listing.group_id, fields)


def _fields(found: Summary, status: ListingStatus, *, whole: bool) -> Fields:
    """The summary as lines of a card; of a part every number is at least."""
    from fs_tui.faces.reports.summary import PER_PERSON

    least, so_far = ("", "") if whole else ("at least ", "so far ")
    each = (
        f"{name}: {number:,}"
        for name, number in zip(PER_PERSON, found.per_person, strict=True)
        if number
    )
    faces = f"{least}{found.faces:,}"
    if not whole and status.total:
        faces = f"{status.total:,}, {found.faces:,} of them counted"
    fields: list[tuple[str, tuple[str, ...]]] = [
        ("faces", (faces,)),
        ("persons", (f"{least}{found.persons:,}",)),
        ("each has", (so_far + " · ".join(each),)),
        ("without", (f"{least}user id {found.without_user_id:,} · data {found.without_data:,}",)),
        ("first", (so_far + added(found.first_ms),)),
        ("last", (so_far + added(found.last_ms),)),
    ]
    if found.repeated:
        words = f"{least}{count(found.repeated, 'person', 'persons')} within seconds"
        fields.append(("again", (words,)))
    if status.twice:
        fields.append(("twice", (f"{least}{count(status.twice, 'token')}",)))
    return tuple(fields)
