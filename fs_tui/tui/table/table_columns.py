"""How a table's columns share the room of a line, and how a text is fitted into one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, set_cell_size

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["GAP", "Column", "Slot", "fit", "share"]

GAP = 1
"""Cells between two columns."""


class Column(NamedTuple):
    """A column of a table; all widths in terminal cells.

    Attributes:
        key: Its name in messages and in the order; unique within a table.
        title: What the header shows; must be safe to show.
        min_width: Narrower than this it is not drawn, unless it is the last one that is left.
        max_width: Wider than this it does not become; None sets no limit.
        weight: Its part of the room that is left over when all have their minimum; 0 takes none.
        priority: Where the room does not do for all, the column with the lowest one goes first;
            of two equal ones the right one.
    """

    key: str
    title: str
    min_width: int
    max_width: int | None = None
    weight: int = 1
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a column is drawn.

    Attributes:
        index: The column's place in the sequence that was given to `share`.
        x: The first cell.
        width: Cells, at least 1.
    """

    index: int
    x: int
    width: int


def share(columns: Sequence[Column], width: int) -> list[Slot]:
    """Share `width` cells among the columns.

    Columns that do not fit are left out, the least important first. What is left over goes to the
    others by weight, up to their maximum; what nobody may take stays blank on the right.
    """
    if width < 1 or not columns:
        return []
    kept = list(range(len(columns)))
    while len(kept) > 1 and _needed(columns, kept) > width:
        kept.remove(min(kept, key=lambda index: (columns[index].priority, -index)))
    widths = {index: columns[index].min_width for index in kept}
    spare = width - _needed(columns, kept)
    if spare < 0:
        widths[kept[0]] = width
    else:
        _spread(columns, widths, spare)
    slots = []
    x = 0
    for index in kept:
        slots.append(Slot(index, x, widths[index]))
        x += widths[index] + GAP
    return slots


def _needed(columns: Sequence[Column], kept: Sequence[int]) -> int:
    return sum(columns[index].min_width for index in kept) + GAP * (len(kept) - 1)


def _spread(columns: Sequence[Column], widths: dict[int, int], spare: int) -> None:
    """Add `spare` cells to the widths by weight, up to each column's maximum."""
    while spare > 0:
        growing = [
            index
            for index, width in widths.items()
            if columns[index].weight > 0
            and (columns[index].max_width is None or width < (columns[index].max_width or 0))
        ]
        if not growing:
            return
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


def fit(text: str, width: int) -> str:
    """Return `text` in exactly `width` cells: padded with spaces, or cut with an ellipsis."""
    length = len(text) if text.isascii() else cell_len(text)
    if length <= width:
        return text + " " * (width - length)
    if width < 1:
        return ""
    if text.isascii():
        return text[: width - 1] + "…"
    return set_cell_size(text, width - 1) + "…"
