"""JoinedPages: pages that follow each other, each beginning with the last faces of the one before.

A face that still stands where it stood shows that none before it came or went meanwhile, so what is
read through them is one state of the library, however long it takes (API.md section 4, no. 7). Two
are compared: a page that begins with the face before its start begins with the right one where a
face went meanwhile, and leaves the next one out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import IncompleteError
from fs_tui.faces.paging.requests import proves_end
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from fs_tui.models import Face, FacePage

__all__ = ["JoinedPages", "LibraryMovedError"]

_JOINT = 2
"""Faces that two pages share."""


class LibraryMovedError(Exception):
    """The library changed before the place that was being read; says how."""


class JoinedPages:
    """See the module.

    Args:
        ask: Gives the page at a position.
        start: Where it begins.
        expected: A library that seems to end before this position is asked once more: a service
            may end its pages early.

    Attributes:
        position: The next position to be read, 1-based.
        ended: Whether the last face that was given is the library's last one.
    """

    def __init__(
        self, ask: Callable[[int], Awaitable[FacePage]], start: int, *, expected: int
    ) -> None:
        self.position = start
        self.ended = False
        self._ask = ask
        self._expected = expected
        self._last: FacePage | None = None
        self._short = 0
        self._probing = False

    async def more(self) -> Sequence[Face]:
        """The faces that follow; none where there are none.

        Raises:
            LibraryMovedError: The page does not follow the one before.
            FsTuiError: A request failed, or pages are too short to be joined.
        """
        if self._last is None:
            page = await self._ask(self.position)
            self._note(page, page.faces)
            return page.faces
        if self._probing and (await self._ask(self.position)).faces:
            faces = count(len(self._last.faces), "face")
            raise IncompleteError(f"the service lists {faces} a page, too few to be followed")
        page = await self._ask(self.position - min(_JOINT, len(self._last.faces)))
        new = _behind(self._last, page)
        self._note(page, new)
        return new

    def _note(self, page: FacePage, new: Sequence[Face]) -> None:
        """Learn from a page whether the library ends with it."""
        rows = len(page.faces)
        self.position = page.start + rows
        if not new:
            # It had room for more, as the one before it shows, or the position was asked by itself.
            self.ended = True
            return
        if self._last is not None and proves_end(self._last):
            self._short = max(self._short, len(self._last.faces))
        certain = proves_end(page) and rows > self._short
        self.ended = certain and self.position > self._expected
        self._probing = rows <= _JOINT and not self.ended
        self._last = page


def _behind(last: FacePage, page: FacePage) -> Sequence[Face]:
    """The faces of a page behind those that join it to the page before.

    Raises:
        LibraryMovedError: It does not begin with them, or holds other faces of the page before.
    """
    before = [face.face_token for face in last.faces]
    tokens = [face.face_token for face in page.faces]
    joint = before[-_JOINT:]
    if tokens[: len(joint)] != joint:
        raise LibraryMovedError(f"another face is at position {page.start:,} now")
    if not set(before).isdisjoint(tokens[len(joint) :]):
        raise LibraryMovedError(f"a face came again behind position {page.start:,}")
    return page.faces[len(joint) :]
