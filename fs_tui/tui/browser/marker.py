"""Marker: marks the row with the cursor, or a range of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import UsageError
from fs_tui.tui.host import Job
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.tui.browser.sheet import Sheet
    from fs_tui.tui.host import Host
    from fs_tui.tui.table.paged_table import PagedDataTable

__all__ = ["Marker"]


class Marker:
    """Marks rows of the table that has the focus.

    Args:
        host: Shows messages, and looks up what is not on screen.
        table: Its rows.
        sheet: Knows them, and which are marked.
        changed: Is called when others are.
    """

    def __init__(
        self,
        host: Host,
        table: PagedDataTable,
        sheet: Sheet,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._host = host
        self._changed = changed
        self._table = table
        self._sheet = sheet
        self._range_start: int | None = None

    @property
    def _may_mark(self) -> bool:
        """Whether the row with the cursor is there; if it is but on its way, that is said."""
        if self._table.screen.focused is not self._table or not self._table.row_count:
            return False
        if not (is_here := self._sheet.is_here()):
            one = self._sheet.kind.one
            self._host.say(f"This {one} is not loaded yet: it cannot be marked.")
        return is_here

    @property
    def in_range(self) -> bool:
        """Whether a range is being made."""
        return self._range_start is not None

    def mark(self) -> None:
        """Mark or unmark the row and go on to the next one."""
        if not self._may_mark:
            return
        try:
            self._sheet.toggle_mark()
        except UsageError as error:
            self._refuse(error)
            return
        self._table.action_cursor_down()
        self._changed()

    def mark_range(self) -> None:
        """Remember the row, or mark from the remembered row to this one."""
        if not self._may_mark:
            return
        row = self._table.cursor_row
        if self._range_start is None:
            self._range_start = row
            self._table.begin_range(row)
            self._host.say(f"range from row {count(row + 1)}", "wait")
            return
        first, last = sorted((self._range_start, row))
        self.forget_range()
        self._host.say("")
        self._host.work(Job.MARK, self._mark(first, last + 1))

    async def _mark(self, first: int, last: int) -> None:
        try:
            marked = await self._sheet.mark_rows(first, last)
        except UsageError as error:
            self._refuse(error)
            return
        self._changed()
        missing = last - first - marked
        note = f", {count(missing, 'row')} not loaded" if missing else ""
        self._host.say(f"{self._of(marked)} marked{note}")

    def _refuse(self, error: UsageError) -> None:
        self._host.say(f"{error.detail} {error.hint}", "error")

    def unmark(self) -> bool:
        """Unmark every row; False where none was marked."""
        marked = self._sheet.counts.marked
        if marked:
            self._sheet.unmark()
            self._changed()
            self._host.say(f"{self._of(marked)} unmarked.")
        return bool(marked)

    def _of(self, rows: int) -> str:
        return count(rows, self._sheet.kind.one, self._sheet.kind.many)

    def forget_range(self) -> bool:
        """Forget where a range began; False where none did."""
        began, self._range_start = self._range_start is not None, None
        if began:
            self._table.begin_range(None)
        return began
