"""What the request log and the list of errors share: a table of records and the details of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from fs_tui.tui.bindings import movement
from fs_tui.tui.browser.detail import Card, Detail
from fs_tui.tui.forms.dialog import Hint, OneAnswer, hints_line
from fs_tui.tui.forms.field import Entry
from fs_tui.tui.messages import CopyWanted
from fs_tui.tui.table.paged_table import PagedDataTable
from fs_tui.tui.table.table_rows import RowCells
from fs_tui.visible import visible
from fs_tui.words import count

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.widgets import Input

    from fs_tui.tui.table.table_columns import Column

__all__ = ["RecordPage"]

RecordT = TypeVar("RecordT")

_LOOK_EVERY = 0.5
"""Seconds between looks for new records: at most two changes a second on a slow link."""

_CELL_LIMIT = 120
"""Cells; no column is wider."""


class _Table(PagedDataTable):
    """The table with the browser's letters."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *movement("cursor_down", "cursor_up", "scroll_top", "scroll_bottom")
    ]


class RecordPage(OneAnswer[None], Generic[RecordT]):
    """Records, the newest first, with a filter and the details of the one under the cursor.

    Args:
        records: Oldest first; the app appends to it and it drops its oldest ones.
    """

    SCOPED_CSS = False  # subclasses are styled by the same rules
    DEFAULT_CSS = """
    RecordPage {
        layers: base;
        .page--list {
            border: round $border;
            border-title-color: $foreground;
            border-title-style: bold;
            border-subtitle-color: $text-muted;
            width: 1fr;
            height: 1fr;
        }
        .page--filter { display: none; }
        .page--filter.-open { display: block; }
        .page--body { layout: vertical; }
        .page--empty { display: none; padding: 0 1; color: $text-muted; }
        .-empty .page--empty { display: block; }
        .-empty PagedDataTable { height: 0; }
        PagedDataTable { background: $background; }
        Detail { height: 45%; max-height: 16; }
        &.-wide .page--body { layout: horizontal; }
        &.-wide Detail { width: 52; height: 1fr; max-height: 100%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False),
        Binding("q", "close", "Close", show=False),
        Binding("slash", "filter", "Filter", show=False),
        Binding("tab", "app.focus_next", "Next", show=False),
        Binding("shift+tab", "app.focus_previous", "Previous", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (150, "-wide")]  # noqa: RUF012  Textual's own type
    AUTO_FOCUS = "_Table"

    TITLE_WORDS: ClassVar[str]
    NOUN: ClassVar[str]
    COLUMNS: ClassVar[Sequence[Column]]
    HINTS: ClassVar[tuple[Hint, ...]]

    def __init__(self, records: deque[RecordT]) -> None:
        super().__init__()
        self._records = records
        self._newest: RecordT | None = None
        self._shown: list[tuple[int, RecordT]] = []
        self._table = _Table(self.COLUMNS)
        self._detail = Detail()
        self._filter = Entry(placeholder="words to look for")
        self._filter.add_class("page--filter")
        self._empty = Static(Content(""), markup=False, classes="page--empty")
        self._list = Vertical(self._filter, self._table, self._empty, classes="page--list")

    def compose(self) -> ComposeResult:
        """Put the list over, or on a wide terminal beside, the details."""
        with Container(classes="page--body"):
            yield self._list
            yield self._detail

    def on_mount(self) -> None:
        """Show what is there and look for more."""
        self._list.border_subtitle = hints_line(self.HINTS)
        self._load()
        self._table.set_source(self)
        self._show_detail()
        self.set_interval(_LOOK_EVERY, self.look)

    # -- what a kind of record has to say ------------------------------------------------------

    def cells(self, record: RecordT) -> tuple[str, ...]:
        """Return one text a column, raw."""
        raise NotImplementedError

    def card(self, record: RecordT) -> Card:
        """Return the details."""
        raise NotImplementedError

    # -- the table's row source ----------------------------------------------------------------

    def row_count(self) -> int:
        """Records that pass the filter."""
        return len(self._shown)

    def number_width(self) -> int:
        """Cells of the newest record's number."""
        return len(str(len(self._records)))

    def rows(self, first: int, last: int) -> Sequence[RowCells | None]:
        """The rows `first` to `last - 1`, the newest first."""
        return [
            RowCells(
                str(number), tuple(visible(cell, limit=_CELL_LIMIT) for cell in self.cells(record))
            )
            for number, record in self._shown[first:last]
        ]

    # -- what happens --------------------------------------------------------------------------

    @property
    def current(self) -> RecordT | None:
        """The record under the cursor."""
        row = self._table.cursor_row
        return self._shown[row][1] if row < len(self._shown) else None

    def look(self) -> None:
        """Show records that came since the last look; the cursor stays on its record."""
        if not self._records or self._records[-1] is self._newest:
            return
        current, row = self.current, self._table.cursor_row
        self._load()
        self._table.source_changed()
        if row and current is not None:
            places = [place for place, (_, kept) in enumerate(self._shown) if kept is current]
            self._table.move_cursor(places[0] if places else row)
        self._show_detail()

    def on_paged_data_table_row_highlighted(self) -> None:
        """Show the details of the record under the cursor."""
        self._show_detail()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter while typing."""
        event.stop()
        self._load()
        self._table.source_changed()
        self._table.move_cursor(0)
        self._show_detail()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes from the filter to the list."""
        event.stop()
        self._table.focus()

    def action_filter(self) -> None:
        """Open the filter."""
        self._filter.add_class("-open")
        self._filter.focus()

    def action_back(self) -> None:
        """Clear the filter, or close."""
        if self._filter.has_class("-open"):
            self._filter.value = ""
            self._filter.remove_class("-open")
            self._table.focus()
        else:
            self.dismiss(None)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)

    def copy(self, text: str, what: str) -> None:
        """Ask the app for the clipboard; nothing to copy is said, not done."""
        if text:
            self.post_message(CopyWanted(text, what))
        else:
            self.notify(f"There is no {what.removeprefix('the ')} here.", markup=False)

    def _load(self) -> None:
        self._newest = self._records[-1] if self._records else None
        words = self._filter.value.lower().split()
        numbered = list(enumerate(self._records, 1))
        self._shown = [line for line in reversed(numbered) if self._passes(line[1], words)]
        numbers = count(len(self._shown), self.NOUN)
        if words:
            numbers = f"{count(len(self._shown))} of {count(len(self._records), self.NOUN)}"
        self._list.border_title = Content(f"{self.TITLE_WORDS}: {numbers}")
        self._list.set_class(not self._shown, "-empty")
        holds = "with these words " if words else ""
        self._empty.update(Content(f"No {self.NOUN}s {holds}in this run."))

    def _passes(self, record: RecordT, words: Sequence[str]) -> bool:
        if not words:
            return True
        line = " ".join(self.cells(record)).lower()
        return all(word in line for word in words)

    def _show_detail(self) -> None:
        record = self.current
        self._detail.show(Card("Details") if record is None else self.card(record))
