"""The order of the faces."""

from __future__ import annotations

from fs_tui.faces.query import Order
from fs_tui.models import FACE_FIELDS
from fs_tui.tui.forms.menu import Entry, Menu

__all__ = ["ORDERS", "OrderPicker"]

_POSITION = ("", "position", ("the service's order", "the last ones first"))
_FIELDS = [_POSITION, *((f.name, f.title.lower(), f.ordered) for f in FACE_FIELDS if f.ordered)]

ORDERS = tuple(
    (order, f"{title} {arrow}", first)
    for field, title, words in _FIELDS
    for order, arrow, first in zip(
        (Order(field), Order(field, descending=True)), "↑↓", words, strict=True
    )
)
"""Every order, its name, and what comes first in it."""


class OrderPicker(Menu[Order]):
    """Returns the order that was taken; `current` is the one that holds now."""

    def __init__(self, current: Order) -> None:
        entries = [
            Entry(order, name, first, taken=order == current) for order, name, first in ORDERS
        ]
        super().__init__("Order", entries)
