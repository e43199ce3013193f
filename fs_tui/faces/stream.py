"""Faces as a stream, page after page, for commands: nothing is stored, memory stays flat."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from fs_tui.faces.status import LoadedFace
    from fs_tui.gateway import Gateway

__all__ = ["count_faces", "stream_faces"]


def stream_faces(
    gateway: Gateway,
    group_id: str,
    *,
    start: int = 1,
    limit: int | None = None,
    concurrency: int = 1,
) -> AsyncIterator[Sequence[LoadedFace]]:
    """A library's faces from position `start` on, in order, each once, in chunks of a page.

    It ends normally when the proven end, or `limit` faces, are reached.

    Raises:
        IncompleteError: The service lists no further, or the library changed while it was read.
        FsTuiError: A page failed; what came before it was given already.
    """
    raise NotImplementedError


async def count_faces(gateway: Gateway, group_id: str) -> int:
    """The proven number of faces, in logarithmically many requests, three at a time.

    Raises:
        IncompleteError: The end cannot be proven; the detail says how far the service lists.
        FsTuiError: A request failed.
    """
    raise NotImplementedError
