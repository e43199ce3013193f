"""Cursor: where one stands in the faces, and how one gets to a position, a face or the end."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fs_tui.tui.browser.subject import Subject
from fs_tui.tui.browser.turn import Turn
from fs_tui.tui.host import Job
from fs_tui.words import count

if TYPE_CHECKING:
    from fs_tui.faces.listing import FaceListing
    from fs_tui.models import Face
    from fs_tui.tui.host import Host
    from fs_tui.tui.table.paged_table import PagedDataTable

__all__ = ["Cursor"]


class Cursor:
    """Moves over the rows of one listing; a face that no row shows is looked at without it.

    Args:
        host: Runs moves that have to load something first; a newer move ends them.
        table: Draws it.

    Attributes:
        listing: The listing that is shown; None for none.
        turn: Whose it is while a jump loads what it leads to.
    """

    def __init__(self, host: Host, table: PagedDataTable) -> None:
        self.listing: FaceListing | None = None
        self.turn = Turn()
        self._host = host
        self._table = table
        self._found: tuple[Face, int] | None = None
        self._searched = -1
        self._locating = False
        self._cancelled_at: tuple[int, int] | None = None

    @property
    def subject(self) -> Subject:
        """What it is on, as the screen shows it; nothing where the list has no rows."""
        from fs_tui.faces.status import LoadedFace

        listing = self.listing
        if listing is None:
            return Subject()
        if not self._table.show_cursor and self._found is not None:
            face, position = self._found
            return Subject(listing.group_id, face=face, position=position)
        row = self._table.row_at_cursor()
        if row is not None and isinstance(row.item, LoadedFace):
            return Subject(listing.group_id, face=row.item.face, position=row.item.position)
        position = self.position
        loading = self._is_loading(listing, position)
        return Subject(listing.group_id, position=position, loading=loading)

    def _is_loading(self, listing: FaceListing, position: int) -> bool:
        """Whether the row at a position, or the first row, is on its way or will be at once."""
        from fs_tui.faces.status import Activity

        status = listing.status
        if status.activity not in {Activity.IDLE, Activity.PAUSED} or status.view.working:
            return True
        wanted = position > 0 or status.loaded_at is None
        return wanted and status.stopped is None and self._cancelled_at is None

    @property
    def position(self) -> int:
        """1-based position of the row with the cursor; 0 when there is none."""
        if self.listing is None:
            return 0
        return self.listing.position_of_row(self._table.cursor_row) or 0

    # --- moves ---------------------------------------------------------------------------------

    def to_first(self) -> None:
        """Go to the first row, whatever another move still waits for."""
        self._give_up()
        self._table.move_cursor(0)

    def _give_up(self) -> None:
        """Go nowhere else any more."""
        self._host.cancel(Job.MOVE)
        self.turn.forget()

    def to_end(self) -> None:
        """Go to the last row, which is looked for where the end is not known."""
        listing = self.listing
        if listing is None:
            return
        if listing.status.view.filter_text or listing.status.total:
            self._table.action_scroll_bottom()
        else:
            self._host.work(Job.MOVE, self.turn.lead(partial(self._find_end, listing)))

    async def _find_end(self, listing: FaceListing) -> None:
        await listing.find_end()
        if listing is self.listing and listing.row_count():
            self._move_to(listing.row_count() - 1)

    def to_position(self, position: int) -> None:
        """Go to a position; its window is loaded first where it is not."""
        listing = self.listing
        if listing is None:
            return
        row = listing.row_of_position(position)
        if row is not None and listing.face(position) is not None:
            # At once: keys that were typed behind it start from there.
            self._give_up()
            self._move_to(row)
        else:
            self._host.work(Job.MOVE, self.turn.lead(partial(self.seek, listing, position)))

    async def seek(self, listing: FaceListing, position: int) -> None:
        """Load a position's window and go there, or say why not."""
        row = await listing.goto(position)
        if listing is not self.listing:
            return
        if row is not None:
            # What may follow has rows to go on to: keys behind this one may be for them.
            page = len(self._table.visible_rows)
            listing.want(max(0, row - page), row + page)
        self._table.source_changed()
        if row is not None:
            self._table.move_cursor(row)
        elif listing.face(position) is not None:
            self._host.say(f"Face {count(position)} does not pass the filter.")
        elif listing.status.stopped is None:
            self._host.say(f"There is no face at position {count(position)}.")

    async def to_face(self, face: Face) -> bool:
        """Look at a face that the service has; False, and no cursor, where no row shows it."""
        listing = self.listing
        if listing is None or await self.follow(listing, face):
            return True
        filtered = bool(listing.status.view.filter_text)
        position = await listing.position_of_token(face.face_token) if filtered else None
        if listing is not self.listing:
            return True
        self._found = face, position or 0
        self._searched = listing.status.revision
        self._table.show_cursor = False
        if position is None:
            words = "Found; its position is not known: enter looks for it, a loads all faces."
        else:
            words = f"Face {count(position)} does not pass the filter."
        self._host.say(words)
        return False

    def look_for_row(self) -> None:
        """Go to the row of a face that is looked at without one, where rows have come since."""
        listing = self.listing
        if listing is None or self._found is None or self._table.show_cursor:
            return
        face, position = self._found
        status = listing.status
        if self._locating or position or status.scan is not None:
            return
        if status.revision != self._searched:
            self._searched = status.revision
            self._host.work(Job.MOVE, self.follow(listing, face))

    def look_for_position(self) -> None:
        """Look for the position of a face that is looked at without one."""
        listing = self.listing
        if listing is not None and self._found is not None and self.is_astray:
            self._host.work(Job.MOVE, self._locate(listing, self._found[0]))

    @property
    def is_astray(self) -> bool:
        """Whether it is on a face whose position is not known."""
        return not self._table.show_cursor and self._found is not None and not self._found[1]

    async def _locate(self, listing: FaceListing, face: Face) -> None:
        from fs_tui.tui.browser.locating import locate

        self._host.say("looking for its position by its time, x stops …", "wait")
        self._locating = True
        try:
            position = await locate(listing, face)
        finally:
            self._locating = False
        if listing is not self.listing or not self.is_astray:
            return
        row = None if position is None else listing.row_of_position(position)
        if row is not None:
            self._host.say("")
            self._move_to(row)
        elif listing.status.stopped is None:
            self._host.say("Its time does not lead to its position: a loads all faces.")

    async def follow(self, listing: FaceListing, face: Face | None) -> bool:
        """Go to a loaded face, unless another move comes meanwhile; False without a row."""
        before = self._table.cursor_row
        position = None if face is None else await listing.position_of_token(face.face_token)
        if listing is not self.listing or self._table.cursor_row != before:
            return True
        row = None if position is None else listing.row_of_position(position)
        if row is not None:
            self._move_to(row)
        return row is not None

    def _move_to(self, row: int) -> None:
        self._table.source_changed()
        self._table.move_cursor(row)

    # --- what was cancelled ----------------------------------------------------------------------

    def stay_cancelled(self) -> None:
        """Want nothing here until it moves, or `want_again`."""
        self.turn.forget()
        self._cancelled_at = self._table.cursor_row, self._table.visible_rows.start

    def want_again(self) -> None:
        """Want what is looked at."""
        self._cancelled_at = None

    def moved(self) -> None:
        """Want what is looked at, if it moved away from where that was cancelled."""
        if self._cancelled_at is not None and not self.stays_cancelled:
            self.want_again()
            self._table.source_changed()

    @property
    def stays_cancelled(self) -> bool:
        """Whether it is where it was at the last cancel, and the rows less than a page off.

        They move by themselves: a scroll may be on its way, and the end come nearer.
        """
        if self._cancelled_at is None:
            return False
        row, first = self._cancelled_at
        rows = self._table.visible_rows
        return self._table.cursor_row == row and abs(rows.start - first) < max(1, len(rows))
