"""What a monkey does to a browser, and how it spoils the service: all of it drawn from one seed."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.sandbox.faults import Faults

__all__ = ["Monkey"]

_MOVES = ("j", "k", "down", "up", "pagedown", "pageup", "g", "G", "tab", "shift+tab", "enter")
_OTHERS = ("escape", "escape", "x", "a", "a", "space", "v", "r", "r", "[", "]", "y", "home")
_PAGES = ("?", "L", "!", "s", "Y", "E", "n", ":", "ctrl+g")
_FILTERS = ("an", "user:+6580", "data:gate", "token:a", "after:2025-03-20", "bad:", '"x', "")
_SIZES = ((120, 36), (80, 24), (60, 16), (100, 20), (200, 60), (30, 8), (1, 1))


class Monkey:
    """Draws gestures and faults.

    Args:
        seed: The same seed draws the same gestures and faults.
        tokens: Gives a token to jump to.
    """

    def __init__(self, seed: int, tokens: Callable[[Random], str]) -> None:
        self.random = Random(seed)  # noqa: S311 - to be repeated, not to be secret
        self._tokens = tokens
        self._made = 0
        self._gestures: dict[Callable[[], list[str]], int] = {
            self._move: 30,
            self._other: 25,
            self._page: 3,
            self._library: 12,
            self._position: 12,
            self._filter: 8,
            self._order: 5,
            self._create: 2,
            self._export: 2,
            self._copy: 2,
            self._jump: 3,
        }

    def gesture(self) -> list[str]:
        """A few keys that belong together."""
        (drawn,) = self.random.choices(list(self._gestures), weights=list(self._gestures.values()))
        return drawn()

    def pause(self) -> float:
        """Seconds until the next gesture; most follow at once."""
        return self.random.choice((0, 0, 0.01, 0.05, 0.2))

    def size(self) -> tuple[int, int] | None:
        """A new size of the terminal, now and then."""
        return self.random.choice(_SIZES) if self.random.random() < 0.01 else None

    def spoil(self, faults: Faults) -> bool:
        """Let the service misbehave in another way from now on, now and then; says whether."""
        if self.random.random() > 0.05:
            return False
        draw = self.random.choice
        faults.clear()
        faults.chaos = draw((0.0, 0.0, 0.05, 0.2, 0.6))
        faults.latency = draw((0.0, 0.0, 0.005, 0.05))
        faults.page_cap = draw((None, None, 100))
        faults.max_start = draw((None, None, None, None, 1000))
        faults.next = draw(("number", "number", "string", "absent", "stuck"))
        faults.clock_offset = draw((0.0, 0.0, 0.0, 400.0))
        faults.concurrency = draw((None, None, 1))
        return True

    def _move(self) -> list[str]:
        return [self.random.choice(_MOVES)] * self.random.choice((1, 1, 2, 5))

    def _other(self) -> list[str]:
        return [self.random.choice(_OTHERS)]

    def _page(self) -> list[str]:
        # Nothing is chosen in the palette: one of its commands is to quit.
        return [self.random.choice(_PAGES), "escape", "escape"]

    def _library(self) -> list[str]:
        return ["escape"] * 4 + [self.random.choice("jk")] * self.random.randrange(1, 4) + ["enter"]

    def _position(self) -> list[str]:
        return [*str(self.random.randrange(self.random.choice((10, 3_000, 30_000)))), "G"]

    def _filter(self) -> list[str]:
        return ["/", *self.random.choice(_FILTERS), self.random.choice(("enter", "escape", "tab"))]

    def _order(self) -> list[str]:
        return [
            "s",
            *["down"] * self.random.randrange(6),
            self.random.choice(("enter", "escape")),
            "escape",
        ]

    def _create(self) -> list[str]:
        self._made += 1
        return ["n", *f"made-{self._made}", "tab", *"Made", "enter", *["escape"] * 2]

    def _export(self) -> list[str]:
        return ["E", self.random.choice(("enter", "escape")), "escape"]

    def _copy(self) -> list[str]:
        return ["Y", "down", self.random.choice(("enter", "escape")), "escape"]

    def _jump(self) -> list[str]:
        return ["ctrl+g", *self._tokens(self.random), "enter", "escape"]
