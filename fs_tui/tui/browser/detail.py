"""Detail: every field of the highlighted library or face, and what of it was confirmed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.containers import VerticalScroll
from textual.content import Content

from fs_tui.errors import FsTuiError
from fs_tui.models import FACE_FIELDS
from fs_tui.records import Kind, behind_mask, texts
from fs_tui.times import iso
from fs_tui.tui.table.line_text import LineText
from fs_tui.visible import visible
from fs_tui.words import age, count, local_time

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from fs_tui.models import Face, FaceField, Library

__all__ = ["Card", "Detail", "face_card", "library_card"]

_LABEL = 9
"""Cells of the longest label and a space."""
_STACKED_BELOW = 46
"""Cells; in a narrower pane a label stands above a value that does not fit beside it."""


class Card(NamedTuple):
    """What the pane shows.

    Attributes:
        title: What it is about.
        fields: Label and the lines of its value, in order.
        mark: What is known about it: confirmed, being asked, or nothing yet.
        error: Why it could not be confirmed.
    """

    title: str
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()
    mark: str = ""
    error: str = ""

    def of_person(self, words: str) -> Card:
        """The same card with words about the person under the user id."""
        if not words:
            return self
        label = next(field.label for field in FACE_FIELDS if field.name == "user_id")
        fields = tuple(
            (name, (*lines, words) if name == label else lines) for name, lines in self.fields
        )
        return self._replace(fields=fields)


class Detail(VerticalScroll, can_focus=True):
    """A pane with one card; scrolls when the card is longer than its room.

    Attributes:
        card: What is shown.
    """

    DEFAULT_CSS = """
    Detail {
        border: round $foreground 50%;
        border-title-color: $foreground;
        padding: 0 1;
        scrollbar-size-vertical: 1;
        &:focus { border: round $border; }
        &:focus:nocolor { border: heavy $foreground; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.border_title = Content("Details")
        self.card = Card("Details")
        self._body = LineText()

    def compose(self) -> ComposeResult:
        """Hold one text."""
        yield self._body

    def show(self, card: Card) -> None:
        """Show a card; painting happens only when it differs."""
        if card == self.card:
            return
        if card.title != self.card.title:
            # The border is repainted whole for it, so it names the kind and not the one.
            self.border_title = Content(visible(card.title, limit=60))
        if card.fields != self.card.fields:
            self.scroll_home(animate=False)
        self.card = card
        self._paint()

    def on_resize(self) -> None:
        """Choose between labels beside and labels above the values."""
        self._paint()

    def _paint(self) -> None:
        width, height = self.content_size
        self._body.update(_line(self.card, width) if height == 1 else _content(self.card, width))


def _content(card: Card, width: int) -> Content:
    """The card as lines; the mark stands behind the first value where it fits, else at the end.

    What is longer than its line goes on below its own beginning, not below the labels.

    An error goes first, so that it is seen in a low pane too.
    """
    lines: list[Content] = []
    mark = Content.styled(visible(card.mark, limit=200), "italic")
    for label, value in card.fields:
        shown = [visible(line, limit=2000) or "—" for line in value] or ["—"]
        beside = _LABEL + max(cell_len(line) for line in shown) <= width
        if beside or width >= _STACKED_BELOW:
            # A scrollbar may come yet, and take a cell.
            room = max(1, width - _LABEL - 1)
            rows = [row for line in shown for row in Content(line).wrap(room)]
            lines.append(Content.assemble((f"{label:<{_LABEL}}", "dim"), rows[0]))
            lines.extend(Content(" " * _LABEL) + row for row in rows[1:])
        else:
            lines.append(Content.styled(label, "dim"))
            lines.extend(Content(line) for line in shown)
    if mark and lines and lines[0].cell_length + 2 + mark.cell_length <= width:
        lines[0] = Content.assemble(lines[0], "  ", mark)
    elif mark:
        lines.append(mark)
    if card.error:
        lines.insert(0, Content.styled("✗ " + visible(card.error, limit=600), "$text-error"))
    return Content("\n").join(lines)


def _line(card: Card, width: int) -> Content:
    """The card on one line: whether it was confirmed, and the values without their names."""
    head = "✗" if card.error else card.mark[:1] or card.title
    values = (visible(lines[0], limit=200) for _, lines in card.fields if lines)
    return Content(" · ".join((head, *filter(None, values)))).truncate(width, ellipsis=True)


def _times(moment: datetime | None) -> tuple[str, ...]:
    """A time as a filter takes it, its weekday and age; in UTC too where that reads otherwise."""
    if moment is None:
        return ()
    here = moment.astimezone()
    lines = (local_time(moment), f"{here:%A}, {age(moment, _now())}")
    return lines if not here.utcoffset() else (*lines, iso(moment))


def _now() -> datetime:
    return datetime.now(UTC)


def _value(field: FaceField, face: Face) -> tuple[str, ...]:
    return _times(face.add_time) if field.kind is Kind.TIME else (texts(field, [face])[0],)


def _words(error: FsTuiError) -> str:
    return " — ".join(filter(None, (str(error), error.hint)))


def library_card(listed: Library, known: Library | FsTuiError | None) -> Card:
    """Return the card of a library: as it is listed, and what group_info says of it."""
    error, mark = "", ""
    if isinstance(known, FsTuiError):
        error = _words(known)
    elif known is not None:
        listed, mark = known, "✓ confirmed by group_info"
    fields = (
        ("id", (listed.group_id,)),
        ("name", (listed.group_name,)),
        ("data", (listed.group_data,)),
        ("model", (listed.model_version,)),
        ("created", _times(listed.add_time)),
    )
    return Card("Library", fields, mark, error)


def face_card(
    listed: Face, known: Face | FsTuiError | None, *, position: int, masked: bool
) -> Card:
    """Return the card of a face: as it is listed, and what face_info says of it.

    Args:
        listed: As the list has it.
        known: What face_info says; None before it was asked.
        position: 1-based; 0 where it is not known.
        masked: Show of what tells of a person the last three characters only.
    """
    error, mark = "", ""
    if isinstance(known, FsTuiError):
        error = _words(known)
    elif known is not None:
        is_same = known == listed
        mark = "✓ confirmed by face_info" if is_same else "≠ face_info differs from the list"
        listed = known
    fields = behind_mask(FACE_FIELDS) if masked else FACE_FIELDS
    place = count(position) if position else "not known: enter looks for it"
    values = ((field.label, _value(field, listed)) for field in fields)
    return Card("Face", (("position", (place,)), *values), mark, error)
