"""Outline: how many faces came on each day, from the first face on as far as they are loaded.

Faces are listed by the time of their creation: what is loaded without a gap from the first one on
is the true growth up to there, and what lies behind a gap says nothing of the days between.
"""

from __future__ import annotations

import asyncio
import json
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

from fs_tui.faces.reports.periods import FIRST_MS, LAST_MS, day_at

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from fs_tui.faces.index.store import FaceStore

__all__ = ["Outline"]

_PORTION = 2048
"""Faces of one step, which takes hundredths of a second where each came on another day."""


class Outline:
    """Counts a store's faces as they come; each is looked at once.

    Args:
        store: Has the faces.
        zone: Whose days are meant.

    Attributes:
        days: How many faces came on a day, of those that were counted.
        counted: Faces that were looked at, from the first one on.
    """

    def __init__(self, store: FaceStore, zone: tzinfo) -> None:
        self.days: Counter[date] = Counter()
        self.counted = 0
        self._store = store
        self._zone = zone

    def is_of(self, store: FaceStore) -> bool:
        """Whether it counts this store, and what it has counted is there yet."""
        return store is self._store and self.counted <= self._loaded

    async def count(self) -> None:
        """Take in what has come, until the faces are dropped; the event loop breathes meanwhile.

        Raises:
            ResourceError: The faces can be read no more.
        """
        while not self._store.closed and (first := self.counted + 1) <= (end := self._loaded):
            last = min(first + _PORTION, end + 1)
            self._add(json.loads(self._store.keys("added_ms", first, last)))
            self.counted = last - 1
            await asyncio.sleep(0)

    @property
    def _loaded(self) -> int:
        """Faces that are loaded from the first one on."""
        return self._store.stored.end_of(1) - 1

    def _add(self, times: list[int | None]) -> None:
        """Count the days of some times, which are in order for the most part."""
        known = sorted(time for time in times if time is not None and FIRST_MS <= time <= LAST_MS)
        at = 0
        while at < len(known):
            day = day_at(self._zone, known[at])
            behind = bisect_left(known, day.end, at)
            self.days[day.first_day] += behind - at
            at = behind
