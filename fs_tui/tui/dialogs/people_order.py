"""The order of the people of a library."""

from __future__ import annotations

from fs_tui.faces.persons import PeopleOrder
from fs_tui.tui.forms.menu import Entry, Menu

__all__ = ["PeopleOrderPicker"]

_FIRST = {
    PeopleOrder.USER_ID: "at once",
    PeopleOrder.FACES: "the most first",
    PeopleOrder.FIRST: "the earliest first",
    PeopleOrder.LAST: "the latest first",
}


class PeopleOrderPicker(Menu[PeopleOrder]):
    """Returns the order that was taken; `current` is the one that holds now."""

    def __init__(self, current: PeopleOrder) -> None:
        entries = [
            Entry(order, order.words, first, taken=order is current)
            for order, first in _FIRST.items()
        ]
        super().__init__("Order of the people", entries)
