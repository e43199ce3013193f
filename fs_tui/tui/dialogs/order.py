"""The order of the faces."""

from __future__ import annotations

from fs_tui.faces.query import Field, Order
from fs_tui.tui.forms.menu import Entry, Menu

__all__ = ["OrderPicker"]

_WORDS = (
    (Field.POSITION, "position ↑", "as the service lists them"),
    (Field.POSITION, "position ↓", "the last ones first"),
    (Field.USER_ID, "user id ↑", "a to z"),
    (Field.USER_ID, "user id ↓", "z to a"),
    (Field.ADDED, "added ↑", "the oldest first"),
    (Field.ADDED, "added ↓", "the newest first"),
)


class OrderPicker(Menu[Order]):
    """Returns the order that was taken; `current` is the one that holds now."""

    def __init__(self, current: Order) -> None:
        orders = [Order(field, descending=label.endswith("↓")) for field, label, _ in _WORDS]
        super().__init__(
            "Order",
            [
                Entry(order, label, sample, taken=order == current)
                for order, (_, label, sample) in zip(orders, _WORDS, strict=True)
            ],
        )
