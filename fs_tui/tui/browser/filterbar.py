"""FilterBar: where a filter is typed, what it covers, and what is wrong with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from fs_tui.visible import visible

if TYPE_CHECKING:
    from textual import events

__all__ = ["FilterBar"]

_EXAMPLE = 'dewi -visitor user:+6580 data:"gate 4" after:7d'

_BESIDE = 84
"""Cells from which the note stands beside what is typed; below it, in a narrower pane."""

_KEPT = 100
"""Filters that the prompt remembers while the program runs; they are written nowhere."""

_WORD = re.compile(r'(-?(?:[a-z]+:=?)?)([^\s"|]+)')
_TIMES = ("after:", "before:")
_LEFT_SHOWN = 3


class _FilterInput(Input):
    """The entry; behind a mask all but the last three characters of each word are dots."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "recall(-1)", "Earlier filter", show=False),
        Binding("down", "recall(1)", "Later filter", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(
            id="filter-text", select_on_focus=False, compact=True, placeholder=_EXAMPLE
        )
        self.cursor_blink = False
        self.masked = False
        self._kept: list[str] = []
        self._recalled = 0

    @property
    def _value(self) -> Text:
        """What is shown: as long as the text, so that the cursor stands where it is."""
        if not self.masked:
            return super()._value
        return Text(_WORD.sub(_dotted, self.value), no_wrap=True, overflow="ignore", end="")

    def keep(self) -> None:
        """Remember what is typed as the newest filter."""
        text = self.value.strip()
        if text:
            self._kept = [*(one for one in self._kept if one != text), text][-_KEPT:]
        self._recalled = len(self._kept)

    def action_recall(self, by: int) -> None:
        """Go to an earlier filter, or to a later one; behind the newest there is none."""
        text = self.value.strip()
        if text and self._kept[self._recalled : self._recalled + 1] != [text]:
            self.keep()
            self._recalled -= 1
        self._recalled = min(max(0, self._recalled + by), len(self._kept))
        self.value = "".join(self._kept[self._recalled : self._recalled + 1])
        self.cursor_position = len(self.value)

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Take the arrows too, before the table does."""
        return key in {"up", "down"} or super().check_consume_key(key, character)


class FilterLine(Horizontal):
    """What is typed, and beside it what it covers."""

    DEFAULT_CSS = """
    FilterLine {
        height: 1;
        #filter-prompt { width: 2; color: $text-accent; text-style: bold; }
        #filter-text { width: 1fr; min-width: 6; background: $surface; }
        #filter-beside {
            width: auto;
            max-width: 72%;
            padding: 0 1;
            color: $text-muted;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
    }
    """


class FilterNote(Static):
    """What stands under it."""

    DEFAULT_CSS = """
    FilterNote {
        height: auto;
        padding: 0 1;
        color: $text-muted;
        display: none;
        &.-wrong { color: $text-error; text-style: bold; }
    }
    """


class FilterBar(Vertical):
    """A prompt over the table; hidden until a filter is wanted.

    What it covers stands beside it where there is room for both, else under it, where an error
    always stands: whole.

    Attributes:
        said: What is said of the filter.
    """

    DEFAULT_CSS = """
    FilterBar {
        height: auto;
        display: none;
    }
    """

    class Changed(Message):
        """The text changed; it is to be applied as it is typed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

        def can_replace(self, message: Message) -> bool:
            """Only the newest text counts."""
            return isinstance(message, FilterBar.Changed)

    class Submitted(Message):
        """Enter: apply the text to the whole library."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__()
        self._input = _FilterInput()
        self._beside = Static("", id="filter-beside", markup=False)
        self._under = FilterNote("", markup=False)
        self.said = ""

    @property
    def text(self) -> str:
        """What is typed."""
        return self._input.value

    @property
    def is_open(self) -> bool:
        """Whether the prompt is shown."""
        return self.display

    @property
    def is_wrong(self) -> bool:
        """Whether what is typed is no filter."""
        return self.has_class("-wrong")

    def offer(self, text: str) -> None:
        """Show a text to be taken by enter, or to be typed over."""
        self.show(text)
        self.open()
        self._input.action_select_all()

    def open(self) -> None:
        """Show the prompt and take the focus at once, so that what is typed next arrives here."""
        self._appear()
        self.screen.set_focus(self._input)

    def show(self, text: str) -> None:
        """Show the prompt with a text in the place of what was typed, unsaid."""
        self._appear()
        self._type(text)
        self._input.keep()

    def close(self) -> None:
        """Empty and hide the prompt."""
        if not self.is_open:
            return
        self._input.keep()
        self._type("")
        self.display = False
        self.note("")

    def note(self, text: str, *, wrong: bool = False) -> None:
        """Say what the filter covers, or what is wrong with it."""
        self.set_class(wrong, "-wrong")
        self._under.set_class(wrong, "-wrong")
        self.said = visible(text, limit=400)
        self._paint()

    def mask(self, *, on: bool) -> None:
        """Show of each word the last three characters only."""
        self._input.masked = on
        self._input.refresh(layout=True)

    def on_resize(self, _event: events.Resize) -> None:
        """Choose between a note beside and a note under what is typed."""
        self._paint()

    def _appear(self) -> None:
        """Be on screen; what it holds is made the first time: neither start nor faces need it."""
        if not self._input.is_attached:
            line = FilterLine()
            self.mount(line, self._under)
            # Attached at once, and not when the line is composed: it takes the focus next.
            line.mount(Static("/", id="filter-prompt", markup=False), self._input, self._beside)
        self.display = True

    def _paint(self) -> None:
        wrong = self.is_wrong
        beside = not wrong and self.size.width >= _BESIDE
        self._beside.update(Content(self.said if beside else ""))
        self._under.update(Content(("✗ " if wrong else "") + self.said))
        self._under.display = bool(self.said) and not beside

    def _type(self, text: str) -> None:
        if self._input.value != text:
            with self.prevent(Input.Changed):
                self._input.value = text

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is there now: an esc may have come since."""
        event.stop()
        self.post_message(self.Changed(self.text))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Say it in the field's words."""
        event.stop()
        self._input.keep()
        self.post_message(self.Submitted(event.value))


def _dotted(word: re.Match[str]) -> str:
    head, text = word.groups()
    if head.lstrip("-") in _TIMES:
        return word[0]
    hidden = max(0, len(text) - _LEFT_SHOWN) or len(text)
    return head + "•" * hidden + text[hidden:]
