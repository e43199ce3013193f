"""Recheck: whether what is loaded still stands, found out in three requests at most.

the window that is looked at ────►  other tokens, or fewer faces: moved
the last faces, and what follows ─►  more behind a proven end: grown; else everything stands

Additions come at the end, and a deletion shifts every later position (API.md section 4, no. 7): so
the last faces tell of all that went before them. What changed of a face under its token is seen
only where it is asked for.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from fs_tui.errors import ArgumentError
from fs_tui.faces.paging.asker import StartRefusedError
from fs_tui.faces.paging.end_search import LAST_START
from fs_tui.faces.paging.requests import proves_end
from fs_tui.gateway import MAX_PAGE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from fs_tui.faces.index.store import FaceStore
    from fs_tui.faces.paging.pager import Pager
    from fs_tui.faces.paging.positions import Positions
    from fs_tui.models import Face, FacePage

__all__ = ["Finding", "ask_end", "compare", "look_again"]


class Finding(NamedTuple):
    """What was seen.

    Attributes:
        moved: How the library was seen to have changed; empty when the tokens stand.
        grown: Whether faces follow an end that was proven.
        renewed: What other faces now say under the same token, by position.
    """

    moved: str = ""
    grown: bool = False
    renewed: Mapping[int, Face] = MappingProxyType({})


async def look_again(
    ask: Callable[[int, int], Awaitable[FacePage]], pager: Pager, position: int
) -> Sequence[FacePage]:
    """Ask again for what shows whether everything stands; the page with the end comes last.

    Args:
        ask: Takes `start` and `limit`.
        pager: What is known of the positions; stays as it is.
        position: Where the user is, 1-based.

    Raises:
        FsTuiError: A request failed.
    """
    following = pager.known.highest + 1
    pages = [
        await ask_end(ask, pager.known, start, limit) for start, limit in pager.samples(position)
    ]
    last = pages[-1]
    shows_end = proves_end(last) or last.start + len(last.faces) > following
    if pager.known.total is not None and not shows_end:
        pages.append(await ask(following, last.limit))
    return pages


async def ask_end(
    ask: Callable[[int, int], Awaitable[FacePage]], known: Positions, start: int, limit: int
) -> FacePage:
    """A page that may show the end: from where the service lists it, if it refuses `start`.

    Raises:
        StartRefusedError: It does not list so far.
        FsTuiError: The request failed.
    """
    earlier = max(known.accepted, LAST_START)
    try:
        return await ask(start, limit)
    except ArgumentError as error:
        if start <= earlier or not error.is_of_start:
            raise
        page = await ask(earlier, MAX_PAGE)
        following = earlier + len(page.faces)
        if following <= known.highest and not proves_end(page):
            raise StartRefusedError(following) from error
        return page


def compare(pages: Sequence[FacePage], known: Positions, store: FaceStore) -> Finding:
    """Compare what `look_again` brought with what is known and kept, both of which stay."""
    renewed: dict[int, Face] = {}
    end = 1
    for page in pages:
        for position, kept, face in store.others(page.start, page.faces):
            if kept.face_token != face.face_token:
                return Finding(moved=f"another face is at position {position:,} now")
            renewed[position] = face
        end = page.start + len(page.faces)
        if proves_end(page) and end <= known.highest:
            return Finding(moved=f"it ends before face {known.highest:,} now")
    return Finding(grown=known.total is not None and end > known.highest + 1, renewed=renewed)
