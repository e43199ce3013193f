"""FacesPane: one library's faces: filter prompt, table and status line around a listing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from fs_tui.errors import FilterError, FsTuiError, IncompleteError
from fs_tui.models import FACE_FIELDS
from fs_tui.tui.browser.face_rows import COLUMNS, FaceRows
from fs_tui.tui.browser.filterbar import FilterBar
from fs_tui.tui.browser.history import Place
from fs_tui.tui.browser.statusline import Kind, StatusLine
from fs_tui.tui.browser.subject import Subject
from fs_tui.tui.browser.throttle import Throttle
from fs_tui.tui.host import Job
from fs_tui.tui.table.paged_table import EmptySource, PagedDataTable
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
    from fs_tui.tui.host import Host

__all__ = ["FacesPane"]

_BAR_CELLS = 12

_RELOADING = "reloading …"


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
        self._listings: dict[str, FaceListing] = {}
        self._listing: FaceListing | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._shown_rows = (-1, 0)
        self._stopped: FsTuiError | None = None
        self._reloading = False
        self._rechecking = False
        self._cancelled_at: tuple[int, int] | None = None
        self._digits = ""
        self._range_start: int | None = None
        self._shows_age = False
        self._throttle = Throttle(self.set_timer, self._look_again)
        self._before_filter = 0
        self._found: tuple[Face, int] | None = None

    def compose(self) -> ComposeResult:
        """Prompt over table over status."""
        yield FilterBar()
        yield PagedDataTable(COLUMNS)
        yield StatusLine()

    def on_mount(self) -> None:
        """Keep the children at hand: they are used at each key."""
        self._filterbar = self.query_one(FilterBar)
        self._table = self.query_one(PagedDataTable)
        self._status = self.query_one(StatusLine)

    # --- what is looked at ---------------------------------------------------------------------

    @property
    def table(self) -> PagedDataTable:
        """The rows."""
        return self._table

    @property
    def listing(self) -> FaceListing | None:
        """The listing that is shown."""
        return self._listing

    @property
    def group_id(self) -> str:
        """The library that is shown; empty before the first."""
        return "" if self._listing is None else self._listing.group_id

    @property
    def subject(self) -> Subject:
        """What the cursor is on, as the screen shows it; nothing where the list has no rows."""
        from fs_tui.faces.status import LoadedFace

        listing = self._listing
        if listing is None:
            return Subject()
        if not self._table.show_cursor and self._found is not None:
            face, position = self._found
            return Subject(listing.group_id, face=face, position=position)
        row = self._table.row_at_cursor()
        if row is not None and isinstance(row.item, LoadedFace):
            return Subject(listing.group_id, face=row.item.face, position=row.item.position)
        position = self.position
        return Subject(
            listing.group_id, position=position, loading=self._is_loading(listing, position)
        )

    def _is_loading(self, listing: FaceListing, position: int) -> bool:
        """Whether the row at a position, or the first row, is on its way or will be at once."""
        from fs_tui.faces.status import Activity

        status = listing.status
        if status.activity not in {Activity.IDLE, Activity.PAUSED} or status.view.working:
            return True
        wanted = position > 0 or status.loaded_at is None
        return wanted and status.stopped is None and self._cancelled_at is None

    @property
    def position(self) -> int:
        """1-based position of the row with the cursor; 0 when there is none."""
        if self._listing is None:
            return 0
        return self._listing.position_of_row(self._table.cursor_row) or 0

    def place(self) -> Place:
        """Where one is, for the way back."""
        return Place(self.group_id, self.position, self._filterbar.text)

    def open(self, gateway: Gateway, place: Place) -> None:
        """Show a library: at once what is loaded of it, then its first page or the given place."""
        if self._listing is None or self._listing.group_id != place.group_id:
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
            self.go_to(place.position)

    def _enter(self, gateway: Gateway, group_id: str) -> None:
        from fs_tui.faces.listing import FaceListing

        listing = self._listings.get(group_id)
        if listing is None:
            listing = FaceListing(gateway, group_id, concurrency=self._host.options.concurrency)
            self._listings[group_id] = listing
        self._listing = listing
        self._cancelled_at = None
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
        if self._listing is None:
            return
        if self._listing.status.scan is not None:
            self._listing.pause()
        else:
            self._listing.cancel()

    def clear(self, sentence: str) -> None:
        """Show no library, and say why."""
        self._leave()
        self._listing = None
        self._filterbar.close()
        self._table.set_source(EmptySource())
        self.border_title = Content("Faces")
        self._status.show(sentence)

    def on_gateway_event(self, event: Event) -> None:
        """Pass on what the gateway tells: limits slow a scan down."""
        for listing in self._listings.values():
            listing.on_gateway_event(event)

    async def on_unmount(self) -> None:
        """Drop every listing; late answers go nowhere."""
        for listing in self._listings.values():
            await listing.aclose()

    def focus_table(self) -> None:
        """Move the focus to the rows."""
        self.screen.set_focus(self._table)

    # --- the listing's news --------------------------------------------------------------------

    def _changed(self, status: ListingStatus) -> None:
        """Show what is known now; rows are repainted only where they differ."""
        if self._listing is None or status.group_id != self._listing.group_id:
            return
        # An answer without a row can prove the end, and take the last placeholder away.
        rows = (status.revision, self._listing.row_count())
        if rows != self._shown_rows:
            self._shown_rows = rows
            self._table.source_changed()
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
        if status.activity is Activity.PROBING or _same(status.stopped, self._stopped):
            return
        self._stopped = status.stopped
        if status.stopped is None:
            self.say("")
            return
        self._host.report("list", status.stopped, status.group_id)
        self.say(_more(status.stopped), "error")

    def _tell(self, status: ListingStatus) -> None:
        """Say how much is loaded, and all that belongs to it."""
        from fs_tui.faces.status import describe, describe_view

        view = describe_view(status)
        marked = f"{count(status.marked)} marked" if status.marked else ""
        filtering = self._filterbar.is_open
        again = "r tries again" if status.stopped is not None and not status.limit_position else ""
        age = _age(status) if self._shows_age else ""
        parts = (_bar(status), describe(status), "" if filtering else view, again, age, marked)
        self._status.show(" · ".join(part for part in parts if part))
        if filtering and not self._filterbar.has_class("-wrong"):
            self._filterbar.note(view)

    def _look_again(self) -> None:
        if self._listing is not None:
            self._changed(self._listing.status)

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

    def on_paged_data_table_rows_wanted(self, event: PagedDataTable.RowsWanted) -> None:
        """Load what is looked at; after a cancel only once something else is looked at."""
        event.stop()
        if self._listing is not None and not self._stays_cancelled:
            self._listing.want(event.first, event.last)

    @property
    def _stays_cancelled(self) -> bool:
        """Whether the cursor is where it was at the last cancel, and the rows less than a page off.

        They move by themselves: a scroll may be on its way, and the end come nearer.
        """
        if self._cancelled_at is None:
            return False
        row, first = self._cancelled_at
        rows = self._table.visible_rows
        return self._table.cursor_row == row and abs(rows.start - first) < max(1, len(rows))

    def on_paged_data_table_row_highlighted(self, event: PagedDataTable.RowHighlighted) -> None:
        """Tell which face it is."""
        event.stop()
        if self._cancelled_at is not None and not self._stays_cancelled:
            self._cancelled_at = None
            self._table.source_changed()
        self.post_message(self.Changed())

    def on_paged_data_table_header_selected(self, event: PagedDataTable.HeaderSelected) -> None:
        """Order by a column; again turns it round."""
        from fs_tui.faces.query import Order

        event.stop()
        # Before the columns stand the positions, under no key.
        orders = {"", *(field.name for field in FACE_FIELDS if field.ordered)}
        if event.key not in orders or self._listing is None:
            return
        now = self._listing.status.view.order
        again = now.field == event.key and not now.descending
        self.order(Order(event.key, descending=again))

    # --- moving --------------------------------------------------------------------------------

    def type_digit(self, digit: str) -> None:
        """Take a digit of the position that `G` goes to."""
        self._digits = (self._digits + digit)[-9:]
        self.say(f"{self._digits} … G goes to this position, esc forgets it")

    def first(self) -> None:
        """Go to the first row, whatever another move still waits for."""
        self._host.cancel(Job.MOVE)
        self._table.move_cursor(0)

    def last(self) -> None:
        """Go to the position that was typed, or to the real end."""
        digits, self._digits = self._digits, ""
        self.say("")
        if digits:
            self.go_to(int(digits))
        elif self._filter_is_on or (self._listing is not None and self._listing.status.total):
            self._table.action_scroll_bottom()
        elif self._listing is not None:
            self._host.work(Job.MOVE, self._find_end(self._listing))

    async def _find_end(self, listing: FaceListing) -> None:
        await listing.find_end()
        if listing is self._listing and listing.row_count():
            self._table.source_changed()
            self._table.move_cursor(listing.row_count() - 1)

    def go_to(self, position: int) -> None:
        """Put the cursor on a position; its window is loaded first where it is not."""
        listing = self._listing
        if listing is None:
            return
        row = listing.row_of_position(position)
        if row is not None and listing.face(position) is not None:
            # At once: keys that were typed behind it start from there.
            self._host.cancel(Job.MOVE)
            self._table.source_changed()
            self._table.move_cursor(row)
        else:
            self._host.work(Job.MOVE, self._go_to(listing, position))

    async def _go_to(self, listing: FaceListing, position: int) -> None:
        row = await listing.goto(position)
        if listing is not self._listing:
            return
        self._table.source_changed()
        if row is not None:
            self._table.move_cursor(row)
        elif listing.face(position) is not None:
            self.say(f"Face {count(position)} does not pass the filter.", "error")
        elif listing.status.stopped is None:
            self.say(f"There is no face at position {count(position)}.", "error")

    async def go_to_face(self, face: Face) -> bool:
        """Look at a face that the service has; False, and no cursor, where no row shows it."""
        listing = self._listing
        if listing is None or await self._follow(listing, face):
            return True
        position = await listing.position_of_token(face.face_token) if self._filter_is_on else None
        if listing is not self._listing:
            return True
        self._found = face, position or 0
        self._table.show_cursor = False
        self.post_message(self.Changed())
        if position is None:
            self.say("This face is in the library; its row is not loaded: a loads all faces.")
        else:
            self.say(f"Face {count(position)} does not pass the filter.")
        return False

    async def _follow(self, listing: FaceListing, face: Face | None) -> bool:
        """Put the cursor on a loaded face, unless it is moved meanwhile; False without a row."""
        before = self._table.cursor_row
        position = None if face is None else await listing.position_of_token(face.face_token)
        if listing is not self._listing or self._table.cursor_row != before:
            return True
        row = None if position is None else listing.row_of_position(position)
        if row is not None:
            self._table.source_changed()
            self._table.move_cursor(row)
        return row is not None

    # --- filter and order ----------------------------------------------------------------------

    def open_filter(self) -> None:
        """Show the prompt."""
        if self._listing is None:
            return
        if not self._filterbar.is_open:
            self._before_filter = self.position
        self._filterbar.open()
        self._changed(self._listing.status)

    def on_filter_bar_changed(self, event: FilterBar.Changed) -> None:
        """Filter while it is typed."""
        event.stop()
        if self._filterbar.is_open:
            self._apply_filter(event.text)

    def on_filter_bar_submitted(self, event: FilterBar.Submitted) -> None:
        """Extend the filter to the whole library, and go to the hits."""
        event.stop()
        if self._listing is None or self._filterbar.has_class("-wrong"):
            return
        if event.text.strip() and not self._listing.status.complete:
            self._listing.scan()
        self.screen.set_focus(self._table)
        self.post_message(self.Filtered(Place(self.group_id, self._before_filter)))

    @property
    def _filter_is_on(self) -> bool:
        return self._listing is not None and bool(self._listing.status.view.filter_text)

    def _apply_filter(self, text: str, *, position: int = 0) -> None:
        """Show what passes, with the cursor at a position's face, or at the first row."""
        from fs_tui.faces.filter_language import parse

        listing = self._listing
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
        if row is not None and listing is self._listing:
            self._table.source_changed()
            self._table.move_cursor(row)

    def _clear_filter(self) -> None:
        """Show all faces again, with the cursor where it was before."""
        self._filterbar.close()
        self.screen.set_focus(self._table)
        if self._filter_is_on:
            position = self._before_filter if self._table.show_cursor else self.subject.position
            self._apply_filter("", position=position)

    def order(self, order: Order) -> None:
        """Order the rows; the face under the cursor is kept in view where it is known."""
        if self._listing is not None:
            self._host.work(Job.ORDER, self._order(self._listing, order))

    async def _order(self, listing: FaceListing, order: Order) -> None:
        await listing.set_order(order)
        if listing is self._listing:
            self._table.source_changed()
            self._table.move_cursor(0)
            self._show_order()

    def _show_order(self) -> None:
        from fs_tui.faces.query import PLAIN

        if self._listing is None:
            return
        order = self._listing.status.view.order
        self._table.set_order(None if order == PLAIN else order.field, descending=order.descending)

    # --- marks ---------------------------------------------------------------------------------

    @property
    def _markable(self) -> Subject | None:
        """What the cursor is on in the table, where that can be marked."""
        subject = self.subject
        if self._listing is None or self.screen.focused is not self._table:
            return None
        loaded = self._listing.face(subject.position)
        # Rows that came just now may not be on screen yet.
        return subject if loaded is not None and loaded.face == subject.face else None

    def mark(self) -> None:
        """Mark or unmark the row and go on to the next one."""
        subject = self._markable
        if self._listing is not None and subject is not None:
            self._listing.toggle_mark(subject.position)
            self._table.action_cursor_down()

    def mark_range(self) -> None:
        """Remember the row, or mark from the remembered row to this one."""
        if self._listing is None or self._markable is None:
            return
        row = self._table.cursor_row
        if self._range_start is None:
            self._range_start = row
            self.say("range begins here: v at its end marks it, esc forgets it")
            return
        first, last = sorted((self._range_start, row))
        self._range_start = None
        marked = self._listing.mark_rows(first, last + 1)
        missing = last + 1 - first - marked
        note = f", {count(missing, 'row')} not loaded" if missing else ""
        self.say(f"{count(marked, 'face')} marked{note}", "brief")

    # --- loading all, stopping, going back -----------------------------------------------------

    def load_all(self) -> None:
        """Load the whole library; while that runs: pause; when it rests: go on."""
        from fs_tui.faces.status import Activity

        listing = self._listing
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
    def busy(self) -> bool:
        """Whether something runs that can be cancelled."""
        from fs_tui.faces.status import Activity

        if self._listing is None:
            return False
        status = self._listing.status
        working = status.activity is not Activity.IDLE or status.view.working
        return working or self._reloading

    def cancel(self) -> None:
        """Stop what runs; what was loaded stays."""
        if self._listing is not None:
            self._listing.cancel()
            self._table.source_changed()
            self._cancelled_at = self._table.cursor_row, self._table.visible_rows.start
        self._host.cancel(Job.MOVE, Job.RECHECK, Job.FILTER, Job.ORDER, Job.EXPORT)

    def step_back(self) -> None:
        """Esc: forget what was begun, else stop what runs, else clear the filter, else leave."""
        if self._digits or self._range_start is not None:
            self._digits, self._range_start = "", None
            self.say("")
        elif isinstance(self.screen.focused, Input):
            self.cancel()
            self._clear_filter()
        elif self.busy:
            self.cancel()
        elif self._filterbar.is_open:
            self._clear_filter()
        else:
            self.say("")
            self.post_message(self.Left())

    def reload(self) -> None:
        """Ask again for what failed or is waited for; else start anew at the same place.

        What waits for another attempt is asked at once, and nothing that is loaded goes.
        """
        listing = self._listing
        self._cancelled_at = None
        if listing is None:
            return
        status = listing.status
        if status.stopped is not None or status.missing or status.in_flight:
            listing.retry()
            if listing.status.in_flight or isinstance(status.stopped, IncompleteError):
                return
        self._read_anew(listing)

    def recheck(self) -> None:
        """Look whether what is shown still stands, and read it anew where it does not."""
        if self._listing is not None and not self._rechecking:
            self._host.work(Job.RECHECK, self._recheck(self._listing))

    async def _recheck(self, listing: FaceListing) -> None:
        self._rechecking = True
        try:
            moved = await listing.recheck(self.position)
        finally:
            self._rechecking = False
        if moved and listing is self._listing and not self.busy:
            self._read_anew(listing)

    def _read_anew(self, listing: FaceListing) -> None:
        self._host.work(Job.MOVE, self._reload(listing))

    async def _reload(self, listing: FaceListing) -> None:
        """Read anew; the cursor follows its face by token, unless it is moved."""
        row, position, face = self._table.cursor_row, self.position, self.subject.face
        visible_rows = self._table.visible_rows
        listing.want(visible_rows.start, max(visible_rows.stop, 1))
        self._reloading = True
        self.say(_RELOADING, "wait")
        try:
            await listing.reload()
        finally:
            self._reloading = False
            if self._status.message == _RELOADING:
                self.say("")
        if await self._follows(listing, row, face):
            return
        if listing.status.scan is not None:
            now = self._table.cursor_row
            await listing.finished()
            if await self._follows(listing, now, face):
                return
        if self._filter_is_on and listing.face(position) is not None:
            self._table.move_cursor(row)
        elif position > 1:
            await self._go_to(listing, position)

    async def _follows(self, listing: FaceListing, row: int, face: Face | None) -> bool:
        """Whether the cursor is where it belongs: moved from its row, or now on its face again."""
        if listing is not self._listing or self._table.cursor_row != row:
            return True
        self._table.source_changed()
        return await self._follow(listing, face)


def _more(error: FsTuiError) -> str:
    """What an error says beyond its title."""
    detail = "" if isinstance(error, IncompleteError) else error.detail
    return " — ".join(filter(None, (detail, error.hint)))


def _same(one: FsTuiError | None, other: FsTuiError | None) -> bool:
    """Whether two reasons are one; what the service does not list is told anew in each status."""
    if isinstance(one, IncompleteError) and isinstance(other, IncompleteError):
        return str(one) == str(other)
    return one is other


def _age(status: ListingStatus) -> str:
    """When the newest page came."""
    return "" if status.loaded_at is None else f"as of {status.loaded_at.astimezone():%H:%M:%S}"


def _bar(status: ListingStatus) -> str:
    """How much of a scan is done, as a bar; empty when none runs or the end is not known."""
    scan = status.scan
    if scan is None or not scan.total:
        return ""
    share = min(1.0, scan.done / scan.total)
    filled = int(share * _BAR_CELLS)
    return f"{'█' * filled}{'░' * (_BAR_CELLS - filled)} {share:.0%}"
