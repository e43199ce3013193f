"""PeoplePane: who is in a library, one row a user id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.tui.browser.detail import Card
from fs_tui.tui.browser.history import Place
from fs_tui.tui.browser.people_sheet import PeopleSheet
from fs_tui.tui.browser.report_pane import ReportPane
from fs_tui.tui.browser.subject import Subject
from fs_tui.tui.table.table_columns import Column, Cut
from fs_tui.tui.table.table_rows import RowCells
from fs_tui.visible import masked, visible
from fs_tui.words import added, count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fs_tui.faces.persons import PeopleOrder, PersonRow
    from fs_tui.faces.reports.people import People, PeopleStatus
    from fs_tui.tui.browser.sheet import ViewSheet
    from fs_tui.tui.host import Host
    from fs_tui.tui.table.table_messages import HeaderSelected, RowsWanted

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


class _PersonRows:
    """The table's row source over what was counted."""

    def __init__(self, people: People, host: Host, sheet: ViewSheet) -> None:
        self._people = people
        self._host = host
        self._sheet = sheet

    def row_count(self) -> int:
        """How many are known so far."""
        return self._people.row_count()

    def number_width(self) -> int:
        """Cells of the longest number."""
        return len(count(max(1, self._people.row_count())))

    def rows(self, first: int, last: int) -> Sequence[RowCells | None]:
        """The people `first` to `last - 1`; None where one was not looked up."""
        return [
            None if row is None else self._cells(number, row)
            for number, row in enumerate(self._people.rows(first, last), first + 1)
        ]

    def _cells(self, number: int, row: PersonRow) -> RowCells:
        user_id = masked(row.user_id) if self._host.masked else row.user_id
        note = "repeated" if row.repeated else "" if row.user_id else "no person"
        cells = (
            visible(user_id, limit=_CELL_LIMIT) if row.user_id else _NOBODY,
            f"{row.faces:>8,}",
            added(row.first_ms),
            added(row.last_ms),
            note,
        )
        return RowCells(count(number), cells, self._sheet.is_marked(row), item=row)


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
        return PeopleSheet(self)

    @property
    def subject(self) -> Subject:
        """The person under the cursor."""
        row = self.sheet.current()
        if row is None or self.listing is None:
            return Subject()
        return Subject(self.listing.group_id, card=_card(row, self._host, self.caveat))

    def opened(self, people: People) -> None:
        """Show their rows."""
        self._revision = -1
        self.table.set_source(_PersonRows(people, self._host, self.sheet))

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
        from fs_tui.tui.dialogs.people_order import PeopleOrderPicker

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
