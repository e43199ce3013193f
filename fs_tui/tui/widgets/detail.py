"""Detail: every field of the highlighted library or face, and what of it was confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content

from fs_tui.tui.widgets.line_text import LineText
from fs_tui.tui.words import count, local_time, utc_time
from fs_tui.visible import visible

if TYPE_CHECKING:
    from datetime import datetime

    from textual.app import ComposeResult

    from fs_tui.errors import FsTuiError
    from fs_tui.models import Face, Library

__all__ = ["Card", "Detail", "face_card", "library_card"]

_STACKED_BELOW = 46
"""Cells; a token (32) beside its label does not fit a narrower pane."""


@dataclass(frozen=True, slots=True)
class Card:
    """What the pane shows.

    Attributes:
        title: What it is about.
        fields: Label and the lines of its value, in order.
        mark: What is known about it: confirmed, being asked, or nothing yet.
        error: Why it could not be confirmed.
        of_library: Whether it is about a library rather than a face.
    """

    title: str
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()
    mark: str = ""
    error: str = ""
    of_library: bool = False


class Detail(VerticalScroll, can_focus=True):
    """A pane with one card; scrolls when the card is longer than its room."""

    DEFAULT_CSS = """
    Detail {
        border: round $foreground 30%;
        border-title-color: $foreground;
        padding: 0 1;
        scrollbar-size-vertical: 1;
        &:focus { border: round $border; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.border_title = Content("Details")
        self._card = Card("Details", of_library=True)
        self._body = LineText()

    def compose(self) -> ComposeResult:
        """Hold one text."""
        yield self._body

    @property
    def card(self) -> Card:
        """What is shown."""
        return self._card

    def show(self, card: Card) -> None:
        """Show a card; painting happens only when it differs."""
        if card == self._card:
            return
        if card.title != self._card.title:
            # The border is repainted whole for it, so it names the kind and not the one.
            self.border_title = Content(visible(card.title, limit=60))
        if card.fields != self._card.fields:
            self.scroll_home(animate=False)
        self._card = card
        self._paint()

    def on_resize(self) -> None:
        """Choose between labels beside and labels above the values."""
        self._paint()

    def _paint(self) -> None:
        stacked = self.content_size.width < _STACKED_BELOW
        self._body.update(_content(self._card, stacked=stacked))


def _content(card: Card, *, stacked: bool) -> Content:
    lines: list[Content] = []
    for label, value in card.fields:
        shown = [visible(line, limit=2000) or "—" for line in value] or ["—"]
        if stacked:
            lines.append(Content.styled(label, "dim"))
            lines.extend(Content(line) for line in shown)
        else:
            lines.append(Content.assemble((f"{label:<9}", "dim"), shown[0]))
            lines.extend(Content(" " * 9 + line) for line in shown[1:])
    if card.mark:
        lines.append(Content.styled(visible(card.mark, limit=200), "italic"))
    if card.error:
        lines.append(Content.styled("✗ " + visible(card.error, limit=600), "$error"))
    return Content("\n").join(lines)


def _moment(moment: datetime | None) -> tuple[str, ...]:
    return () if moment is None else (local_time(moment), utc_time(moment))


def library_card(library: Library, *, mark: str = "", error: FsTuiError | None = None) -> Card:
    """Return the card of a library."""
    return Card(
        "Library",
        (
            ("id", (library.group_id,)),
            ("name", (library.group_name,)),
            ("data", (library.group_data,)),
            ("model", (library.model_version,)),
            ("created", _moment(library.add_time)),
        ),
        mark,
        "" if error is None else f"{error} {error.hint}",
        of_library=True,
    )


def face_card(
    face: Face, *, position: int | None = None, mark: str = "", error: FsTuiError | None = None
) -> Card:
    """Return the card of a face; `position` is 1-based, None where it is not known."""
    place = () if position is None else (("position", (count(position),)),)
    return Card(
        "Face",
        (
            *place,
            ("token", (face.face_token,)),
            ("user id", (face.user_id,)),
            ("data", (face.user_data,)),
            ("added", _moment(face.add_time)),
        ),
        mark,
        "" if error is None else f"{error} {error.hint}",
    )
