"""A count that is wanted all the time still ends, and rests between two of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fs_tui.tui.browser.pace import Paced
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


class Played:
    """Counts that end when they are let, and rests that end when they are told."""

    def __init__(self) -> None:
        self.begun = self.ended = 0
        self.rests: list[Callable[[], None]] = []
        self._gate = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.paced = Paced(lambda _seconds, call: self.rests.append(call), self._begin, self._count)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        self._tasks.append(asyncio.ensure_future(work))

    async def _count(self) -> None:
        self.begun += 1
        await self._gate.wait()
        self.ended += 1

    async def end(self) -> None:
        """Let all counts end that were begun."""
        self._gate.set()
        await asyncio.gather(*self._tasks)
        self._gate.clear()


async def test_what_is_wanted_while_it_runs_is_counted_once_more_after_a_rest() -> None:
    played = Played()
    for _ in range(5):
        played.paced.want()
        await asyncio.sleep(0)
    assert played.begun == 1
    await played.end()
    assert played.begun == played.ended == 1
    played.rests.pop()()
    await until(lambda: played.begun == 2)
    await played.end()
    played.rests.pop()()
    await asyncio.sleep(0)
    assert played.begun == 2


async def test_something_else_is_counted_at_once_and_its_rest_is_its_own() -> None:
    played = Played()
    played.paced.want()
    await until(lambda: played.begun == 1)
    played.paced.want(at_once=True)
    await until(lambda: played.begun == 2)
    await played.end()
    first, second = played.rests
    first()
    played.paced.want()
    assert played.begun == 2
    second()
    await until(lambda: played.begun == 3)
    await played.end()
