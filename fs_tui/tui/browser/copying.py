"""What a copy wish means: the text that goes to the clipboard."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fs_tui.errors import ClipboardError
from fs_tui.faces.export import CsvEncoder, JsonLinesEncoder, Scope, face_record
from fs_tui.tui.dialogs.copy import CopyForm
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.status import ListingStatus
    from fs_tui.models import Face

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


def copied_face(form: CopyForm, face: Face) -> tuple[str, str]:
    """Return the text of one face, and what it is in words."""
    texts: dict[CopyForm, Callable[[], tuple[str, str]]] = {
        CopyForm.TOKEN: lambda: (face.face_token, "the face token"),
        CopyForm.USER_ID: lambda: (face.user_id, "the user id"),
        CopyForm.USER_DATA: lambda: (face.user_data, "the user data"),
        CopyForm.JSON: lambda: (
            json.dumps(face_record(face), ensure_ascii=False),
            "the face as JSON",
        ),
        CopyForm.CSV: lambda: (CsvEncoder().rows([face]).removesuffix("\r\n"), "the face as CSV"),
    }
    return texts[form]()


async def copied_faces(form: CopyForm, scope: Scope, listing: FaceListing) -> tuple[str, str]:
    """Return the text of several faces, and what it is in words.

    Raises:
        ClipboardError: They are more than a clipboard should hold.
    """
    head, encode, words = _SEVERAL[form]()
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


def _tokens() -> tuple[str, Callable[[Sequence[Face]], str], str]:
    return "", lambda faces: "".join(f"{face.face_token}\n" for face in faces), "the tokens"


def _json() -> tuple[str, Callable[[Sequence[Face]], str], str]:
    return "", JsonLinesEncoder().rows, "the JSON Lines"


def _csv() -> tuple[str, Callable[[Sequence[Face]], str], str]:
    encoder = CsvEncoder()
    return encoder.head(), encoder.rows, "the CSV"


_SEVERAL = {CopyForm.TOKEN: _tokens, CopyForm.JSON: _json, CopyForm.CSV: _csv}
