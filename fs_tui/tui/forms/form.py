"""Form: a dialogue's fields, and the time in which the service is asked about what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fs_tui.tasks import deferred
from fs_tui.tui.forms.dialog import DialogBox, Hint, Notice
from fs_tui.tui.forms.field import Field
from fs_tui.tui.messages import ErrorMet

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from textual.widget import Widget
    from textual.widgets import Input
    from textual.worker import Worker

    from fs_tui.errors import FsTuiError
    from fs_tui.tui.forms.choice import Choice

__all__ = ["Form"]

_CANCEL: tuple[Hint, ...] = (("esc", "cancel", "screen.leave"),)


class Form(DialogBox):
    """The frame of a dialogue that asks the service: its fields are closed meanwhile.

    open ── ask ──► asking ── the work ends well ──► it dismisses the dialogue
      ▲                │
      └ reopen, cancel ┘

    Args:
        title: What the dialogue is for.
        hints: The keys while it is open.
        inputs: What is filled in, in order.
        submit: What enter does.

    Attributes:
        notice: Says what is waited for and what went wrong; a keystroke clears it.
    """

    def __init__(
        self,
        title: str,
        hints: tuple[Hint, ...],
        inputs: Sequence[Field | Choice[Any]],  # Any: its values do not matter here
        submit: Callable[[], None],
    ) -> None:
        super().__init__(title, hints)
        self.notice = Notice()
        self._hints = hints
        self._inputs = inputs
        self._submit = submit
        self._worker: Worker[None] | None = None
        self._focused: Widget | None = None

    @property
    def asking(self) -> bool:
        """Whether the service is being asked."""
        return self._worker is not None

    def on_field_changed(self) -> None:
        """Take back what was said about the former text; the dialogue may want to hear of it."""
        self.notice.say("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a field."""
        event.stop()
        self._submit()

    def on_choice_submitted(self, event: Choice.Submitted) -> None:
        """Enter on a choice."""
        event.stop()
        self._submit()

    def filled_in(self) -> bool:
        """Whether no field has a problem; else they are said, and the focus goes to the first."""
        wrong = [one for one in self._inputs if isinstance(one, Field) and one.ask()]
        if wrong:
            wrong[0].entry.focus()
        return not wrong

    def ask(
        self,
        words: str,
        work: Callable[[], Coroutine[Any, Any, None]],  # Any: nothing is sent into it
        hints: tuple[Hint, ...] = _CANCEL,
    ) -> None:
        """Close the fields and begin some work instead of what is under way.

        Args:
            words: What is waited for.
            work: Closes the dialogue or reopens the form. A function: a coroutine that is cancelled
                before it began would be complained of.
            hints: The keys meanwhile.
        """
        if not self.asking:
            self._focused = self.screen.focused
        self._show(words, hints, closed=True)
        # Logs show the description; by default it has the work's arguments in it.
        self._worker = self.run_worker(
            deferred(work), group="form", description="ask the service", exclusive=True
        )

    def reopen(self, words: str = "", *, focus: Field | None = None) -> None:
        """Open the fields again: the work has ended. The focus goes back to where it was."""
        self._worker = None
        self._show(words, self._hints, closed=False)
        wanted = self._focused if focus is None else focus.entry
        if wanted is not None:
            wanted.focus()

    def cancel(self, words: str = "", *, focus: Field | None = None) -> None:
        """End the work, and open the fields again."""
        if self._worker is not None:
            self._worker.cancel()
        self.reopen(words, focus=focus)

    def tell(self, call: str, error: FsTuiError, group_id: str = "") -> None:
        """Have the app keep an error that was shown; see ErrorMet."""
        self.post_message(ErrorMet(call, error, group_id))

    def fail(
        self, call: str, error: FsTuiError, group_id: str = "", *, focus: Field | None = None
    ) -> None:
        """Open the fields again: the work has ended with an error, which is shown and kept."""
        self.tell(call, error, group_id)
        self.reopen(focus=focus)
        self.notice.say_error(error)

    def _show(self, words: str, hints: tuple[Hint, ...], *, closed: bool) -> None:
        for one in self._inputs:
            one.disabled = closed
        self.show_hints(hints)
        self.notice.say(words)
