"""The copy menu: what of the highlighted face, or of several faces, is to be copied."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from fs_tui.tui.forms.menu import Entry, Menu
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fs_tui.faces.export import Scope
    from fs_tui.models import Face

__all__ = ["CopyForm", "CopyMenu", "CopyWish"]


class CopyForm(Enum):
    """What of a face is copied."""

    TOKEN = "token"  # noqa: S105  a face token is an id, not a secret
    USER_ID = "user_id"
    USER_DATA = "user_data"
    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class CopyWish:
    """What is to be copied.

    Attributes:
        form: What of each face; several faces have TOKEN, JSON (a line each) and CSV.
        scope: Which faces; None is the highlighted one.
    """

    form: CopyForm
    scope: Scope | None = None


class CopyMenu(Menu[CopyWish]):
    """Returns what is to be copied.

    Args:
        face: The highlighted face.
        counts: How many faces each scope has that can be copied, in the order of the menu.
    """

    def __init__(self, face: Face | None, counts: Mapping[Scope, int]) -> None:
        entries: list[Entry[CopyWish]] = []
        if face is not None:
            entries.append(Entry(CopyWish(CopyForm.TOKEN), "face token", face.face_token))
            if face.user_id:
                entries.append(Entry(CopyWish(CopyForm.USER_ID), "user id", face.user_id))
            if face.user_data:
                entries.append(Entry(CopyWish(CopyForm.USER_DATA), "user data", face.user_data))
            entries.append(Entry(CopyWish(CopyForm.JSON), "whole face as JSON"))
            entries.append(Entry(CopyWish(CopyForm.CSV), "whole face as CSV row"))
        for scope, number in counts.items():
            faces = count(number, "face")
            for form, words in _SEVERAL.items():
                entries.append(Entry(CopyWish(form, scope), f"{scope.value}: {words}", faces))
        super().__init__("Copy", entries)


_SEVERAL = {CopyForm.TOKEN: "tokens", CopyForm.JSON: "JSON Lines", CopyForm.CSV: "CSV"}
