"""Turns actions into bindings of the browser."""

from __future__ import annotations

import string
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.binding import Binding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fs_tui.tui.keys import Action

__all__ = ["bindings"]


def bindings(actions: Sequence[Action]) -> Iterable[Binding]:
    """Yield every key of the actions, and the digits; they come before those of lists and tables.

    An input that has the focus takes what it can type or use itself first.
    """
    made = [Binding(key, action.call) for action in actions for key in action.keys]
    made += [Binding(digit, f"digit('{digit}')") for digit in string.digits]
    yield from Binding.make_bindings(replace(one, show=False, priority=True) for one in made)
