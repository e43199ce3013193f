"""A short list to pick one value from, by arrows, j and k, or by the key before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets.option_list import Option

from fs_tui.tui.bindings import movement
from fs_tui.tui.forms.any_size_list import AnySizeList
from fs_tui.tui.forms.dialog import LEAVE, Dialog, DialogBox, Hint
from fs_tui.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.widgets import OptionList

__all__ = ["Entry", "Lines", "Menu"]

ValueT = TypeVar("ValueT")

_KEYS = "123456789abcdefhi"
"""What stands before the entries and takes one directly; g, j, k and q mean something already."""

_LABEL = 25
"""Cells of a bullet, the longest label, and a space."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[ValueT]):
    """A line of a menu.

    Attributes:
        value: What the menu returns for it.
        label: What it is, words of ours.
        sample: What it holds; may be text from outside, raw.
        taken: It is the one that holds now.
    """

    value: ValueT
    label: str
    sample: str = ""
    taken: bool = False


class Lines(AnySizeList):
    """The list: as high as its lines, without a frame of its own."""

    DEFAULT_CSS = """
    Lines {
        border: none;
        padding: 0;
        margin-bottom: 1;
        background: $surface;
        scrollbar-size-vertical: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        &:focus { border: none; background-tint: $foreground 0%; }
        & > .option-list--option { padding: 0 1; }
        & > .option-list--option-hover { background: $surface; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *movement("cursor_down", "cursor_up", "first", "last"),
        Binding("enter", "screen.take", "Take", show=False),
    ]


class Menu(Dialog[ValueT]):
    """Returns the value of the entry that was taken; at least one entry, at most one a key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"take({number})", show=False) for number, key in enumerate(_KEYS, start=1)),
        Binding("q", "leave", "Close", show=False),
        Binding("question_mark,f1", "leave_for('help')", "Help", show=False),
        Binding("colon,ctrl+p", "leave_for('palette')", "Palette", show=False),
    ]

    def __init__(self, title: str, entries: Sequence[Entry[ValueT]]) -> None:
        super().__init__()
        self._title = title
        self._entries = tuple(entries)

    def compose(self) -> ComposeResult:
        """Show the entries, the cursor on the one that holds now."""
        keys = _KEYS[: len(self._entries)]
        several = f"{keys[0]}-{keys[-1]}" if keys <= _KEYS[:9] else f"1-9 a-{keys[-1]}"
        hints: tuple[Hint, ...] = (("enter", "take", "screen.take"), (several, "directly", ""))
        with DialogBox(self._title, (*hints, LEAVE)):
            lines = _Entries(self._entries)
            taken = [index for index, entry in enumerate(self._entries) if entry.taken]
            lines.highlighted = taken[0] if taken else 0
            yield lines

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Return the entry under the pointer."""
        event.stop()
        self.dismiss(self._entries[event.option_index].value)

    def action_take(self, number: int = 0) -> None:
        """Return the entry with that number, or the one under the cursor."""
        index = number - 1 if number else self.query_one(Lines).highlighted
        if index is not None and index < len(self._entries):
            self.dismiss(self._entries[index].value)

    async def action_leave_for(self, action: str) -> None:
        """Close, and do what a key does in the screen below."""
        await self.dismiss(None)
        await self.app.screen.run_action(action)


class _Entries(Lines):
    """The entries with their samples in a column, but where one is too long for what is left."""

    def __init__(self, entries: Sequence[Entry[Any]]) -> None:  # Any: what is returned is not shown
        super().__init__(*map(Option, map(_prompt, _KEYS, entries)), markup=False)
        self._entries = entries

    def on_resize(self) -> None:
        """Lay the lines out anew."""
        # The list itself leaves a cell free on each side.
        room = self.scrollable_content_region.width - 2
        longest = max(cell_len(_sample(entry)) for entry in self._entries)
        column = max(*(len(entry.label) + 3 for entry in self._entries), room - 2 - longest)
        for index, (key, entry) in enumerate(zip(_KEYS, self._entries, strict=False)):
            own = min(_LABEL, column, room - 2 - cell_len(_sample(entry)))
            self.replace_option_prompt_at_index(index, _prompt(key, entry, own))


def _sample(entry: Entry[Any]) -> str:
    return visible(entry.sample, limit=60)


def _prompt(key: str, entry: Entry[Any], column: int = _LABEL) -> Content:
    bullet = "●" if entry.taken else " "
    head = f"{bullet} {entry.label} "
    return Content.assemble(
        (f"{key} ", "$text-muted"), head.ljust(column), (_sample(entry), "$text-muted")
    )
