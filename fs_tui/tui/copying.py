"""What a copy wish means: the text that goes to the clipboard."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fs_tui.faces.export import CsvEncoder, JsonLinesEncoder, Scope, face_record
from fs_tui.tui.modals.copy import CopyWish

if TYPE_CHECKING:
    from fs_tui.faces.loader import FaceListing
    from fs_tui.models import Face

__all__ = ["copied_face", "copied_marks"]

_WORDS = {
    CopyWish.TOKEN: "the face token",
    CopyWish.USER_ID: "the user id",
    CopyWish.USER_DATA: "the user data",
    CopyWish.JSON: "the face as JSON",
    CopyWish.CSV_ROW: "the face as CSV",
    CopyWish.MARKED_TOKENS: "the marked tokens",
    CopyWish.MARKED_JSONL: "the marked faces as JSON Lines",
    CopyWish.MARKED_CSV: "the marked faces as CSV",
}


def copied_face(wish: CopyWish, face: Face) -> tuple[str, str]:
    """Return the text of one face, and what it is in words."""
    texts = {
        CopyWish.TOKEN: lambda: face.face_token,
        CopyWish.USER_ID: lambda: face.user_id,
        CopyWish.USER_DATA: lambda: face.user_data,
        CopyWish.JSON: lambda: json.dumps(face_record(face), ensure_ascii=False),
        CopyWish.CSV_ROW: lambda: CsvEncoder().rows([face]).removesuffix("\r\n"),
    }
    return texts[wish](), _WORDS[wish]


async def copied_marks(wish: CopyWish, listing: FaceListing) -> tuple[str, str]:
    """Return the text of the marked faces, and what it is in words."""
    faces = [row.face async for rows in listing.chunks(Scope.MARKED) for row in rows]
    if wish is CopyWish.MARKED_TOKENS:
        text = "\n".join(face.face_token for face in faces)
    else:
        encoder = CsvEncoder() if wish is CopyWish.MARKED_CSV else JsonLinesEncoder()
        text = encoder.head() + encoder.rows(faces)
    return text, _WORDS[wish]
