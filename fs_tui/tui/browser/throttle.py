"""Throttle: how often the words about something that runs may change; each change travels."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Throttle"]

_SECONDS = 0.5
"""Seconds between two changes of the words."""


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
