"""FaceSheet: the faces of a library as they are marked, copied and exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.tui.browser.sheet import Sheet
from fs_tui.tui.row_kinds import FACES, RowCounts

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.scopes import Scope
    from fs_tui.models import Face
    from fs_tui.tui.browser.cursor import Cursor
    from fs_tui.tui.host import Host
    from fs_tui.tui.table.paged_table import PagedDataTable

__all__ = ["FaceSheet"]


class FaceSheet(Sheet):
    """Those of the listing that the cursor is in, which remembers the marks.

    Args:
        host: Says how far the search for the end is.
        table: Shows them.
        cursor: Knows the listing, and which face is meant.
        page_seconds: Tells how long a page takes.
    """

    kind = FACES

    def __init__(
        self,
        host: Host,
        table: PagedDataTable,
        cursor: Cursor,
        page_seconds: Callable[[], float],
    ) -> None:
        self._host = host
        self._table = table
        self._cursor = cursor
        self._page_seconds = page_seconds

    @property
    def name(self) -> str:
        """The library's id."""
        return self.group_id

    @property
    def group_id(self) -> str:
        """The library."""
        return "" if self._cursor.listing is None else self._cursor.listing.group_id

    @property
    def counts(self) -> RowCounts:
        """How many faces they are."""
        if self._cursor.listing is None:
            return RowCounts(loads_rest=False)
        status = self._cursor.listing.status
        return RowCounts(
            marked=status.marked,
            filtered=status.view.rows if status.view.filter_text else None,
            loaded=status.loaded,
            total=status.total,
        )

    def current(self) -> Face | None:
        """The face that is looked at."""
        return self._cursor.subject.face

    def is_here(self) -> bool:
        """Whether the face with the cursor is loaded."""
        listing, subject = self._cursor.listing, self._cursor.subject
        loaded = None if listing is None else listing.face(subject.position)
        # Rows that came just now may not be on screen yet.
        return loaded is not None and loaded.face == subject.face

    def toggle_mark(self) -> None:
        """Mark or unmark the face with the cursor, which is loaded."""
        if self._cursor.listing is not None:
            self._cursor.listing.toggle_mark(self._cursor.subject.position)

    async def mark_rows(self, first: int, last: int) -> int:
        """Mark the rows `first` to `last - 1` that are loaded; returns how many they are."""
        return 0 if self._cursor.listing is None else self._cursor.listing.mark_rows(first, last)

    def unmark(self) -> None:
        """Unmark all."""
        if self._cursor.listing is not None:
            self._cursor.listing.clear_marks()

    def chunks(self, scope: Scope) -> AsyncGenerator[Sequence[Face], None]:
        """The faces of a scope; for all of them, what is missing is loaded first.

        Raises:
            FsTuiError: After the faces: why they are not all.
        """
        # That of now: another library may be looked at before the first are wanted.
        return self._faces(self._cursor.listing, scope)

    async def _faces(
        self, listing: FaceListing | None, scope: Scope
    ) -> AsyncGenerator[Sequence[Face], None]:
        from fs_tui.faces.scopes import Scope
        from fs_tui.tui.browser.reading import read_whole, shortfall

        if listing is None:
            return
        if scope is Scope.ALL:
            await read_whole(self._table.app, self._host, listing, self._page_seconds())
        async for rows in listing.chunks(scope):
            yield [row.face for row in rows]
        if scope is Scope.ALL and (reason := shortfall(listing)) is not None:
            raise reason
