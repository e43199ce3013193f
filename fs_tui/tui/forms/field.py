"""A field of a form: label, entry, count, and under them its rule or what is wrong with it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from fs_tui.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

__all__ = ["Entry", "Field", "SecretEntry"]

_DROPPED = "characters that cannot be shown were left out"


class Entry(Input):
    """An input of one line that shows, and holds, only what is safe to show."""

    DEFAULT_CSS = """
    Entry {
        width: 1fr;
        height: 1;
        padding: 0 1;
        border: none;
        border-left: vkey $foreground 60%;
        background: $panel;
        &:focus {
            border: none;
            border-left: outer $border;
            background-tint: $foreground 8%;
        }
        &:disabled { text-style: dim; }
    }
    """

    def __init__(self, value: str = "", *, placeholder: str = "") -> None:
        super().__init__(value, placeholder, select_on_focus=False)
        self.cursor_blink = False

    dropped = False
    """Whether the last change brought characters that were left out."""

    def validate_value(self, value: str) -> str:
        """Leave out what is not shown as itself: a paste may hold escapes and bidi controls."""
        kept = _shown_as_itself(value)
        self.dropped = kept != value
        return kept


class SecretEntry(Entry):
    """An entry that shows dots; its text can be neither copied nor cut, and no message has it."""

    def __init__(self) -> None:
        super().__init__()
        self.password = True

    def post_message(self, message: Message) -> bool:
        """Send Textual's messages without the text: their repr would show it."""
        if isinstance(message, (Input.Changed, Input.Submitted, Input.Blurred)):
            message.value = ""
        return super().post_message(message)

    def action_copy(self) -> None:
        """Do nothing: a secret does not go to the clipboard."""

    def action_cut(self) -> None:
        """Do nothing: a secret does not go to the clipboard."""


class Field(Widget):
    """A labelled entry that is checked while typing.

    Args:
        label: What is asked for.
        value: The text to begin with.
        hint: The rule in a few words, shown while nothing is wrong.
        check: Returns what is wrong with a text, empty when nothing is.
        count: Returns how much of the allowance a text uses (`12/48 B`).
        secret: Shows dots.
    """

    SCOPED_CSS = False  # the screen's breakpoint classes are above this widget
    DEFAULT_CSS = """
    Field {
        height: auto;
        margin-bottom: 1;
        layout: vertical;
        & > Horizontal { height: 1; }
        .field--label { width: 15; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        .field--count { width: auto; padding-left: 1; color: $text-muted; }
        .field--message { padding-left: 17; color: $text-muted; }
        &.-focused .field--label { color: $foreground; text-style: bold; }
        &.-wrong .field--message { color: $text-error; }
        &.-wrong .field--count { color: $text-error; }
    }
    .-low Field { margin-bottom: 0; }
    .-narrow Field .field--label { width: 11; }
    .-narrow Field .field--message { padding-left: 13; }
    """

    class Changed(Message):
        """The text of a field is another one now."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

    def __init__(
        self,
        label: str,
        *,
        value: str = "",
        hint: str = "",
        check: Callable[[str], str] | None = None,
        count: Callable[[str], str] | None = None,
        secret: bool = False,
        id: str | None = None,  # noqa: A002  Textual's name
    ) -> None:
        super().__init__(id=id)
        self._hint = hint
        self._check = check
        self._count = count
        self._asked = False
        self._said = ""
        self.entry = SecretEntry() if secret else Entry(value)
        self._label = Static(Content(label), markup=False, classes="field--label")
        self._counter = Static(Content(""), markup=False, classes="field--count")
        self._message = Static(Content(""), markup=False, classes="field--message")

    def compose(self) -> ComposeResult:
        """Put label, entry and count on one line, the message under them."""
        with Horizontal():
            yield self._label
            yield self.entry
            if self._count is not None:
                yield self._counter
        yield self._message

    def on_mount(self) -> None:
        """Show the rule and the count, and follow what is typed.

        A message of the entry would be told on behind the enter that came after it.
        """
        self._paint()
        self.watch(self.entry, "value", self._changed, init=False)

    @property
    def value(self) -> str:
        """The text as typed."""
        return self.entry.value

    @value.setter
    def value(self, text: str) -> None:
        self.entry.value = text
        self.entry.cursor_position = len(text)

    @property
    def problem(self) -> str:
        """What is wrong with the text; empty when nothing is."""
        return "" if self._check is None else self._check(self.value)

    @property
    def message(self) -> str:
        """What is shown under the entry."""
        return self._message.content.plain if isinstance(self._message.content, Content) else ""

    def ask(self) -> str:
        """Return what is wrong, and from now on show it for an empty text as well."""
        self._asked = True
        self._paint()
        return self.problem

    def say(self, text: str) -> None:
        """Show what someone else found wrong with this very text; the next keystroke clears it."""
        self._said = text
        self._paint()

    def on_descendant_focus(self) -> None:
        """Light the label; `:focus-within` misses a focus that comes right after a blur."""
        self.add_class("-focused")

    def on_descendant_blur(self) -> None:
        """Dim the label."""
        self.remove_class("-focused")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep it to the field, which has its own word for it."""
        event.stop()

    def _changed(self) -> None:
        self._said = ""
        self._paint()
        self.post_message(self.Changed(self))

    def _paint(self) -> None:
        problem = self._said or (self.problem if self.value or self._asked else "")
        self.set_class(bool(problem), "-wrong")
        note = _DROPPED if self.entry.dropped else self._hint
        self._message.update(Content(f"✗ {visible(problem)}" if problem else note))
        if self._count is not None:
            self._counter.update(Content(self._count(self.value)))


def _shown_as_itself(text: str) -> str:
    if visible(text, limit=None) == text:
        return text
    kept: list[str] = []
    letter = ""
    for character in text:
        # A mark is judged on its letter: alone it would be refused.
        is_mark = unicodedata.category(character).startswith("M")
        together = letter + character if is_mark else character
        if visible(together, limit=None) == together:
            kept.append(character)
            letter = together
    return "".join(kept)
