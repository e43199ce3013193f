"""PeoplePane: who is in a library, one row a user id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.faces.persons import PERSON_FIELDS, PersonRow
from fs_tui.faces.scopes import Scope
from fs_tui.tui.browser.detail import Card
from fs_tui.tui.browser.history import Place
from fs_tui.tui.browser.report_pane import ReportPane
from fs_tui.tui.browser.sheet import ViewSheet
from fs_tui.tui.browser.subject import Subject
from fs_tui.tui.row_kinds import RowCounts, RowKind
from fs_tui.tui.table.table_columns import Column, Cut
from fs_tui.visible import masked, visible
from fs_tui.words import added, count

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from fs_tui.faces.persons import PeopleOrder
    from fs_tui.faces.reports.people import People, PeopleStatus
    from fs_tui.tui.host import Host
    from fs_tui.tui.table.table_messages import HeaderSelected, RowsWanted
    from fs_tui.tui.table.table_rows import RowCells

__all__ = ["PeoplePane"]

_COLUMNS = (
    Column("user_id", "User id", 10, 128, priority=5, cut=Cut.NEVER, firm=40),
    Column("faces", "Faces", 8, 8, weight=0, priority=4),
    Column("first", "First added", 16, 16, weight=0, priority=2),
    Column("last", "Last added", 16, 16, weight=0, priority=1),
    Column("note", "", 9, 14, weight=0, priority=3),
)

_NOBODY = "(no user id)"
_CELL_LIMIT = 160

_PEOPLE = RowKind(PERSON_FIELDS, PERSON_FIELDS[0], "row", "rows", "user ids")

_AT_ONCE = 1_000
"""Rows of which all may have been looked up for the screen already."""


class PeopleSheet(ViewSheet):
    """The rows as they stand on screen: of more people than are looked up.

    Args:
        pane: Shows them.
        cells: What it shows of one.
    """

    def __init__(self, pane: ReportPane, cells: Callable[[PersonRow], tuple[str, ...]]) -> None:
        super().__init__(_PEOPLE, pane.table, lambda row: row.user_id, cells)
        self._pane = pane

    def row_count(self) -> int:
        """How many are known so far."""
        return 0 if self._pane.people is None else self._pane.people.row_count()

    def rows(self, first: int, last: int) -> Sequence[RowCells | None]:
        """The people `first` to `last - 1`; None where one was not looked up."""
        people = self._pane.people
        return [] if people is None else self.drawn(first, people.rows(first, last))

    @property
    def name(self) -> str:
        """What a file of them is called."""
        return f"{self.group_id}-people"

    @property
    def group_id(self) -> str:
        """The library."""
        return "" if self._pane.listing is None else self._pane.listing.group_id

    @property
    def caveat(self) -> str:
        """Whether their faces are all of theirs."""
        return self._pane.caveat

    @property
    def counts(self) -> RowCounts:
        """How many they are."""
        people = self._pane.people
        if people is None:
            return RowCounts(loads_rest=False)
        number, status = people.row_count(), people.status
        if status.filter_text or status.least > 1:
            return RowCounts(len(self.marked), number, loads_rest=False)
        return RowCounts(len(self.marked), None, number, None if self.caveat else number)

    async def mark_rows(self, first: int, last: int) -> int:
        """Mark the rows `first` to `last - 1`; returns how many they are."""
        self.find_room(last - first)
        people = self._pane.people
        if people is None:
            return 0
        rows = people.rows(first, last) if last - first <= _AT_ONCE else [None]
        known = [row for row in rows if row is not None]
        if len(known) == len(rows):
            return self.mark(known)
        marked = passed = 0
        async for some in people.listed():
            marked += self.mark(some[max(0, first - passed) : max(0, last - passed)])
            passed += len(some)
            if passed >= last:
                break
        return marked

    def chunks(self, scope: Scope) -> AsyncGenerator[Sequence[PersonRow], None]:
        """The people of a scope; for all of them, what is missing is loaded first.

        Raises:
            FsTuiError: After the rows: why they are not all.
        """
        return self._rows(self._pane.people, scope)

    async def _rows(
        self, people: People | None, scope: Scope
    ) -> AsyncGenerator[Sequence[PersonRow], None]:
        if people is None:
            return
        reason = await self._pane.read_whole() if scope is Scope.ALL else None
        left = set(self.marked)
        async for rows in people.listed():
            if scope is not Scope.MARKED:
                yield rows
                continue
            found = [row for row in rows if row.user_id in left]
            left.difference_update(row.user_id for row in found)
            yield found
            if not left:
                break
        if reason is not None:
            raise reason


class PeoplePane(ReportPane):
    """The people of a library; faces without a user id are one row at the end, and no person."""

    sheet: PeopleSheet
    kind = "people"
    hints = (
        ("open", "faces"),
        ("order", "order"),
        ("back", "back"),
        ("filter", "filter"),
        ("less", "more faces only"),
        ("mark", "mark"),
        ("copy", "copy"),
        ("export", "export"),
        ("growth", "growth"),
    )
    title = "People of"

    def __init__(self, host: Host) -> None:
        super().__init__(host, _COLUMNS)
        self._revision = -1

    def make_sheet(self) -> PeopleSheet:
        """The people, as commands write them."""
        return PeopleSheet(self, self._cells)

    def _cells(self, row: PersonRow) -> tuple[str, ...]:
        user_id = masked(row.user_id) if self._host.masked else row.user_id
        return (
            visible(user_id, limit=_CELL_LIMIT) if row.user_id else _NOBODY,
            f"{row.faces:>8,}",
            added(row.first_ms),
            added(row.last_ms),
            "repeated" if row.repeated else "" if row.user_id else "no person",
        )

    @property
    def subject(self) -> Subject:
        """The person under the cursor."""
        row = self.sheet.current()
        if row is None or self.listing is None:
            return Subject()
        return Subject(self.listing.group_id, card=_card(row, self._host, self.caveat))

    def opened(self) -> None:
        """Show their rows."""
        self._revision = -1

    def counted(self, status: PeopleStatus) -> None:
        """Show the rows as they stand, and in the header how that is."""
        from fs_tui.faces.persons import PeopleOrder

        if status.revision != self._revision:
            self._revision = status.revision
            self.table.source_changed()
        falls = status.order in {PeopleOrder.FACES, PeopleOrder.LAST}
        self.table.set_order(status.order.value, descending=falls)

    def words(self, status: PeopleStatus) -> str:
        """How many they are, and how far what is wanted of them has come."""
        # While something is being counted, the number is still that of the rows before it.
        least = "at least " if self.caveat else ""
        words = f"{least}{count(status.persons, 'person', 'persons')}"
        if status.least > 1:
            words += f" with {status.least} faces or more"
        if status.percent is None:
            return words
        doing = (
            "counting" if status.wanted is status.order else f"ordering by {status.wanted.words}"
        )
        return f"{words} · {doing} {status.percent} %"

    def on_paged_data_table_rows_wanted(self, event: RowsWanted) -> None:
        """Look the rows up."""
        event.stop()
        if self.people is not None:
            self.people.want(event.first, event.last)

    # --- keys ------------------------------------------------------------------------------------

    def enter(self) -> None:
        """To this person's faces."""
        from fs_tui.faces.filter_language import of_user

        if (row := self.sheet.current()) is not None and self.listing is not None:
            text = of_user(row.user_id)
            self.post_message(self.PlaceWanted(Place(self.listing.group_id, filter=text)))

    def choose_order(self) -> None:
        """Ask for an order."""
        from fs_tui.tui.dialogs.order import PeopleOrderPicker

        if self.people is not None:
            self.app.push_screen(PeopleOrderPicker(self.people.status.wanted), self._order)

    def _order(self, order: PeopleOrder | None) -> None:
        if order is not None and self.people is not None:
            self.people.set_order(order)
            self.table.move_cursor(0)

    def on_paged_data_table_header_selected(self, event: HeaderSelected) -> None:
        """Order by a column."""
        from fs_tui.faces.persons import PeopleOrder

        event.stop()
        if event.key in {order.value for order in PeopleOrder}:
            self._order(PeopleOrder(event.key))

    def step_size(self, by: int) -> None:
        """Leave out who has few faces: fewer and fewer of them, or more."""
        if self.people is not None:
            self.people.set_least(max(1, self.people.status.least - by))


def _card(row: PersonRow, host: Host, caveat: str) -> Card:
    user_id = masked(row.user_id) if host.masked else row.user_id
    fields = [
        ("user id", (user_id or "none: this is not a person",)),
        ("faces", (("at least " if caveat else "") + count(row.faces),)),
        ("first", (added(row.first_ms),)),
        ("last", (added(row.last_ms),)),
    ]
    if row.repeated:
        fields.append(("note", ("some were added within seconds of each other",)))
    return Card("Person" if row.user_id else "Faces without a user id", tuple(fields))
