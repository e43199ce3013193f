"""The help: made from the real bindings, with the status line and the filter language."""

from __future__ import annotations

from collections.abc import Sequence

from fs_tui.tui.keys import Action
from fs_tui.tui.modals.dialog import Dialog

__all__ = ["Help"]


class Help(Dialog[None]):
    """Returns nothing; `actions` are those of the keymap in use (`keys.keymap(...)`)."""

    def __init__(self, actions: Sequence[Action], *, read_only: bool = False) -> None:
        super().__init__()
        self._actions = actions
        self._read_only = read_only
