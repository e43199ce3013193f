"""DataPane: a filter's prompt over a table over a status line, for rows of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical

from fs_tui.tui.browser.filterbar import FilterBar
from fs_tui.tui.browser.statusline import StatusLine
from fs_tui.tui.table.paged_table import PagedDataTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from fs_tui.tui.browser.history import Place
    from fs_tui.tui.browser.marker import Marker
    from fs_tui.tui.browser.sheet import Sheet
    from fs_tui.tui.browser.subject import Subject
    from fs_tui.tui.table.table_columns import Column

__all__ = ["DataPane"]


class DataPane(Vertical):
    """Knows nothing of what the rows are: who extends it gives the table a source.

    Args:
        columns: The table's, after the row number.

    Attributes:
        prompt: Where a filter is typed; hidden until it is opened.
        table: The rows.
        status: What is known of them.
        sheet: The rows as they are marked, copied and exported.
        marker: What marks them.
    """

    sheet: Sheet
    marker: Marker

    DEFAULT_CSS = """
    DataPane {
        border: round $foreground 50%;
        border-title-color: $foreground;
        &:focus-within { border: round $border; }
        &:focus-within:nocolor { border: heavy $foreground; }
        PagedDataTable { height: 1fr; }
    }
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.prompt = FilterBar()
        self.table = PagedDataTable(columns)
        self.status = StatusLine()

    def compose(self) -> ComposeResult:
        """Prompt over table over status."""
        yield self.prompt
        yield self.table
        yield self.status

    def focus_table(self) -> None:
        """Move the focus to the rows."""
        self.screen.set_focus(self.table)

    # --- what the keys do here ------------------------------------------------------------------

    @property
    def subject(self) -> Subject:
        """What is looked at in it."""
        raise NotImplementedError

    def place(self) -> Place:
        """Where one is, for the way back."""
        raise NotImplementedError

    def type_digit(self, digit: str) -> None:
        """Take a digit of the row that `to_last` goes to."""
        raise NotImplementedError

    def to_first(self) -> None:
        """Go to the first row."""
        raise NotImplementedError

    def to_last(self) -> None:
        """Go to the row that was typed, or to the last one."""
        raise NotImplementedError

    def open_filter(self) -> None:
        """Show the prompt."""
        raise NotImplementedError

    def choose_order(self) -> None:
        """Ask for an order of the rows."""
        raise NotImplementedError

    def load_all(self) -> None:
        """Load what is missing; while that runs: pause; when it rests: go on."""
        raise NotImplementedError

    def reload(self) -> None:
        """Ask anew for what is shown."""
        raise NotImplementedError

    def cancel(self) -> bool:
        """Stop what runs; returns whether anything did."""
        raise NotImplementedError

    def undo(self) -> bool:
        """Esc: forget what was begun, or stop what runs; False where there is no such thing."""
        raise NotImplementedError

    def clear_filter(self) -> bool:
        """Esc: show all again; False where all is shown."""
        raise NotImplementedError
