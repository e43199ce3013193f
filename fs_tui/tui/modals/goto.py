"""Go to a position of the list."""

from __future__ import annotations

from fs_tui.tui.modals.dialog import Dialog

__all__ = ["GoToPosition"]


class GoToPosition(Dialog[int]):
    """Returns a 1-based position. `last` is the proven last one; None while the end is unknown."""

    def __init__(self, *, last: int | None = None) -> None:
        super().__init__()
        self._last = last
