"""Jump to a face by its token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.models import Face
from fs_tui.tui.modals.dialog import Dialog

if TYPE_CHECKING:
    from fs_tui.gateway import Gateway

__all__ = ["JumpToFace"]


class JumpToFace(Dialog[Face]):
    """Returns the face that the service confirmed to be in the library `group_id`."""

    def __init__(self, gateway: Gateway, group_id: str) -> None:
        super().__init__()
        self._gateway = gateway
        self._group_id = group_id
