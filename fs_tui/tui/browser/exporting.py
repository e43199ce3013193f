"""The export as the browser runs it: what is offered, loading what is missing, what came of it."""

from __future__ import annotations

import re
from asyncio import CancelledError
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fs_tui.export import ExportResult, WholeFile, export
from fs_tui.tui.dialogs.export import ExportDialog, ExportTarget
from fs_tui.tui.host import Job
from fs_tui.tui.row_kinds import RowCounts
from fs_tui.words import count

if TYPE_CHECKING:
    from fs_tui.faces.scopes import Scope
    from fs_tui.tui.browser.data_pane import DataPane
    from fs_tui.tui.browser.sheet import Sheet
    from fs_tui.tui.host import Host

__all__ = ["export_menu"]

_WHOLE = "The screen is masked. The file is not: it holds user ids, user data and tokens in full."


def export_menu(pane: DataPane, host: Host) -> None:
    """Choose what is to be exported, and where to."""
    sheet = pane.sheet
    if sheet.counts == RowCounts(loads_rest=False):
        host.say("There is nothing to export.")
        return

    def chosen(target: ExportTarget | None) -> None:
        if target is not None:
            host.work(Job.EXPORT, _export(host, sheet, target), group_id=sheet.group_id)

    dialog = ExportDialog(
        sheet.kind,
        sheet.counts,
        suggested=lambda scope: _suggested_stem(sheet.name, scope),
        folder=Path.cwd(),
        note=_WHOLE if host.masked else "",
    )
    pane.app.push_screen(dialog, chosen)


def _suggested_stem(name: str, scope: Scope) -> str:
    """A file name without suffix: of the name what every system takes, and the time."""
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-") or "library"
    return f"{name}-{scope.value}-{datetime.now(UTC).astimezone():%Y%m%d-%H%M%S}"


async def _export(host: Host, sheet: Sheet, target: ExportTarget) -> None:
    file = WholeFile(target.path, overwrite=target.overwrite)
    kind, group_id = sheet.kind, sheet.group_id
    host.say("exporting … x stops it", "wait")
    written = 0

    def progress(rows: int) -> None:
        nonlocal written
        written = rows
        host.say(f"exporting: {count(rows)} written, x stops it", "wait")

    try:
        encoder = target.format.encoder(kind.fields, guard=True)
        result = await export(sheet.chunks(target.scope), file, encoder, progress)
    except CancelledError:
        rows = count(written, kind.one, kind.many)
        kept = f" {rows} are in {file.partial}" if written else ""
        host.say(f"The export was stopped.{kept}")
        raise
    if result.error is not None:
        host.report(Job.EXPORT.value, result.error, group_id)
    host.say(_outcome(result, target, sheet), "note" if result.error is None else "error")


def _outcome(result: ExportResult, target: ExportTarget, sheet: Sheet) -> str:
    """Say what was written, and whether it is all that was wanted."""
    rows = count(result.rows, sheet.kind.one, sheet.kind.many)
    if result.error is None:
        caveat = f"; {sheet.caveat}" if sheet.caveat else ""
        return f"Exported {rows} ({target.scope.value}) to {result.path}{caveat}"
    kept = f" {rows} are in {result.path}" if result.path is not None else ""
    return f"The export stopped: {result.error}.{kept}"
