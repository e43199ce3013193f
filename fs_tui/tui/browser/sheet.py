"""Sheet: the rows of a table as they are drawn, marked, copied and exported."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from fs_tui.errors import UsageError
from fs_tui.faces.scopes import Scope
from fs_tui.records import texts
from fs_tui.tui.row_kinds import RowCounts
from fs_tui.tui.table.table_rows import RowCells
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Hashable, Sequence

    from fs_tui.tui.row_kinds import RowKind
    from fs_tui.tui.table.paged_table import PagedDataTable

__all__ = ["ListSheet", "Sheet", "ViewSheet"]

_MOST = 100_000
"""Rows of a view that can be marked: each is remembered by its key."""


class Sheet(ABC):
    """The source of a table's rows; who extends it says which there are.

    Attributes:
        kind: What they are.
    """

    kind: RowKind

    @abstractmethod
    def row_count(self) -> int:
        """How many rows there are."""

    def number_width(self) -> int:
        """Cells of the longest number."""
        return len(count(max(1, self.row_count())))

    @abstractmethod
    def rows(self, first: int, last: int) -> Sequence[RowCells | None]:
        """The rows `first` to `last - 1`; None for each one that is not loaded."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What a file of them is called."""

    @property
    @abstractmethod
    def counts(self) -> RowCounts:
        """How many they are."""

    @property
    def group_id(self) -> str:
        """The library that they are of; empty where it is all of them."""
        return ""

    @property
    def caveat(self) -> str:
        """What is to be known of the numbers in them; empty for nothing."""
        return ""

    @abstractmethod
    def current(self) -> object | None:
        """The row with the cursor; None where there is none."""

    def is_here(self) -> bool:
        """Whether the row with the cursor is loaded."""
        return self.current() is not None

    @abstractmethod
    def toggle_mark(self) -> None:
        """Mark or unmark the row with the cursor, which is loaded.

        Raises:
            UsageError: It would be one too many.
        """

    @abstractmethod
    async def mark_rows(self, first: int, last: int) -> int:
        """Mark the rows `first` to `last - 1`; returns how many they are.

        Raises:
            UsageError: They would be too many.
        """

    def marked_keys(self) -> Sequence[str] | None:
        """The keys of the marked rows, where that takes no look at the rows; else None."""
        return None

    @abstractmethod
    def unmark(self) -> None:
        """Unmark all."""

    @abstractmethod
    def chunks(self, scope: Scope) -> AsyncGenerator[Sequence[object], None]:
        """The rows of a scope; for all of them, what is missing is loaded first.

        Raises:
            FsTuiError: After the rows: why they are not all.
        """


class ViewSheet(Sheet):
    """The rows of a view: marks stay with their keys, in whatever order the rows are.

    Args:
        kind: What they are.
        table: Shows them.
        key_of: What tells a row apart.
        cells: What it shows.

    Attributes:
        marked: The keys of the marked rows, as they are written, by what tells them apart.
    """

    def __init__(
        self,
        kind: RowKind,
        table: PagedDataTable,
        key_of: Callable[[Any], Hashable],
        cells: Callable[[Any], tuple[str, ...]],
    ) -> None:
        self.kind = kind
        self.table = table
        self.marked: dict[Hashable, str] = {}
        self._key_of = key_of
        self._cells = cells

    def drawn(self, first: int, rows: Sequence[object | None]) -> Sequence[RowCells | None]:
        """Return rows as the table shows them, the first of them as the one after `first`."""
        return [
            None
            if row is None
            else RowCells(count(number), self._cells(row), self.is_marked(row), item=row)
            for number, row in enumerate(rows, first + 1)
        ]

    def current(self) -> Any | None:  # Any: of the kind that the view shows
        """The row with the cursor; None where there is none, or it was not looked up."""
        row = self.table.row_at_cursor()
        return None if row is None else row.item

    def is_marked(self, row: object) -> bool:
        """Whether a row is marked."""
        return bool(self.marked) and self._key_of(row) in self.marked

    def toggle_mark(self) -> None:
        """Mark or unmark the row with the cursor, which is loaded."""
        row = self.current()
        if self.is_marked(row):
            del self.marked[self._key_of(row)]
            self.table.source_changed()
        else:
            self.mark([row])

    def mark(self, rows: Sequence[object]) -> int:
        """Mark some rows; returns how many they are.

        Raises:
            UsageError: They would be too many.
        """
        keys = dict(zip(map(self._key_of, rows), texts(self.kind.key, rows), strict=True))
        self.find_room(len(keys.keys() - self.marked.keys()))
        self.marked |= keys
        self.table.source_changed()
        return len(keys)

    def find_room(self, rows: int) -> None:
        """See that so many can be marked beside those that are.

        Raises:
            UsageError: They cannot.
        """
        if len(self.marked) + rows > _MOST:
            raise UsageError(
                f"No more than {_MOST:,} {self.kind.many} can be marked.",
                hint="A filter leaves fewer; E exports all of them.",
            )

    def marked_keys(self) -> Sequence[str]:
        """The keys of the marked rows, as they were marked one after the other."""
        return list(self.marked.values())

    def unmark(self) -> None:
        """Unmark all."""
        self.marked.clear()
        self.table.source_changed()


class ListSheet(ViewSheet):
    """Rows that are all here.

    Args:
        listed: What they are now, in the order of the table.
        narrowed: Whether they are what passes a filter.
        name, group_id, caveat: See Sheet.
    """

    def __init__(
        self,
        kind: RowKind,
        table: PagedDataTable,
        key_of: Callable[[Any], Hashable],
        cells: Callable[[Any], tuple[str, ...]],
        listed: Callable[[], Sequence[object]],
        *,
        name: Callable[[], str],
        group_id: Callable[[], str] = str,
        narrowed: Callable[[], bool] = bool,
        caveat: Callable[[], str] = str,
    ) -> None:
        super().__init__(kind, table, key_of, cells)
        self._listed = listed
        self._narrowed = narrowed
        self._name = name
        self._group_id = group_id
        self._caveat = caveat

    @property
    def name(self) -> str:
        """What a file of them is called."""
        return self._name()

    @property
    def group_id(self) -> str:
        """The library that they are of; empty where it is all of them."""
        return self._group_id()

    @property
    def caveat(self) -> str:
        """What is to be known of the numbers in them; empty for nothing."""
        return self._caveat()

    @property
    def counts(self) -> RowCounts:
        """How many they are."""
        number = self.row_count()
        if self._narrowed():
            return RowCounts(len(self.marked), number, loads_rest=False)
        if self.caveat:
            return RowCounts(len(self.marked), loaded=number, loads_rest=False)
        return RowCounts(len(self.marked), total=number)

    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._listed())

    def rows(self, first: int, last: int) -> Sequence[RowCells | None]:
        """The rows `first` to `last - 1`."""
        return self.drawn(first, self._listed()[first:last])

    async def mark_rows(self, first: int, last: int) -> int:
        """Mark the rows `first` to `last - 1`; returns how many they are."""
        return self.mark(self._listed()[first:last])

    async def chunks(self, scope: Scope) -> AsyncGenerator[Sequence[object], None]:
        """The rows of a scope."""
        rows = self._listed()
        yield [row for row in rows if self.is_marked(row)] if scope is Scope.MARKED else rows
