"""Makes bindings: of the actions of the browser, and of the letters that move elsewhere."""

from __future__ import annotations

import string
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.binding import Binding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fs_tui.tui.keys import Action

__all__ = ["SCROLLING", "bindings", "movement"]


def bindings(actions: Sequence[Action]) -> Iterable[Binding]:
    """Yield every key of the actions, and the digits; they come before those of lists and tables.

    An input that has the focus takes what it can type or use itself first.
    """
    made = [Binding(key, action.call) for action in actions for key in action.keys]
    made += [Binding(digit, f"digit('{digit}')") for digit in string.digits]
    yield from Binding.make_bindings(replace(one, show=False, priority=True) for one in made)


def movement(down: str, up: str, first: str, last: str) -> list[Binding]:
    """Return the letters of pages of their own, where the browser's actions are not at hand."""
    return [
        Binding(key, action, show=False)
        for key, action in zip("jkgG", (down, up, first, last), strict=True)
    ]


SCROLLING = (
    *movement("scroll_down", "scroll_up", "scroll_home", "scroll_end"),
    Binding("space", "page_down", show=False),
)
"""Those of a text that is scrolled."""
