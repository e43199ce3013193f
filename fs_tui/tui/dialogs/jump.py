"""Jump to a face by its token."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fs_tui.errors import FaceNotFoundError, FsTuiError
from fs_tui.models import Face
from fs_tui.tui.forms.dialog import LEAVE, Dialog, Hint
from fs_tui.tui.forms.field import Field
from fs_tui.tui.forms.form import Form

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from fs_tui.gateway import Gateway

__all__ = ["JumpToFace"]

_HINTS: tuple[Hint, ...] = (("enter", "look it up", "screen.submit"), LEAVE)


class JumpToFace(Dialog[Face]):
    """Returns the face that the service confirmed to be in the library `group_id`."""

    def __init__(self, gateway: Gateway, group_id: str) -> None:
        super().__init__()
        self._gateway = gateway
        self._group_id = group_id
        self._field = Field(
            "Face token",
            hint="the whole token, as the service wrote it",
            check=lambda text: "" if text.strip() else "a token is needed",
        )
        self._form = Form("Jump to a face", _HINTS, [self._field], self.action_submit)

    def compose(self) -> ComposeResult:
        """Ask for one token."""
        with self._form:
            yield self._field
            yield self._form.notice

    def action_submit(self) -> None:
        """Ask the service for the face."""
        if not self._form.asking and self._form.filled_in():
            find = partial(self._find, self._field.value.strip())
            self._form.ask("Asking the service…", find)

    def action_leave(self) -> None:
        """Cancel the look-up, or close."""
        if self._form.asking:
            self._form.cancel(focus=self._field)
        else:
            self.dismiss(None)

    async def _find(self, token: str) -> None:
        try:
            face = await self._gateway.face(self._group_id, token)
        except FsTuiError as error:
            self._form.tell("face_info", error, self._group_id)
            self._form.reopen(focus=self._field)
            if isinstance(error, FaceNotFoundError):
                self._field.say("not in this library")
            else:
                self._form.notice.say_error(error)
        else:
            self.dismiss(face)
