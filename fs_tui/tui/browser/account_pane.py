"""AccountPane: how many faces each library of the account has, and all of them together."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from fs_tui.account.rows import (
    COUNT_FIELDS,
    LibraryRow,
    is_counted,
    library_row,
    of_the_account,
)
from fs_tui.tui.browser.history import Place
from fs_tui.tui.browser.sheet import ListSheet
from fs_tui.tui.browser.subject import Subject
from fs_tui.tui.browser.view_pane import ViewPane
from fs_tui.tui.host import Job
from fs_tui.tui.row_kinds import RowKind
from fs_tui.tui.table.table_columns import Column, Cut
from fs_tui.visible import visible
from fs_tui.words import count, local_time, marked

if TYPE_CHECKING:
    from fs_tui.faces.status import ListingStatus
    from fs_tui.models import Library
    from fs_tui.tui.browser.view_pane import Reach
    from fs_tui.tui.host import Host

__all__ = ["AccountPane"]

_LIBRARIES = RowKind(COUNT_FIELDS, COUNT_FIELDS[0], "library", "libraries", "ids")

_NUMBER = 11
_COLUMNS = (
    Column("group_id", "Library", 10, 48, priority=4, cut=Cut.NEED),
    Column("faces", f"{'Faces':>{_NUMBER}}", _NUMBER, _NUMBER, weight=0, priority=3),
    Column("complete", "", 9, 60, priority=2, cut=Cut.NEED),
    Column("name", "Name", 8, 30, priority=1),
)


class _Counted(NamedTuple):
    """What is known of a library.

    Attributes:
        row: As commands write it.
        note: How far that is true.
    """

    row: LibraryRow
    note: str


class AccountPane(ViewPane):
    """A row a library; each is counted by a search for its end, and none is read."""

    kind = "all_libraries"
    hints = (
        ("open", "open"),
        ("back", "back"),
        ("reload", "count again"),
        ("find", "find in all"),
        ("mark", "mark"),
        ("copy", "copy"),
        ("export", "export"),
    )

    def __init__(self, host: Host) -> None:
        super().__init__(host, _COLUMNS)
        self.border_title = Content("All libraries")
        self._libraries: dict[str, Library] = {}
        self._counted: dict[str, _Counted] = {}
        self._counting = ""
        self._ended: datetime | None = None
        self.table.set_source(self.sheet)

    def make_sheet(self) -> ListSheet:
        """The libraries, as commands write them."""
        return ListSheet(
            _LIBRARIES,
            self.table,
            lambda row: row.group_id,
            self._cells,
            lambda: [self._of(group_id).row for group_id in self._libraries],
            name=lambda: "libraries",
        )

    def _cells(self, row: LibraryRow) -> tuple[str, ...]:
        return (
            visible(row.group_id, limit=60),
            f"{'' if row.faces is None else count(row.faces):>{_NUMBER}}",
            visible(self._of(row.group_id).note, limit=60),
            visible(self._libraries[row.group_id].group_name, limit=60),
        )

    def _of(self, group_id: str) -> _Counted:
        return self._counted.get(group_id) or _Counted(LibraryRow(group_id, None, "no"), "")

    # --- what is shown ---------------------------------------------------------------------------

    @property
    def subject(self) -> Subject:
        """The library under the cursor."""
        row = self.sheet.current()
        return Subject() if row is None else Subject(row.group_id, self._libraries[row.group_id])

    def place(self) -> Place:
        """All of them, and the one under the cursor."""
        return Place("", self.table.cursor_row + 1, view=self.kind)

    def begin(self, reach: Reach) -> Place | None:
        """All of them, with the cursor on the one that is open."""
        here = "" if reach.listing is None else reach.listing.group_id
        if not reach.libraries:
            return None
        place = reach.group_ids.index(here) if here in reach.group_ids else self.table.cursor_row
        return Place("", place + 1, view=self.kind)

    def show(self, place: Place, reach: Reach) -> None:
        """Show them, and count those that were not counted yet."""
        self.reach = reach
        self._libraries = {library.group_id: library for library in reach.libraries}
        self.table.source_changed()
        self.table.move_cursor(place.position - 1)
        if not self.busy and any(one not in self._counted for one in self._libraries):
            self._host.work(Job.COUNT, self._count(reach, fresh=False))
        self.tell()

    def enter(self) -> None:
        """To the faces of the library."""
        if group_id := self.subject.group_id:
            self.post_message(self.PlaceWanted(Place(group_id)))

    def open_filter(self) -> None:
        """Say that there is none."""
        self._host.say("These are all libraries: / among those at the left finds one by its name.")

    # --- counting --------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether they are being counted."""
        return bool(self._counting)

    def cancel(self) -> bool:
        """Stop counting; returns whether that went on."""
        return self.busy and self._host.cancel(Job.COUNT)

    def reload(self) -> None:
        """Count all of them anew."""
        if self.reach is not None:
            self._host.work(Job.COUNT, self._count(self.reach, fresh=True))

    async def _count(self, reach: Reach, *, fresh: bool) -> None:
        """Count them, one after the other; `fresh` asks for all anew."""
        try:
            for library in reach.libraries:
                if fresh or library.group_id not in self._counted:
                    self._counting = library.group_id
                    self._changed()
                    self._counted[library.group_id] = await _counted(reach, library, fresh=fresh)
            self._ended = datetime.now(UTC)
        finally:
            self._counting = ""
            self._changed()

    def _changed(self) -> None:
        self.table.source_changed()
        self.tell()
        self.post_message(self.Changed())

    def tell(self) -> None:
        """Say how many there are together, and what the documents allow."""
        rows = [one.row for one in map(self._of, self._libraries) if one.row.faces is not None]
        parts = [of_the_account(len(self._libraries), rows)]
        if self._counting:
            parts.append(f"counting {visible(self._counting, limit=48)} · x stops")
        elif self._ended is not None:
            parts.append(f"counted {local_time(self._ended)[11:16]}")
        parts.append(marked(len(self.sheet.marked)))
        self.status.show(" · ".join(filter(None, parts)))


async def _counted(reach: Reach, library: Library, *, fresh: bool) -> _Counted:
    """Find the end of a library; nothing is asked where it is known from what was looked at."""
    from fs_tui.faces.listing import FaceListing

    async with AsyncExitStack() as stack:
        listing = None if fresh else reach.listings.visited(library.group_id)
        if listing is None:
            listing = FaceListing(reach.gateway, library.group_id)
            stack.push_async_callback(listing.aclose)
        if not is_counted(listing.status):
            await listing.look()
            await listing.find_end()
        status = listing.status
        is_whole = is_counted(status)
        unread = status.stopped is not None and not status.highest
        row = library_row(status, None if unread else status.highest, complete=is_whole)
        return _Counted(row, _note(status, is_whole=is_whole))


def _note(status: ListingStatus, *, is_whole: bool) -> str:
    """How far a number is true."""
    if is_whole:
        return "all"
    least = "at least" if status.highest else "not counted"
    if status.changed:
        return f"{least}: the library changed meanwhile"
    error = status.stopped
    reason = "" if error is None else error.as_reason
    return f"{least}: {reason}" if reason else least
