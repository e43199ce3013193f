"""The copy menu: what of the highlighted or marked faces is to be copied."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from fs_tui.tui.modals.menu import Entry, Menu
from fs_tui.tui.words import count

if TYPE_CHECKING:
    from fs_tui.models import Face

__all__ = ["CopyMenu", "CopyWish"]


class CopyWish(Enum):
    """What is to be copied."""

    TOKEN = "token"  # noqa: S105  a face token is an id, not a secret
    USER_ID = "user_id"
    USER_DATA = "user_data"
    JSON = "json"
    CSV_ROW = "csv_row"
    MARKED_TOKENS = "marked_tokens"
    MARKED_JSONL = "marked_jsonl"
    MARKED_CSV = "marked_csv"


class CopyMenu(Menu[CopyWish]):
    """Returns what is to be copied of the highlighted `face`, or of the `marked` ones (a count).

    There is something to copy: a face, or at least one mark.
    """

    def __init__(self, face: Face | None, *, marked: int = 0) -> None:
        entries: list[Entry[CopyWish]] = []
        if face is not None:
            entries.append(Entry(CopyWish.TOKEN, "face token", face.face_token))
            if face.user_id:
                entries.append(Entry(CopyWish.USER_ID, "user id", face.user_id))
            if face.user_data:
                entries.append(Entry(CopyWish.USER_DATA, "user data", face.user_data))
            entries.append(Entry(CopyWish.JSON, "whole face as JSON"))
            entries.append(Entry(CopyWish.CSV_ROW, "whole face as CSV row"))
        if marked:
            faces = count(marked, "marked face")
            entries.append(Entry(CopyWish.MARKED_TOKENS, "marked: tokens", faces))
            entries.append(Entry(CopyWish.MARKED_JSONL, "marked: JSON Lines", faces))
            entries.append(Entry(CopyWish.MARKED_CSV, "marked: CSV", faces))
        super().__init__("Copy", entries)
