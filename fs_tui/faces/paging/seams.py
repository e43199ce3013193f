"""Seams: whether pages that were read at different times belong to one state of the library.

A deletion moves up what stands behind it. A scan that has passed it would then step over one face,
and neither positions nor the end would show that (API.md section 4, no. 7). So each page begins
with the last face of the one before: while that stands, none before it went. Pages that are asked
for side by side reach into each other by one face. Where every page of a whole reading joins the
next one, in whatever order they came, the reading is the library at the moment of its last page. A
service that lists the face before each page in place of its first one is seen at the first seam;
only where a face goes just then, and no further page follows, it is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fs_tui.faces.ranges import RangeSet
    from fs_tui.models import FacePage

__all__ = ["Seams"]


class Seams:
    """Remembers the faces at both ends of what was read, by position: of pages that meet, none.

    Args:
        read: The positions that were read; of those of a page it is told afterwards.
        joined: Those that were read on one page with the next one; told as well.
    """

    def __init__(self, read: RangeSet, joined: RangeSet) -> None:
        self._read = read
        self._joined = joined
        self._tokens: dict[int, str] = {}

    def note(self, position: int, face_token: str) -> None:
        """A face stands there, at the end of what was read; what lies amid it is forgotten."""
        if position in self._joined and position - 1 in self._joined:
            self._tokens.pop(position, None)
        else:
            self._tokens[position] = face_token

    def torn(self, page: FacePage) -> int | None:
        """The position at which a page is not what was read there before; None where it is."""
        start, tokens = page.start, self._tokens
        if not page.faces:
            return start if start in tokens else None
        last = start + len(page.faces) - 1
        positions: Iterable[int] = (start, last)
        if self._read.overlaps(start + 1, last):
            # It reaches into what was read by more than the faces at its ends.
            positions = range(start, last + 1)
        for position in positions:
            if position in tokens and tokens[position] != page.faces[position - start].face_token:
                return position
        return None
