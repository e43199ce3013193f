"""TitleBar: the first line of the screen: what is connected to, from where, and lasting notices."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content
from textual.widget import Widget

from fs_tui.visible import visible

__all__ = ["TitleBar"]

_NAME = len(" fs-tui ")


class TitleBar(Widget):
    """Profile, host and source of the credentials; on the right where one is, and what lasts."""

    DEFAULT_CSS = """
    TitleBar {
        dock: top;
        height: 1;
        background: $panel;
        color: $foreground;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    TitleBar > .titlebar--name { text-style: bold; color: $text-primary; }
    TitleBar > .titlebar--badge { text-style: bold reverse; color: $text-warning; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"titlebar--name", "titlebar--badge"}
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._words: tuple[str, ...] = ()
        self._place = ""
        self._badges: dict[str, str] = {}

    def describe(self, *words: str) -> None:
        """Show what is connected to, from the most to the least important word."""
        self._words = tuple(visible(word, limit=80) for word in words if word)
        self.refresh()

    def place(self, *words: str) -> None:
        """Show where one is, from the most to the least important word."""
        place = " · ".join(visible(word, limit=60) for word in words if word)
        if place != self._place:
            self._place = place
            self.refresh()

    def badge(self, name: str, text: str) -> None:
        """Show a lasting notice under a name, replace it, or with an empty text take it away."""
        if self._badges.get(name, "") == text:
            return
        self._badges[name] = text
        self.refresh()

    def render(self) -> Content:
        """Return the line; badges keep their room, then where one is, the first words give way."""
        badge_style = self.get_visual_style("titlebar--badge", partial=True)
        badges = Content.assemble(
            *(
                part
                for text in self._badges.values()
                if text
                for part in (" ", (f" {visible(text, limit=60)} ", badge_style))
            )
        )
        words = Content.assemble(
            (" fs-tui ", self.get_visual_style("titlebar--name", partial=True)),
            " · ".join(self._words),
        )
        room = max(0, self.size.width - badges.cell_length)
        place = Content(f"  {self._place} " if self._place else "")
        place = place.truncate(max(0, room - _NAME), ellipsis=True)
        words = words.truncate(max(0, room - place.cell_length), ellipsis=True, pad=True)
        return words + place + badges
