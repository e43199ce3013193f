"""The order of the faces."""

from __future__ import annotations

from fs_tui.faces.query import Order
from fs_tui.models import FACE_FIELDS
from fs_tui.tui.forms.menu import Entry, Menu

__all__ = ["OrderPicker"]

_POSITION = ("", "position", ("as the service lists them", "the last ones first"))
_ORDERS = [_POSITION, *((f.name, f.title.lower(), f.ordered) for f in FACE_FIELDS if f.ordered)]


class OrderPicker(Menu[Order]):
    """Returns the order that was taken; `current` is the one that holds now."""

    def __init__(self, current: Order) -> None:
        entries = [
            Entry(order, f"{title} {arrow}", first, taken=order == current)
            for field, title, words in _ORDERS
            for order, arrow, first in zip(
                (Order(field), Order(field, descending=True)), "↑↓", words, strict=True
            )
        ]
        super().__init__("Order", entries)
