"""The copy menu: what of the highlighted row, or of several, is to be copied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fs_tui.records import CSV, JSONL, Field, Format, Kind, behind_mask, record
from fs_tui.tui.forms.menu import Entry, Menu
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fs_tui.faces.scopes import Scope
    from fs_tui.tui.row_kinds import RowKind

__all__ = ["CopyChoice", "CopyMenu", "title_of"]

_LINES = {JSONL: "JSON", CSV: "CSV row"}
"""Formats in which one row is one line, and what that line is."""


@dataclass(frozen=True, slots=True)
class CopyChoice:
    """What is to be copied.

    Attributes:
        content: A field of each row, or the whole of it in a format that has a line for each.
        scope: Which rows; None is the highlighted one.
    """

    content: Field | Format
    scope: Scope | None = None


class CopyMenu(Menu[CopyChoice]):
    """Returns what is to be copied.

    Args:
        kind: What the rows are.
        row: The highlighted one; None for none.
        counts: How many rows each scope has that can be copied, in the order of the menu.
        masked: Show the last three characters only; what is copied is whole.
    """

    def __init__(
        self,
        kind: RowKind,
        row: object | None,
        counts: Mapping[Scope, int],
        *,
        masked: bool = False,
    ) -> None:
        choices: list[tuple[CopyChoice, str, str]] = []
        if row is not None:
            values = record(behind_mask(kind.fields) if masked else kind.fields, row)
            choices += [
                (CopyChoice(field), title_of(field), str(values[field.name]))
                for field in kind.fields
                if field.kind is Kind.TEXT and values[field.name]
            ]
            choices += [
                (CopyChoice(form), f"whole {kind.one} as {words}", "")
                for form, words in _LINES.items()
            ]
        for scope, number in counts.items():
            several = {kind.key: kind.keys} | {form: form.title for form in _LINES}
            rows = count(number, kind.one, kind.many)
            choices += [
                (CopyChoice(form, scope), f"{scope.value}: {words}", rows)
                for form, words in several.items()
            ]
        title = "Copy (not masked)" if masked else "Copy"
        super().__init__(title, [Entry(*choice) for choice in choices])


def title_of(field: Field) -> str:
    """Return what a field is called within a sentence."""
    return field.name.replace("_", " ")
