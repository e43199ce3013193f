"""FacesPane: one library's faces, their filter, order and marks, and what is loaded of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from fs_tui.tui.browser.cursor import Cursor
from fs_tui.tui.browser.data_pane import DataPane
from fs_tui.tui.browser.face_columns import COLUMNS
from fs_tui.tui.browser.face_filter import FaceFilter
from fs_tui.tui.browser.face_order import FaceOrder
from fs_tui.tui.browser.face_sheet import FaceSheet
from fs_tui.tui.browser.follower import Follower
from fs_tui.tui.browser.history import Place
from fs_tui.tui.browser.keep_question import KeepQuestion
from fs_tui.tui.browser.listings import Listings
from fs_tui.tui.browser.marker import Marker
from fs_tui.tui.browser.progress import Progress
from fs_tui.tui.browser.reading import load_or_pause
from fs_tui.tui.browser.reloader import Reloader
from fs_tui.tui.browser.status_teller import StatusTeller
from fs_tui.tui.host import Job
from fs_tui.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.query import Order
    from fs_tui.faces.status import ListingStatus
    from fs_tui.gateway import Gateway
    from fs_tui.models import Face, Library
    from fs_tui.tui.browser.filterbar import FilterBar
    from fs_tui.tui.browser.subject import Subject
    from fs_tui.tui.host import Host
    from fs_tui.tui.table.table_messages import HeaderSelected, RowHighlighted, RowsWanted

__all__ = ["FacesPane"]

_COUNTED = 100_000
"""Faces among which those of a person are counted at each rest of the cursor: in 50 ms."""


class FacesPane(DataPane):
    """Shows one listing at a time; the others keep what they loaded until the program ends.

    Attributes:
        listings: The faces of every library that was looked at.
        cursor: Where one stands, and what leads elsewhere.
        follower: What stays at the end.
        filter: What narrows the rows.
        order: What orders them.
        reloader: Reads the library anew.
    """

    NUMBERED = "position"

    class Known(Message):
        """Something else is known of a library, which need not be the one that is shown."""

        def __init__(self, status: ListingStatus) -> None:
            super().__init__()
            self.status = status

    def __init__(self, host: Host) -> None:
        super().__init__(host, COLUMNS)
        self.border_title = Content("Faces")
        self._progress = Progress(
            self.set_timer, lambda status: self.post_message(self.Known(status))
        )
        self.listings = Listings(host, self._tell_kept, self._progress.note)
        self.cursor = Cursor(host, self.table)
        self.filter = FaceFilter(host, self.prompt, self.table, self.cursor)
        self.order = FaceOrder(host, self.table, self.cursor)
        self.reloader = Reloader(host, self.cursor, self.table)
        self.follower = Follower(host, self.cursor, self.table, self._look_again)
        self.sheet = FaceSheet(host, self.cursor, self.follower.is_new)
        self.marker = Marker(host, self.table, self.sheet)
        self._unsubscribe: Callable[[], None] | None = None
        self._shown_rows = (-1, 0)
        self._generation = 0
        self._question = KeepQuestion(host)
        self._teller = StatusTeller(host, self, self._look_again)

    # --- what is looked at ---------------------------------------------------------------------

    @property
    def listing(self) -> FaceListing | None:
        """The listing that is shown."""
        return self.cursor.listing

    @property
    def group_id(self) -> str:
        """The library that is shown; empty before the first."""
        return "" if self.listing is None else self.listing.group_id

    @property
    def subject(self) -> Subject:
        """What the cursor is on."""
        return self.cursor.subject

    def place(self) -> Place:
        """Where one is, for the way back."""
        return Place(self.group_id, self.cursor.position, self.prompt.text)

    def to_first(self) -> None:
        """Go to the first row."""
        self.cursor.to_first()

    def go_to(self, number: int | None) -> None:
        """Go to a position, or to the real end."""
        if number is None:
            self.cursor.to_end()
        else:
            self.cursor.to_position(number)

    def open(self, gateway: Gateway, place: Place) -> None:
        """Show a library: at once what is loaded of it, then its first page or the given place."""
        if self.listing is None or self.listing.group_id != place.group_id:
            self._leave()
            self._enter(gateway, place.group_id)
        self.filter.show(place.filter, place.position)

    def _enter(self, gateway: Gateway, group_id: str) -> None:
        listing = self.listings.of(gateway, group_id)
        self.cursor.listing = listing
        self.cursor.want_again()
        self._teller.begin()
        self._shown_rows = (-1, 0)
        self._generation = listing.status.generation
        self.border_title = Content(f"Faces of {visible(group_id, limit=60)}")
        self._unsubscribe = listing.subscribe(self._changed)
        self.table.set_source(self.sheet)
        self.order.show()
        listing.want(0, self.table.size.height or 1)
        self._changed(listing.status)
        self._progress.note(listing.status)
        kept = listing.status.kept
        if kept is not None and not kept.up_to_date:
            self.reloader.look()

    def _leave(self) -> None:
        """Let go of a listing: its windows are not wanted any more; its scan goes on."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        self.forget_begun()
        self.follower.end()
        if self.listing is None:
            return  # What was said at the start is not about a library.
        self._host.say("")
        if self.listing.status.scan is None:
            self.listing.cancel()

    def clear(self, sentence: str) -> None:
        """Show no library, and say why."""
        self._leave()
        self.cursor.listing = None
        self.prompt.close()
        self.table.set_source(self.sheet)
        self.border_title = Content("Faces")
        self.table.say_empty((sentence,))
        self.status.show("")

    async def on_unmount(self) -> None:
        """Drop every listing; late answers go nowhere."""
        await self.listings.aclose()

    # --- the listing's news --------------------------------------------------------------------

    def _changed(self, status: ListingStatus) -> None:
        """Show what is known now; rows are repainted only where they differ."""
        if self.listing is None or status.group_id != self.listing.group_id:
            return
        # An answer without a row can prove the end, and take the last placeholder away.
        rows = (status.revision, self.listing.row_count())
        if rows != self._shown_rows:
            self._shown_rows = rows
            self._follow_face(self.listing, status)
            self.table.source_changed()
        self.cursor.look_for_row()
        self.post_message(self.Changed())
        self.order.begin(self.listing)
        self._teller.tell(status, self.follower.words or self.order.later)
        self._question.ask(self.listing)
        self.order.show()

    def _follow_face(self, listing: FaceListing, status: ListingStatus) -> None:
        """Lead the cursor to where its face is, once a look at the end has moved the rows."""
        moved = status.generation != self._generation and status.kept is not None
        self._generation = status.generation
        face = self.cursor.subject.face
        if moved and face is not None and not self.follower.is_on:
            self._host.work(Job.MOVE, self.cursor.follow(listing, face))

    def _look_again(self) -> None:
        if self.listing is not None:
            self._changed(self.listing.status)

    def _tell_kept(self, sentence: str) -> None:
        """Say something of a kept index, once the library is shown."""
        self.call_after_refresh(self._host.say, f"{sentence[:1].upper()}{sentence[1:]}.")

    def note_libraries(self, libraries: Sequence[Library]) -> None:
        """Compare what is kept with what the service says of its libraries now."""
        for listing in self.listings.note_libraries(libraries):
            self._tell_kept(f"{listing.group_id} was created again: what was kept of it is gone")
            listing.want(0, self.table.size.height or 1)

    def show_age(self, *, on: bool) -> None:
        """Say of when the rows are, while the service is out of reach."""
        self._teller.show_age(on=on)
        self._look_again()

    def on_paged_data_table_rows_wanted(self, event: RowsWanted) -> None:
        """Load what is looked at; after a cancel only once something else is looked at."""
        event.stop()
        if self.listing is not None and not self.cursor.stays_cancelled:
            self.listing.want(event.first, event.last)

    def on_paged_data_table_row_highlighted(self, _event: RowHighlighted) -> None:
        """Know that the cursor moved, before that is told."""
        self.cursor.moved()
        self.follower.moved()

    def on_paged_data_table_header_selected(self, event: HeaderSelected) -> None:
        """Order by the column."""
        event.stop()
        self.order.by_column(event.key)

    def some_tokens(self) -> list[str]:
        """Tokens of the rows on screen: they show what a token of this library looks like."""
        rows = self.table.visible_rows
        loaded = [] if self.listing is None else self.listing.rows(rows.start, rows.stop)
        return [row.face.face_token for row in loaded if row is not None]

    def note_gone(self, subject: Subject) -> None:
        """The service does not know a listed face any more; a kept one is forgotten."""
        listing = self.listing
        is_shown = listing is not None and listing.group_id == subject.group_id
        if listing is not None and is_shown and listing.status.kept is None:
            self._host.say("The library has changed: a listed face is no longer there. r reloads.")

    def note_said(self, subject: Subject, face: Face) -> None:
        """The service says something else of a face than the list: a kept one is corrected."""
        if self.listing is not None and self.listing.group_id == subject.group_id:
            self.listing.correct(subject.position, face)

    async def of_person(self, face: Face) -> str:
        """How many faces of a face's person there are, in words, as far as that is known."""
        listing = self.listing
        if listing is None or not face.user_id or listing.status.loaded > _COUNTED:
            return ""
        from fs_tui.faces.query import Query, Term, Text

        query = Query("", (Term((Text(("user_id",), face.user_id, whole=True),)),))
        known = await listing.count(query)
        if listing.status.complete:
            return "the only face of this person" if known == 1 else f"{known:,} of this person: u"
        return f"at least {known:,} of this person: u" if known > 1 else ""

    async def go_to_face(self, face: Face) -> bool:
        """Look at a face that the service has; False, and no cursor, where no row shows it."""
        has_row = await self.cursor.to_face(face)
        self.post_message(self.Changed())
        return has_row

    # --- filter --------------------------------------------------------------------------------

    def open_filter(self) -> None:
        """Show the prompt."""
        if self.listing is not None:
            self.filter.open()
            self._changed(self.listing.status)

    def choose_order(self) -> None:
        """Ask for an order of the rows."""
        if self.listing is not None:
            self.pick_order(self.listing.status.view.order)

    def order_by(self, order: Order | None) -> None:
        """Put the rows into an order; None leaves them as they are."""
        self.order.by(order)

    def reload(self) -> None:
        """Ask again for what failed, or read the library anew."""
        self.reloader.reload()

    def on_filter_bar_changed(self, event: FilterBar.Changed) -> None:
        """Filter while it is typed."""
        event.stop()
        if self.prompt.is_open:
            self.filter.apply(event.text)
            self._look_again()

    def on_filter_bar_submitted(self, event: FilterBar.Submitted) -> None:
        """Go to the hits."""
        event.stop()
        if self.filter.submit():
            self.focus_table()
            self.post_message(self.Searched(Place(self.group_id, self.filter.before)))

    # --- loading all, stopping, going back -----------------------------------------------------

    @property
    def rests(self) -> bool:
        """Whether the loading of all was paused."""
        from fs_tui.faces.status import Activity

        return self.listing is not None and self.listing.status.activity is Activity.PAUSED

    @property
    def busy(self) -> bool:
        """Whether something runs that can be cancelled."""
        return self.reloader.busy or self.follower.is_on or self._host.runs(Job.LOAD)

    def load_all(self) -> None:
        """Load the whole library; while that runs: pause; when it rests: go on."""
        if self.listing is not None:
            load_or_pause(self._host, self.listing)

    def cancel(self) -> bool:
        """Stop what runs, and what was loaded stays; returns whether anything did run."""
        busy = self.busy | self.follower.end()
        if self.listing is not None:
            self.listing.cancel()
            self.table.source_changed()
            self.cursor.stay_cancelled()
        jobs = (Job.MOVE, Job.RECHECK, Job.FILTER, Job.ORDER, Job.EXPORT, Job.LOAD)
        return self._host.cancel(*jobs) or busy

    def undo(self) -> bool:
        """Esc: forget what was begun, else stop what runs; what is typed goes with it."""
        typing = isinstance(self.screen.focused, Input)
        if self.forget_begun():
            self._host.say("")
        elif self.follower.end():
            pass
        elif typing or self.busy:
            self.cancel()
            if typing:
                self.clear_filter()
        else:
            return False
        return True

    def clear_filter(self) -> bool:
        """Esc: show all faces again; False where all are shown."""
        if not self.prompt.is_open:
            self._host.say("")
            return False
        self.focus_table()
        self.filter.clear()
        return True
