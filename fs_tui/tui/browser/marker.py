"""Marker: marks the row with the cursor, or a range of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.words import count

if TYPE_CHECKING:
    from fs_tui.faces.listing import FaceListing
    from fs_tui.tui.browser.cursor import Cursor
    from fs_tui.tui.host import Host
    from fs_tui.tui.table.paged_table import PagedDataTable

__all__ = ["Marker"]


class Marker:
    """Marks faces of the listing that the cursor is in.

    Args:
        host: Shows messages.
        table: Its rows.
        cursor: Knows the listing, and which face is meant.
    """

    def __init__(self, host: Host, table: PagedDataTable, cursor: Cursor) -> None:
        self._table = table
        self._cursor = cursor
        self._host = host
        self._range_start: int | None = None

    @property
    def _listing(self) -> FaceListing | None:
        """The listing, where the cursor is on a face that can be marked."""
        listing, subject = self._cursor.listing, self._cursor.subject
        if listing is None or self._table.screen.focused is not self._table:
            return None
        loaded = listing.face(subject.position)
        # Rows that came just now may not be on screen yet.
        if loaded is not None and loaded.face == subject.face:
            return listing
        if subject.position:
            self._host.say("This face is not loaded yet: it cannot be marked.")
        return None

    @property
    def in_range(self) -> bool:
        """Whether a range is being made."""
        return self._range_start is not None

    def mark(self) -> None:
        """Mark or unmark the row and go on to the next one."""
        if (listing := self._listing) is not None:
            listing.toggle_mark(self._cursor.subject.position)
            self._table.action_cursor_down()

    def mark_range(self) -> None:
        """Remember the row, or mark from the remembered row to this one."""
        listing = self._listing
        if listing is None:
            return
        row = self._table.cursor_row
        if self._range_start is None:
            self._range_start = row
            self._table.begin_range(row)
            self._host.say(f"range from row {count(row + 1)}", "wait")
            return
        first, last = sorted((self._range_start, row))
        self.forget_range()
        marked = listing.mark_rows(first, last + 1)
        missing = last + 1 - first - marked
        note = f", {count(missing, 'row')} not loaded" if missing else ""
        self._host.say(f"{count(marked, 'face')} marked{note}")

    def unmark(self) -> None:
        """Unmark every face."""
        listing = self._cursor.listing
        marked = 0 if listing is None else listing.status.marked
        if listing is None or not marked:
            self._host.say("Nothing is marked.")
            return
        listing.clear_marks()
        self._host.say(f"{count(marked, 'face')} unmarked.")

    def forget_range(self) -> bool:
        """Forget where a range began; False where none did."""
        began, self._range_start = self._range_start is not None, None
        if began:
            self._table.begin_range(None)
        return began
