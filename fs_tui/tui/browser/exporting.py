"""The export as the browser runs it: what is offered, loading what is missing, what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import IncompleteError
from fs_tui.export import ExportResult, WholeFile, export
from fs_tui.faces.scopes import Scope
from fs_tui.faces.status import describe
from fs_tui.models import FACE_FIELDS
from fs_tui.tui.dialogs.export import ExportCounts, ExportWish
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.status import ListingStatus
    from fs_tui.models import Face

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
    listing: FaceListing, wish: ExportWish, file: WholeFile, progress: Callable[[int], None]
) -> ExportResult:
    """Write the file; for all faces, what is missing is loaded first."""
    encoder = wish.form.encoder(FACE_FIELDS, guard=True)
    return await export(_faces(listing, wish.scope), file, encoder, progress)


async def _faces(listing: FaceListing, scope: Scope) -> AsyncGenerator[Sequence[Face], None]:
    """The faces of a scope; of all of them, raises at the end what kept it from being whole."""
    if scope is Scope.ALL and not listing.status.complete:
        listing.scan()
        await listing.finished()
    async for rows in listing.chunks(scope):
        yield [row.face for row in rows]
    status = listing.status
    if scope is Scope.ALL and not status.complete:
        raise status.stopped or IncompleteError(describe(status))


def outcome(result: ExportResult, wish: ExportWish) -> str:
    """Say what was written, and whether it is all that was wanted."""
    rows = count(result.rows, "face")
    if result.error is None:
        return f"Exported {rows} ({wish.scope.value}) to {result.path}"
    kept = f" {rows} are in {result.path}" if result.path is not None else ""
    return f"The export stopped: {result.error}.{kept}"
