"""Subject: what is looked at; details, copies and marks all go by this one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fs_tui.models import Face, Library
    from fs_tui.tui.browser.detail import Card

__all__ = ["Subject"]


class Subject(NamedTuple):
    """A library, a face, or a place whose face is not loaded; nothing of these before the first.

    Attributes:
        group_id: The library that it is, or that it is in.
        library: The library as the list has it, where a library is looked at.
        face: The face, where one is looked at.
        position: Its 1-based position; 0 while that is not known.
        loading: Whether a face that is missing is on its way.
        card: What a view says of its row, where that is no face; nothing more is asked about it.
    """

    group_id: str = ""
    library: Library | None = None
    face: Face | None = None
    position: int = 0
    loading: bool = False
    card: Card | None = None
