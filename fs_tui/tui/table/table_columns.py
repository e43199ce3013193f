"""How a table's columns share the room of a line, and how a text is fitted into one of them."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, set_cell_size

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["GAP", "Column", "Cut", "Slot", "fit", "fit_around", "share"]

GAP = 1
"""Cells between two columns, at least."""
_WIDE_GAP = 2
"""The same, where the columns leave room."""


class Cut(Enum):
    """What of a column's texts is shown where there is no room for all, and what room they take."""

    SHARE = "share"  # takes room by its weight, whatever its texts need
    NEED = "need"  # takes as much room as its texts need, before the others get theirs
    NEVER = "never"  # the same, and narrower than its texts it is not drawn
    PREFIX = "prefix"  # its texts whole, or their first signs without an ellipsis


class Column(NamedTuple):
    """A column of a table; all widths in terminal cells.

    Attributes:
        key: Its name in messages and in the order; unique within a table.
        title: What the header shows; must be safe to show.
        min_width: Narrower than this it is not drawn, unless it is the last one that is left.
        max_width: Wider than this it does not become; None sets no limit, 0 keeps it away.
        weight: Its part of the room that is left over when all have their minimum; 0 takes none.
        priority: Where the room does not do for all, the column with the lowest one goes first;
            of two equal ones the right one.
        cut: How it meets its texts.
        firm: Cells up to which a column that is never cut keeps its texts whole, whatever else has
            to go; it grows beyond them where there is room. None sets no limit.
    """

    key: str
    title: str
    min_width: int
    max_width: int | None = None
    weight: int = 1
    priority: int = 0
    cut: Cut = Cut.SHARE
    firm: int | None = None

    def need(self, texts: int) -> int:
        """Cells that it takes at most while its widest text has so many."""
        return max(self.min_width, texts if self.max_width is None else min(texts, self.max_width))

    def least(self, texts: int) -> int:
        """Cells that it takes at least while its widest text has so many."""
        if self.cut is not Cut.NEVER:
            return self.min_width
        return self.need(texts if self.firm is None else min(texts, self.firm))

    def showing(self, cells: int, priority: int) -> Column:
        """The same column where it holds something that many cells wide that is to be seen."""
        return self._replace(
            min_width=max(self.min_width, cells),
            max_width=max(self.max_width, cells) if self.max_width else None,
            priority=priority,
        )


class Slot(NamedTuple):
    """Where a column is drawn.

    Attributes:
        column: The column's place in the sequence that was given to `share`.
        x: The first cell.
        width: Cells, at least 1.
    """

    column: int
    x: int
    width: int


def share(columns: Sequence[Column], width: int, texts: Sequence[int] = ()) -> list[Slot]:
    """Share `width` cells among the columns.

    Columns that do not fit are left out, the least important first. What is left over goes to those
    that follow their texts, the most important first, then to the others by weight, up to their
    maximum; what nobody may take stays blank on the right.

    Args:
        columns: From left to right.
        width: Cells of a line.
        texts: Cells of each column's widest text; nothing where none is known.
    """
    known = [*texts, *[0] * (len(columns) - len(texts))]
    least = [column.least(need) for column, need in zip(columns, known, strict=True)]
    kept = [index for index, column in enumerate(columns) if column.max_width != 0]
    if width < 1 or not kept:
        return []
    while len(kept) > 1 and (excess := _total(least, kept) - width) > 0:
        worst = min(kept, key=lambda index: (columns[index].priority, -index))
        if least[worst] > columns[worst].min_width:
            # Where all that is less important is gone already, better cut than gone too.
            least[worst] = max(columns[worst].min_width, least[worst] - excess)
        else:
            kept.remove(worst)
    widths = {index: least[index] for index in kept}
    spare = width - _total(least, kept)
    if spare < 0:
        widths[kept[0]] = width
    else:
        spare = _meet_needs(columns, widths, spare, known)
        spare = _spread(columns, widths, spare)
    slots = []
    x = 0
    gap = _WIDE_GAP if spare >= (_WIDE_GAP - GAP) * (len(kept) - 1) else GAP
    for index in kept:
        slots.append(Slot(index, x, widths[index]))
        x += widths[index] + gap
    return slots


def _total(widths: Sequence[int], kept: Sequence[int]) -> int:
    return sum(widths[index] for index in kept) + GAP * (len(kept) - 1)


def _meet_needs(
    columns: Sequence[Column], widths: dict[int, int], spare: int, texts: Sequence[int]
) -> int:
    """Widen the columns that follow their texts; return what is left over."""
    for index in sorted(widths, key=lambda index: (-columns[index].priority, index)):
        column = columns[index]
        wanted = column.need(texts[index]) - widths[index]
        if column.cut in {Cut.NEED, Cut.NEVER}:
            wanted = min(wanted, spare)
        if column.cut is not Cut.SHARE and wanted <= spare:
            widths[index] += wanted
            spare -= wanted
    return spare


def _spread(columns: Sequence[Column], widths: dict[int, int], spare: int) -> int:
    """Add `spare` cells to the widths by weight, up to each column's maximum; return the rest."""
    while spare > 0:
        growing = [
            index
            for index, width in widths.items()
            if columns[index].weight > 0
            and columns[index].cut is Cut.SHARE
            and (columns[index].max_width is None or width < (columns[index].max_width or 0))
        ]
        if not growing:
            return spare
        total = sum(columns[index].weight for index in growing)
        round_spare = spare
        for index in growing:
            # At least one cell each round, so that small remainders end too.
            part = min(max(1, round_spare * columns[index].weight // total), spare)
            limit = columns[index].max_width
            if limit is not None:
                part = min(part, limit - widths[index])
            widths[index] += part
            spare -= part
    return spare


def fit(text: str, width: int, *, ellipsis: bool = True) -> str:
    """Return `text` in exactly `width` cells: padded with spaces, or cut, as an ellipsis says."""
    length = len(text) if text.isascii() else cell_len(text)
    if length <= width:
        return text + " " * (width - length)
    if width < 1:
        return ""
    if not ellipsis:
        return set_cell_size(text, width)
    if text.isascii():
        return text[: width - 1] + "…"
    return set_cell_size(text, width - 1) + "…"


def fit_around(text: str, first: int, last: int, width: int) -> tuple[str, int]:
    """Return `text` in exactly `width` cells, cut so that `first` to `last - 1` of it show.

    Returns:
        What is shown, and by how many characters what is seen in it was moved to the left.
    """
    behind = 1 if last < len(text) else 0
    start = first
    while start and 1 + cell_len(text[start - 1 : last]) + behind <= width:
        start -= 1
    if start <= 1:
        return fit(text, width), 0
    return fit("…" + text[start:], width), start - 1
