"""FilterBar: where a filter is typed, what it covers, and what is wrong with it."""

from __future__ import annotations

from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from fs_tui.visible import visible

__all__ = ["FilterBar"]


class FilterBar(Horizontal):
    """A prompt over the table; hidden until a filter is wanted."""

    DEFAULT_CSS = """
    FilterBar {
        height: 1;
        display: none;
        & > #filter-prompt { width: 2; color: $accent; text-style: bold; }
        & > Input { width: 1fr; min-width: 6; background: $surface; }
        & > #filter-note {
            width: auto;
            max-width: 75%;
            padding: 0 1;
            color: $text-muted;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
        &.-wrong > #filter-note { color: $error; text-style: bold; }
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
        self._input = Input(id="filter-text", select_on_focus=False, compact=True)
        self._input.cursor_blink = False
        self._note = Static("", id="filter-note", markup=False)

    def on_mount(self) -> None:
        """Fill the prompt when the first frame is painted: nobody sees it before."""
        prompt = Static("/", id="filter-prompt", markup=False)
        self.call_after_refresh(self.mount, prompt, self._input, self._note)

    @property
    def text(self) -> str:
        """What is typed."""
        return self._input.value

    @property
    def is_open(self) -> bool:
        """Whether the prompt is shown."""
        return self.display

    def open(self) -> None:
        """Show the prompt and take the focus at once, so that what is typed next arrives here."""
        self.display = True
        self.screen.set_focus(self._input)

    def show(self, text: str) -> None:
        """Show the prompt with a text in the place of what was typed, unsaid."""
        self.display = True
        self._type(text)

    def close(self) -> None:
        """Empty and hide the prompt."""
        self._type("")
        self.display = False
        self.note("")

    def note(self, text: str, *, wrong: bool = False) -> None:
        """Say what the filter covers, or what is wrong with it."""
        self.set_class(wrong, "-wrong")
        self._note.update(Content(visible(text, limit=120)))

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
        self.post_message(self.Submitted(event.value))
