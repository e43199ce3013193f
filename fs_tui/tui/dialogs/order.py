"""The order of the faces, and that of the people of a library."""

from __future__ import annotations

from fs_tui.faces.persons import PeopleOrder
from fs_tui.faces.query import Order
from fs_tui.models import FACE_FIELDS
from fs_tui.tui.forms.menu import Entry, Menu

__all__ = ["ORDERS", "OrderPicker", "PeopleOrderPicker"]

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

_FIRST = {
    PeopleOrder.USER_ID: "at once",
    PeopleOrder.FACES: "the most first",
    PeopleOrder.FIRST: "the earliest first",
    PeopleOrder.LAST: "the latest first",
}


class OrderPicker(Menu[Order]):
    """Returns the order that was taken; `current` is the one that holds now."""

    def __init__(self, current: Order) -> None:
        entries = [
            Entry(order, name, first, taken=order == current) for order, name, first in ORDERS
        ]
        super().__init__("Order", entries)


class PeopleOrderPicker(Menu[PeopleOrder]):
    """Returns the order that was taken; `current` is the one that holds now."""

    def __init__(self, current: PeopleOrder) -> None:
        entries = [
            Entry(order, order.words, first, taken=order is current)
            for order, first in _FIRST.items()
        ]
        super().__init__("Order of the people", entries)
