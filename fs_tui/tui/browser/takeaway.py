"""What leaves the table: the menus for copies and exports, and the work behind them."""

from __future__ import annotations

import hashlib
from asyncio import CancelledError
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fs_tui.export import WholeFile
from fs_tui.tui.browser.copying import copied_face, copied_faces, scopes
from fs_tui.tui.browser.exporting import counts, outcome, run_export
from fs_tui.tui.dialogs.copy import CopyMenu, CopyWish
from fs_tui.tui.dialogs.export import ExportDialog, ExportWish
from fs_tui.tui.messages import CopyWanted
from fs_tui.words import count

if TYPE_CHECKING:
    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.scopes import Scope
    from fs_tui.models import Face
    from fs_tui.tui.browser.faces_pane import FacesPane

__all__ = ["copy_menu", "export_menu"]


def copy_menu(pane: FacesPane, listing: FaceListing, face: Face | None) -> None:
    """Choose what of the face that is looked at, or of several, is to be copied."""
    if face is None and not listing.status.loaded:
        pane.say("There is no face to copy.", "brief")
        return

    def chosen(wish: CopyWish | None) -> None:
        if wish is not None:
            pane.app.work("copy", _copy(pane, wish, listing, face))

    pane.app.push_screen(CopyMenu(face, scopes(listing.status)), chosen)


async def _copy(pane: FacesPane, wish: CopyWish, listing: FaceListing, face: Face | None) -> None:
    if wish.scope is not None:
        text, what = await copied_faces(wish.form, wish.scope, listing)
    elif face is not None:
        text, what = copied_face(wish.form, face)
    else:
        return
    pane.post_message(CopyWanted(text, what))


def export_menu(pane: FacesPane, listing: FaceListing) -> None:
    """Choose what is to be exported, and where to."""

    def chosen(wish: ExportWish | None) -> None:
        if wish is not None:
            pane.app.work("export", _export(pane, listing, wish), group_id=listing.group_id)

    dialog = ExportDialog(
        counts(listing.status),
        suggested=lambda scope: _suggested_stem(listing.group_id, scope),
        folder=Path.cwd(),
    )
    pane.app.push_screen(dialog, chosen)


def _suggested_stem(group_id: str, scope: Scope) -> str:
    """A file name without suffix, and without the raw id in it: a date and a short digest."""
    digest = hashlib.sha256(group_id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"faces-{digest}-{scope.value}-{datetime.now(UTC).astimezone():%Y%m%d-%H%M%S}"


async def _export(pane: FacesPane, listing: FaceListing, wish: ExportWish) -> None:
    file = WholeFile(wish.path, overwrite=wish.overwrite)
    pane.say("exporting … x stops it", "wait")
    written = 0

    def progress(rows: int) -> None:
        nonlocal written
        written = rows
        pane.say(f"exporting: {count(rows)} written, x stops it", "wait")

    try:
        result = await run_export(listing, wish, file, progress)
    except CancelledError:
        kept = f" {count(written, 'face')} are in {file.partial}" if written else ""
        pane.say(f"The export was stopped.{kept}", "error")
        raise
    if result.error is not None:
        pane.app.report("export", result.error, listing.group_id)
    pane.say(outcome(result, wish), "note" if result.error is None else "error")
