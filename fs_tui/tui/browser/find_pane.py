"""FindPane: the faces of all libraries that pass an expression, and what that rests on."""

from __future__ import annotations

from contextlib import AsyncExitStack, aclosing
from typing import TYPE_CHECKING

from textual.content import Content

from fs_tui.account.find import Find, Hit
from fs_tui.account.rows import HIT_FIELDS, HIT_TOKEN
from fs_tui.faces.query import PLAIN, Order
from fs_tui.models import FACE_FIELDS
from fs_tui.tui.browser.column_choice import chosen_columns
from fs_tui.tui.browser.face_columns import COLUMNS, face_cells
from fs_tui.tui.browser.history import Place
from fs_tui.tui.browser.pace import Throttle
from fs_tui.tui.browser.reading import may_read
from fs_tui.tui.browser.sheet import ListSheet
from fs_tui.tui.browser.subject import Subject
from fs_tui.tui.browser.view_pane import ViewPane
from fs_tui.tui.host import Job
from fs_tui.tui.row_kinds import RowKind
from fs_tui.tui.table.table_columns import Column, Cut
from fs_tui.visible import visible
from fs_tui.words import count, marked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fs_tui.account.find import Searched
    from fs_tui.faces.query import Query
    from fs_tui.tui.browser.filterbar import FilterBar
    from fs_tui.tui.browser.view_pane import Reach
    from fs_tui.tui.host import Host
    from fs_tui.tui.table.table_messages import HeaderSelected

__all__ = ["FindPane"]

_WORTH = max(column.priority for column in COLUMNS)
_LIBRARY = Column("group_id", "Library", 10, 24, priority=_WORTH, cut=Cut.NEED)

_HITS = RowKind(HIT_FIELDS, HIT_TOKEN, "face", "faces", "tokens")

_MOST_HITS = 100_000
"""As many are kept; who meets more than that looks for something else."""


def _value(source: str) -> Callable[[Hit], tuple[bool, object]]:
    """What hits are compared by; one without a time comes before the others."""

    def value(hit: Hit) -> tuple[bool, object]:
        known = getattr(hit.face, source)
        return known is not None, known

    return value


_VALUES = {field.name: _value(field.source) for field in FACE_FIELDS if field.ordered}


