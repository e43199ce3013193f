"""PersonRows: the rows of a ranking that are looked at, and some around them, looked up beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.shortage import shortage
from fs_tui.tasks import start_task

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from fs_tui.errors import ResourceError
    from fs_tui.faces.persons import PersonRow
    from fs_tui.faces.reports.ranking import Ranking

__all__ = ["PersonRows"]

_AROUND = 64
"""Rows that are looked up before and behind those that are looked at."""


class PersonRows:
    """Shows one ranking at a time.

    Args:
        changed: Is called when rows are there that were not.
        failed: Gets what the machine was short of for a look-up.

    Attributes:
        ranking: What is shown; None before the first.
    """

    def __init__(
        self, changed: Callable[[], None], failed: Callable[[ResourceError], None]
    ) -> None:
        self.ranking: Ranking | None = None
        self._changed = changed
        self._failed = failed
        self._window = (0, _AROUND)
        self._first = 0
        self._rows: list[PersonRow] = []
        self._looking: asyncio.Task[None] | None = None

    def row(self, number: int) -> PersonRow | None:
        """Return a row, 0-based; None where it was not looked up."""
        place = number - self._first
        return self._rows[place] if 0 <= place < len(self._rows) else None

    async def show(self, ranking: Ranking) -> None:
        """Show another ranking; the rows that are looked at are there at once."""
        first, rows = await self._looked_up(ranking)
        self.ranking, self._first, self._rows = ranking, first, rows

    def clear(self) -> None:
        """Show none."""
        self.ranking, self._rows = None, []

    def want(self, first: int, last: int) -> None:
        """The rows `first` to `last - 1` are looked at."""
        self._window = (max(0, first), last)
        self.look()

    def look(self) -> None:
        """Look up what is missing of the rows that are looked at."""
        if self._looking is None and self.ranking is not None:
            self._looking = start_task(self._look(), name="people")

    def stop(self) -> asyncio.Task[None] | None:
        """End a look-up; returns it."""
        looking, self._looking = self._looking, None
        return looking

    def _lacks_some(self, ranking: Ranking) -> bool:
        """Whether rows are missing that are looked at."""
        first, last = self._window
        last = min(last, ranking.row_count())
        return first < last and None in (self.row(first), self.row(last - 1))

    async def _looked_up(self, ranking: Ranking) -> tuple[int, list[PersonRow]]:
        """The rows that are looked at and some around them, and where they begin."""
        first, last = self._window
        first = max(0, first - _AROUND)
        return first, await ranking.rows(first, last + _AROUND)

    async def _look(self) -> None:
        task = self._looking
        try:
            while (ranking := self.ranking) is not None and self._lacks_some(ranking):
                known = self._first, len(self._rows)
                first, rows = await self._looked_up(ranking)
                if ranking is self.ranking:
                    if (first, len(rows)) == known:
                        return
                    self._first, self._rows = first, rows
                    self._changed()
        except Exception as error:
            short = shortage(error)
            if short is None:
                raise
            self._failed(short)
        finally:
            if task is self._looking:
                self._looking = None
