"""The copy menu: what of the highlighted or marked faces is to be copied."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from fs_tui.tui.modals.dialog import Dialog

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


class CopyMenu(Dialog[CopyWish]):
    """Returns what is to be copied of the highlighted `face`, or of the `marked` ones (a count)."""

    def __init__(self, face: Face | None, *, marked: int = 0) -> None:
        super().__init__()
        self._face = face
        self._marked = marked
