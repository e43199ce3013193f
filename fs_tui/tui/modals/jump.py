"""Jump to a face by its token."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fs_tui.errors import FaceNotFoundError, FsTuiError
from fs_tui.models import Face
from fs_tui.tui.modals.dialog import LEAVE, Dialog, DialogBox, Hint, Notice
from fs_tui.tui.modals.field import Field

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widgets import Input
    from textual.worker import Worker

    from fs_tui.gateway import Gateway

__all__ = ["JumpToFace"]

_ASKING: tuple[Hint, ...] = (("enter", "look it up", "screen.submit"), LEAVE)
_LOOKING: tuple[Hint, ...] = (("esc", "cancel", "screen.leave"),)


class JumpToFace(Dialog[Face]):
    """Returns the face that the service confirmed to be in the library `group_id`."""

    def __init__(self, gateway: Gateway, group_id: str) -> None:
        super().__init__()
        self._gateway = gateway
        self._group_id = group_id
        self._worker: Worker[None] | None = None
        self._box = DialogBox("Jump to a face", _ASKING)
        self._field = Field(
            "Face token",
            hint="the whole token, as the service wrote it",
            check=lambda text: "" if text.strip() else "a token is needed",
        )
        self._notice = Notice()

    def compose(self) -> ComposeResult:
        """Ask for one token."""
        with self._box:
            yield self._field
            yield self._notice

    def on_field_changed(self, event: Field.Changed) -> None:
        """Take back what was said about the former text."""
        event.stop()
        self._notice.say("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter looks it up."""
        event.stop()
        self.action_submit()

    def action_submit(self) -> None:
        """Ask the service for the face."""
        if self._worker is None and not self._field.ask():
            self._look(looking=True)
            # A function: a coroutine that is cancelled before it began would be complained of.
            find = partial(self._find, self._field.value.strip())
            self._worker = self.run_worker(find, "find face", "jump", description="find face")

    def action_leave(self) -> None:
        """Cancel the look-up, or close."""
        if self._worker is None:
            self.dismiss(None)
            return
        self._worker.cancel()
        self._look(looking=False)

    async def _find(self, token: str) -> None:
        try:
            face = await self._gateway.face(self._group_id, token)
        except FaceNotFoundError:
            self._look(looking=False)
            self._field.say("not in this library")
        except FsTuiError as error:
            self._look(looking=False)
            self._notice.say_error(error)
        else:
            self.dismiss(face)

    def _look(self, *, looking: bool) -> None:
        if not looking:
            self._worker = None
        self._field.disabled = looking
        self._box.show_hints(_LOOKING if looking else _ASKING)
        self._notice.say("Asking the service…" if looking else "")
        if not looking:
            self._field.entry.focus()
