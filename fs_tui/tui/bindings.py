"""Turns actions into bindings that act in the order in which keys were typed."""

from __future__ import annotations

import string
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.widgets import Input

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fs_tui.tui.keys import Action

__all__ = ["bindings"]

_TYPED = {*string.printable, "enter", "space"} | {
    key
    for binding in Input.BINDINGS
    if isinstance(binding, Binding)
    for key in binding.key.split(",")
}
"""Keys that an input wants for itself."""


def bindings(actions: Sequence[Action]) -> Iterable[Binding]:
    """Yield every key of the actions, and the digits, bound with priority.

    Textual hands a key over to the widget with the focus and goes on to the next one: of `/` and a
    word typed at once, or arriving in one packet over a slow link, the word would reach the table,
    key by key. What an input could type or use itself goes through the action `press`, which the
    screen refuses while an input has the focus.
    """
    made = [
        Binding(key, f"press('{action.name}')" if key in _TYPED else action.name)
        for action in actions
        for key in action.keys
    ]
    made += [Binding(digit, f"digit('{digit}')") for digit in string.digits]
    yield from Binding.make_bindings(replace(one, show=False, priority=True) for one in made)
