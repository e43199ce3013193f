"""Inspector: the details of what is looked at, and the questions whether they are true."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from fs_tui.errors import FaceNotFoundError, FsTuiError
from fs_tui.tui.browser.detail import Card, Detail, face_card, library_card
from fs_tui.tui.browser.subject import Subject
from fs_tui.tui.host import Job
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.timer import Timer

    from fs_tui.gateway import Gateway
    from fs_tui.models import Face, Library
    from fs_tui.tui.host import Host

__all__ = ["Inspector"]

_FACE_REST = 0.4
"""Seconds that the cursor rests on a face before face_info is asked."""
_SLOW_REST = 1.0
"""The same over a slow link."""


class Inspector(Detail):
    """Shows what a list says of a subject at once, and then what the service says of it.

    look_at(library) ──► card of the list ── ask_library ──► group_info, once a library ──► ✓ or ✗
    look_at(face) ─────► card of the list ── a rest ───────► face_info ───────────────► ✓, ≠ or ✗

    An answer about something that is not looked at any more is not painted.

    Args:
        host: What it runs things in.
        of_person: Says how many faces of a face's person are known.
    """

    class FaceGone(Message):
        """The service does not know a face that is listed."""

        def __init__(self, subject: Subject) -> None:
            super().__init__()
            self.subject = subject

    class FaceSaid(Message):
        """The service says something else of a face than the list does."""

        def __init__(self, subject: Subject, face: Face) -> None:
            super().__init__()
            self.subject = subject
            self.face = face

    def __init__(self, host: Host, of_person: Callable[[Face], Awaitable[str]]) -> None:
        super().__init__()
        self._host = host
        self._gateway: Gateway | None = None
        self._subject = Subject()
        self._of_person = of_person
        self._person = ""
        self._answer: Face | FsTuiError | None = None
        self._libraries: dict[str, Library | FsTuiError] = {}
        self._more: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {}
        self._asked = ""
        self._reported: FsTuiError | None = None
        self._resting: Timer | None = None

    def attach(self, gateway: Gateway) -> None:
        """Ask this service."""
        self._gateway = gateway

    def look_at(self, subject: Subject) -> None:
        """Show a subject; ask about a face when the cursor has come to rest on it."""
        if subject == self._subject:
            return
        self._subject, self._answer, self._person = subject, None, ""
        if self._resting is not None:
            self._resting.stop()
        self.show_known()
        if subject.face is not None:
            rest = _SLOW_REST if self._host.options.slow else _FACE_REST
            self._resting = self.set_timer(rest, partial(self._ask_face, subject))

    def add(self, group_id: str, fields: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        """Show what else is known of a library on its card."""
        self._more[group_id] = fields
        self.show_known()

    def cancel(self) -> bool:
        """Wait for no answer any more; returns whether any was waited for."""
        self._asked = ""
        return self._host.cancel(Job.LIBRARY, Job.FACE)

    def ask_again(self) -> None:
        """Take what was said for outdated, and ask about the subject anew."""
        self._libraries.clear()
        self._answer = None
        self.show_known()
        if self._subject.face is not None:
            self._ask_face(self._subject)
        elif self._subject.library is not None:
            self.ask_library(self._subject.group_id)

    @property
    def failed(self) -> bool:
        """Whether the subject could not be confirmed."""
        known = self._libraries.get(self._subject.group_id)
        return isinstance(known if self._subject.face is None else self._answer, FsTuiError)

    def show_known(self) -> None:
        """Show what is known of the subject now."""
        subject = self._subject
        if subject.face is not None:
            at, masked = subject.position, self._host.masked
            card = face_card(subject.face, self._answer, position=at, masked=masked)
            self.show(card.of_person(self._person))
        elif subject.card is not None:
            self.show(subject.card)
        elif subject.library is not None:
            card = library_card(subject.library, self._libraries.get(subject.group_id))
            more = self._more.get(subject.group_id, ())
            # Behind id and name, so that a low pane shows them.
            self.show(card._replace(fields=card.fields[:2] + more + card.fields[2:]))
        elif subject.loading:
            self.show(Card("Loading …"))
        elif subject.position:
            self.show(Card("Not loaded", (("position", (count(subject.position),)),), "r loads it"))
        else:
            self.show(Card("No face" if subject.group_id else "Details"))

    # --- what the service says ------------------------------------------------------------------

    def ask_library(self, group_id: str) -> None:
        """Ask group_info about a library, unless it has answered or is being asked."""
        failed = isinstance(self._libraries.get(group_id), FsTuiError)
        answered = group_id in self._libraries and not failed
        if self._gateway is None or group_id == self._asked or answered:
            return
        self._asked = group_id
        self._host.work(Job.LIBRARY, self._ask_library(self._gateway, group_id), group_id=group_id)

    async def _ask_library(self, gateway: Gateway, group_id: str) -> None:
        try:
            self._libraries[group_id] = await gateway.library(group_id)
            self._withdraw()
        except FsTuiError as error:
            self._libraries[group_id] = self._reported = error
            raise
        finally:
            if self._asked == group_id:
                self._asked = ""
            self.show_known()

    def _ask_face(self, subject: Subject) -> None:
        if self._gateway is not None and subject.face is not None:
            confirm = self._confirm_face(self._gateway, subject, subject.face.face_token)
            self._host.work(Job.FACE, confirm, group_id=subject.group_id)
            self.count_person()

    def count_person(self) -> None:
        """Count the faces of the person that is looked at, as far as they are loaded."""
        if self._subject.face is not None:
            self._host.work(Job.PERSON, self._count_person(self._subject, self._subject.face))

    async def _count_person(self, subject: Subject, face: Face) -> None:
        words = await self._of_person(face)
        if subject == self._subject:
            self._person = words
            self.show_known()

    async def _confirm_face(self, gateway: Gateway, subject: Subject, face_token: str) -> None:
        answer: Face | FsTuiError | None = None
        try:
            answer = await gateway.face(subject.group_id, face_token)
            if answer != subject.face:
                self.post_message(self.FaceSaid(subject, answer))
            self._withdraw()
        except FsTuiError as error:
            answer = self._reported = error
            if isinstance(error, FaceNotFoundError):
                self.post_message(self.FaceGone(subject))
            raise
        finally:
            if subject == self._subject:
                self._answer = answer
                self.show_known()

    def _withdraw(self) -> None:
        """The service answers again: what was reported last holds no longer."""
        if self._reported is not None:
            self._host.withdraw(self._reported)
        self._reported = None

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
