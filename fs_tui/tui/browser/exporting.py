"""The export as the browser runs it: what is offered, loading what is missing, what came of it."""

from __future__ import annotations

import re
from asyncio import CancelledError
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fs_tui.errors import IncompleteError
from fs_tui.export import ExportResult, WholeFile, export
from fs_tui.faces.scopes import Scope
from fs_tui.faces.status import describe
from fs_tui.models import FACE_FIELDS
from fs_tui.tui.dialogs.export import ExportCounts, ExportDialog, ExportTarget
from fs_tui.tui.host import Job
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.status import ListingStatus
    from fs_tui.models import Face
    from fs_tui.tui.browser.faces_pane import FacesPane
    from fs_tui.tui.host import Host

__all__ = ["export_menu"]

_WHOLE = "The screen is masked. The file is not: it holds user ids, user data and tokens whole."


def export_menu(pane: FacesPane, host: Host, listing: FaceListing) -> None:
    """Choose what is to be exported, and where to."""

    def chosen(target: ExportTarget | None) -> None:
        if target is not None:
            host.work(Job.EXPORT, _export(host, listing, target), group_id=listing.group_id)

    dialog = ExportDialog(
        _counts(listing.status),
        suggested=lambda scope: _suggested_stem(listing.group_id, scope),
        folder=Path.cwd(),
        note=_WHOLE if host.masked else "",
    )
    pane.app.push_screen(dialog, chosen)


def _suggested_stem(group_id: str, scope: Scope) -> str:
    """A file name without suffix: of the library's id what every system takes, and the time."""
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", group_id).strip("-") or "library"
    return f"{name}-{scope.value}-{datetime.now(UTC).astimezone():%Y%m%d-%H%M%S}"


def _counts(status: ListingStatus) -> ExportCounts:
    """Return how many faces each choice has now."""
    return ExportCounts(
        marked=status.marked,
        filtered=status.view.rows if status.view.filter_text else None,
        loaded=status.loaded,
        total=status.total,
    )


async def _export(host: Host, listing: FaceListing, target: ExportTarget) -> None:
    file = WholeFile(target.path, overwrite=target.overwrite)
    host.say("exporting … x stops it", "wait")
    written = 0

    def progress(rows: int) -> None:
        nonlocal written
        written = rows
        host.say(f"exporting: {count(rows)} written, x stops it", "wait")

    try:
        encoder = target.format.encoder(FACE_FIELDS, guard=True)
        result = await export(_faces(listing, target.scope), file, encoder, progress)
    except CancelledError:
        kept = f" {count(written, 'face')} are in {file.partial}" if written else ""
        host.say(f"The export was stopped.{kept}")
        raise
    if result.error is not None:
        host.report(Job.EXPORT.value, result.error, listing.group_id)
    host.say(_outcome(result, target), "note" if result.error is None else "error")


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


def _outcome(result: ExportResult, target: ExportTarget) -> str:
    """Say what was written, and whether it is all that was wanted."""
    rows = count(result.rows, "face")
    if result.error is None:
        return f"Exported {rows} ({target.scope.value}) to {result.path}"
    kept = f" {rows} are in {result.path}" if result.path is not None else ""
    return f"The export stopped: {result.error}.{kept}"
