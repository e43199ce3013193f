"""KeptRows as a scan of a sandbox's library would have left them: five million rows at no cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.faces.kept_rows import Change, Marks
from fs_tui.models import Face

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from fs_tui.sandbox.faces import FaceSet

__all__ = ["KeptPopulation"]


class KeptPopulation:
    """Rows that are computed when they are read: what was scanned, less gaps, and what came.

    Args:
        scanned: The faces as they were read; nobody changes this set.
        read: When that was.

    Attributes:
        marks: Those of the last change.
        times_never_fall: True: the sandbox sorts by time, and tests that break that keep lists.
    """

    def __init__(self, scanned: FaceSet, read: datetime) -> None:
        self.marks = Marks(complete=True, looked_at=read, contents_as_of=read)
        self.times_never_fall = True
        self._scanned = scanned
        self._gaps: list[int] = []
        self._added: list[Face] = []
        self._corrected: dict[int, Face] = {}

    @property
    def count(self) -> int:
        return len(self._scanned) + len(self._added) - len(self._gaps)

    async def rows(self, first: int, last: int) -> Sequence[Face]:
        positions = range(first, min(last, self.count + 1))
        return [self._row(self._number(position)) for position in positions]

    async def apply(self, change: Change) -> None:
        numbers = [self._number(position) for position in change.taken]
        self._corrected |= {self._number(place): face for place, face in change.corrected}
        self._gaps = sorted([*self._gaps, *numbers])
        self._added += change.added
        self.marks = change.marks

    def _number(self, position: int) -> int:
        """The sequence number of a row, which it keeps when others go."""
        number = position
        for gap in self._gaps:
            number += gap <= number
        return number

    def _row(self, number: int) -> Face:
        if number in self._corrected:
            return self._corrected[number]
        if number > len(self._scanned):
            return self._added[number - len(self._scanned) - 1]
        return Face(*self._scanned.rows(number, 1)[0])
