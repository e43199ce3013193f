"""What a copy wish means: the text that goes to the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import ClipboardError
from fs_tui.faces.scopes import Scope
from fs_tui.models import FACE_FIELDS, FaceField
from fs_tui.records import texts
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.status import ListingStatus
    from fs_tui.models import Face
    from fs_tui.records import Format

__all__ = ["copied_face", "copied_faces", "scopes"]

_MOST = 4 * 1024 * 1024
"""Characters; a clipboard is no place for more."""


def scopes(status: ListingStatus) -> dict[Scope, int]:
    """Return the scopes that hold faces now, the narrowest first, and how many."""
    loaded = Scope.ALL if status.complete else Scope.LOADED
    found = {
        Scope.MARKED: status.marked,
        Scope.FILTERED: status.view.rows if status.view.filter_text else 0,
        loaded: status.loaded,
    }
    return {scope: number for scope, number in found.items() if number}


def copied_face(form: FaceField | Format, face: Face) -> tuple[str, str]:
    """Return the text of one face, and what it is in words."""
    if isinstance(form, FaceField):
        return texts(form, [face])[0], f"the {form.title.lower()}"
    line = form.encoder(FACE_FIELDS, guard=True).rows([face]).decode()
    return line.rstrip("\r\n"), f"the face as {form.title}"


async def copied_faces(
    form: FaceField | Format, scope: Scope, listing: FaceListing
) -> tuple[str, str]:
    """Return the text of several faces, and what it is in words.

    Raises:
        ClipboardError: They are more than a clipboard should hold.
    """
    if isinstance(form, FaceField):
        head, words = "", f"the {form.title.lower()}s"

        def encode(faces: Sequence[Face]) -> str:
            return "".join(f"{text}\n" for text in texts(form, faces))
    else:
        encoder = form.encoder(FACE_FIELDS, guard=True)
        head, words = encoder.head().decode(), f"the {form.title}"

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
