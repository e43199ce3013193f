"""Follower: stays at the end of a library, and shows what comes there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fs_tui.errors import FsTuiError, LimitError
from fs_tui.tui.host import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.timer import Timer

    from fs_tui.faces.listing import FaceListing
    from fs_tui.tui.browser.cursor import Cursor
    from fs_tui.tui.host import Host
    from fs_tui.tui.table.paged_table import PagedDataTable

__all__ = ["Follower"]

_PAUSE = 2.0
"""Seconds between two requests, at least."""

_LONGEST = 30.0
"""Seconds between two requests, at most, where nothing comes or limits are met."""

_SLOWER = 1.25
_FRESH = 10.0
"""Seconds for which the newest rows are marked."""

_WORDS = "Following the end: new faces appear as they come; any move leaves it."


class Follower:
    """Follows one listing at a time.

    Args:
        host: Runs it in the background.
        cursor: Is kept at the last row.
        table: Its rows; sets the timer after which the newest are like the others.
        told: Is called when it begins or ends.
    """

    def __init__(
        self, host: Host, cursor: Cursor, table: PagedDataTable, told: Callable[[], None]
    ) -> None:
        self._host = host
        self._cursor = cursor
        self._table = table
        self._told = told
        self._listing: FaceListing | None = None
        self._settled = False
        self._generation = 0
        self._newest_from: int | None = None
        self._timer: Timer | None = None

    def is_new(self, position: int) -> bool:
        """Whether the face at a position has come a moment ago."""
        return self._newest_from is not None and position >= self._newest_from

    @property
    def is_on(self) -> bool:
        """Whether it stays at the end."""
        return self._listing is not None

    @property
    def words(self) -> str:
        """That it stays there; empty where it does not."""
        return "following the end, x stops it" if self.is_on else ""

    def begin(self) -> None:
        """Go to the end, and stay there."""
        listing = self._cursor.listing
        if listing is not None and self._listing is None:
            self._stay(listing)
            self._host.work(Job.FOLLOW, self._follow(listing), group_id=listing.group_id)

    def end(self) -> bool:
        """Stay no longer; False where it did not."""
        if self._listing is None:
            return False
        self._stay(None)
        self._host.cancel(Job.FOLLOW)
        self._forget_newest()
        self._host.say("")
        return True

    def moved(self) -> None:
        """The cursor is somewhere: anywhere but at the end it is not followed any more."""
        listing = self._listing
        if listing is None or listing.status.generation != self._generation:
            # Other rows have come to stand where the cursor is: nobody has moved it.
            return
        if self._settled and self._table.cursor_row < listing.row_count() - 1:
            self.end()

    def _stay(self, listing: FaceListing | None) -> None:
        self._listing = listing
        self._told()

    async def _follow(self, listing: FaceListing) -> None:
        self._settled = False
        self._host.say("looking for the end …", "wait")
        if listing.status.total is None:
            await listing.find_end()
        if listing.status.total is None or self._listing is not listing:
            self._stay(None)
            self._host.say("The end is not known, so it cannot be followed.", "error")
            return
        self._to_end(listing)
        self._settled = True
        self._host.say(_WORDS)
        pause, trouble = _PAUSE, ""
        while self._listing is listing:
            await asyncio.sleep(pause)
            try:
                added = await listing.grow()
            except FsTuiError as error:
                pause = min(_LONGEST, pause * (2 if isinstance(error, LimitError) else _SLOWER))
                if str(error) != trouble:
                    trouble = str(error)
                    self._host.report("list", error, listing.group_id)
                continue
            if trouble:
                trouble = ""
                self._host.say(_WORDS)
            if listing.status.changed:
                self._stay(None)
                self._host.say("The library has changed before its end. r reloads.")
                return
            pause = _PAUSE if added else min(_LONGEST, pause * _SLOWER)
            moved = listing.status.generation != self._generation
            if self._listing is not listing or not (added or moved):
                continue
            if added:
                self._mark_newest(listing.status.highest - added + 1)
            self._to_end(listing)

    def _to_end(self, listing: FaceListing) -> None:
        self._generation = listing.status.generation
        self._table.source_changed()
        if count := listing.row_count():
            self._table.move_cursor(count - 1)

    def _mark_newest(self, position: int) -> None:
        if self._timer is not None:
            self._timer.stop()
        else:
            self._newest_from = position
        self._timer = self._table.set_timer(_FRESH, self._forget_newest)

    def _forget_newest(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._newest_from = None
        self._table.source_changed()
