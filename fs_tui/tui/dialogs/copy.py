"""The copy menu: what of the highlighted face, or of several faces, is to be copied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fs_tui.models import FACE_FIELDS, FACE_TOKEN, FaceField
from fs_tui.records import CSV, JSONL, Format, Kind, behind_mask, record
from fs_tui.tui.forms.menu import Entry, Menu
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fs_tui.faces.scopes import Scope
    from fs_tui.models import Face

__all__ = ["CopyChoice", "CopyMenu"]

_LINES = {JSONL: "JSON", CSV: "CSV row"}
"""Formats in which one face is one line, and what that line is."""


@dataclass(frozen=True, slots=True)
class CopyChoice:
    """What is to be copied.

    Attributes:
        content: A field of each face, or the whole of it in a format that has a line for each.
        scope: Which faces; None is the highlighted one.
    """

    content: FaceField | Format
    scope: Scope | None = None


class CopyMenu(Menu[CopyChoice]):
    """Returns what is to be copied.

    Args:
        face: The highlighted face.
        counts: How many faces each scope has that can be copied, in the order of the menu.
        masked: Show the last three signs only; what is copied is whole.
    """

    def __init__(
        self, face: Face | None, counts: Mapping[Scope, int], *, masked: bool = False
    ) -> None:
        choices: list[tuple[CopyChoice, str, str]] = []
        if face is not None:
            values = record(behind_mask(FACE_FIELDS) if masked else FACE_FIELDS, face)
            choices += [
                (CopyChoice(field), field.title.lower(), str(values[field.name]))
                for field in FACE_FIELDS
                if field.kind is Kind.TEXT and values[field.name]
            ]
            choices += [
                (CopyChoice(form), f"whole face as {words}", "") for form, words in _LINES.items()
            ]
        for scope, number in counts.items():
            several = {FACE_TOKEN: "tokens"} | {form: form.title for form in _LINES}
            faces = count(number, "face")
            choices += [
                (CopyChoice(form, scope), f"{scope.value}: {words}", faces)
                for form, words in several.items()
            ]
        title = "Copy, whole behind the mask" if masked else "Copy"
        super().__init__(title, [Entry(*choice) for choice in choices])
