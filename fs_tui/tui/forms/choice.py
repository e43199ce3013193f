"""One of a few: a widget that shows all its choices and the one that is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

__all__ = ["Choice"]

ValueT = TypeVar("ValueT")


_FRAME = 6
"""Cells of a dialogue's frame, at least: what does not fit inside stands one below the other."""


class Choice(Widget, Generic[ValueT], can_focus=True):
    """A label and its choices; arrows or space move, enter takes the form further, a click picks.

    Args:
        label: What is chosen.
        choices: Value and words (of ours) of each.
        upright: One choice a line, for long words.
    """

    SCOPED_CSS = False  # the screen's breakpoint classes are above this widget
    DEFAULT_CSS = """
    Choice {
        height: auto;
        margin-bottom: 1;
    }
    Choice > .choice--label { color: $text-muted; }
    Choice:focus > .choice--label { color: $foreground; text-style: bold; }
    Choice > .choice--taken { color: $foreground; }
    Choice:focus > .choice--taken {
        color: $block-cursor-foreground;
        background: $block-cursor-background;
        text-style: $block-cursor-text-style;
    }
    Choice > .choice--other { color: $text-muted; }
    .-low Choice { margin-bottom: 0; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice--label", "choice--taken", "choice--other"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up,h,k", "move(-1)", "Previous", show=False),
        Binding("right,down,l,j,space", "move(1)", "Next", show=False),
        Binding("enter", "submit", "Submit", show=False),
    ]
    ALLOW_SELECT = False

    index: reactive[int] = reactive(0)

    class Changed(Message):
        """Another choice is taken."""

    class Submitted(Changed):
        """Enter was pressed."""

    class Clicked(Changed):
        """A choice was clicked."""

    def __init__(
        self,
        label: str,
        choices: Sequence[tuple[ValueT, str]],
        *,
        upright: bool = False,
        id: str | None = None,  # noqa: A002  Textual's name
    ) -> None:
        super().__init__(id=id)
        self._label = label
        self._choices = tuple(choices)
        self._upright = upright

    @property
    def value(self) -> ValueT:
        """The value that is taken."""
        return self._choices[self.index][0]

    def watch_index(self) -> None:
        """Tell that another one is taken."""
        self.post_message(self.Changed())

    def action_move(self, step: int) -> None:
        """Take the next one, round and round."""
        self.index = (self.index + step) % len(self._choices)

    def action_submit(self) -> None:
        """Tell that enter was pressed."""
        self.post_message(self.Submitted())

    def on_click(self, event: events.Click) -> None:
        """Take the choice under the pointer."""
        taken = event.style.meta.get("choice")
        if isinstance(taken, int):
            self.index = taken
            self.post_message(self.Clicked())

    def render(self) -> Content:
        """Return the label and the choices, the taken one with a filled circle."""
        width = (11 if self.screen.has_class("-narrow") else 15) if self._label else 0
        room = self.app.size.width - _FRAME - width
        upright = self._upright or sum(len(words) + 6 for _, words in self._choices) > room
        gap = "\n" + " " * width if upright else "  "
        label = self.get_visual_style("choice--label")
        parts: list[Content] = []
        for number, (_, words) in enumerate(self._choices):
            taken = number == self.index
            style = self.get_visual_style(f"choice--{'taken' if taken else 'other'}")
            bullet = "●" if taken else "○"
            rows = Content(words).wrap(room - 4) if upright else [Content(words)]
            shown = f"{gap}   ".join(row.plain for row in rows)
            parts.append(
                Content.styled(f" {bullet} {shown} ", style).stylize(
                    Style.from_meta({"choice": number})
                )
            )
        head = self._label[: width - 1].ljust(width) if self._label else ""
        return Content.styled(head, label) + Content(gap).join(parts)
