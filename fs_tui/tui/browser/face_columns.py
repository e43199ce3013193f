"""The columns of faces, and a face's cells in them, made safe to show."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import category

from fs_tui.models import FACE_FIELDS
from fs_tui.records import Kind, behind_mask, text_of
from fs_tui.tui.table.table_columns import Column, Cut
from fs_tui.visible import masked, visible
from fs_tui.words import added

if TYPE_CHECKING:
    from fs_tui.models import Face, FaceField

__all__ = ["COLUMNS", "face_cells"]

_FIELDS = sorted(FACE_FIELDS, key=lambda field: -field.width.worth)
_FIRM = 36
"""Cells of a user id that are never cut: with as many all that matters has room in 80 columns."""
_CUTS = {"end": Cut.NEED, "never": Cut.NEVER, "prefix": Cut.PREFIX}


def _column(field: FaceField) -> Column:
    least, most, worth, cut = field.width
    title = field.title if len(field.title) <= least else field.label.capitalize()
    return Column(field.name, title, least, most, priority=worth, cut=_CUTS[cut], firm=_FIRM)


COLUMNS = tuple(map(_column, _FIELDS))
"""The most important one first; their keys are the fields' names."""

_MASKED = behind_mask(_FIELDS)

_CELL_LIMIT = 512
"""Characters; what is looked for is shown wherever it stands among them."""


def face_cells(face: Face, *, masked: bool) -> tuple[str, ...]:
    """A face's cells in the order of COLUMNS."""
    return tuple(_cell(field, face) for field in (_MASKED if masked else _FIELDS))


def _cell(field: FaceField, face: Face) -> str:
    """A value for one cell of a row, with a dot for each character that would put the row askew.

    Spacing vowel signs (Tamil, Hindi and others) take a cell in tmux and xterm, and none in
    other terminals and for Textual. The details show them.
    """
    value = getattr(face, field.source)
    if field.kind is Kind.TIME:
        return added(value)
    text = text_of(value)
    shown = visible(masked(text) if field.mask else text, limit=_CELL_LIMIT)
    if shown.isascii():
        return shown
    return "".join("·" if category(one) == "Mc" else one for one in shown)
