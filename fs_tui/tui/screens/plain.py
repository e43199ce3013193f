"""A plain page whose text the terminal itself can select."""

from __future__ import annotations

from textual.screen import Screen

__all__ = ["PlainText"]


class PlainText(Screen[None]):
    """Shows `text` without frames; mouse capture is off while it is open."""

    def __init__(self, text: str, *, what: str = "") -> None:
        super().__init__()
        self._text = text
        self._what = what
