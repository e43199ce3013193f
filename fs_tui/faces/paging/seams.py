"""Seams: whether pages that were read at different times belong to one state of the library.

A deletion moves up what stands behind it. A scan that has passed it would then step over one face,
and neither positions nor the end would show that (API.md section 4, no. 7). So each page begins
with the last face of the one before: while that stands, none before it went. Pages that are asked
for side by side reach into each other by one face. Where every page of a whole reading joins the
next one, in whatever order they came, the reading is the library at the moment of its last page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fs_tui.faces.ranges import RangeSet
    from fs_tui.models import FacePage

__all__ = ["Seams"]


class Seams:
    """Remembers the faces at both ends of the pages that were read, by position.

    Args:
        read: The positions that were read; of those of a page it is told afterwards.
    """

    def __init__(self, read: RangeSet) -> None:
        self._read = read
        self._tokens: dict[int, str] = {}

    def note(self, position: int, face_token: str) -> None:
        """A face stands there."""
        self._tokens[position] = face_token

    def torn(self, page: FacePage) -> int | None:
        """The position at which a page is not what was read there before; None where it is."""
        start, tokens = page.start, self._tokens
        if not page.faces:
            return start if start in tokens else None
        last = start + len(page.faces) - 1
        ends = {start: page.faces[0].face_token, last: page.faces[-1].face_token}
        if self._read.overlaps(start + 1, last):
            # It reaches into what was read by more than the faces at its ends.
            within = (at for at in range(start, last) if at in tokens)
            ends |= {at: page.faces[at - start].face_token for at in within}
        for position, face_token in ends.items():
            if tokens.get(position, face_token) != face_token:
                return position
        tokens |= ends
        return None
