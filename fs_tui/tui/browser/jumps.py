"""Jumps: the ways to a face that may be anywhere: by position, token, person, or a view's row."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fs_tui.tui.browser.history import Place
from fs_tui.tui.host import Job

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.screen import Screen

    from fs_tui.gateway import Gateway
    from fs_tui.models import Face, Library
    from fs_tui.tui.browser.faces_pane import FacesPane
    from fs_tui.tui.browser.navigator import Navigator
    from fs_tui.tui.browser.panes import Panes
    from fs_tui.tui.browser.subject import Subject
    from fs_tui.tui.browser.view_pane import ViewPane
    from fs_tui.tui.dialogs.jump import Found
    from fs_tui.tui.host import Host

__all__ = ["Jumps"]


class Jumps:
    """Asks for what it has to know, and takes the panes there.

    Args:
        screen: Shows the questions, and has the focus.
        host: What it runs things in.
        navigator: Goes to libraries.
        panes: Know what is looked at.
        faces: The faces of the library that is open.
    """

    def __init__(
        self,
        screen: Screen[None],
        host: Host,
        navigator: Navigator,
        panes: Panes,
        faces: FacesPane,
    ) -> None:
        self._screen = screen
        self._host = host
        self._navigator = navigator
        self._panes = panes
        self._faces = faces

    def to_position(self) -> None:
        """Ask for a position and go there."""
        from fs_tui.tui.dialogs.goto import GoToPosition

        self._navigator.settle()
        listing = self._faces.listing
        if listing is None:
            return

        def chosen(position: int | None) -> None:
            if position is not None:
                self._navigator.show_library(listing.group_id)
                self._faces.focus_table()
                self._faces.cursor.to_position(position)

        self._screen.app.push_screen(GoToPosition(last=listing.status.total), chosen)

    def to_token(self, gateway: Gateway, libraries: Iterable[Library]) -> None:
        """Ask for a token and show its face, of whichever of the libraries."""
        from fs_tui.tui.dialogs.jump import JumpToFace

        self._navigator.settle()
        if not self._faces.group_id:
            return

        def found(found: Found | None) -> None:
            if found is not None:
                show = partial(self._show, found.group_id, found.face)
                self._host.work(Job.MOVE, self._faces.cursor.turn.lead(show))

        here = self._faces.group_id
        others = [library for library in libraries if library.group_id != here]
        tokens = self._faces.some_tokens()
        dialog = JumpToFace(gateway, here, others, tokens, masked=self._host.masked)
        self._screen.app.push_screen(dialog, found)

    def to_person(self, subject: Subject) -> None:
        """Show the faces of the person of a face."""
        from fs_tui.faces.filter_language import of_user

        if subject.face is None:
            self._host.say("There is no face here.")
        elif not subject.face.user_id:
            self._host.say("This face has no user id: nothing tells whose it is.")
        else:
            place = Place(subject.group_id, filter=of_user(subject.face.user_id))
            if self._navigator.is_at(place):
                self._host.say("These are this person's faces: f finds those in all libraries.")
            else:
                self._navigator.lead_to(place)

    def to_row(self, wanted: ViewPane.FaceWanted) -> None:
        """Go to the face of a view's row in its library, wherever it stands by now."""
        show = self._faces.cursor.turn.lead(partial(self._show_row, wanted))
        self._host.work(Job.MOVE, show, group_id=wanted.group_id)

    async def _show_row(self, wanted: ViewPane.FaceWanted) -> None:
        self._navigator.show_library(wanted.group_id)
        self._faces.focus_table()
        if self._faces.listing is not None and wanted.position:
            await self._faces.cursor.seek(self._faces.listing, wanted.position)
        await self._show(wanted.group_id, wanted.face)

    async def _show(self, group_id: str, face: Face) -> None:
        """Go to the face's library and row; where there is none, its details are all to see."""
        self._navigator.show_library(group_id)
        self._panes.look_at_face(has_row=await self._faces.go_to_face(face))
