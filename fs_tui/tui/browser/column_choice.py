"""Which columns a person wants, and how wide: what there is a choice of, and what it makes."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from fs_tui.tui.browser.face_columns import COLUMNS
from fs_tui.tui.table.table_columns import Cut

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.app import App

    from fs_tui.tui.table.table_columns import Column

__all__ = ["ask_columns", "chosen_columns"]

_WIDEST = 160
"""Cells; no column becomes wider."""


class Width(Enum):
    """How a column is shown."""

    FITS = "as it fits"
    WHOLE = "never cut"
    AWAY = "away"


def chosen_columns(choice: Mapping[str, str]) -> Sequence[Column]:
    """Return the columns of the faces, as they are wanted; nonsense in a choice changes nothing."""
    return [_column(column, choice.get(column.key, "")) for column in COLUMNS]


def _column(column: Column, width: str) -> Column:
    if width == Width.AWAY.value and Width.AWAY in _widths(column):
        return column._replace(max_width=0)
    if width == Width.WHOLE.value:
        return column._replace(cut=Cut.NEVER, max_width=_WIDEST, firm=None)
    return column


def _widths(column: Column) -> list[Width]:
    """What there is a choice of; what a person is known by is never away."""
    away = [] if column is max(COLUMNS, key=lambda one: one.priority) else [Width.AWAY]
    fixed = column.max_width == column.min_width
    return [Width.FITS, *([] if fixed else [Width.WHOLE]), *away]


def ask_columns(
    app: App[object], choice: dict[str, str], take: Callable[[dict[str, str]], None], at: str = ""
) -> None:
    """Offer the columns until the menu is left; each that is taken is shown in its next width.

    Args:
        app: Over whose screen it opens.
        choice: Width by column; what it does not name is shown as it fits.
        take: Is given each new choice.
        at: The column that the cursor begins at.
    """
    from fs_tui.tui.forms.menu import Entry, Menu

    def chosen(key: str | None) -> None:
        if key is None:
            return
        column = next(one for one in COLUMNS if one.key == key)
        widths = [width.value for width in _widths(column)]
        now = choice.get(key, Width.FITS.value)
        place = widths.index(now) if now in widths else 0
        changed = {**choice, key: widths[(place + 1) % len(widths)]}
        take(changed)
        ask_columns(app, changed, take, key)

    entries = [
        Entry(one.key, one.title, choice.get(one.key, Width.FITS.value), taken=one.key == at)
        for one in COLUMNS
    ]
    app.push_screen(Menu("Columns", entries), chosen)
