"""Copies as the browser makes them: what is offered, and the text that goes to the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import ClipboardError
from fs_tui.faces.scopes import Scope
from fs_tui.models import FACE_FIELDS, FACE_TOKEN, FaceField
from fs_tui.records import texts
from fs_tui.tui.dialogs.copy import CopyChoice, CopyMenu
from fs_tui.tui.host import Job
from fs_tui.tui.messages import CopyWanted
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.status import ListingStatus
    from fs_tui.models import Face
    from fs_tui.records import Format
    from fs_tui.tui.browser.faces_pane import FacesPane
    from fs_tui.tui.host import Host

__all__ = ["copy_marked", "copy_menu"]

_MOST = 4 * 1024 * 1024
"""Characters; a clipboard is no place for more."""


def copy_menu(pane: FacesPane, host: Host, listing: FaceListing, face: Face | None) -> None:
    """Choose what of the face that is looked at, or of several, is to be copied."""
    if face is None and not listing.status.loaded:
        host.say("There is no face to copy.")
        return

    def chosen(choice: CopyChoice | None) -> None:
        if choice is not None:
            host.work(Job.COPY, _copy(pane, choice, listing, face))

    pane.app.push_screen(CopyMenu(face, _scopes(listing.status), masked=host.masked), chosen)


def copy_marked(pane: FacesPane, host: Host, listing: FaceListing) -> None:
    """Copy the tokens of the marked faces, one a line."""
    choice = CopyChoice(FACE_TOKEN, Scope.MARKED)
    host.work(Job.COPY, _copy(pane, choice, listing, None))


async def _copy(
    pane: FacesPane, choice: CopyChoice, listing: FaceListing, face: Face | None
) -> None:
    if choice.scope is not None:
        text, what = await _copied_faces(choice.content, choice.scope, listing)
    elif face is not None:
        text, what = _copied_face(choice.content, face)
    else:
        return
    pane.post_message(CopyWanted(text, what))


def _scopes(status: ListingStatus) -> dict[Scope, int]:
    """Return the scopes that hold faces now, the narrowest first, and how many."""
    loaded = Scope.ALL if status.complete else Scope.LOADED
    found = {
        Scope.MARKED: status.marked,
        Scope.FILTERED: status.view.rows if status.view.filter_text else 0,
        loaded: status.loaded,
    }
    return {scope: number for scope, number in found.items() if number}


def _copied_face(content: FaceField | Format, face: Face) -> tuple[str, str]:
    """Return the text of one face, and what it is in words."""
    if isinstance(content, FaceField):
        return texts(content, [face])[0], f"the {content.title.lower()}"
    line = content.encoder(FACE_FIELDS, guard=True).rows([face]).decode()
    return line.rstrip("\r\n"), f"the face as {content.title}"


async def _copied_faces(
    content: FaceField | Format, scope: Scope, listing: FaceListing
) -> tuple[str, str]:
    """Return the text of several faces, and what it is in words.

    Raises:
        ClipboardError: They are more than a clipboard should hold.
    """
    if isinstance(content, FaceField):
        head, words = "", f"the {content.title.lower()}s"

        def encode(faces: Sequence[Face]) -> str:
            return "".join(f"{text}\n" for text in texts(content, faces))
    else:
        encoder = content.encoder(FACE_FIELDS, guard=True)
        head, words = encoder.head().decode(), f"the {content.title}"

        def encode(faces: Sequence[Face]) -> str:
            return encoder.rows(faces).decode()

    parts, size, number = [head], 0, 0
    async for rows in listing.chunks(scope):
        parts.append(encode([row.face for row in rows]))
        number += len(rows)
        size += len(parts[-1])
        if size > _MOST:
            raise ClipboardError(
                f"The {scope.value} faces are too many for a clipboard.",
                hint="Export them to a file.",
            )
    return "".join(parts), f"{words} of {count(number, 'face')} ({scope.value})"
