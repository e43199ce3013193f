"""FacesPane: one library's faces: filter prompt, table and status line around a listing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from fs_tui.errors import FilterError, FsTuiError
from fs_tui.models import FACE_FIELDS
from fs_tui.tui.browser.completeness import differs, explained, summary
from fs_tui.tui.browser.cursor import Cursor
from fs_tui.tui.browser.face_rows import COLUMNS, FaceRows
from fs_tui.tui.browser.filterbar import FilterBar
from fs_tui.tui.browser.history import Place
from fs_tui.tui.browser.listings import Listings
from fs_tui.tui.browser.reloader import Reloader
from fs_tui.tui.browser.statusline import Kind, StatusLine
from fs_tui.tui.browser.throttle import Throttle
from fs_tui.tui.host import Job
from fs_tui.tui.table.paged_table import PagedDataTable
from fs_tui.tui.table.table_messages import HeaderSelected, RowHighlighted, RowsWanted
from fs_tui.tui.table.table_rows import EmptySource
from fs_tui.visible import visible
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.query import Order, Query
    from fs_tui.faces.status import ListingStatus
    from fs_tui.gateway import Event, Gateway
    from fs_tui.models import Face
    from fs_tui.tui.browser.subject import Subject
    from fs_tui.tui.host import Host

__all__ = ["FacesPane"]


class FacesPane(Vertical):
    """Shows one listing at a time; the others keep what they loaded until the program ends."""

    DEFAULT_CSS = """
    FacesPane {
        border: round $foreground 30%;
        border-title-color: $foreground;
        &:focus-within { border: round $border; }
        PagedDataTable { height: 1fr; }
    }
    """

    class Changed(Message):
        """The cursor, or what is under it, is another one: `subject` says which."""

        def can_replace(self, message: Message) -> bool:
            """What is looked at is asked when it is handled."""
            return isinstance(message, FacesPane.Changed)

    @dataclass
    class Filtered(Message):
        """A filter is to be kept; before it one was at `before`."""

        before: Place

    class Left(Message):
        """Esc, and nothing here was left to undo."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host = host
        self.border_title = Content("Faces")
        self._filterbar = FilterBar()
        self._table = PagedDataTable(COLUMNS)
        self._status = StatusLine()
        self._listings = Listings(host.options.concurrency)
        self._cursor = Cursor(host, self._table, self.say)
        self._reloader = Reloader(host, self._cursor, self._table, self._status)
        self._unsubscribe: Callable[[], None] | None = None
        self._shown_rows = (-1, 0)
        self._stopped: FsTuiError | None = None
        self._digits = ""
        self._range_start: int | None = None
        self._shows_age = False
        self._throttle = Throttle(self.set_timer, self._look_again)
        self._before_filter = 0

    def compose(self) -> ComposeResult:
        """Prompt over table over status."""
        yield self._filterbar
        yield self._table
        yield self._status

    # --- what is looked at ---------------------------------------------------------------------

    @property
    def table(self) -> PagedDataTable:
        """The rows."""
        return self._table

    @property
    def listing(self) -> FaceListing | None:
        """The listing that is shown."""
        return self._cursor.listing

    @property
    def cursor(self) -> Cursor:
        """Where one stands, and what leads elsewhere."""
        return self._cursor

    @property
    def group_id(self) -> str:
        """The library that is shown; empty before the first."""
        return "" if self.listing is None else self.listing.group_id

    def place(self) -> Place:
        """Where one is, for the way back."""
        return Place(self.group_id, self._cursor.position, self._filterbar.text)

    def open(self, gateway: Gateway, place: Place) -> None:
        """Show a library: at once what is loaded of it, then its first page or the given place."""
        if self.listing is None or self.listing.group_id != place.group_id:
            self._leave()
            self._enter(gateway, place.group_id)
        if place.filter:
            self._filterbar.show(place.filter)
            self._apply_filter(place.filter, position=place.position)
            return
        self._filterbar.close()
        if self._filter_is_on:
            self._apply_filter("")
        if place.position > 1:
            self._cursor.to_position(place.position)

    def _enter(self, gateway: Gateway, group_id: str) -> None:
        listing = self._listings.of(gateway, group_id)
        self._cursor.listing = listing
        self._cursor.want_again()
        self._stopped = None
        self._shown_rows = (-1, 0)
        self.border_title = Content(f"Faces of {visible(group_id, limit=60)}")
        self._unsubscribe = listing.subscribe(self._changed)
        self._table.set_source(FaceRows(listing))
        self._show_order()
        listing.want(0, self._table.size.height or 1)
        self._changed(listing.status)

    def _leave(self) -> None:
        """Let go of a listing: its windows are not wanted any more, its scan rests."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._digits, self._range_start = "", None
        self.say("")
        if self.listing is None:
            return
        if self.listing.status.scan is not None:
            self.listing.pause()
        else:
            self.listing.cancel()

    def clear(self, sentence: str) -> None:
        """Show no library, and say why."""
        self._leave()
        self._cursor.listing = None
        self._filterbar.close()
        self._table.set_source(EmptySource())
        self.border_title = Content("Faces")
        self._status.show(sentence)

    def on_gateway_event(self, event: Event) -> None:
        """Pass on what the gateway tells: limits slow a scan down."""
        self._listings.on_gateway_event(event)

    async def on_unmount(self) -> None:
        """Drop every listing; late answers go nowhere."""
        await self._listings.aclose()

    def focus_table(self) -> None:
        """Move the focus to the rows."""
        self.screen.set_focus(self._table)

    # --- the listing's news --------------------------------------------------------------------

    def _changed(self, status: ListingStatus) -> None:
        """Show what is known now; rows are repainted only where they differ."""
        if self.listing is None or status.group_id != self.listing.group_id:
            return
        # An answer without a row can prove the end, and take the last placeholder away.
        rows = (status.revision, self.listing.row_count())
        if rows != self._shown_rows:
            self._shown_rows = rows
            self._table.source_changed()
        self._cursor.look_for_row()
        self.post_message(self.Changed())
        self._tell_trouble(status)
        if not status.view.working:
            self._show_order()
        running = (status.group_id, status.activity, status.stopped is None)
        if self._throttle.lets(running if status.scan else None):
            self._tell(status)

    def _tell_trouble(self, status: ListingStatus) -> None:
        """Say what stopped the listing, once; the line above says its name and that it stopped."""
        from fs_tui.faces.status import Activity

        # A search for the end meets many bounds: only the last one is news.
        if status.activity is Activity.PROBING or not differs(status.stopped, self._stopped):
            return
        self._stopped = status.stopped
        if status.stopped is None:
            self.say("")
            return
        self._host.report("list", status.stopped, status.group_id)
        self.say(explained(status.stopped), "error")

    def _tell(self, status: ListingStatus) -> None:
        """Say how much is loaded, and at the filter's prompt what that covers."""
        from fs_tui.faces.status import describe_view

        filtering = self._filterbar.is_open
        self._status.show(summary(status, filtering=filtering, aged=self._shows_age))
        if filtering and not self._filterbar.has_class("-wrong"):
            self._filterbar.note(describe_view(status))

    def _look_again(self) -> None:
        if self.listing is not None:
            self._changed(self.listing.status)

    def show_age(self, *, on: bool) -> None:
        """Say of when the rows are, while the service is out of reach."""
        self._shows_age = on
        self._look_again()

    def note_change(self, what: str) -> None:
        """Say that the library changed while it was being read."""
        self.say(f"The library has changed: {what}. r reloads.", "note")

    def say(self, message: str, kind: Kind = "note") -> None:
        """Show a message under the status."""
        self._status.say(message, kind)

    def withdraw(self, message: str) -> None:
        """Show a message no longer."""
        self._status.withdraw(message)

    def on_paged_data_table_rows_wanted(self, event: RowsWanted) -> None:
        """Load what is looked at; after a cancel only once something else is looked at."""
        event.stop()
        if self.listing is not None and not self._cursor.stays_cancelled:
            self.listing.want(event.first, event.last)

    def on_paged_data_table_row_highlighted(self, event: RowHighlighted) -> None:
        """Tell which face it is."""
        event.stop()
        self._cursor.moved()
        self.post_message(self.Changed())

    def on_paged_data_table_header_selected(self, event: HeaderSelected) -> None:
        """Order by a column; again turns it round."""
        from fs_tui.faces.query import Order

        event.stop()
        # Before the columns stand the positions, under no key.
        orders = {"", *(field.name for field in FACE_FIELDS if field.ordered)}
        if event.key not in orders or self.listing is None:
            return
        now = self.listing.status.view.order
        again = now.field == event.key and not now.descending
        self.order(Order(event.key, descending=again))

    # --- moving --------------------------------------------------------------------------------

    def type_digit(self, digit: str) -> None:
        """Take a digit of the position that `G` goes to."""
        self._digits = (self._digits + digit)[-9:]
        self.say(f"{self._digits} … G goes to this position, esc forgets it")

    def last(self) -> None:
        """Go to the position that was typed, or to the real end."""
        digits, self._digits = self._digits, ""
        self.say("")
        if digits:
            self._cursor.to_position(int(digits))
        else:
            self._cursor.to_end()

    async def go_to_face(self, face: Face) -> bool:
        """Look at a face that the service has; False, and no cursor, where no row shows it."""
        has_row = await self._cursor.to_face(face)
        self.post_message(self.Changed())
        return has_row

    # --- filter and order ----------------------------------------------------------------------

    def open_filter(self) -> None:
        """Show the prompt."""
        if self.listing is None:
            return
        if not self._filterbar.is_open:
            self._before_filter = self._cursor.position
        self._filterbar.open()
        self._changed(self.listing.status)

    def on_filter_bar_changed(self, event: FilterBar.Changed) -> None:
        """Filter while it is typed."""
        event.stop()
        if self._filterbar.is_open:
            self._apply_filter(event.text)

    def on_filter_bar_submitted(self, event: FilterBar.Submitted) -> None:
        """Extend the filter to the whole library, and go to the hits."""
        event.stop()
        if self.listing is None or self._filterbar.has_class("-wrong"):
            return
        if event.text.strip() and not self.listing.status.complete:
            self.listing.scan()
        self.screen.set_focus(self._table)
        self.post_message(self.Filtered(Place(self.group_id, self._before_filter)))

    @property
    def _filter_is_on(self) -> bool:
        return self.listing is not None and bool(self.listing.status.view.filter_text)

    def _apply_filter(self, text: str, *, position: int = 0) -> None:
        """Show what passes, with the cursor at a position's face, or at the first row."""
        from fs_tui.faces.filter_language import parse

        listing = self.listing
        if listing is None:
            return
        try:
            query = parse(text)
        except FilterError as error:
            self._filterbar.note(error.detail, wrong=True)
            return
        self._filterbar.note("")
        if query is not None or self._filter_is_on:
            self._host.work(Job.FILTER, self._filter(listing, query, position))

    async def _filter(self, listing: FaceListing, query: Query | None, position: int) -> None:
        self._table.move_cursor(0)
        await listing.set_filter(query)
        row = listing.row_of_position(position)
        if row is not None and listing is self.listing:
            self._table.source_changed()
            self._table.move_cursor(row)

    def _clear_filter(self) -> None:
        """Show all faces again, with the cursor where it was before."""
        self._filterbar.close()
        self.screen.set_focus(self._table)
        if self._filter_is_on:
            position = (
                self._before_filter if self._table.show_cursor else self._cursor.subject.position
            )
            self._apply_filter("", position=position)

    def order(self, order: Order) -> None:
        """Order the rows; the face under the cursor is kept in view where it is known."""
        if self.listing is not None:
            self._host.work(Job.ORDER, self._order(self.listing, order))

    async def _order(self, listing: FaceListing, order: Order) -> None:
        await listing.set_order(order)
        if listing is self.listing:
            self._table.source_changed()
            self._table.move_cursor(0)
            self._show_order()

    def _show_order(self) -> None:
        from fs_tui.faces.query import PLAIN

        if self.listing is None:
            return
        order = self.listing.status.view.order
        self._table.set_order(None if order == PLAIN else order.field, descending=order.descending)

    # --- marks ---------------------------------------------------------------------------------

    @property
    def _markable(self) -> Subject | None:
        """What the cursor is on in the table, where that can be marked."""
        subject = self._cursor.subject
        if self.listing is None or self.screen.focused is not self._table:
            return None
        loaded = self.listing.face(subject.position)
        # Rows that came just now may not be on screen yet.
        return subject if loaded is not None and loaded.face == subject.face else None

    def mark(self) -> None:
        """Mark or unmark the row and go on to the next one."""
        subject = self._markable
        if self.listing is not None and subject is not None:
            self.listing.toggle_mark(subject.position)
            self._table.action_cursor_down()

    def mark_range(self) -> None:
        """Remember the row, or mark from the remembered row to this one."""
        if self.listing is None or self._markable is None:
            return
        row = self._table.cursor_row
        if self._range_start is None:
            self._range_start = row
            self.say("range begins here: v at its end marks it, esc forgets it")
            return
        first, last = sorted((self._range_start, row))
        self._range_start = None
        marked = self.listing.mark_rows(first, last + 1)
        missing = last + 1 - first - marked
        note = f", {count(missing, 'row')} not loaded" if missing else ""
        self.say(f"{count(marked, 'face')} marked{note}", "brief")

    # --- loading all, stopping, going back -----------------------------------------------------

    def load_all(self) -> None:
        """Load the whole library; while that runs: pause; when it rests: go on."""
        from fs_tui.faces.status import Activity

        listing = self.listing
        if listing is None:
            return
        if listing.status.activity is Activity.PAUSED:
            listing.resume()
        elif listing.status.scan is not None:
            listing.pause()
        elif listing.status.complete:
            self.say("Everything is loaded already.", "brief")
        else:
            listing.scan()

    @property
    def reloader(self) -> Reloader:
        """Reads the library anew."""
        return self._reloader

    def cancel(self) -> None:
        """Stop what runs; what was loaded stays."""
        if self.listing is not None:
            self.listing.cancel()
            self._table.source_changed()
            self._cursor.stay_cancelled()
        self._host.cancel(Job.MOVE, Job.RECHECK, Job.FILTER, Job.ORDER, Job.EXPORT)

    def step_back(self) -> None:
        """Esc: forget what was begun, else stop what runs, else clear the filter, else leave."""
        if self._digits or self._range_start is not None:
            self._digits, self._range_start = "", None
            self.say("")
        elif isinstance(self.screen.focused, Input):
            self.cancel()
            self._clear_filter()
        elif self._reloader.busy:
            self.cancel()
        elif self._filterbar.is_open:
            self._clear_filter()
        else:
            self.say("")
            self.post_message(self.Left())
