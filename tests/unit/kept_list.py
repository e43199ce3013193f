"""KeptRows over a plain list: holds both sides to the contract."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from fs_tui.faces.kept_rows import Change, Marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fs_tui.models import Face

__all__ = ["READ", "KeptList", "scanned"]

READ = datetime(2026, 11, 26, 18, 2, tzinfo=UTC)
"""When the rows of a test were read, unless it says otherwise."""

_MOST_ROWS = 5_000


class KeptList:
    """Rows that a scan has read.

    Attributes:
        faces: The rows.
        changes: What was applied.
        each_once: No token may be kept at two positions.
        before_apply: Called before each change; what it raises keeps the change from being done.
    """

    def __init__(self, faces: Iterable[Face] = (), marks: Marks | None = None) -> None:
        self.faces = list(faces)
        self.each_once = True
        self.changes: list[Change] = []
        self.before_apply: Callable[[Change], None] = lambda _change: None
        self._marks = Marks() if marks is None else marks

    @property
    def count(self) -> int:
        return len(self.faces)

    @property
    def times_never_fall(self) -> bool:
        times = [face.added_ms for face in self.faces]
        return None not in times and all(a <= b for a, b in pairwise(times) if a and b)

    @property
    def marks(self) -> Marks:
        return self._marks

    async def rows(self, first: int, last: int) -> Sequence[Face]:
        assert 1 <= first <= last <= first + _MOST_ROWS
        await asyncio.sleep(0)
        return self.faces[first - 1 : last - 1]

    async def apply(self, change: Change) -> None:
        await asyncio.sleep(0)
        self.before_apply(change)
        taken, corrected = set(change.taken), dict(change.corrected)
        assert list(change.taken) == sorted(taken)
        assert list(change.corrected) == sorted(corrected.items())
        assert taken.isdisjoint(corrected)
        for position in taken | set(corrected):
            assert 1 <= position <= self.count
        for position, face in corrected.items():
            assert self.faces[position - 1].face_token == face.face_token
            self.faces[position - 1] = face
        left = [face for at, face in enumerate(self.faces, 1) if at not in taken]
        self.faces = [*left, *change.added]
        if self.each_once:
            assert len({face.face_token for face in self.faces}) == self.count
        self.changes.append(change)
        self._marks = change.marks


def scanned(faces: Iterable[Face], *, complete: bool = True) -> KeptList:
    """What a scan of these faces has left."""
    return KeptList(faces, Marks(complete=complete, looked_at=READ, contents_as_of=READ))
