"""FaceOrder: orders the rows, and shows in the table's header how they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.models import FACE_FIELDS
from fs_tui.tui.host import Job

if TYPE_CHECKING:
    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.query import Order
    from fs_tui.tui.browser.cursor import Cursor
    from fs_tui.tui.host import Host
    from fs_tui.tui.table.paged_table import PagedDataTable

__all__ = ["FaceOrder"]

_NAME = "order"
"""What memory calls it; a field's name, with a minus before it from the last to the first."""
# Before the columns stand the positions, under no key.
_ORDERED = {"", *(field.name for field in FACE_FIELDS if field.ordered)}


class FaceOrder:
    """Orders the listing that the cursor is in.

    Args:
        host: Orders in the background; a newer order ends an older one. Its memory keeps the last.
        table: Its rows.
        cursor: Knows the listing.
    """

    def __init__(self, host: Host, table: PagedDataTable, cursor: Cursor) -> None:
        self._host = host
        self._table = table
        self._cursor = cursor
        self._begun: set[FaceListing] = set()
        self._waiting: set[FaceListing] = set()

    def begin(self, listing: FaceListing) -> None:
        """Order a library as faces were ordered the last time, once that orders all of it.

        Of a few of many faces it would show anything but the first ones. Where all has come by
        looking on and on, the rows stay as they are: one reads them.
        """
        status = listing.status
        if listing in self._begun or not status.loaded:
            return
        order = self._remembered()
        if order is None:
            self._begun.add(listing)
        elif status.complete:
            self._begun.add(listing)
            if listing.scanned or listing not in self._waiting:
                self._host.work(Job.ORDER, self._order(listing, order, stay=True))
            self._waiting.discard(listing)
        else:
            self._waiting.add(listing)

    @property
    def later(self) -> str:
        """In which order the rows will stand once all are there, in words; empty where they do."""
        order = self._remembered() if self._cursor.listing in self._waiting else None
        field = next((field for field in FACE_FIELDS if order and field.name == order.field), None)
        title = "position" if field is None else field.title.lower()
        return "" if order is None else f"by {title} once all is loaded (a)"

    def _remembered(self) -> Order | None:
        """The order of the last time; None where rows stand in it by themselves."""
        from fs_tui.faces.query import Order

        known = self._host.options.memory.get(_NAME, str) or ""
        field = known.removeprefix("-")
        return Order(field, known != field) if known and field in _ORDERED else None

    def by_column(self, key: str) -> None:
        """Order by a column; again turns it round."""
        from fs_tui.faces.query import Order

        listing = self._cursor.listing
        if key not in _ORDERED or listing is None:
            return
        now = listing.status.view.order
        self.by(Order(key, descending=now.field == key and not now.descending))

    def by(self, order: Order | None) -> None:
        """Order the rows; None leaves them as they are."""
        if order is not None and self._cursor.listing is not None:
            sign = "-" if order.descending else ""
            self._host.options.memory.put(_NAME, f"{sign}{order.field}")
            self._begun.add(self._cursor.listing)
            self._waiting.discard(self._cursor.listing)
            self._host.work(Job.ORDER, self._order(self._cursor.listing, order))

    async def _order(self, listing: FaceListing, order: Order, *, stay: bool = False) -> None:
        """Order a listing; the cursor goes to the first row, or may `stay` with its face."""
        before = self._table.cursor_row
        face = self._cursor.subject.face if stay and before else None
        await listing.set_order(order)
        if listing is not self._cursor.listing:
            return
        self._table.source_changed()
        if not stay or self._table.cursor_row == before:
            if face is None:
                self._table.move_cursor(0)
            else:
                await self._cursor.follow(listing, face)
        self.show()

    def show(self) -> None:
        """Show in the header how the rows stand."""
        from fs_tui.faces.query import PLAIN

        if self._cursor.listing is not None:
            order = self._cursor.listing.status.view.stands
            key = None if order == PLAIN else order.field
            self._table.set_order(key, descending=order.descending)
