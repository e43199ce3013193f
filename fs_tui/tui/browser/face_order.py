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

    def begin(self, listing: FaceListing) -> None:
        """Order a library's first faces as faces were ordered the last time."""
        from fs_tui.faces.query import Order

        if listing in self._begun or not listing.status.loaded:
            return
        self._begun.add(listing)
        known = self._host.options.memory.get(_NAME, str) or ""
        field = known.removeprefix("-")
        if known and field in _ORDERED:
            self._host.work(Job.ORDER, self._order(listing, Order(field, known != field)))

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
            self._host.work(Job.ORDER, self._order(self._cursor.listing, order))

    async def _order(self, listing: FaceListing, order: Order) -> None:
        await listing.set_order(order)
        if listing is self._cursor.listing:
            self._table.source_changed()
            self._table.move_cursor(0)
            self.show()

    def show(self) -> None:
        """Show in the header how the rows stand."""
        from fs_tui.faces.query import PLAIN

        if self._cursor.listing is not None:
            order = self._cursor.listing.status.view.stands
            key = None if order == PLAIN else order.field
            self._table.set_order(key, descending=order.descending)
