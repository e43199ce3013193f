"""Turn: what is typed right behind a jump waits until the jump has arrived."""

from __future__ import annotations

from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from textual.actions import SkipAction

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

__all__ = ["Turn"]

_IN_ONE_GO = 1.0
"""Seconds behind a jump in which keys are for where it leads; later ones are for what one sees."""


class Turn:
    """Keeps acts while a jump loads what it leads to, in the order in which they came."""

    def __init__(self) -> None:
        self._acts: list[Callable[[], None]] | None = None
        self._began = 0.0

    def lead(
        self, jump: Callable[[], Coroutine[object, object, object]]
    ) -> Coroutine[object, object, None]:
        """Return a jump that does behind it what was kept from now on, unless it is cancelled."""
        self._acts, self._began = [], monotonic()
        return self._led(jump, self._acts)

    async def _led(
        self,
        jump: Callable[[], Coroutine[object, object, object]],
        acts: list[Callable[[], None]],
    ) -> None:
        try:
            await jump()
        finally:
            if self._acts is acts:
                self._acts = None
        for act in acts:
            # A move that has nowhere to go skips, which only Textual's own keys take for that.
            with suppress(SkipAction):
                act()

    def forget(self) -> None:
        """The jump is off, and so is what came behind it."""
        self._acts = None

    def keeps(self, act: Callable[[], None]) -> bool:
        """Keep an act for later; False where it is to be done now."""
        if self._acts is None or monotonic() > self._began + _IN_ONE_GO:
            return False
        self._acts.append(act)
        return True
