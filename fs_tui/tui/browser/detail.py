"""Detail: every field of the highlighted library or face, and what of it was confirmed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.containers import VerticalScroll
from textual.content import Content

from fs_tui.models import FACE_FIELDS
from fs_tui.records import Kind, behind_mask, iso, texts
from fs_tui.tui.table.line_text import LineText
from fs_tui.visible import visible
from fs_tui.words import age, count, local_time

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from fs_tui.errors import FsTuiError
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
    """A pane with one card; scrolls when the card is longer than its room."""

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
        self._card = Card("Details")
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
        width, height = self.content_size
        self._body.update(_line(self._card, width) if height == 1 else _content(self._card, width))


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


def _words(error: FsTuiError | None) -> str:
    return "" if error is None else " — ".join(filter(None, (str(error), error.hint)))


def library_card(library: Library, *, mark: str = "", error: FsTuiError | None = None) -> Card:
    """Return the card of a library."""
    return Card(
        "Library",
        (
            ("id", (library.group_id,)),
            ("name", (library.group_name,)),
            ("data", (library.group_data,)),
            ("model", (library.model_version,)),
            ("created", _times(library.add_time)),
        ),
        mark,
        _words(error),
    )


def face_card(
    face: Face,
    *,
    position: int,
    mark: str = "",
    error: FsTuiError | None = None,
    masked: bool = False,
) -> Card:
    """Return the card of a face; `position` is 1-based, 0 where it is not known."""
    fields = behind_mask(FACE_FIELDS) if masked else FACE_FIELDS
    place = count(position) if position else "not known: enter looks for it"
    return Card(
        "Face",
        (
            ("position", (place,)),
            *((field.label, _value(field, face)) for field in fields),
        ),
        mark,
        _words(error),
    )
