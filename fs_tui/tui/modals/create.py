"""The form that creates a library: every rule checked while typing, nothing typed is lost.

editing ── enter ──► creating ── created ──► returns the library
   ▲                  │    │
   ├── refused ───────┘    └ esc ──► checking ── it is there ──► returns the library
   └── not there, or not known ────────┘
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from fs_tui import creation
from fs_tui.errors import (
    DraftError,
    FsTuiError,
    LibraryExistsError,
    NotCreatedError,
    OutcomeUnknownError,
)
from fs_tui.models import Library
from fs_tui.tui.modals.dialog import LEAVE, Dialog, DialogBox, Hint, Notice
from fs_tui.tui.modals.field import Field

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual.app import ComposeResult
    from textual.widgets import Input
    from textual.worker import Worker

    from fs_tui.gateway import Gateway
    from fs_tui.models import LibraryDraft

__all__ = ["CreateLibrary", "DraftTexts"]

_EDITING: tuple[Hint, ...] = (
    ("enter", "create", "screen.submit"),
    ("tab", "next", "app.focus_next"),
    ("esc", "close, text is kept", "screen.leave"),
)
_CREATING: tuple[Hint, ...] = (("esc", "cancel", "screen.leave"),)


@dataclass(slots=True)
class DraftTexts:
    """The form's texts as typed.

    The app keeps one of these: the form writes each keystroke into it and empties it after
    success, so that a form that was left shows its texts again.
    """

    group_id: str = ""
    group_name: str = ""
    group_data: str = ""
    model_version: str = ""


class _State(Enum):
    EDITING = auto()
    CREATING = auto()
    CHECKING = auto()


class CreateLibrary(Dialog[Library]):
    """Returns the created library, or None when the form was left (the texts stay in `texts`)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Create", show=False),
    ]

    def __init__(self, gateway: Gateway, texts: DraftTexts) -> None:
        super().__init__()
        self._gateway = gateway
        self._texts = texts
        self._state = _State.EDITING
        self._worker: Worker[None] | None = None
        self._doubted: LibraryDraft | None = None
        self._box = DialogBox("New library", _EDITING)
        self._notice = Notice()
        self._fields = (
            Field(
                "Id",
                value=texts.group_id,
                hint="letters, digits, -%@#&_; never changes",
                check=_problem(creation.check_group_id),
                count=lambda text: f"{creation.count_bytes(text)}/{creation.ID_BYTES} B",
                id="group_id",
            ),
            Field(
                "Name",
                value=texts.group_name,
                hint="for people, any characters",
                check=_problem(creation.check_group_name),
                count=lambda text: f"{creation.count_characters(text)}/{creation.NAME_CHARACTERS}",
                id="group_name",
            ),
            Field(
                "Data",
                value=texts.group_data,
                hint="optional",
                check=_problem(creation.check_group_data),
                count=lambda text: f"{creation.count_characters(text)}/{creation.DATA_CHARACTERS}",
                id="group_data",
            ),
            Field(
                "Model version",
                value=texts.model_version,
                hint="optional; s21 when it is empty",
                check=_problem(creation.check_model_version),
                id="model_version",
            ),
        )

    def compose(self) -> ComposeResult:
        """Put the fields in the API's order, the notice under them."""
        with self._box:
            yield from self._fields
            yield self._notice

    def on_field_changed(self, event: Field.Changed) -> None:
        """Keep the text, and take back what was said about the former one."""
        event.stop()
        if event.field.id is not None:
            setattr(self._texts, event.field.id, event.field.value)
        self._notice.say("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in any field creates."""
        event.stop()
        self.action_submit()

    def action_submit(self) -> None:
        """Create the library, or go to the first field that has a problem."""
        if self._state is not _State.EDITING:
            return
        wrong = [field for field in self._fields if field.ask()]
        if wrong:
            wrong[0].entry.focus()
            return
        self._enter(_State.CREATING, "Creating…")
        self._start("create", partial(self._create, self._draft()))

    def action_leave(self) -> None:
        """Close; while it creates, cancel and find out what became of it."""
        if self._state is not _State.CREATING or self._worker is None:
            self.dismiss(None)
            return
        self._worker.cancel()
        self._enter(_State.CHECKING, "Cancelled. It may have been created: checking…")
        self._start("check", partial(self._check, self._draft()))

    def _start(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Work in the background; a function, as a coroutine may be cancelled before it began."""
        self._worker = self.run_worker(work, name, group="create", description=name)

    def _draft(self) -> LibraryDraft:
        texts = self._texts
        return creation.make_draft(
            texts.group_id, texts.group_name, texts.group_data, texts.model_version
        )

    async def _create(self, draft: LibraryDraft) -> None:
        in_doubt = draft == self._doubted
        try:
            library = await creation.create_library(self._gateway, draft, in_doubt=in_doubt)
        except FsTuiError as error:
            if isinstance(error, (NotCreatedError, OutcomeUnknownError)):
                self._doubted = draft
            self._refused(error)
        else:
            self._created(library)

    async def _check(self, draft: LibraryDraft) -> None:
        self._doubted = draft
        try:
            library = await creation.find_created(self._gateway, draft)
        except NotCreatedError:
            self._enter(_State.EDITING, "Cancelled. It was not created; enter tries again.")
        except FsTuiError as error:
            self._refused(error)
        else:
            self._created(library)

    def _created(self, library: Library) -> None:
        for name in DraftTexts.__slots__:
            setattr(self._texts, name, "")
        self.dismiss(library)

    def _refused(self, error: FsTuiError) -> None:
        self._enter(_State.EDITING)
        if isinstance(error, LibraryExistsError):
            self._say_at("group_id", f"{error.title.lower()}: choose another")
        elif isinstance(error, DraftError):
            self._say_at(error.field, error.detail)
        else:
            self._notice.say_error(error)

    def _say_at(self, name: str, problem: str) -> None:
        for field in self._fields:
            if field.id == name:
                field.say(problem)
                field.entry.focus()

    def _enter(self, state: _State, words: str = "") -> None:
        focused = self.focused
        self._state = state
        editing = state is _State.EDITING
        for field in self._fields:
            field.disabled = not editing
        if editing and focused is None:
            self._fields[0].entry.focus()
        self._box.show_hints(
            _EDITING if editing else _CREATING if state is _State.CREATING else (LEAVE,)
        )
        self._notice.say(words)


def _problem(check: Callable[[str], DraftError | None]) -> Callable[[str], str]:
    def problem(text: str) -> str:
        error = check(text)
        return "" if error is None else error.detail

    return problem
