"""ReportPane: a view over what is loaded of one library, which says what that covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from fs_tui.tasks import start_task
from fs_tui.tui.browser.history import Place
from fs_tui.tui.browser.pace import Throttle
from fs_tui.tui.browser.reading import (
    load_or_pause,
    may_reload,
    read_whole,
    reading_seconds,
    shortfall,
)
from fs_tui.tui.browser.view_pane import ViewPane
from fs_tui.tui.host import Job
from fs_tui.visible import visible
from fs_tui.words import count, duration, marked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fs_tui.errors import FsTuiError
    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.query import Query
    from fs_tui.faces.reports.people import People, PeopleStatus
    from fs_tui.faces.status import ListingStatus
    from fs_tui.tui.browser.filterbar import FilterBar
    from fs_tui.tui.browser.view_pane import Reach
    from fs_tui.tui.host import Host
    from fs_tui.tui.table.table_columns import Column

__all__ = ["ReportPane"]


class ReportPane(ViewPane):
    """Who extends it makes rows of what was counted, and says in words what they are.

    Attributes:
        title: What stands before the library's id.
        people: What counts; None before a library was shown.
        listing: The library.
    """

    title: str

    def __init__(self, host: Host, columns: Sequence[Column]) -> None:
        super().__init__(host, columns)
        self.people: People | None = None
        self.listing: FaceListing | None = None
        self._own: People | None = None
        self._ends: list[Callable[[], None]] = []
        self._throttle = Throttle(self.set_timer, self.tell)

    # --- what whoever extends it says ------------------------------------------------------------

    def counted(self, status: PeopleStatus) -> None:
        """Something of what was counted has changed; show it."""
        raise NotImplementedError

    def words(self, status: PeopleStatus) -> str:
        """What the rows are."""
        raise NotImplementedError

    # --- what is looked at -----------------------------------------------------------------------

    def place(self) -> Place:
        """The library, the filter, and the row."""
        group_id = "" if self.listing is None else self.listing.group_id
        return Place(group_id, self.table.cursor_row + 1, self.prompt.text, self.kind)

    def begin(self, reach: Reach) -> Place | None:
        """The library that is open; as it was left, where it was looked at."""
        if reach.listing is None:
            return None
        here = self.place()
        group_id = reach.listing.group_id
        return here if here.group_id == group_id else Place(group_id, view=self.kind)

    def show(self, place: Place, reach: Reach) -> None:
        """Follow a library's listing, and count what is loaded."""
        self.reach = reach
        is_other = reach.listing is not self.listing
        if is_other:
            self.sheet.marked.clear()
        self.listing = reach.listing
        self.border_title = Content(f"{self.title} {visible(place.group_id, limit=60)}")
        if place.filter:
            self.prompt.show(place.filter)
        else:
            self.prompt.close()
        query = self.read(place.filter)
        if is_other or self.people is None or self._filter_text != _text(query):
            self._count(query)
        else:
            self._follow()
        self.table.move_cursor(place.position - 1)

    @property
    def _filter_text(self) -> str:
        return "" if self.people is None else self.people.status.filter_text

    def _count(self, query: Query | None) -> None:
        """Count the faces that pass; all of them are counted once, whoever looks at them."""
        from fs_tui.faces.reports.people import People

        if self.listing is None or self.reach is None:
            return
        self._drop_own()
        if query is None:
            self.people = self.reach.listings.people(self.listing)
        else:
            self.people = self._own = People(self.listing, query)
        self.opened()
        self.table.set_source(self.sheet)
        self._follow()

    def opened(self) -> None:
        """Other people are counted now: what is known of the rows is old."""
        raise NotImplementedError

    def _follow(self) -> None:
        self.hide()
        if self.listing is not None and self.people is not None:
            self._ends = [
                self.listing.subscribe(self._loaded),
                self.people.subscribe(self._counted),
            ]
            self._counted(self.people.status)

    def hide(self) -> None:
        """Be told of nothing while something else is shown."""
        for end in self._ends:
            end()
        self._ends = []

    def _drop_own(self) -> None:
        if self._own is not None:
            start_task(self._own.aclose(), name="people")
            self._own = None

    async def on_unmount(self) -> None:
        """Drop what was counted for this view alone."""
        if self._own is not None:
            await self._own.aclose()

    # --- news ------------------------------------------------------------------------------------

    def _loaded(self, status: ListingStatus) -> None:
        if self._throttle.lets(status.group_id if status.scan else None):
            self.tell()

    def _counted(self, status: PeopleStatus) -> None:
        self.counted(status)
        self.post_message(self.Changed())
        if self._throttle.lets(self.place().group_id if status.percent else None):
            self.tell()

    def tell(self) -> None:
        """Say what the rows are, what that covers, and what loads the rest."""
        from fs_tui.faces.status import describe

        if self.people is None or self.listing is None:
            return
        status = self.people.status
        words = self.words(status)
        if status.failure is not None:
            words = f"incomplete: {status.failure}"
        if self.prompt.is_open and not self.prompt.is_wrong:
            whole = (
                f"all {status.covered:,} faces" if status.whole else f"{status.covered:,} loaded"
            )
            self.prompt.note(f"{count(status.faces, 'face')} in {whole}")
        said = marked(self.sheet.counts.marked)
        parts = (words, describe(self.listing.status), self._rest(), said)
        self.status.show(" · ".join(part for part in parts if part))

    def _rest(self) -> str:
        """What reading the rest takes; nothing where that is not to be had."""
        from fs_tui.faces.status import Activity

        if self.listing is None:
            return ""
        status = self.listing.status
        if status.complete or status.limit_position or status.activity is Activity.SCANNING:
            return ""
        if status.activity is Activity.PAUSED:
            return "a goes on"
        left = self.listing.requests_left
        if not left:
            return "a loads the rest"
        time = duration(reading_seconds(self._host, left))
        return f"a loads the rest: about {count(left, 'request')}, {time}"

    # --- keys ------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether the library is being loaded."""
        from fs_tui.faces.status import Activity

        if self.listing is None:
            return False
        return self.listing.status.activity is not Activity.IDLE or self._host.runs(Job.LOAD)

    def cancel(self) -> bool:
        """Stop loading, and what was counted stays; returns whether anything went on."""
        was_busy = self.busy
        if self.listing is not None:
            self.listing.cancel()
        return self._host.cancel(Job.LOAD) or was_busy

    def reload(self) -> None:
        """Ask again for what failed, or read the library anew."""
        if self.listing is not None:
            self._host.work(Job.LOAD, self._reload(self.listing))

    async def _reload(self, listing: FaceListing) -> None:
        if listing.status.stopped is not None or listing.status.missing:
            listing.retry()
        elif await may_reload(self._host, listing):
            await listing.reload()

    def load_all(self) -> None:
        """Load the whole library, after what much of that costs was said and wanted."""
        if self.listing is not None:
            load_or_pause(self._host, self.listing)

    async def read_whole(self) -> FsTuiError | None:
        """Load the whole library, if that is wanted, and count it; returns why it is not whole."""
        listing, people = self.listing, self.people
        if listing is None or people is None:
            return None
        await read_whole(self._host, listing)
        await people.settled()
        return people.status.failure or shortfall(listing)

    @property
    def caveat(self) -> str:
        """What is to be known of all numbers; empty where they are of the whole library."""
        status = None if self.people is None else self.people.status
        stands = status is not None and status.whole and status.counted and status.percent is None
        return "" if stands else "every number is 'at least'"

    # --- filter ----------------------------------------------------------------------------------

    def on_filter_bar_submitted(self, event: FilterBar.Submitted) -> None:
        """Count what passes."""
        event.stop()
        query = self.read(event.text)
        if self.prompt.is_wrong:
            return
        self.focus_table()
        if query is None:
            self.prompt.close()
        if _text(query) != self._filter_text:
            self._count(query)

    def invitation(self, text: str) -> str:
        """Enter counts; to count at each letter would be too much."""
        return "enter counts the faces that pass" if text else ""

    def clear_filter(self) -> bool:
        """Esc: count all again; False where all are counted."""
        if not self.prompt.is_open:
            return False
        self.prompt.close()
        self.focus_table()
        if self._filter_text:
            self._count(None)
        return True


def _text(query: Query | None) -> str:
    return "" if query is None else query.text
