"""The export as the browser runs it: what is offered, loading what is missing, what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import IncompleteError
from fs_tui.faces.export import ExportResult, Scope, export
from fs_tui.faces.status import describe
from fs_tui.tui.dialogs.export import ExportCounts, ExportWish
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.status import ListingStatus, LoadedFace

__all__ = ["counts", "outcome", "run_export"]


def counts(status: ListingStatus) -> ExportCounts:
    """Return how many faces each choice has now."""
    return ExportCounts(
        marked=status.marked,
        filtered=status.view.rows if status.view.filter_text else None,
        loaded=status.loaded,
        total=status.total,
    )


async def run_export(
    listing: FaceListing, wish: ExportWish, progress: Callable[[int], None]
) -> ExportResult:
    """Write the file; for all faces, what is missing is loaded first.

    Raises:
        FileError: The file cannot be written.
    """
    faces = _all_faces(listing) if wish.scope is Scope.ALL else listing.chunks(wish.scope)
    return await export(faces, wish.path, wish.form, overwrite=wish.overwrite, progress=progress)


async def _all_faces(listing: FaceListing) -> AsyncIterator[Sequence[LoadedFace]]:
    """The whole library; raises at the end what kept it from being whole."""
    if not listing.status.complete:
        listing.scan()
        await listing.finished()
    async for rows in listing.chunks(Scope.ALL):
        yield rows
    status = listing.status
    if not status.complete:
        raise status.stopped or IncompleteError(describe(status))


def outcome(result: ExportResult, wish: ExportWish) -> str:
    """Say what was written, and whether it is all that was wanted."""
    rows = count(result.rows, "face")
    if result.whole:
        return f"Exported {rows} ({wish.scope.value}) to {result.path}"
    why = f": {result.error}" if result.error is not None else ""
    return f"The export stopped{why}. {rows} are in {result.path}"
