"""Jump to a face by its token: in the library that is open, then in all others.

typing ── enter ──► the open library ── found ──────────────────► its library and the face
   ▲                     │ not there
   │                     ▼
   └── typing ──── offer: enter asks the others, one call each ── found ──► the same
                         └ in none of them, or in none of those that answered
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from fs_tui.account.verification import token_form
from fs_tui.errors import FaceNotFoundError, FsTuiError
from fs_tui.tui.forms.dialog import LEAVE, Dialog, Hint
from fs_tui.tui.forms.field import Field
from fs_tui.tui.forms.form import Form
from fs_tui.visible import visible
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.app import ComposeResult

    from fs_tui.gateway import Gateway
    from fs_tui.models import Face, Library

__all__ = ["Found", "JumpToFace"]

_HINTS: tuple[Hint, ...] = (("enter", "look it up", "screen.submit"), LEAVE)

_USUAL = "0123456789abcdef0123456789abcdef"
"""The form of a token where none of the library is known (page 002)."""


class Found(NamedTuple):
    """A face that the service confirmed, and the library that it is in."""

    group_id: str
    face: Face


class JumpToFace(Dialog[Found]):
    """Returns the face and its library.

    Args:
        gateway: Is asked.
        group_id: The library that is open.
        others: The other libraries of the account; nine at most.
        tokens: Some of the open library, to tell at once what is none.
        masked: What is typed is not shown.
    """

    def __init__(
        self,
        gateway: Gateway,
        group_id: str,
        others: Sequence[Library] = (),
        tokens: Iterable[str] = (),
        *,
        masked: bool = False,
    ) -> None:
        super().__init__()
        self._gateway = gateway
        self._group_id = group_id
        self._others = others
        self._forms = {token_form(token) for token in tokens} or {token_form(_USUAL)}
        self._not_here = ""
        self._field = Field(
            "Face token",
            hint="the whole token, as the service wrote it",
            check=self._problem,
            secret=masked,
        )
        self._form = Form("Jump to a face", _HINTS, [self._field], self.action_submit)

    def compose(self) -> ComposeResult:
        """Ask for one token."""
        with self._form:
            yield self._field
            yield self._form.notice

    def on_field_changed(self, event: Field.Changed) -> None:
        """Another token is looked for in the open library first."""
        event.stop()
        self._not_here = ""
        self._form.show_hints(_HINTS)

    def action_submit(self) -> None:
        """Ask the service for the face."""
        if self._form.asking or not self._form.filled_in():
            return
        token = self._field.value.strip()
        if token == self._not_here:
            if self._others:
                self._form.ask("Asking the other libraries…", partial(self._find_elsewhere, token))
        else:
            self._form.ask("Asking the service…", partial(self._find_here, token))

    def action_leave(self) -> None:
        """Cancel the look-up, or close."""
        if self._form.asking:
            self._form.cancel(focus=self._field)
        else:
            self.dismiss(None)

    def _problem(self, text: str) -> str:
        """Why a text is no token; libraries have them in one form, nearly always."""
        token = text.strip()
        if not token:
            return "a token is needed"
        if token_form(token) in self._forms:
            return ""
        lengths = {length for length, _ in self._forms}
        if len(token) not in lengths:
            wanted = " or ".join(map(str, sorted(lengths)))
            return f"not a token: it has {count(len(token), 'character')}, a token has {wanted}"
        if token_form(token.lower()) in self._forms:
            return "not a token: this library's have no capital letters"
        return "not a token: this library's have other characters"

    async def _find_here(self, token: str) -> None:
        try:
            face = await self._gateway.face(self._group_id, token)
        except FaceNotFoundError as error:
            self._form.tell("face_info", error, self._group_id)
            self._form.reopen(focus=self._field)
            self._not_here = token
            if self._others:
                self._field.say(f"not in this library; enter asks the other {len(self._others)}")
                ask: Hint = ("enter", "ask the others", "screen.submit")
                self._form.show_hints((ask, LEAVE))
            else:
                self._field.say("not in this library, and there is no other")
        except FsTuiError as error:
            self._form.fail("face_info", error, self._group_id, focus=self._field)
        else:
            self.dismiss(Found(self._group_id, face))

    async def _find_elsewhere(self, token: str) -> None:
        unknown: list[str] = []
        for number, library in enumerate(self._others, start=1):
            name = visible(library.group_name or library.group_id, limit=40)
            self._form.notice.say(f"Asking {name} ({number} of {len(self._others)})…")
            try:
                face = await self._gateway.face(library.group_id, token)
            except FaceNotFoundError:
                continue
            except FsTuiError as error:
                self._form.tell("face_info", error, library.group_id)
                unknown.append(f"{name}: {error.title.lower()}")
                continue
            self.dismiss(Found(library.group_id, face))
            return
        self._form.reopen(focus=self._field)
        if unknown:
            self._field.say(f"not found, and not all could be asked: {'; '.join(unknown)}")
        else:
            self._field.say(f"in none of the {len(self._others) + 1} libraries")
