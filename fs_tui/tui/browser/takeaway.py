"""What leaves the table: the menus for copies and exports, and the work behind them."""

from __future__ import annotations

from asyncio import CancelledError
from pathlib import Path
from typing import TYPE_CHECKING

from fs_tui.faces.export import suggested_stem
from fs_tui.tui.browser.copying import copied_face, copied_faces, scopes
from fs_tui.tui.browser.exporting import counts, outcome, run_export
from fs_tui.tui.dialogs.copy import CopyMenu, CopyWish
from fs_tui.tui.dialogs.export import ExportDialog, ExportWish
from fs_tui.tui.messages import CopyWanted
from fs_tui.words import count

if TYPE_CHECKING:
    from fs_tui.faces.listing import FaceListing
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
        suggested=lambda scope: suggested_stem(listing.group_id, scope),
        folder=Path.cwd(),
    )
    pane.app.push_screen(dialog, chosen)


async def _export(pane: FacesPane, listing: FaceListing, wish: ExportWish) -> None:
    pane.say("exporting … x stops it", "wait")
    written = 0

    def progress(rows: int) -> None:
        nonlocal written
        written = rows
        pane.say(f"exporting: {count(rows)} written, x stops it", "wait")

    try:
        result = await run_export(listing, wish, progress)
    except CancelledError:
        faces = count(written, "face")
        pane.say(f"The export was stopped. {faces} are in {wish.path}.partial", "error")
        raise
    if result.error is not None:
        pane.app.report("export", result.error, listing.group_id)
    pane.say(outcome(result, wish), "note" if result.whole else "error")
