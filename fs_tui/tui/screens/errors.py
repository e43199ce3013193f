"""All errors of this run."""

from __future__ import annotations

from collections import deque

from textual.screen import Screen

from fs_tui.tui.records import ErrorRecord

__all__ = ["Errors"]


class Errors(Screen[None]):
    """Shows `errors` (oldest first, a deque with a maxlen that the app fills). Posts CopyWanted."""

    def __init__(self, errors: deque[ErrorRecord]) -> None:
        super().__init__()
        self._errors = errors
