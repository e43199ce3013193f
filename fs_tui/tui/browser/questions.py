"""What the browser asks about the faces: in which order, which position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.tui.dialogs.goto import GoToPosition
from fs_tui.tui.dialogs.order import OrderPicker

if TYPE_CHECKING:
    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.query import Order
    from fs_tui.tui.browser.faces_pane import FacesPane

__all__ = ["ask_order", "ask_position"]


def ask_order(pane: FacesPane, listing: FaceListing) -> None:
    """Ask for an order and put the rows in it."""

    def chosen(order: Order | None) -> None:
        if order is not None:
            pane.order(order)

    pane.app.push_screen(OrderPicker(listing.status.view.order), chosen)


def ask_position(pane: FacesPane, listing: FaceListing) -> None:
    """Ask for a position and go there."""

    def chosen(position: int | None) -> None:
        if position is not None:
            pane.focus_table()
            pane.go_to(position)

    pane.app.push_screen(GoToPosition(last=listing.status.total), chosen)
