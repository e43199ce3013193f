"""The form that creates a library: every rule checked while typing, nothing typed is lost.

editing ── enter ──► creating ── created ──► returns the library
   ▲                  │    │
   ├── refused ───────┘    └ esc ──► checking ── it is there ──► returns the library
   └── not there, or not known ────────┘  └ esc ──► pending: the caller's, or the next form's
"""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from fs_tui import creation
from fs_tui.errors import (
    DraftError,
    FsTuiError,
    LibraryExistsError,
    NotCreatedError,
    OutcomeUnknownError,
)
from fs_tui.models import Library, LibraryDraft
from fs_tui.tui.forms.dialog import Dialog, Hint
from fs_tui.tui.forms.field import Field
from fs_tui.tui.forms.form import Form

if TYPE_CHECKING:
    from collections.abc import Collection

    from textual.app import ComposeResult

    from fs_tui.gateway import Gateway

__all__ = ["CreateLibrary", "DraftTexts"]

_EDITING: tuple[Hint, ...] = (
    ("enter", "create", "screen.submit"),
    ("tab", "next", "app.focus_next"),
    ("esc", "close, text is kept", "screen.leave"),
)

_TITLES = (
    ("Id", "letters, digits, -%@#&_; never changes"),
    ("Name", "for people, any characters"),
    ("Data", "optional"),
    ("Model version", "optional; s21 when it is empty"),
)
"""What each field is called, and what is said of it, in the order of `RULES`."""

_TAKEN = f"{LibraryExistsError.title.lower()}: choose another"

_CHECKING: tuple[Hint, ...] = (("esc", "close, the check goes on", "screen.leave"),)


@dataclasses.dataclass(slots=True)
class DraftTexts:
    """The form's texts as typed, and the drafts whose fate is not known.

    The app keeps one of these: the form writes each keystroke into it and empties it after
    success, so that a form that was left shows its texts again.

    Attributes:
        doubted: What was sent without learning its outcome: for these 'exists already' may mean
            that it was created.
        pending: What a form that was left had still asked about; who goes on with it takes it out.
    """

    group_id: str = ""
    group_name: str = ""
    group_data: str = ""
    model_version: str = ""
    doubted: set[LibraryDraft] = dataclasses.field(default_factory=set)
    pending: LibraryDraft | None = None

    def forget(self, draft: LibraryDraft) -> None:
        """Empty the texts: the library was created."""
        self.group_id = self.group_name = self.group_data = self.model_version = ""
        self.doubted.discard(draft)
        self.pending = None


class CreateLibrary(Dialog[Library]):
    """Returns the created library, or None when the form was left (the texts stay in `texts`).

    Args:
        gateway: Where to create it.
        texts: What to begin with; a draft that is pending there is asked about at once.
        taken: The ids of the account's libraries as far as they are known: no new one has such an
            id, unless it may be the one that was created and is still asked about.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Create", show=False),
    ]

    def __init__(self, gateway: Gateway, texts: DraftTexts, taken: Collection[str] = ()) -> None:
        super().__init__()
        self._taken = frozenset(taken)
        self._gateway = gateway
        self._texts = texts
        self._sent: LibraryDraft | None = None
        self._checked, texts.pending = texts.pending, None
        self._fields = tuple(
            Field(
                title,
                value=getattr(texts, rule.field),
                hint=hint,
                check=partial(self._problem, rule),
                count=partial(_counted, rule) if rule.most else None,
                id=rule.field,
            )
            for rule, (title, hint) in zip(creation.RULES, _TITLES, strict=True)
        )
        self._form = Form("New library", _EDITING, self._fields, self.action_submit)

    def compose(self) -> ComposeResult:
        """Put the fields in the API's order, the notice under them."""
        with self._form:
            yield from self._fields
            yield self._form.notice

    def on_mount(self) -> None:
        """Go on with what an earlier form could not find out."""
        if self._checked is not None:
            self._begin_check("It may have been created: checking…", self._checked)

    def on_field_changed(self, event: Field.Changed) -> None:
        """Keep the text."""
        event.stop()
        self._keep()

    def _keep(self) -> None:
        for field in self._fields:
            setattr(self._texts, field.id or "", field.value)

    def action_submit(self) -> None:
        """Create the library, or go to the first field that has a problem."""
        if not self._form.asking and self._form.filled_in():
            self._sent = self._draft()
            self._form.ask("Creating…", partial(self._create, self._sent))

    def action_leave(self) -> None:
        """Close; while it creates, cancel and find out what became of it."""
        if self._sent is not None:
            self._begin_check("Cancelled. It may have been created: checking…", self._sent)
            return
        if self._checked is not None:
            # Or its answer could still come, and be taken by nobody.
            self._form.cancel()
            self._texts.pending = self._checked
        # What was typed right before it may not have been told yet.
        self._keep()
        self.dismiss(None)

    def _begin_check(self, words: str, draft: LibraryDraft) -> None:
        self._sent, self._checked = None, draft
        self._texts.doubted.add(draft)
        self._form.ask(words, partial(self._check, draft), _CHECKING)

    def _draft(self) -> LibraryDraft:
        texts = self._texts
        return creation.make_draft(
            texts.group_id, texts.group_name, texts.group_data, texts.model_version
        )

    async def _create(self, draft: LibraryDraft) -> None:
        in_doubt = draft in self._texts.doubted
        try:
            library = await creation.create_library(self._gateway, draft, in_doubt=in_doubt)
        except FsTuiError as error:
            if isinstance(error, (NotCreatedError, OutcomeUnknownError)):
                self._texts.doubted.add(draft)
            self._refused(error, draft)
        else:
            self._created(library, draft)

    async def _check(self, draft: LibraryDraft) -> None:
        try:
            library = await creation.find_created(self._gateway, draft)
        except NotCreatedError as error:
            self._refused(error, draft)
            self._form.notice.say("Cancelled. It was not created; enter tries again.")
        except FsTuiError as error:
            self._refused(error, draft)
        else:
            self._created(library, draft)

    def _created(self, library: Library, draft: LibraryDraft) -> None:
        self._texts.forget(draft)
        self.dismiss(library)

    def _refused(self, error: FsTuiError, draft: LibraryDraft) -> None:
        self._sent = self._checked = None
        self._form.tell("create", error, draft.group_id)
        self._form.reopen(focus=self._fields[0])
        if isinstance(error, LibraryExistsError):
            self._say_at("group_id", _TAKEN)
        elif isinstance(error, DraftError):
            self._say_at(error.field, error.detail)
        else:
            self._form.notice.say_error(error)

    def _problem(self, rule: creation.Rule, text: str) -> str:
        error = rule.check(text)
        if error is not None:
            return error.detail
        doubted = any(draft.group_id == text for draft in self._texts.doubted)
        if rule.field == "group_id" and text in self._taken and not doubted:
            return _TAKEN
        return ""

    def _say_at(self, name: str, problem: str) -> None:
        for field in self._fields:
            if field.id == name:
                field.say(problem)
                field.entry.focus()


def _counted(rule: creation.Rule, text: str) -> str:
    return f"{rule.length(text)}/{rule.most}{' B' if rule.unit == 'bytes' else ''}"
