"""Inspector: the details of what the cursor is on, and the questions whether they are true."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from fs_tui.errors import FaceNotFoundError, FsTuiError
from fs_tui.tui.browser.detail import Card, Detail, face_card, library_card
from fs_tui.words import count

if TYPE_CHECKING:
    from textual.timer import Timer

    from fs_tui.gateway import Gateway
    from fs_tui.models import Face, Library
    from fs_tui.tui.app import FsTuiApp

__all__ = ["Inspector"]

_FACE_REST = 0.4
"""Seconds that the cursor rests on a face before face_info is asked."""
_SLOW_REST = 1.0
"""The same over a slow link."""


class Inspector(Detail):
    """Shows what a list says of a library or a face at once, and then what the service says of it.

    show_library ──► card of the list ── ask_library ──► group_info, once a library ──► ✓ or ✗
    show_face ─────► card of the list ── a rest ───────► face_info ───────────────► ✓, ≠ or ✗

    An answer about something that is not shown any more is not painted.
    """

    app: FsTuiApp

    class FaceGone(Message):
        """The service does not know a face that is listed."""

        def __init__(self, group_id: str) -> None:
            super().__init__()
            self.group_id = group_id

    def __init__(self) -> None:
        super().__init__()
        self._gateway: Gateway | None = None
        self._library: Library | None = None
        self._face: tuple[str, Face] | None = None
        self._confirmed: dict[str, Library] = {}
        self._asked = ""
        self._resting: Timer | None = None

    @property
    def face(self) -> Face | None:
        """The face that is shown."""
        return None if self._face is None else self._face[1]

    @property
    def library(self) -> Library | None:
        """The library that is shown."""
        return self._library

    def attach(self, gateway: Gateway) -> None:
        """Ask this service."""
        self._gateway = gateway

    def cancel(self) -> None:
        """Wait for no answer any more."""
        self._asked = ""
        for call in ("group_info", "face_info"):
            self.app.workers.cancel_group(self.app, call)

    def show_nothing(self, title: str) -> None:
        """Say that there is no face to show; a library may be shown instead."""
        self._turn_to()
        self.show(Card(title, of_library=True))

    def show_missing(self, position: int, *, loading: bool) -> None:
        """Say that a face is on its way, or that nothing brings it."""
        self._turn_to()
        if loading:
            self.show(Card("Loading …"))
        else:
            self.show(Card("Not loaded", (("position", (count(position),)),), "r loads it"))

    def _turn_to(
        self, *, library: Library | None = None, face: tuple[str, Face] | None = None
    ) -> None:
        """Remember what is shown; what was shown before needs no asking any more."""
        self._library, self._face = library, face
        if self._resting is not None:
            self._resting.stop()

    # --- libraries -----------------------------------------------------------------------------

    def show_library(self, library: Library) -> None:
        """Show a library of the list, with what group_info said of it."""
        self._turn_to(library=library)
        self._paint_library(library.group_id)

    def ask_library(self, group_id: str) -> None:
        """Ask group_info about a library, unless that was done or is under way."""
        if self._gateway is None or group_id == self._asked or group_id in self._confirmed:
            return
        self._asked = group_id
        self.app.work("group_info", self._ask_library(self._gateway, group_id), group_id=group_id)

    def forget_libraries(self) -> None:
        """Take what group_info said for outdated."""
        self._confirmed.clear()

    async def _ask_library(self, gateway: Gateway, group_id: str) -> None:
        try:
            self._confirmed[group_id] = await gateway.library(group_id)
        except FsTuiError as error:
            self._paint_library(group_id, error)
            raise
        finally:
            if self._asked == group_id:
                self._asked = ""
        self._paint_library(group_id)

    def _paint_library(self, group_id: str, error: FsTuiError | None = None) -> None:
        if self._library is None or self._library.group_id != group_id:
            return
        known = self._confirmed.get(group_id)
        mark = "✓ confirmed by group_info" if known else ""
        self.show(library_card(known or self._library, mark=mark, error=error))

    # --- faces ---------------------------------------------------------------------------------

    def show_face(self, group_id: str, face: Face, position: int) -> None:
        """Show a row of the table; ask face_info about it when the cursor has come to rest."""
        self._turn_to(face=(group_id, face))
        self.show(face_card(face, position=position))
        rest = _SLOW_REST if self.app.options.slow else _FACE_REST
        self._resting = self.set_timer(rest, partial(self._ask_face, group_id, face, position))

    def show_found(self, face: Face) -> None:
        """Show a face that face_info found, and that no row is loaded of."""
        self._turn_to(face=("", face))
        self.show(face_card(face, mark="✓ in this library, confirmed by face_info"))

    def _ask_face(self, group_id: str, face: Face, position: int) -> None:
        if self._gateway is not None:
            confirm = self._confirm_face(self._gateway, group_id, face, position)
            self.app.work("face_info", confirm, group_id=group_id)

    async def _confirm_face(
        self, gateway: Gateway, group_id: str, face: Face, position: int
    ) -> None:
        try:
            known = await gateway.face(group_id, face.face_token)
        except FsTuiError as error:
            if self._face == (group_id, face):
                self.show(face_card(face, position=position, error=error))
            if isinstance(error, FaceNotFoundError):
                self.post_message(self.FaceGone(group_id))
            raise
        if self._face == (group_id, face):
            same = known == face
            mark = "✓ confirmed by face_info" if same else "≠ face_info differs from the list"
            self.show(face_card(known, position=position, mark=mark))

    # --- movements by the names that the lists have for them -------------------------------------

    def action_cursor_down(self) -> None:
        """Down a line."""
        self.action_scroll_down()

    def action_cursor_up(self) -> None:
        """Up a line."""
        self.action_scroll_up()

    def action_first(self) -> None:
        """To the first line."""
        self.scroll_home(animate=False)

    def action_last(self) -> None:
        """To the last line."""
        self.scroll_end(animate=False)
