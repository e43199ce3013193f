"""The order of the people of a library."""

from __future__ import annotations

from fs_tui.faces.persons import PeopleOrder
from fs_tui.tui.forms.menu import Entry, Menu

__all__ = ["PeopleOrderPicker"]

_ORDERS = (
    (PeopleOrder.USER_ID, "user id", "at once"),
    (PeopleOrder.FACES, "faces", "the most first"),
    (PeopleOrder.FIRST, "first added", "the earliest first"),
    (PeopleOrder.LAST, "last added", "the latest first"),
)


class PeopleOrderPicker(Menu[PeopleOrder]):
    """Returns the order that was taken; `current` is the one that holds now."""

    def __init__(self, current: PeopleOrder) -> None:
        entries = [
            Entry(order, label, sample, taken=order is current) for order, label, sample in _ORDERS
        ]
        super().__init__("Order of the people", entries)
