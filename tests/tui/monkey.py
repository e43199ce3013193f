"""What a monkey does to a browser, and how it spoils the service: all of it drawn from one seed."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Literal, get_args

from fs_tui.sandbox.faces import NewFace

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.sandbox.faults import Faults
    from fs_tui.sandbox.population import Population
    from fs_tui.sandbox.service import Service

__all__ = ["TROUBLES", "Monkey", "Trouble"]

Trouble = Literal["faults", "documents", "changes", "disk"]
"""What goes wrong while the monkey works."""

TROUBLES: tuple[Trouble, ...] = get_args(Trouble)

_MOVES = ("j", "k", "down", "up", "pagedown", "pageup", "g", "G", "tab", "shift+tab", "enter")
_OTHERS = ("escape", "escape", "x", "a", "a", "space", "v", "r", "r", "[", "]", "y", "home")
_PAGES = ("?", "L", "!", "s", "Y", "E", "n", ":", "ctrl+g")
_FILTERS = ("an", "user:+6580", "data:gate", "token:a", "after:2025-03-20", "bad:", '"x', "")
_PACKETS = 0.3
_SPOILS = 0.05
_CHANGES = 0.2
_REMADE = 0.02
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
            self._view: 8,
        }

    def gesture(self) -> list[str]:
        """A few keys that belong together."""
        (drawn,) = self.random.choices(list(self._gestures), weights=list(self._gestures.values()))
        return drawn()

    def keys(self) -> tuple[list[str], bool]:
        """Keys to press, and whether they come in one packet, as over a slow link."""
        if self.random.random() > _PACKETS:
            return self.gesture(), False
        gestures = [self.gesture() for _ in range(self.random.randrange(1, 4))]
        return [key for gesture in gestures for key in gesture], True

    def pause(self) -> float:
        """Seconds until the next gesture; most follow at once."""
        return self.random.choice((0, 0, 0.01, 0.05, 0.2))

    def size(self) -> tuple[int, int] | None:
        """A new size of the terminal, now and then."""
        return self.random.choice(_SIZES) if self.random.random() < 0.01 else None

    def spoil(self, service: Service, trouble: Trouble) -> bool:
        """Let things go wrong in another way from now on, now and then; says whether."""
        if trouble == "changes" and self.random.random() < _CHANGES:
            self._change(service.population)
        if self.random.random() > _SPOILS:
            return False
        service.faults.clear()
        if trouble == "documents":
            rate = self.random.choice((0.0, 0.1, 0.5, 1.0))
            service.faults.fail("random_document", times=None, rate=rate)
        else:
            self._misbehave(service.faults)
        return True

    def _misbehave(self, faults: Faults) -> None:
        draw = self.random.choice
        faults.chaos = draw((0.0, 0.0, 0.05, 0.2, 0.6))
        faults.latency = draw((0.0, 0.0, 0.005, 0.05))
        faults.page_cap = draw((None, None, 100))
        faults.max_start = draw((None, None, None, None, 1000))
        faults.next = draw(("number", "number", "string", "absent", "stuck"))
        faults.clock_offset = draw((0.0, 0.0, 0.0, 400.0))
        faults.concurrency = draw((None, None, 1))

    def _change(self, population: Population) -> None:
        """Let another program of the account change a library."""
        library = self.random.choice([library.group_id for library in population])
        faces = population[library]
        position = self.random.randrange(1, len(faces) + 2)
        count = self.random.choice((1, 1, 3, 40))
        match self.random.randrange(5):
            case 0:
                faces.grow(count)
            case 1:
                faces.grow(count, position)
            case 2:
                faces.delete_at(range(position, position + count))
            case 3:
                faces.edit(position, "", "edited")
            case _:
                faces.add([NewFace("E31", "", None), NewFace("", "old", 1)])
        if self.random.random() < _REMADE:
            population.remake(library)

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

    def _view(self) -> list[str]:
        opened = self.random.choice(("p", "t", "u", "f", "A", "["))
        if opened == "f":
            ends = self.random.choice(("enter", "escape"))
            return ["f", *self.random.choice(_FILTERS), ends, self.random.choice("yynx")]
        more = (*"jkGgax+-uvU", "space", "enter", "escape", "tab")
        return [opened, *self.random.choices(more, k=self.random.randrange(4))]

    def _export(self) -> list[str]:
        return ["E", self.random.choice(("enter", "escape")), "escape"]

    def _copy(self) -> list[str]:
        return ["Y", "down", self.random.choice(("enter", "escape")), "escape"]

    def _jump(self) -> list[str]:
        return ["ctrl+g", *self._tokens(self.random), "enter", "escape"]
