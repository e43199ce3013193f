"""Copies as the browser makes them: what is offered, and the text that goes to the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import ClipboardError
from fs_tui.faces.scopes import Scope
from fs_tui.records import Field, texts
from fs_tui.tui.dialogs.copy import CopyChoice, CopyMenu, title_of
from fs_tui.tui.host import Job
from fs_tui.tui.messages import CopyWanted
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fs_tui.records import Format
    from fs_tui.tui.browser.data_pane import DataPane
    from fs_tui.tui.browser.sheet import Sheet
    from fs_tui.tui.host import Host
    from fs_tui.tui.row_kinds import RowCounts, RowKind

__all__ = ["copy_key", "copy_marked", "copy_menu"]

_MOST = 4 * 1024 * 1024
"""Characters; a clipboard is no place for more."""


def copy_menu(pane: DataPane, host: Host) -> None:
    """Choose what of the row that is looked at, or of several, is to be copied."""
    sheet = pane.sheet
    row, scopes = sheet.current(), _scopes(sheet.counts)
    if row is None and not scopes:
        host.say(f"There is no {sheet.kind.one} to copy.")
        return

    def chosen(choice: CopyChoice | None) -> None:
        if choice is not None:
            host.work(Job.COPY, _copy(pane, choice, row))

    pane.app.push_screen(CopyMenu(sheet.kind, row, scopes, masked=host.masked), chosen)


def copy_marked(pane: DataPane, host: Host) -> None:
    """Copy the keys of the marked rows, one a line."""
    choice = CopyChoice(pane.sheet.kind.key, Scope.MARKED)
    host.work(Job.COPY, _copy(pane, choice, None))


def copy_key(pane: DataPane, host: Host) -> None:
    """Copy the key of the row with the cursor."""
    kind, row = pane.sheet.kind, pane.sheet.current()
    if row is not None and (text := texts(kind.key, [row])[0]):
        pane.post_message(CopyWanted(text, f"the {title_of(kind.key)}"))
    else:
        host.say(f"There is no {title_of(kind.key)} to copy.")


async def _copy(pane: DataPane, choice: CopyChoice, row: object | None) -> None:
    if choice.scope is not None:
        text, what = await _copied_rows(choice.content, choice.scope, pane.sheet)
    elif row is not None:
        text, what = _copied_row(choice.content, row, pane.sheet.kind)
    else:
        return
    pane.post_message(CopyWanted(text, what))


def _scopes(counts: RowCounts) -> dict[Scope, int]:
    """Return the scopes that hold rows now, the narrowest first, and how many."""
    is_all = counts.total is not None and counts.loaded in {None, counts.total}
    found = {
        Scope.MARKED: counts.marked,
        Scope.FILTERED: counts.filtered,
        (Scope.ALL if is_all else Scope.LOADED): counts.total if is_all else counts.loaded,
    }
    return {scope: number for scope, number in found.items() if number}


def _copied_row(content: Field | Format, row: object, kind: RowKind) -> tuple[str, str]:
    """Return the text of one row, and what it is in words."""
    if isinstance(content, Field):
        return texts(content, [row])[0], f"the {title_of(content)}"
    line = content.encoder(kind.fields, guard=True).rows([row]).decode()
    return line.rstrip("\r\n"), f"the {kind.one} as {content.title}"


async def _copied_rows(content: Field | Format, scope: Scope, sheet: Sheet) -> tuple[str, str]:
    """Return the text of several rows, and what it is in words.

    Raises:
        ClipboardError: They are more than a clipboard should hold.
    """
    kind = sheet.kind
    keys = sheet.marked_keys() if content is kind.key and scope is Scope.MARKED else None
    if keys is not None:
        text = "".join(f"{key}\n" for key in keys)
        _see_that_it_fits(len(text), scope, kind)
        of = count(len(keys), kind.one, kind.many)
        return text, f"the {title_of(kind.key)}s of {of} (marked)"
    if isinstance(content, Field):
        head, words = "", f"the {title_of(content)}s"

        def encode(rows: Sequence[object]) -> str:
            return "".join(f"{text}\n" for text in texts(content, rows))
    else:
        encoder = content.encoder(kind.fields, guard=True)
        head, words = encoder.head().decode(), f"the {content.title}"

        def encode(rows: Sequence[object]) -> str:
            return encoder.rows(rows).decode()

    parts, size, number = [head], 0, 0
    async for rows in sheet.chunks(scope):
        parts.append(encode(rows))
        number += len(rows)
        size += len(parts[-1])
        _see_that_it_fits(size, scope, kind)
    caveat = "" if isinstance(content, Field) or not sheet.caveat else f"; {sheet.caveat}"
    of = count(number, kind.one, kind.many)
    return "".join(parts), f"{words} of {of} ({scope.value}){caveat}"


def _see_that_it_fits(size: int, scope: Scope, kind: RowKind) -> None:
    if size > _MOST:
        raise ClipboardError(
            f"The {scope.value} {kind.many} are too many for a clipboard.",
            hint="Export them to a file.",
        )
