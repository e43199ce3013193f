"""What rows of a kind are called, what of them is written and copied, and how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fs_tui.models import FACE_FIELDS, FACE_TOKEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fs_tui.records import Field

__all__ = ["FACES", "RowCounts", "RowKind"]


class RowKind(NamedTuple):
    """Rows that commands and browser write alike.

    Attributes:
        fields: What is written of one.
        key: The one of them that names a row.
        one: What a row is called.
        many: What several are called.
        keys: What the keys of several are called.
    """

    fields: Sequence[Field]
    key: Field
    one: str
    many: str
    keys: str


FACES = RowKind(FACE_FIELDS, FACE_TOKEN, "face", "faces", "tokens")


class RowCounts(NamedTuple):
    """How many rows each scope has now.

    Attributes:
        filtered: None where nothing is filtered.
        loaded: None where what is loaded is no scope of its own.
        total: None while it is not known how many there are.
        loads_rest: Whether what is missing can be loaded.
    """

    marked: int = 0
    filtered: int | None = None
    loaded: int | None = None
    total: int | None = None
    loads_rest: bool = True
