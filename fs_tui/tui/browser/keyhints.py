"""KeyHints: the last line of the screen, the keys that matter most and what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.widget import Widget

from fs_tui.tui.keys import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from fs_tui.tui.keys import Action

__all__ = ["KeyHints"]


class KeyHints(Widget):
    """One line of keys; a click on one does what it says.

    Textual's Footer mounts a widget a key and builds all of them anew at each change of focus;
    this one is a single line that never changes.
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
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"keyhints--key"}
    ALLOW_SELECT = False

    def __init__(self, actions: Sequence[Action]) -> None:
        super().__init__()
        self._hints = [
            (f" {shown(action.keys[0])}", f" {action.footer} ", action)
            for action in actions
            if action.footer
        ]

    def render(self) -> Content:
        """Return as many hints as fit; the last one always does, so that the way out is shown."""
        key_style = self.get_visual_style("keyhints--key", partial=True)
        return Content.assemble(
            *(part for key, word, _ in self._fitting() for part in ((key, key_style), word))
        )

    async def on_click(self, event: events.Click) -> None:
        """Do what the hint under the pointer says."""
        x = event.x
        for key, word, action in self._fitting():
            x -= len(key) + len(word)
            if x < 0:
                await self.screen.run_action(action.call)
                return

    def _fitting(self) -> list[tuple[str, str, Action]]:
        if not self._hints:
            return []
        *hints, last = self._hints
        room = self.size.width - len(last[0]) - len(last[1])
        fitting = []
        for hint in hints:
            room -= len(hint[0]) + len(hint[1])
            if room < 0:
                break
            fitting.append(hint)
        return [*fitting, last]
