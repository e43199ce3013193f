"""FaceSheet: the faces of a library as they are drawn, marked, copied and exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.tui.browser.face_columns import face_cells
from fs_tui.tui.browser.sheet import Sheet
from fs_tui.tui.row_kinds import FACES, RowCounts
from fs_tui.tui.table.table_rows import RowCells
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.scopes import Scope
    from fs_tui.faces.status import LoadedFace
    from fs_tui.models import Face
    from fs_tui.tui.browser.cursor import Cursor
    from fs_tui.tui.host import Host

__all__ = ["FaceSheet"]


class FaceSheet(Sheet):
    """Those of the listing that the cursor is in, which remembers the marks.

    Args:
        host: Asks before all of them are loaded, and knows whether they are masked.
        cursor: Knows the listing, and which face is meant.
        is_new: Whether the face at a position has come a moment ago.
    """

    kind = FACES

    def __init__(self, host: Host, cursor: Cursor, is_new: Callable[[int], bool]) -> None:
        self._host = host
        self._cursor = cursor
        self._is_new = is_new

    def row_count(self) -> int:
        """Rows of the current view, placeholders included."""
        return 0 if self._cursor.listing is None else self._cursor.listing.row_count()

    def number_width(self) -> int:
        """Cells of the longest position."""
        listing = self._cursor.listing
        return len(count(max(listing.status.extent if listing else 1, 1)))

    def rows(self, first: int, last: int) -> Sequence[RowCells | None]:
        """The rows `first` to `last - 1`; None where a face is not loaded."""
        masked, listing = self._host.masked, self._cursor.listing
        rows = [] if listing is None else listing.rows(first, last)
        return [None if row is None else self._drawn(row, masked=masked) for row in rows]

    def _drawn(self, row: LoadedFace, *, masked: bool) -> RowCells:
        cells, new = face_cells(row.face, masked=masked), self._is_new(row.position)
        return RowCells(count(row.position), cells, row.marked, new, row)

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
            await read_whole(self._host, listing)
        async for rows in listing.chunks(scope):
            yield [row.face for row in rows]
        if scope is Scope.ALL and (reason := shortfall(listing)) is not None:
            raise reason