class FindPane(ViewPane):
    """One search at a time; it goes on while something else is looked at."""

    kind = "find"
    hints = (
        ("open", "open"),
        ("filter", "search"),
        ("back", "back"),
        ("order", "order"),
        ("mark", "mark"),
        ("copy", "copy"),
        ("export", "export"),
        ("reload", "again"),
    )

    def __init__(self, host: Host) -> None:
        super().__init__(host, (_LIBRARY, *COLUMNS))
        self.border_title = Content("Find in all libraries")
        self._text = ""
        self._found: list[Hit] = []
        self._hits: list[Hit] = []
        self._order = PLAIN
        self._find: Find | None = None
        self._searching = self._full = False
        self._searched = ""
        self._shown = 0
        self._throttle = Throttle(self.set_timer, self.tell)

    def make_sheet(self) -> ListSheet:
        """The hits, as commands write them."""
        return ListSheet(
            _HITS,
            self.table,
            lambda hit: (hit.group_id, hit.face.face_token),
            self._cells,
            lambda: self._hits,
            name=lambda: self.kind,
            narrowed=lambda: True,
            caveat=lambda: "the search is not complete" if self._lacks else "",
        )

    def _cells(self, hit: Hit) -> tuple[str, ...]:
        return visible(hit.group_id, limit=60), *face_cells(hit.face, masked=self._host.masked)

    @property
    def _lacks(self) -> bool:
        """Whether there may be more hits than those."""
        return self._find is None or not self._find.whole

    def show_columns(self, choice: Mapping[str, str]) -> None:
        """Show the columns of faces as they were chosen."""
        self.table.set_columns((_LIBRARY, *chosen_columns(choice)))

    # --- what is shown -------------------------------------------------------------------------

    @property
    def subject(self) -> Subject:
        """The face of the hit under the cursor, in its library."""
        hit = self.sheet.current()
        if hit is None:
            return Subject()
        return Subject(hit.group_id, face=hit.face, position=hit.position or 0)

    def place(self) -> Place:
        """The search, and the hit under the cursor."""
        return Place("", self.table.cursor_row + 1, self._text, self.kind)

    def begin(self, reach: Reach) -> Place:
        """The last search."""
        self.reach = reach
        return self.place()

    def begun(self) -> None:
        """Offer what the faces are filtered by; a letter takes its place."""
        filter_text = "" if self.reach is None else self.reach.filter
        self.prompt.offer(filter_text or self._text)
        self.prompt.note(self.invitation(""))

    def show(self, place: Place, reach: Reach) -> None:
        """Show the hits; those of an older search are gone, but it can be made again."""
        self.reach = reach
        self.prompt.show(place.filter)
        if place.filter == self._text:
            self.table.move_cursor(place.position - 1)
        else:
            self._forget(place.filter)
            self.prompt.note(self.invitation(""))
        self.tell()

    def _forget(self, text: str) -> None:
        """Hold no search any more, or not yet: one for `text` may come."""
        self.table.look_for(None)
        self._host.cancel(Job.FIND)
        self._searching = False
        self._text, self._found, self._hits, self._find = text, [], [], None
        self.sheet.marked.clear()
        self.table.set_order(None)
        self.post_message(self.Changed())
        self.table.set_source(self.sheet)

    def invitation(self, text: str) -> str:  # noqa: ARG002  it searches for whatever is typed
        """Enter searches; nothing is asked before."""
        return f"enter searches {count(len(self._group_ids), 'library', 'libraries')}"

    @property
    def _group_ids(self) -> tuple[str, ...]:
        return () if self.reach is None else self.reach.group_ids

    def enter(self) -> None:
        """To the face in its library."""
        hit = self.sheet.current()
        if hit is not None:
            self.post_message(self.FaceWanted(hit.group_id, hit.face, hit.position or 0))

    # --- the prompt ----------------------------------------------------------------------------

    def on_filter_bar_submitted(self, event: FilterBar.Submitted) -> None:
        """Search."""
        event.stop()
        query = self.read(event.text)
        if self.reach is None or query is None:
            return
        before = self.place()
        self._forget(query.text)
        self.table.look_for(query.spans)
        self.focus_table()
        self.post_message(self.Searched(before))
        self._host.work(Job.FIND, self._search(query, self.reach))

    def close_prompt(self) -> bool:
        """Back to the hits; where nothing was searched, out of here."""
        if self._find is None:
            return False
        self.prompt.show(self._text)
        self.focus_table()
        return True

    # --- the search ----------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether it goes on."""
        return self._searching

    def cancel(self) -> bool:
        """Stop, and what was found stays; returns whether it went on."""
        return self._searching and self._host.cancel(Job.FIND)

    def reload(self) -> None:
        """Search for the same again."""
        self.on_filter_bar_submitted(self.prompt.Submitted(self._text))

    async def _search(self, query: Query, reach: Reach) -> None:
        hits = self._hits
        find = Find(
            reach.gateway,
            [query],
            reach.group_ids,
            concurrency=self._host.options.concurrency,
            changed=self._told,
        )
        self._find, self._searching, self._shown, self._full = find, True, 0, False
        self._searched = ""
        self.post_message(self.Changed())
        self.tell()
        try:
            async with aclosing(find.ask()) as asked:
                async for some in asked:
                    self._take(some)
            if find.to_scan and find.libraries and await self._is_wanted(reach):
                async with aclosing(find.scan()) as scanned:
                    async for some in scanned:
                        self._take(some)
                        if len(hits) >= _MOST_HITS:
                            self._full = True
                            break
        finally:
            if find is self._find:
                self._searching = False
                self._show_hits()
                if self._order != PLAIN:
                    self._arrange()
                self.tell()

    def _take(self, hits: Sequence[Hit]) -> None:
        self._found.extend(hits)
        self._hits.extend(hits)
        # The first screenful as it comes, the others with the words.
        if self._shown < self.table.size.height:
            self._show_hits()

    def _show_hits(self) -> None:
        if self._shown != len(self._hits):
            self._shown = len(self._hits)
            self.table.source_changed()
            self.post_message(self.Changed())

    def _told(self, searched: Searched) -> None:
        """How far the search has come."""
        self._searched = searched.group_id
        if self._searching and self._throttle.lets(searched.group_id):
            self.tell()

    def tell(self) -> None:
        """Say what was found, and what that rests on; while it runs, how far it is."""
        if self._find is None:
            self.status.show("Nothing has been searched for yet.")
            return
        self._show_hits()
        if not self._searching:
            self.status.show(self._outcome(self._find))
            return
        way = "finding out how much there is to read"
        if self._searched:
            library = self._find.libraries[self._searched]
            place = list(self._find.libraries).index(self._searched) + 1
            of = count(len(self._find.libraries), "library", "libraries")
            done = f"{library.read:,} read" if library.scanned else "asked"
            way = f"{visible(self._searched, limit=60)}, {place} of {of}: {done}"
        self.status.show(f"{count(len(self._hits), 'hit')} so far · {way} · x stops")

    def _outcome(self, find: Find) -> str:
        """What was found, and what that rests on."""
        full = f"more than the {_MOST_HITS:,} hits that are kept here; fs-tui find has no limit"
        # The answer first: there may be no room for all of the gaps.
        parts = [full] * self._full + [find.answer, *find.gaps]
        said = ("" if find.whole else "incomplete: ") + "; ".join(parts)
        return " · ".join(filter(None, (said, marked(len(self.sheet.marked)))))

    # --- order ---------------------------------------------------------------------------------

    def choose_order(self) -> None:
        """Ask for an order."""
        self.pick_order(self._order)

    def order_by(self, order: Order | None) -> None:
        """Order the hits; while more come they stand as they were found."""
        if order is None:
            return
        self._order = order
        if self._searching:
            self._host.say("The hits are put into this order when the search has ended.")
        else:
            self._arrange()

    def on_paged_data_table_header_selected(self, event: HeaderSelected) -> None:
        """Order by a column; again turns it round."""
        event.stop()
        now = self._order
        if event.key in _VALUES:
            self.order_by(
                Order(event.key, descending=now.field == event.key and not now.descending)
            )

    def _arrange(self) -> None:
        """Put the hits into the order, with the cursor on the one that it was on."""
        row, order = self.table.cursor_row, self._order
        at = self._hits[row] if row < len(self._hits) else None
        by = _VALUES.get(order.field)
        self._hits[:] = self._found if by is None else sorted(self._found, key=by)
        if order.descending:
            self._hits.reverse()
        self.table.set_order(None if order == PLAIN else order.field, descending=order.descending)
        self.table.source_changed()
        self.table.move_cursor(next((n for n, hit in enumerate(self._hits) if hit is at), 0))

    # --- what it costs -------------------------------------------------------------------------

    async def _is_wanted(self, reach: Reach) -> bool:
        """Ask before many requests are sent."""
        from fs_tui.account.cost import reading_cost
        from fs_tui.faces.listing import FaceListing
        from fs_tui.gateway import MAX_PAGE

        async with AsyncExitStack() as stack:
            listings = []
            for group_id in reach.group_ids:
                listing = FaceListing(reach.gateway, group_id, window=MAX_PAGE)
                stack.push_async_callback(listing.aclose)
                listings.append(listing)
            cost = await reading_cost(listings)
        question = "Read all libraries?"
        return cost is None or await may_read(
            self._host, question, cost.requests, unknown=cost.unknown
        )
