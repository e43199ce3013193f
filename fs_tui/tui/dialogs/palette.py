"""The palette: many things by name, narrowed at each key, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets.option_list import Option

from fs_tui.tui.forms.dialog import LEAVE, Dialog, DialogBox, Hint
from fs_tui.tui.forms.field import Entry
from fs_tui.tui.forms.menu import Lines
from fs_tui.tui.host import Offer
from fs_tui.visible import cell_width, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.widgets import Input, OptionList

__all__ = ["Palette"]

_HINTS: tuple[Hint, ...] = (("enter", "take", "screen.take"), ("↑ ↓", "choose", ""), LEAVE)


class _Typed(Entry):
    """The line that is typed into; what moves in the list is for the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(f"{key},{other}", f"screen.move('{way}')", show=False)
        for key, other, way in (
            ("up", "ctrl+p", "cursor_up"),
            ("down", "ctrl+n", "cursor_down"),
            ("pageup", "ctrl+b", "page_up"),
            ("pagedown", "ctrl+f", "page_down"),
        )
    ]


class Palette(Dialog[Offer]):
    """Returns the offer that was taken. It narrows at once: an enter may follow in one packet.

    Attributes:
        offers: All of them.
    """

    DEFAULT_CSS = """
    Palette Lines { margin-top: 1; }
    Palette.-low Lines { margin-top: 0; }
    """

    def __init__(self, title: str, offers: Sequence[Offer]) -> None:
        super().__init__()
        self._title = title
        self.offers = tuple(offers)
        self._fitting = self.offers
        self._entry = _Typed(placeholder="some letters of a name")
        self._lines = Lines(markup=False)
        self._lines.can_focus = False

    def compose(self) -> ComposeResult:
        """Show the line to type into over the list."""
        with DialogBox(self._title, _HINTS):
            yield self._entry
            yield self._lines

    def on_mount(self) -> None:
        """Show all, and follow what is typed: its message would come behind the next key."""
        self._show()
        self.watch(self._entry, "value", self._narrow, init=False)

    def on_resize(self) -> None:
        """Lay the lines out anew."""
        # Not in vh: the frame would leave room for all lines.
        self._lines.styles.max_height = max(1, self.app.size.height * 7 // 10)
        self._show()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep it here; what was typed is known already."""
        event.stop()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter takes the line."""
        event.stop()
        self.action_take()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """So does a click."""
        event.stop()
        self.dismiss(self._fitting[event.option_index])

    def action_take(self) -> None:
        """Return the offer under the cursor; without one, stay."""
        index = self._lines.highlighted
        if index is not None and index < len(self._fitting):
            self.dismiss(self._fitting[index])

    def action_move(self, way: str) -> None:
        """Move in the list."""
        getattr(self._lines, f"action_{way}")()

    def _narrow(self) -> None:
        wanted = self._entry.value.casefold().split()
        ranked = [(_rank(offer, wanted), offer) for offer in self.offers]
        fitting = [(rank, offer) for rank, offer in ranked if rank is not None]
        fitting.sort(key=lambda one: one[0])
        self._fitting = tuple(offer for _, offer in fitting)
        self._show()

    def _show(self) -> None:
        width = max(20, min(66, self.app.size.width - 10))
        options = [Option(_offer_line(offer, width)) for offer in self._fitting]
        self._lines.set_options(
            options or [Option(Content("nothing has this name"), disabled=True)]
        )
        self._lines.highlighted = 0 if self._fitting else None


def _rank(offer: Offer, wanted: Sequence[str]) -> tuple[int, bool] | None:
    """How far from the begin of a title the words stand; None where one does not."""
    title = offer.title.casefold()
    worst = 0
    for word in wanted:
        if title.startswith(word):
            rank = 0
        elif f" {word}" in title:
            rank = 1
        elif word in title:
            rank = 2
        elif _in_order(word, title):
            rank = 3
        else:
            return None
        worst = max(worst, rank)
    # Without anything typed all stand in their own order.
    return worst, bool(wanted) and not offer.is_first


def _in_order(word: str, title: str) -> bool:
    """Whether the letters of a word come in a title in their order."""
    letters = iter(title)
    return all(letter in letters for letter in word)


def _offer_line(offer: Offer, width: int) -> Content:
    note = visible(offer.note, limit=24)
    room = max(8, width - cell_width(note) - 2)
    title = visible(offer.title, limit=room)
    gap = " " * (room - cell_width(title) + 1)
    return Content.assemble(title, gap, (note, "$text-muted"))
