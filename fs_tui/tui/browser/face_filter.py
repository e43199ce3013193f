"""FaceFilter: shows the faces that pass what is typed at the prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import FilterError
from fs_tui.tui.browser.reading import load
from fs_tui.tui.host import Job

if TYPE_CHECKING:
    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.query import Query
    from fs_tui.tui.browser.cursor import Cursor
    from fs_tui.tui.browser.filterbar import FilterBar
    from fs_tui.tui.host import Host
    from fs_tui.tui.table.paged_table import PagedDataTable

__all__ = ["FaceFilter"]


class FaceFilter:
    """Filters the listing that the cursor is in.

    Args:
        host: Filters in the background; a newer filter ends an older one.
        prompt: Where it is typed.
        table: Its rows.
        cursor: Knows the listing, and where one was before.

    Attributes:
        before: 1-based position where the cursor was before the prompt was opened.
    """

    def __init__(
        self,
        host: Host,
        prompt: FilterBar,
        table: PagedDataTable,
        cursor: Cursor,
    ) -> None:
        self._host = host
        self._prompt = prompt
        self._table = table
        self._cursor = cursor
        self.before = 0

    def open(self) -> None:
        """Show the prompt."""
        if not self._prompt.is_open:
            self.before = self._cursor.position
        self._prompt.open()

    def show(self, text: str, position: int) -> None:
        """Filter as it was done before, with the cursor at a position's face; "" shows all."""
        if text:
            self._prompt.show(text)
            self.apply(text, position=position)
            return
        self._prompt.close()
        self._table.look_for(None)
        if self._is_on:
            self.apply("", position=position)
        elif position > 1:
            self._cursor.to_position(position)

    def apply(self, text: str, *, position: int = 0) -> None:
        """Show what passes, with the cursor at a position's face, or at the first row."""
        from fs_tui.faces.filter_language import parse

        listing = self._cursor.listing
        if listing is None:
            return
        try:
            query = parse(text)
        except FilterError as error:
            more = error.hint if error.hint != FilterError.hint else ""
            self._prompt.note(" — ".join(filter(None, (error.detail, more))), wrong=True)
            return
        self._prompt.note("")
        self._table.look_for(None if query is None else query.spans)
        if query is not None or self._is_on:
            self._host.work(Job.FILTER, self._filter(listing, query, position))

    async def _filter(self, listing: FaceListing, query: Query | None, position: int) -> None:
        self._table.move_cursor(0)
        await listing.set_filter(query)
        row = listing.row_of_position(position)
        if row is not None and listing is self._cursor.listing:
            self._table.source_changed()
            self._table.move_cursor(row)

    def submit(self) -> bool:
        """Extend the filter to the whole library; False where it is none."""
        listing = self._cursor.listing
        if listing is None or self._prompt.is_wrong:
            return False
        if self._prompt.text.strip() and not listing.status.complete:
            load(self._host, listing)
        return True

    def clear(self) -> None:
        """Show all faces again, with the cursor where it was before."""
        self._prompt.close()
        if self._is_on:
            cursor = self._cursor
            position = self.before if self._table.show_cursor else cursor.subject.position
            self.apply("", position=position)

    @property
    def _is_on(self) -> bool:
        listing = self._cursor.listing
        return listing is not None and bool(listing.status.view.filter_text)
