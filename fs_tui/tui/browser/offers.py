"""What the browser offers by name: its actions, the libraries, the orders."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fs_tui.tui.host import Offer
from fs_tui.tui.keys import shown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from fs_tui.faces.query import Order
    from fs_tui.models import Library
    from fs_tui.tui.keys import Action

__all__ = ["actions_by_name", "libraries_by_name", "orders_by_name"]

_LEFT_OUT = {"palette", "quit", "back", "down", "up", "page_down", "page_up"}
"""Actions that nobody looks for by name."""


def actions_by_name(
    actions: Iterable[Action], run: Callable[[str], Awaitable[object]]
) -> Iterable[Offer]:
    """Offer actions, each with its key."""
    for action in actions:
        if action.name not in _LEFT_OUT:
            key = shown(action.keys[0]) if action.keys else "no key"
            yield Offer(action.label, key, partial(run, action.call))


def libraries_by_name(libraries: Iterable[Library], go: Callable[[str], object]) -> Iterable[Offer]:
    """Offer libraries, by name and id."""
    for library in libraries:
        title = "  ".join(filter(None, (library.group_name, library.group_id)))
        yield Offer(title, "library", partial(go, library.group_id), is_first=True)


def orders_by_name(order_by: Callable[[Order], object]) -> Iterable[Offer]:
    """Offer the orders of faces, each with what comes first in it."""
    from fs_tui.tui.dialogs.order import ORDERS

    for order, name, first in ORDERS:
        yield Offer(f"Order by {name}: {first}", "order", partial(order_by, order))
