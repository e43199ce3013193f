"""JoinedPages: pages that follow each other, each beginning with the last face of the one before.

A face that still stands where it stood shows that none before it came or went meanwhile, so what is
read through them is one state of the library, however long it takes (API.md section 4, no. 7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import IncompleteError
from fs_tui.faces.paging.requests import USUAL_PAGE, proves_end

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from fs_tui.models import Face, FacePage

__all__ = ["JoinedPages", "LibraryMovedError"]


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
        self._probing = False
        self._short = 0

    async def more(self) -> Sequence[Face]:
        """The faces that follow; none where there are none.

        Raises:
            LibraryMovedError: The page does not follow the one before.
            FsTuiError: A request failed, or pages are too short to be joined.
        """
        last = self._last
        if last is None:
            page = await self._ask(self.position)
            self._note(page, page.faces)
            return page.faces
        if self._probing:
            if not (await self._ask(self.position)).faces:
                self.ended = True
                return ()
            self._learn_short(last)
        page = await self._ask(self.position - 1)
        new = _behind(last, page)
        if new and proves_end(last):
            self._learn_short(last)
        self._note(page, new)
        return new

    def _note(self, page: FacePage, new: Sequence[Face]) -> None:
        """Learn from a page whether the library ends with it, or how that is to be found out."""
        rows = len(page.faces)
        self.position = page.start + rows
        telling = not new or rows > self._short
        ends = telling and proves_end(page)
        self.ended = ends and (rows == 0 or self.position > self._expected)
        # So short a page may be the last one, and does not say so, or says so too early.
        self._probing = telling and not self.ended and (ends or 0 < rows < USUAL_PAGE)
        if new:
            self._last = page

    def _learn_short(self, page: FacePage) -> None:
        """Faces followed a page that was short: pages of its length prove nothing here.

        Raises:
            IncompleteError: It cannot be joined to the one before and bring a face too.
        """
        self._short = max(self._short, len(page.faces))
        self._probing = False
        if self._short == 1:
            raise IncompleteError("the service lists one face a page, too few to be followed")


def _behind(last: FacePage, page: FacePage) -> Sequence[Face]:
    """The faces of a page behind the one that joins it to the page before.

    Raises:
        LibraryMovedError: It does not begin with that one, or holds faces of the page before.
    """
    before = {face.face_token for face in last.faces}
    tokens = [face.face_token for face in page.faces]
    if tokens[:1] != [last.faces[-1].face_token]:
        raise LibraryMovedError(f"another face is at position {page.start:,} now")
    if not before.isdisjoint(tokens[1:]):
        raise LibraryMovedError(f"a face came again behind position {page.start:,}")
    return page.faces[1:]
