"""What the browser asks about the faces: in which order, which position, which token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.tui.dialogs.goto import GoToPosition
from fs_tui.tui.dialogs.jump import JumpToFace
from fs_tui.tui.dialogs.order import OrderPicker

if TYPE_CHECKING:
    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.query import Order
    from fs_tui.gateway import Gateway
    from fs_tui.models import Face
    from fs_tui.tui.browser.faces_pane import FacesPane
    from fs_tui.tui.browser.inspector import Inspector

__all__ = ["ask_order", "ask_position", "ask_token"]


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


def ask_token(pane: FacesPane, inspector: Inspector, gateway: Gateway) -> None:
    """Ask for a token and show its face."""

    def found(face: Face | None) -> None:
        if face is not None:
            pane.app.work("jump", _show(pane, inspector, face))

    pane.app.push_screen(JumpToFace(gateway, pane.group_id), found)


async def _show(pane: FacesPane, inspector: Inspector, face: Face) -> None:
    """Go to the face's row; where none is loaded, the details are all there is to see."""
    if await pane.go_to_token(face.face_token):
        pane.focus_table()
    else:
        pane.screen.set_focus(inspector)
        inspector.show_found(face)
