"""Seams: whether pages that were read at different times belong to one state of the library.

A deletion moves up what stands behind it. A scan that has passed it would then step over one face,
and neither positions nor the end would show that (API.md section 4, no. 7). So each page of a
joined scan begins with the last face of the one before: while that stands, none before it went.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fs_tui.models import FacePage

__all__ = ["Seams", "behind"]


class Seams:
    """Remembers the faces at both ends of what was read, by position."""

    def __init__(self) -> None:
        self._tokens: dict[int, str] = {}

    def note(self, position: int, face_token: str) -> None:
        """A face stands there."""
        self._tokens[position] = face_token

    def torn(self, page: FacePage) -> int | None:
        """The position at which a page is not what was read there before; None where it is."""
        if not page.faces:
            return page.start if page.start in self._tokens else None
        ends = {
            page.start: page.faces[0].face_token,
            page.start + len(page.faces) - 1: page.faces[-1].face_token,
        }
        for position, face_token in ends.items():
            if self._tokens.get(position, face_token) != face_token:
                return position
        self._tokens |= ends
        return None


def behind(page: FacePage, known: int) -> FacePage:
    """The part of a page from the position `known` on: what stands before it was read."""
    if known == page.start:
        return page
    return replace(page, start=known, faces=page.faces[known - page.start :])
