"""FaceListing: one library's faces as screens and commands see them.

want, goto, find_end, scan ──► Pager ──► requests ──► Gateway
                                 ▲                       │ pages, errors
         rows, status ◄── Store ◄┴───────────────────────┘
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from fs_tui.faces.export import Scope
    from fs_tui.faces.query import Order, Query
    from fs_tui.faces.status import ListingStatus, LoadedFace
    from fs_tui.gateway import Event, Gateway

__all__ = ["FaceListing"]


class FaceListing:
    """One library's faces: loaded on demand, kept in a private temporary database.

    Belongs to one event loop; nothing is asked before the first `want`, `goto`, `find_end` or
    `scan`. Failures do not raise: they are in `status.stopped`, and what was loaded stays.
    Rows are 0-based places in the current view; positions are 1-based places in the library.

    Args:
        gateway: Shared, not closed by the listing.
        group_id: The library.
        concurrency: Requests of a scan that may be under way together, 1 to 8.
        window: Rows that one request of a browsing user asks for.
    """

    def __init__(
        self, gateway: Gateway, group_id: str, *, concurrency: int = 1, window: int = 100
    ) -> None:
        raise NotImplementedError

    # What is known

    @property
    def group_id(self) -> str:
        """The library."""
        raise NotImplementedError

    @property
    def status(self) -> ListingStatus:
        """What is known now; a new frozen snapshot whenever something changed."""
        raise NotImplementedError

    def subscribe(self, callback: Callable[[ListingStatus], None]) -> Callable[[], None]:
        """Be told of changes, at most every 50 ms; returns what ends the subscription."""
        raise NotImplementedError

    def heed(self, event: Event) -> None:
        """Take note of a gateway's event: retries because of limits lower the concurrency.

        The owner of the gateway's listener passes every event on; foreign ones are ignored.
        """
        raise NotImplementedError

    # Rows of the current view; sync, for painting

    def row_count(self) -> int:
        """Rows to draw: with placeholders in the plain listing, without in a filter or order."""
        raise NotImplementedError

    def rows(self, first: int, last: int) -> Sequence[LoadedFace | None]:
        """The rows `first` to `last - 1`, 0-based; None where a face is not loaded."""
        raise NotImplementedError

    def row_of_position(self, position: int) -> int | None:
        """The row that shows a position; None when the view does not hold it."""
        raise NotImplementedError

    def position_of_row(self, row: int) -> int | None:
        """The position that a row shows, loaded or not; None when there is no such row."""
        raise NotImplementedError

    def face(self, position: int) -> LoadedFace | None:
        """What is loaded at a position."""
        raise NotImplementedError

    async def position_of_token(self, face_token: str) -> int | None:
        """Where a loaded face is; None when it is not loaded."""
        raise NotImplementedError

    # Wishes

    def want(self, first: int, last: int) -> None:
        """The rows `first` to `last - 1` are looked at: load what is missing, and a bit ahead.

        The newest wish goes first and replaces the one before it, whose requests are cancelled
        unless they serve the new one too. Rows whose request failed wait for `retry`.
        """
        raise NotImplementedError

    async def goto(self, position: int) -> int | None:
        """Load the window around a position; returns its row.

        None when the library has no such position, the service does not list it, the request
        failed, or a newer wish came first: status says which.
        """
        raise NotImplementedError

    async def find_end(self) -> int | None:
        """Find out how many faces there are, in logarithmically many requests (three at a time).

        Returns:
            The proven total; None when it could not be proven: status says why.
        """
        raise NotImplementedError

    def scan(self) -> None:
        """Load the whole library in the background; what is looked at goes first."""
        raise NotImplementedError

    def pause(self) -> None:
        """Let the scan rest; requests under way end."""
        raise NotImplementedError

    def resume(self) -> None:
        """Go on with a paused scan."""
        raise NotImplementedError

    def cancel(self) -> None:
        """Stop scan, search for the end, loading, and a running filter or order pass."""
        raise NotImplementedError

    def retry(self) -> None:
        """Forget errors and refusals and ask again for what is missing because of them."""
        raise NotImplementedError

    async def finished(self) -> ListingStatus:
        """Wait until the scan has ended, was cancelled, or rests because of an error."""
        raise NotImplementedError

    # Filter and order

    async def set_filter(self, query: Query | None) -> None:
        """Show only what passes; returns when all that is loaded was looked at.

        Hits appear in `rows` while it runs. What is loaded later is filtered as it comes. A
        newer call ends an older one, which then returns early. `scan()` extends it to the
        whole library.
        """
        raise NotImplementedError

    async def set_order(self, order: Order) -> None:
        """Order the view; returns when the rows stand so. A newer call ends an older one."""
        raise NotImplementedError

    # Marks

    def toggle_mark(self, position: int) -> bool:
        """Mark or unmark a loaded face; returns whether it is marked now."""
        raise NotImplementedError

    def mark_rows(self, first: int, last: int) -> int:
        """Mark the loaded rows `first` to `last - 1` of the view; returns how many are marked."""
        raise NotImplementedError

    def clear_marks(self) -> None:
        """Unmark everything."""
        raise NotImplementedError

    # Everything at once

    def chunks(self, scope: Scope) -> AsyncIterator[Sequence[LoadedFace]]:
        """The loaded faces of a scope in the view's order, for export; never blocks for long.

        `Scope.ALL` gives what is loaded as well: scan first, and look at `status.complete`.
        """
        raise NotImplementedError

    async def reload(self) -> None:
        """Start anew with a new generation: rows go, marks stay with their tokens."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Cancel what runs and drop the database; late answers are dropped too."""
        raise NotImplementedError
