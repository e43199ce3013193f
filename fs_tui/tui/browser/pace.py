"""How often what changes all the time is told, and how often it is counted."""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

__all__ = ["Paced", "Throttle"]

_SECONDS = 0.5
"""Seconds between two changes of the words."""

_SHARE = 4
"""Times as long as a count took, it rests: reading the library goes first."""

_LEAST = 0.05
"""Seconds of a rest."""


class Throttle:
    """Lets the words about one work through twice a second; those about another at once.

    Args:
        after: Calls a function some seconds later.
        again: Is called when words that were held back may be shown; look anew what they are.
    """

    def __init__(
        self, after: Callable[[float, Callable[[], None]], object], again: Callable[[], None]
    ) -> None:
        self._after = after
        self._again = again
        self._work: object = None
        self._shown_at = 0.0
        self._waits = False

    def lets(self, work: object) -> bool:
        """Whether words about `work` may be shown now; None is no work, and always may."""
        now = monotonic()
        if work is None or work != self._work or now >= self._shown_at + _SECONDS:
            self._work, self._shown_at = work, now
            return True
        if not self._waits:
            self._waits = True
            self._after(_SECONDS, self._late)
        return False

    def _late(self) -> None:
        self._waits = False
        self._again()


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
