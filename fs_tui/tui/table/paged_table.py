"""A table of any number of rows that draws what is visible and stores nothing.

RowSource ──rows(first, last)──►  PagedDataTable  ──RowHighlighted────────────────►  its parent
    ▲                               ▲        └──────RowsWanted, HeaderSelected───►      │
    └── loads ── parent             └──── set_source, source_changed, move_cursor ──────┘
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Region, Size, clamp
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.widget import Widget

from fs_tui.tui.table.row_painter import RowPainter
from fs_tui.tui.table.scrollbar import CalmScrollBar
from fs_tui.tui.table.table_messages import (
    ColumnsMeasured,
    HeaderSelected,
    RowHighlighted,
    RowsWanted,
)
from fs_tui.tui.table.table_rows import EmptySource, RowWindow
from fs_tui.tui.table.table_style import CSS, PARTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.scrollbar import ScrollBar
    from textual.strip import Strip

    from fs_tui.tui.table.table_columns import Column
    from fs_tui.tui.table.table_lines import Find
    from fs_tui.tui.table.table_rows import RowCells, RowSource

__all__ = ["PagedDataTable"]

_SCREENS_AHEAD = 2
"""Screenfuls above and below that are wanted too: a held key is faster than the service."""


class PagedDataTable(ScrollView, can_focus=True):
    """DataTable's manners without its storage: rows come from a `RowSource` as they are drawn.

    Args:
        columns: The columns after the row number, which the table draws by itself.

    Attributes:
        cursor_row: The 0-based index of the row with the cursor; 0 when there are no rows.
        show_cursor: Whether the cursor is drawn; it shows again as soon as it is moved.
    """

    ALLOW_SELECT = False

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up", "Up", show=False),
        Binding("down", "cursor_down", "Down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
        Binding("home,ctrl+home", "scroll_top", "First row", show=False),
        Binding("end,ctrl+end", "scroll_bottom", "Last row", show=False),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = PARTS
    DEFAULT_CSS = CSS

    cursor_row: var[int] = var(0)
    show_cursor: var[bool] = var(default=True, init=False)

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self._painter = RowPainter(self, columns)
        self._range_from: int | None = None
        self._window = RowWindow(EmptySource())
        self._order: tuple[str | None, bool] = (None, False)
        self._on_screen = range(0)
        self._least_told = 0
        self._wanted: tuple[int, int] | None = None
        self._check_pending = False

    # -- what the parent says ----------------------------------------------------------------

    @property
    def row_count(self) -> int:
        """How many rows the source has."""
        return self._window.count

    @property
    def visible_rows(self) -> range:
        """The indices of the rows that are on screen."""
        first = self.scroll_offset.y
        return range(first, min(first + self._page, self._window.count))

    @property
    def least_width(self) -> int:
        """Cells of the narrowest table that shows all columns, its scrollbar included."""
        return self._painter.lines.least + self.scrollbar_size_vertical

    def set_source(self, source: RowSource) -> None:
        """Show another source's rows, from the first one on."""
        self._window = RowWindow(source)
        self._painter.forget_texts()
        self._adapt()
        self.show_cursor = True
        self.set_reactive(PagedDataTable.cursor_row, 0)
        self._wanted = None
        if self.is_mounted:
            self.scroll_to(y=0, force=True)
            self.refresh(self._rows_region())
            self._tell_cursor()
            self._check_soon()

    def source_changed(self) -> None:
        """Say that rows, or their number, changed.

        Cursor and scroll position stay as far as the rows still exist; only visible lines that
        look different are repainted.
        """
        shown = {row: self._window.remembered(row) for row in self.visible_rows}
        at_cursor = self._window.remembered(self.cursor_row)
        was_empty = not self.row_count
        self._window.forget()
        self._adapt()
        if was_empty == bool(self.row_count):
            # What is said in an empty table stands where no row is.
            self.refresh(self._rows_region())
        if self.cursor_row != self.validate_cursor_row(self.cursor_row):
            self.cursor_row = self.validate_cursor_row(self.cursor_row)
        elif self.row_at_cursor() != at_cursor:
            self._tell_cursor()
        for row in shown.keys() | set(self.visible_rows):
            if row >= self.row_count or row not in shown or self._window.row(row) != shown[row]:
                self._refresh_row(row)
        self._wanted = None
        self._check_soon()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns; the source gives a text for each from now on."""
        self._painter.set_columns(columns)
        self.source_changed()

    def set_order(self, key: str | None, *, descending: bool = False) -> None:
        """Show in the header which column orders the rows; None shows none, "" the numbers."""
        if self._order != (key, descending):
            self._order = (key, descending)
            self.refresh(Region(0, 0, self._width, self._header_height))

    def say_empty(self, lines: tuple[str, ...]) -> None:
        """Say in the middle of a table without rows why there are none, and which key is next."""
        if self._painter.say_empty(lines) and not self.row_count:
            self.refresh(self._rows_region())

    def look_for(self, find: Find | None) -> None:
        """Let stand out what is looked for; None for nothing."""
        if self._painter.look_for(find):
            self._fit_columns()
            self.refresh(self._rows_region())

    def begin_range(self, row: int | None) -> None:
        """Show the rows from this one to the cursor as a range that is being made; None ends it."""
        before, self._range_from = self._range_from, row
        if before is not None:
            self._refresh_rows(before, self.cursor_row)
        if row is not None:
            self._refresh_rows(row, self.cursor_row)

    def _refresh_rows(self, one: int, other: int) -> None:
        first, last = sorted((one, other))
        rows = self.visible_rows
        for row in range(max(first, rows.start), min(last + 1, rows.stop)):
            self._refresh_row(row)

    def move_cursor(self, row: int) -> None:
        """Put the cursor on a row (clamped) and scroll it into view, without animation."""
        self.show_cursor = True
        self.cursor_row = row
        self._reveal()

    def row_at_cursor(self) -> RowCells | None:
        """What the row with the cursor shows; None when it is not loaded or there is none."""
        return self._window.row(self.cursor_row) if self.cursor_row < self.row_count else None

    # -- keys and mouse ----------------------------------------------------------------------

    def action_cursor_up(self) -> None:
        """Move the cursor one row up."""
        self.move_cursor(self.cursor_row - 1)

    def action_cursor_down(self) -> None:
        """Move the cursor one row down."""
        self.move_cursor(self.cursor_row + 1)

    def action_page_up(self) -> None:
        """Move the cursor and the rows one screenful up."""
        self._move_page(-self._page)

    def action_page_down(self) -> None:
        """Move the cursor and the rows one screenful down."""
        self._move_page(self._page)

    def action_scroll_top(self) -> None:
        """Move the cursor to the first row."""
        self.move_cursor(0)

    def action_scroll_bottom(self) -> None:
        """Move the cursor to the last row that the source has."""
        self.move_cursor(self.row_count - 1)

    def _move_page(self, rows: int) -> None:
        rows = rows or 1
        self.scroll_to(y=self.scroll_offset.y + rows, force=True)
        self.move_cursor(self.cursor_row + rows)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row, or name the column's title."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        event.stop()
        if offset.y < self._header_height:
            if (key := self._painter.lines.key_at(offset.x)) is not None:
                self.post_message(HeaderSelected(self, key))
            return
        row = self.scroll_offset.y + offset.y - self._header_height
        if row < self.row_count:
            self.move_cursor(row)

    # -- cursor and scrolling ----------------------------------------------------------------

    def validate_cursor_row(self, row: int) -> int:
        """Keep the cursor on a row that exists."""
        return clamp(row, 0, max(0, self.row_count - 1))

    def watch_cursor_row(self, old: int, new: int) -> None:
        """Repaint the two lines that change, and tell."""
        if self._range_from is None:
            self._refresh_row(old)
            self._refresh_row(new)
        else:
            self._refresh_rows(old, new)
        self._tell_cursor()

    def watch_show_cursor(self) -> None:
        """Repaint its line, and tell."""
        self._refresh_row(self.cursor_row)
        self._tell_cursor()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Repaint the rows; the header stays, and the scrollbar decides for itself."""
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = new_value
        if round(old_value) != round(new_value):
            self.refresh(self._rows_region())
            self._on_screen = self.visible_rows
            self._fit_columns()
            self._check_soon()

    # Any: Textual's own options, passed through.
    def scroll_to(self, x: float | None = None, y: float | None = None, **options: Any) -> None:
        """Scroll without animation, whoever asks: each step of one is a whole page to send."""
        options["animate"] = False
        super().scroll_to(x, y, **options)

    def _reveal(self) -> None:
        """Scroll the row with the cursor into view; after a far jump, to the middle."""
        if not self._page:
            return
        first, row = self.scroll_offset.y, self.cursor_row
        if first <= row < first + self._page:
            return
        if row in range(first - self._page, first):
            first = row
        elif row in range(first, first + 2 * self._page):
            first = row - self._page + 1
        else:
            first = row - self._page // 2
        self.scroll_to(y=first, force=True)

    def _tell_cursor(self) -> None:
        if self.row_count:
            self.post_message(RowHighlighted(self, self.cursor_row))

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The vertical scrollbar (made if necessary)."""
        if self._vertical_scrollbar is None:
            bar = CalmScrollBar(
                vertical=True, name="vertical", thickness=self.scrollbar_size_vertical
            )
            bar.display = False
            self._vertical_scrollbar = bar
            # As in Widget.vertical_scrollbar: Textual offers no other way to give one's own.
            self.app._start_widget(self, bar)  # noqa: SLF001
        return self._vertical_scrollbar

    # -- rows that are not loaded ------------------------------------------------------------

    def _check_soon(self) -> None:
        """Look for rows that are wanted once the present message is dealt with."""
        if not self._check_pending:
            self._check_pending = True
            self.call_later(self._check_missing)

    def _check_missing(self) -> None:
        self._check_pending = False
        if not self._page:
            return
        first = self.scroll_offset.y
        wanted = self._window.wanted(first, first + self._page, _SCREENS_AHEAD)
        if wanted and wanted != self._wanted:
            self._wanted = wanted
            self.post_message(RowsWanted(self, *wanted))

    # -- size --------------------------------------------------------------------------------

    @property
    def _header_height(self) -> int:
        """The header goes when there is one line only."""
        return 1 if self.scrollable_content_region.height > 1 else 0

    @property
    def _width(self) -> int:
        return self._painter.lines.width

    @property
    def _page(self) -> int:
        """How many rows fit on the screen."""
        return self.scrollable_content_region.height - self._header_height

    def on_mount(self) -> None:
        """Tell where the cursor of a source is that was set before."""
        self._tell_cursor()

    def on_resize(self) -> None:
        """Lay the columns out anew, and keep the cursor in view if it was."""
        in_view = not self._on_screen or self.cursor_row in self._on_screen
        self._adapt()
        if in_view:
            self._reveal()
        self._on_screen = self.visible_rows
        self._check_soon()

    def _adapt(self) -> None:
        """Follow the number of rows, the widest number and the size of the table."""
        self._fit_columns()
        size = Size(0, self.row_count + self._header_height)
        if size != self.virtual_size:
            # Assigning it would lay out and repaint the screen, at each page of a scan.
            self.set_reactive(Widget.virtual_size, size)
            if self.is_mounted:
                self._scroll_update(size)

    def _fit_columns(self) -> None:
        """Give the columns the room that the visible rows want."""
        self._painter.measure(map(self._window.row, self.visible_rows))
        width = self.scrollable_content_region.width
        if self._painter.fit(width, self._window.source.number_width()):
            self.refresh()
        # A frame that was drawn before the size was told has laid them out, and told nobody.
        if self.least_width != self._least_told:
            self._least_told = self.least_width
            self.post_message(ColumnsMeasured(self))

    # -- drawing -----------------------------------------------------------------------------

    def _rows_region(self) -> Region:
        return Region(0, self._header_height, self._width, self._page)

    def _refresh_row(self, row: int) -> None:
        y = row - self.scroll_offset.y
        if 0 <= y < self._page:
            self.refresh(Region(0, y + self._header_height, self._width, 1))

    def notify_style_update(self) -> None:
        """Forget what was drawn in other colours."""
        self._painter.forget()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen: the header, a row, or nothing."""
        if y < self._header_height:
            width = self.scrollable_content_region.width
            if width != self._painter.lines.width:
                # A frame may be drawn before the table is told its size.
                self._painter.fit(width, self._window.source.number_width())
            key, descending = self._order
            return self._painter.header(key, descending=descending)
        row = self.scroll_offset.y + y - self._header_height
        if row >= self.row_count:
            below = None if self.row_count else y - self._header_height
            return self._painter.no_row(below, self._page)
        cursor = self.show_cursor and row == self.cursor_row
        first = self._range_from
        ends = (self.cursor_row, self.cursor_row if first is None else first)
        in_range = first is not None and min(ends) <= row <= max(ends)
        return self._painter.row(row, self._window.row(row), cursor=cursor, in_range=in_range)
