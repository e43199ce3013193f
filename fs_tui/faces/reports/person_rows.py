"""PersonRows: the rows of a ranking that are looked at, looked up beside, and forgotten in time."""

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

_BLOCK = 64
"""Rows that are looked up together."""

_BLOCKS = 24
"""Blocks that are remembered: more than a tall screen and what lies before and after it."""


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
        self._blocks: dict[int, list[PersonRow]] = {}
        self._window = (0, _BLOCK)
        self._looking: asyncio.Task[None] | None = None

    def row(self, number: int) -> PersonRow | None:
        """Return a row, 0-based; None where it was not looked up."""
        block = self._blocks.get(number // _BLOCK, [])
        place = number % _BLOCK
        return block[place] if place < len(block) else None

    async def show(self, ranking: Ranking) -> None:
        """Show another ranking; the rows that are looked at are there at once."""
        blocks = {number: await _block(ranking, number) for number in self._seen(ranking)}
        self.ranking, self._blocks = ranking, blocks

    def clear(self) -> None:
        """Show none."""
        self.ranking, self._blocks = None, {}

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

    def _seen(self, ranking: Ranking) -> range:
        """The blocks that are looked at."""
        first, last = self._window
        last = min(last, ranking.row_count())
        first = min(first, last)
        return range(first // _BLOCK, -(-last // _BLOCK))

    def _missing(self, ranking: Ranking) -> int | None:
        """The first block looked at that is not there, or was cut short and is longer now."""
        for number in self._seen(ranking):
            there = min(_BLOCK, ranking.row_count() - number * _BLOCK)
            if len(self._blocks.get(number, [])) < there:
                return number
        return None

    async def _look(self) -> None:
        task = self._looking
        try:
            while (ranking := self.ranking) is not None:
                if (number := self._missing(ranking)) is None:
                    return
                rows = await _block(ranking, number)
                if ranking is self.ranking:
                    if len(rows) <= len(self._blocks.get(number, [])):
                        return
                    self._blocks.pop(number, None)
                    self._blocks[number] = rows
                    while len(self._blocks) > _BLOCKS:
                        del self._blocks[next(iter(self._blocks))]
                    self._changed()
        except Exception as error:
            short = shortage(error)
            if short is None:
                raise
            self._failed(short)
        finally:
            if task is self._looking:
                self._looking = None


async def _block(ranking: Ranking, number: int) -> list[PersonRow]:
    return await ranking.rows(number * _BLOCK, (number + 1) * _BLOCK)
