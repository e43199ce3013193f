"""Paced: counts anew what changes all the time, and rests longer than each count took."""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

__all__ = ["Paced"]

_SHARE = 4
"""Times as long as a count took, it rests: reading the library goes first."""

_LEAST = 0.05
"""Seconds of a rest."""


class Paced:
    """A count that is wanted again while it runs is not begun anew: it would never end.

    Args:
        after: Calls a function some seconds later.
        begin: Runs a count in the background.
        count: Makes the count.
    """

    def __init__(
        self,
        after: Callable[[float, Callable[[], None]], object],
        begin: Callable[[Coroutine[Any, Any, None]], None],  # Any: nothing is sent into it
        count: Callable[[], Awaitable[None]],
    ) -> None:
        self._after = after
        self._begin = begin
        self._count = count
        self._ticket = 0
        self._busy = self._again = False

    def want(self, *, at_once: bool = False) -> None:
        """Count, now or after the rest; `at_once` where something else is to be counted."""
        if self._busy and not at_once:
            self._again = True
            return
        self._ticket += 1
        self._busy, self._again = True, False
        self._begin(self._run(self._ticket))

    async def _run(self, ticket: int) -> None:
        began = monotonic()
        try:
            await self._count()
        finally:
            rest = max(_LEAST, _SHARE * (monotonic() - began))
            self._after(rest, partial(self._rested, ticket))

    def _rested(self, ticket: int) -> None:
        if ticket == self._ticket:
            self._busy = False
            if self._again:
                self.want()
