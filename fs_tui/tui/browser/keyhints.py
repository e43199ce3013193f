"""KeyHints: the last line of the screen: the newest message, and the keys that matter now."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.widget import Widget

from fs_tui.tui.keys import shown
from fs_tui.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.style import Style as VisualStyle

    from fs_tui.tui.host import Kind
    from fs_tui.tui.keys import Action

__all__ = ["KeyHints"]

_LIMIT = 300
"""Characters of a message."""

_UNSEEN = 2.0
"""Seconds that a failure is shown at least."""

_PREFIXES: dict[Kind, str] = {"note": "", "wait": "… ", "error": "✗ "}

_MORE = " … ! shows all"


class KeyHints(Widget):
    """One line: a message goes before the keys, and takes of their room what it needs.

    So it pushes nothing. A message about something that runs stays until that ends; any other goes
    with the next key. A click on a key does what it says.

    Args:
        actions: Those that this run offers; hints of others are passed over.

    Attributes:
        message: The message; empty for none.
    """

    DEFAULT_CSS = """
    KeyHints {
        dock: bottom;
        height: 1;
        background: $panel;
        color: $foreground;
        text-wrap: nowrap;
    }
    KeyHints > .keyhints--key { text-style: bold; color: $text-accent; }
    KeyHints > .keyhints--note { text-style: bold; }
    KeyHints > .keyhints--wait { color: $text-warning; }
    KeyHints > .keyhints--error { color: $text-error; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "keyhints--key",
        "keyhints--note",
        "keyhints--wait",
        "keyhints--error",
    }
    ALLOW_SELECT = False

    def __init__(self, actions: Sequence[Action]) -> None:
        super().__init__()
        self._actions = {
            action.name: (shown(action.keys[0]), action.call) for action in actions if action.keys
        }
        self._hints: tuple[tuple[str, str], ...] = ()
        self.message = ""
        self._kind: Kind = "note"
        self._said_at = 0.0

    def show(self, hints: tuple[tuple[str, str], ...]) -> None:
        """Show these keys, as action and word, from the most to the least important one."""
        if hints != self._hints:
            self._hints = hints
            self.refresh()

    def say(self, message: str, kind: Kind = "note") -> None:
        """Show a message, or with an empty text none."""
        message = visible(message, limit=_LIMIT)
        self._said_at = monotonic()
        if (message, kind) != (self.message, self._kind):
            self.message, self._kind = message, kind
            self.refresh()

    def withdraw(self, message: str) -> None:
        """Show a message no longer, unless another one has taken its place."""
        if visible(message, limit=_LIMIT) == self.message:
            self.say("")

    def forget(self) -> None:
        """Show the message no longer, unless it is about something that runs.

        A failure that has come just now stays: who holds a key down would never see it.
        """
        unseen = self._kind == "error" and monotonic() < self._said_at + _UNSEEN
        if self._kind != "wait" and not unseen:
            self.say("")

    def render(self) -> Content:
        """Return the message, and as many keys as fit behind it."""
        key_style = self.get_visual_style("keyhints--key", partial=True)
        message = self._shown_message()
        if message:
            style = self.get_visual_style(f"keyhints--{self._kind}", partial=True)
            return Content.assemble(
                (message, style), *self._parts(key_style, self.size.width - _cells(message))
            )
        return Content.assemble(*self._parts(key_style, self.size.width))

    def _parts(self, key_style: VisualStyle, room: int) -> list[tuple[str, VisualStyle] | str]:
        return [
            part
            for key, word, _ in self._fitting(room)
            for part in ((f" {key}", key_style), f" {word} ")
        ]

    def _shown_message(self) -> str:
        """The message in the cells that there are; where it is cut it says what shows all."""
        if not self.message:
            return ""
        text = f" {_PREFIXES[self._kind]}{self.message} "
        if _cells(text) <= self.size.width:
            return text
        more = _MORE if self.size.width > 2 * len(_MORE) else ""
        return visible(text, limit=max(0, self.size.width - len(more))).rstrip("…") + more

    def _fitting(self, room: int) -> list[tuple[str, str, str]]:
        """As many hints as fit; those that do not are left out, so that the way out is shown."""
        fitting = []
        *hints, last = self._offered() or [("", "", "")]
        room -= _width(last)
        for hint in hints:
            if room < _width(hint):
                break
            room -= _width(hint)
            fitting.append(hint)
        return [*fitting, last] if last[0] and room >= 0 else fitting

    def _offered(self) -> list[tuple[str, str, str]]:
        """Key, word and action of each hint that this run offers."""
        known = self._actions | {"submit": ("enter", "")}
        return [
            (known[name][0], word, known[name][1]) for name, word in self._hints if name in known
        ]

    async def on_click(self, event: events.Click) -> None:
        """Do what the hint under the pointer says."""
        message = _cells(self._shown_message())
        x = event.x - message
        if x < 0:
            return
        for hint in self._fitting(self.size.width - message):
            x -= _width(hint)
            if x < 0 and hint[2]:
                await self.screen.run_action(hint[2])
                return


def _cells(text: str) -> int:
    return Content(text).cell_length


def _width(hint: tuple[str, str, str]) -> int:
    """Cells of a hint: a blank before the key, and one on either side of the word."""
    return len(hint[0]) + len(hint[1]) + 3
