"""Reloader: reads a library anew and leads the cursor back to its face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import IncompleteError
from fs_tui.tui.browser.reading import READ_AGAIN, may_read_library, may_reload
from fs_tui.tui.host import Job

if TYPE_CHECKING:
    from fs_tui.faces.listing import FaceListing
    from fs_tui.models import Face
    from fs_tui.tui.browser.cursor import Cursor
    from fs_tui.tui.host import Host
    from fs_tui.tui.table.paged_table import PagedDataTable

__all__ = ["Reloader"]

_RELOADING = "reloading …"


class Reloader:
    """Reloads and rechecks what is shown.

    Args:
        host: Runs it in the background.
        cursor: Knows the listing; is led back.
        table: Its rows.
    """

    def __init__(self, host: Host, cursor: Cursor, table: PagedDataTable) -> None:
        self._reloading = False
        self._host = host
        self._cursor = cursor
        self._table = table
        self._rechecking = False

    @property
    def busy(self) -> bool:
        """Whether something runs that can be cancelled."""
        from fs_tui.faces.status import Activity

        if self._cursor.listing is None:
            return False
        status = self._cursor.listing.status
        return status.activity is not Activity.IDLE or status.view.working or self._reloading

    def reload(self) -> None:
        """Ask again for what failed or is waited for; else start anew at the same place.

        What waits for another attempt is asked at once, and nothing that is loaded goes.
        """
        listing = self._cursor.listing
        self._cursor.want_again()
        if listing is None:
            return
        status = listing.status
        if status.stopped is not None or status.missing or status.in_flight:
            listing.retry()
            if listing.status.in_flight or isinstance(status.stopped, IncompleteError):
                return
        self._host.work(Job.MOVE, self._reload_if_wanted(listing))

    def recheck(self) -> None:
        """Look whether what is shown still stands, and read it anew where it does not.

        What takes many requests is never read anew unasked: that it does not stand is said.
        """
        if self._cursor.listing is not None and not self._rechecking:
            self._host.work(Job.RECHECK, self._recheck(self._cursor.listing))

    def look(self) -> None:
        """Look what came and went since the rows of a kept index were read."""
        if self._cursor.listing is not None:
            self._host.work(Job.RECHECK, self._cursor.listing.look())

    def read_again(self) -> None:
        """Read everything again, whatever is known, after what much of that costs was wanted."""
        if self._cursor.listing is not None:
            self._cursor.want_again()
            self._host.work(Job.MOVE, self._read_again(self._cursor.listing))

    async def _read_again(self, listing: FaceListing) -> None:
        if await may_read_library(self._host, READ_AGAIN, listing, anew=True):
            await listing.read_again()

    async def _reload_if_wanted(self, listing: FaceListing) -> None:
        if await may_reload(self._host, listing):
            await self._reload(listing)

    async def _recheck(self, listing: FaceListing) -> None:
        from fs_tui.account.cost import MANY

        self._rechecking = True
        try:
            moved = await listing.recheck(self._cursor.position)
        finally:
            self._rechecking = False
        much = listing.requests_of_reload > MANY
        if moved and not much and listing is self._cursor.listing and not self.busy:
            self._host.work(Job.MOVE, self._reload(listing))

    async def _reload(self, listing: FaceListing) -> None:
        """Read anew; the cursor follows its face by token, unless it is moved."""
        cursor, table = self._cursor, self._table
        row, position, face = table.cursor_row, cursor.position, cursor.subject.face
        listing.want(table.visible_rows.start, max(table.visible_rows.stop, 1))
        before = self._known(listing)
        self._reloading = True
        self._host.say(_RELOADING, "wait")
        try:
            await listing.reload()
        finally:
            self._reloading = False
            self._host.unsay(_RELOADING)
        status = listing.status
        seen = status.stopped is None and (status.kept is None or status.kept.up_to_date)
        if seen and self._known(listing) == before:
            self._host.say("Read again: what is on screen is as it was.")
        if await self._leads_back(listing, row, face):
            return
        if listing.status.scan is not None:
            now = table.cursor_row
            await listing.finished()
            if await self._leads_back(listing, now, face):
                return
        if listing.status.view.filter_text and listing.face(position) is not None:
            table.move_cursor(row)
        elif position > 1:
            await cursor.seek(listing, position)

    def _known(self, listing: FaceListing) -> tuple[object, ...]:
        """What is known of the rows on screen, and of the number of all."""
        rows = self._table.visible_rows
        faces = [row and row.face for row in listing.rows(rows.start, rows.stop)]
        return (
            listing.row_count() if listing.status.view.filter_text else listing.status.total,
            faces,
        )

    async def _leads_back(self, listing: FaceListing, row: int, face: Face | None) -> bool:
        """Whether the cursor is where it belongs: moved from its row, or now on its face again."""
        if listing is not self._cursor.listing or self._table.cursor_row != row:
            return True
        self._table.source_changed()
        return await self._cursor.follow(listing, face)
