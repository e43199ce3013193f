"""PeopleSheet: the people of a library as they are marked, copied and exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.faces.persons import PERSON_FIELDS, PersonRow
from fs_tui.faces.scopes import Scope
from fs_tui.tui.browser.sheet import ViewSheet
from fs_tui.tui.row_kinds import RowCounts, RowKind

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from fs_tui.faces.reports.people import People
    from fs_tui.tui.browser.report_pane import ReportPane

__all__ = ["PeopleSheet"]

_PEOPLE = RowKind(PERSON_FIELDS, PERSON_FIELDS[0], "row", "rows", "user ids")

_AT_ONCE = 1_000
"""Rows of which all may have been looked up for the screen already."""


class PeopleSheet(ViewSheet):
    """The rows as they stand on screen: of more people than are looked up.

    Args:
        pane: Shows them.
    """

    def __init__(self, pane: ReportPane) -> None:
        super().__init__(_PEOPLE, pane.table, lambda row: row.user_id)
        self._pane = pane

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

    def current(self) -> PersonRow | None:
        """The row with the cursor; None where it was not looked up."""
        row = self.table.row_at_cursor()
        return row.item if row is not None and isinstance(row.item, PersonRow) else None

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
