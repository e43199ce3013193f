"""DataPane: a filter's prompt over a table over a status line, for rows of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.message import Message

from fs_tui.tui.browser.filterbar import FilterBar
from fs_tui.tui.browser.statusline import StatusLine
from fs_tui.tui.browser.subject import Subject
from fs_tui.tui.table.paged_table import PagedDataTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from fs_tui.faces.query import Order
    from fs_tui.tui.browser.history import Place
    from fs_tui.tui.browser.marker import Marker
    from fs_tui.tui.browser.sheet import Sheet
    from fs_tui.tui.host import Host
    from fs_tui.tui.table.table_columns import Column
    from fs_tui.tui.table.table_messages import RowHighlighted

__all__ = ["DataPane"]


class DataPane(Vertical):
    """Knows nothing of what the rows are: who extends it says that, and what the keys do with them.

    Args:
        host: What it runs things in.
        columns: The table's, after the row number.

    Attributes:
        prompt: Where a filter is typed; hidden until it is opened.
        table: The rows.
        status: What is known of them.
        sheet: The rows as they are marked, copied and exported.
        marker: What marks them.
    """

    NUMBERED: ClassVar = "row"
    """What the numbers before the rows count."""

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

    class Changed(Message):
        """The cursor, or what is under it, is another one: `subject` says which."""

        def can_replace(self, message: Message) -> bool:
            """What is looked at is asked when it is handled."""
            return isinstance(message, DataPane.Changed)

    class Searched(Message):
        """What is shown is another step of the way now; the one before was `before`."""

        def __init__(self, before: Place) -> None:
            super().__init__()
            self.before = before

    def __init__(self, host: Host, columns: Sequence[Column]) -> None:
        super().__init__()
        self.prompt = FilterBar()
        self.table = PagedDataTable(columns)
        self.status = StatusLine()
        self._host = host
        self._digits = ""

    def compose(self) -> ComposeResult:
        """Prompt over table over status."""
        yield self.prompt
        yield self.table
        yield self.status

    def focus_table(self) -> None:
        """Move the focus to the rows."""
        self.screen.set_focus(self.table)

    def show_mask(self) -> None:
        """Show rows and filter as the mask is now."""
        self.prompt.mask(on=self._host.masked)
        self.table.source_changed()

    def on_paged_data_table_row_highlighted(self, event: RowHighlighted) -> None:
        """Tell what is under the cursor."""
        event.stop()
        self.post_message(self.Changed())

    # --- what is known of it --------------------------------------------------------------------

    @property
    def subject(self) -> Subject:
        """What is looked at in it: nothing."""
        return Subject()

    def place(self) -> Place:
        """Where one is, for the way back."""
        raise NotImplementedError

    @property
    def busy(self) -> bool:
        """Whether something runs that can be cancelled."""
        return False

    # --- what the keys do here ------------------------------------------------------------------

    def type_digit(self, digit: str) -> None:
        """Take a digit of the row that `to_last` goes to."""
        self._digits = (self._digits + digit)[-9:]
        words = f"{self._digits} … G goes to this {self.NUMBERED}, esc forgets it"
        self._host.say(words, "wait")

    def to_first(self) -> None:
        """Go to the first row."""
        self.table.move_cursor(0)

    def to_last(self) -> None:
        """Go to the row that was typed, or to the last one."""
        digits, self._digits = self._digits, ""
        self._host.say("")
        self.go_to(int(digits) if digits else None)

    def go_to(self, number: int | None) -> None:
        """Go to the row with a number, 1-based; None is the last one."""
        self.table.source_changed()
        self.table.move_cursor((self.table.row_count if number is None else number) - 1)

    def forget_begun(self) -> bool:
        """Forget a number or a range of which only the beginning is said; False for none."""
        began, self._digits = bool(self._digits), ""
        return self.marker.forget_range() or began

    def open_filter(self) -> None:
        """Show the prompt."""
        self.prompt.open()

    def choose_order(self) -> None:
        """Ask for an order of the rows."""
        self._host.say("These rows have one order.")

    def pick_order(self, now: Order) -> None:
        """Let an order of faces be picked."""
        from fs_tui.tui.dialogs.order import OrderPicker

        self.app.push_screen(OrderPicker(now), self.order_by)

    def order_by(self, order: Order | None) -> None:  # noqa: ARG002  for panes whose rows are faces
        """Put the rows into an order of faces; where they are none, say so."""
        self._host.say("These rows are not faces.")

    def load_all(self) -> None:
        """Load what is missing; while that runs: pause; when it rests: go on."""
        self._host.say("There is nothing to load here.")

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
        return False
