"""People: who is in a library, one row a user id, in an order; read while the library grows.

listing ──► PeopleTable ──► Moment ──► Ranking: marks, count, order ──► rows
                ▲ every 2 s at most        the last one that stands is shown meanwhile
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from fs_tui.faces.index.people_table import PeopleTable
from fs_tui.faces.index.sorter import Sorter
from fs_tui.faces.notifier import ChangeNotifier
from fs_tui.faces.persons import PeopleOrder
from fs_tui.faces.reports.growth import growth
from fs_tui.faces.reports.person_rows import PersonRows
from fs_tui.faces.reports.ranking import Ranking
from fs_tui.faces.reports.summary import summary
from fs_tui.shortage import shortage
from fs_tui.tasks import start_task

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence
    from datetime import tzinfo

    from fs_tui.errors import ResourceError
    from fs_tui.faces.index.people_moment import Moment
    from fs_tui.faces.index.store import FaceStore
    from fs_tui.faces.persons import PersonRow
    from fs_tui.faces.query import Query
    from fs_tui.faces.reports.growth import Growth
    from fs_tui.faces.reports.periods import Step
    from fs_tui.faces.reports.summary import Summary
    from fs_tui.faces.status import ListingStatus

__all__ = ["People", "PeopleStatus"]

_REST = 2.0
"""Seconds between two refreshments, at least."""

_SHARE = 4
"""Times as long as a refreshment took, it rests: reading the library goes first."""


class Readable(Protocol):
    """What People need of a listing."""

    @property
    def status(self) -> ListingStatus:
        """What is known now."""

    @property
    def store(self) -> FaceStore:
        """What was loaded; another one after a reload."""

    def subscribe(self, callback: Callable[[ListingStatus], None], /) -> Callable[[], None]:
        """Be told of changes."""


@dataclass(frozen=True, slots=True)
class PeopleStatus:
    """What the rows are at one moment.

    Attributes:
        revision: Grows whenever rows changed, or are there that were not.
        moment: Grows whenever faces were taken in: growth and summary are others then.
        order: The order of the rows that are shown.
        wanted: The order that was asked for, and is being made where it is another.
        least: The rows have so many faces at least.
        filter_text: Only faces that pass were counted; empty where all were.
        faces: How many faces were counted (those that passed the filter).
        covered: How many faces of the library were looked at.
        persons: How many persons there are; while `counted` is not true, so far.
        counted: Whether all of them are counted, and the faces without a user id have their row.
        percent: How far the work at the rows is, 0 to 99; None when nothing is being done.
        whole: Whether every face of a library that was read completely was looked at: else all
            numbers are 'at least'.
        failure: Why it cannot go on; None where it can.
    """

    revision: int = 0
    moment: int = 0
    order: PeopleOrder = PeopleOrder.USER_ID
    wanted: PeopleOrder = PeopleOrder.USER_ID
    least: int = 1
    filter_text: str = ""
    faces: int = 0
    covered: int = 0
    persons: int = 0
    counted: bool = False
    percent: int | None = None
    whole: bool = False
    failure: ResourceError | None = None


class People:
    """See the module. Belongs to one event loop; begins at once, and follows the listing.

    Rows are 0-based. The row of the faces without a user id is the last one, in every order.
    Growth and summary are those of the same faces. Where a face that was counted has changed, or
    the listing was reloaded, all is counted anew.

    Args:
        listing: Not closed with it.
        query: What a face must pass to count; None lets all pass.
    """

    def __init__(self, listing: Readable, query: Query | None = None) -> None:
        self._listing = listing
        self._query = query
        self._table: PeopleTable | None = None
        self._moment: Moment | None = None
        self._takes_in = False
        self._base: Ranking | None = None
        self._rows = PersonRows(self._rows_came, self._fail)
        self._status = PeopleStatus(filter_text="" if query is None else query.text)
        self._notifier = ChangeNotifier(lambda: self._status)
        self._task: asyncio.Task[None] | None = None
        self._stopped: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._not_before = self._ended = 0.0
        self._closed = False
        self._unsubscribe = listing.subscribe(lambda _status: self._follow())
        self._follow()

    # What is known

    @property
    def status(self) -> PeopleStatus:
        """What the rows are now."""
        return self._status

    def subscribe(self, callback: Callable[[PeopleStatus], None]) -> Callable[[], None]:
        """Be told of changes, at most every 50 ms; returns what ends the subscription."""
        return self._notifier.subscribe(callback)

    async def settled(self) -> PeopleStatus:
        """Wait until the rows that were asked for stand, for all that the listing holds now.

        It does not rest before the last of them.
        """
        while True:
            self._follow()
            if self._timer is not None:
                self._timer.cancel()
                self._start()
            await self._notifier.until(lambda: self._task is None)
            if self._timer is None:
                return self._status

    # Rows, for painting

    def row_count(self) -> int:
        """How many rows there are so far, that of the faces without a user id among them."""
        ranking = self._rows.ranking
        return 0 if ranking is None else ranking.row_count()

    def rows(self, first: int, last: int) -> list[PersonRow | None]:
        """The rows `first` to `last - 1`; None where one was not looked up: `want` does."""
        return [self._rows.row(number) for number in range(first, last)]

    def want(self, first: int, last: int) -> None:
        """The rows `first` to `last - 1` are looked at: look up those that are missing."""
        if not self._closed:
            self._rows.want(first, last)

    # What is to be shown

    def set_order(self, order: PeopleOrder) -> None:
        """Show them in another order; the rows stay as they are until it stands."""
        self._say(wanted=order)
        self._begin()

    def set_least(self, faces: int) -> None:
        """Leave out who has fewer faces; the rows stay as they are until the others stand."""
        self._say(least=faces)
        self._begin()

    def set_filter(self, query: Query | None) -> None:
        """Count only the faces that pass, anew."""
        self._query = query
        self._say(filter_text="" if query is None else query.text)
        self._stop()
        self._drop()
        self._begin()

    # Reports over the same faces

    async def growth(self, step: Step, zone: tzinfo) -> Growth | None:
        """Faces and persons of each period; None before any face was counted.

        Raises:
            ResourceError: This machine has no room for it.
        """
        return None if self._moment is None else await growth(self._moment, step, zone)

    async def summary(self) -> Summary | None:
        """The numbers of the whole; None before any face was counted.

        Raises:
            ResourceError: This machine has no room for it.
        """
        if self._moment is None or self._table is None:
            return None
        return await summary(self._moment, self._table.store, self._query)

    async def listed(self) -> AsyncGenerator[Sequence[PersonRow], None]:
        """All rows in the order that is shown, some at a time, for export.

        Raises:
            ResourceError: This machine has no room for it.
        """
        ranking = self._rows.ranking
        if ranking is not None:
            async for rows in ranking.moment.listed(ranking.order, least=ranking.least):
                yield rows

    async def aclose(self) -> None:
        """Drop everything."""
        self._closed = True
        self._unsubscribe()
        self._stop()
        await asyncio.gather(*self._stopped, return_exceptions=True)
        self._drop()
        self._notifier.close()

    # Work

    def _say(self, **changes: object) -> None:
        """Change the status, and tell everybody."""
        self._status = replace(self._status, **changes)  # type: ignore[arg-type]  # its own fields
        self._notifier.changed()

    def _rows_came(self) -> None:
        self._say(revision=self._status.revision + 1)

    def _fail(self, short: ResourceError) -> None:
        self._say(failure=short)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for task in (self._task, self._rows.stop()):
            if task is not None and task.cancel():
                self._stopped.add(task)
                task.add_done_callback(self._stopped.discard)
        self._task = None

    def _drop(self) -> None:
        """Forget what was counted, and what is shown of it."""
        if self._table is not None:
            self._table.close()
        self._table = self._moment = self._base = None
        self._rows.clear()
        self._say(failure=None, covered=0, faces=0, persons=0, counted=False, whole=False)

    def _begin(self) -> None:
        """Work at what is wanted now, at once."""
        self._stop()
        self._not_before = 0.0
        self._follow()
        self._rows.look()

    def _follow(self) -> None:
        """Work where there is something to do, now or when it rested for long enough."""
        if self._closed or self._task is not None:
            return
        reads = self._listing.status.scan is not None
        if self._timer is not None:
            if reads:
                return
            # All that was to be read has come: there is nothing left to give way to.
            self._timer.cancel()
            self._timer = None
        if self._stands():
            self._note_whole()
            return
        loop = asyncio.get_running_loop()
        not_before = self._not_before if reads else min(self._not_before, self._ended + _REST)
        if (wait := not_before - loop.time()) > 0:
            self._timer = loop.call_later(wait, self._start)
        else:
            self._start()

    def _start(self) -> None:
        self._timer = None
        self._task = start_task(self._work(), name="people")

    def _current(self) -> PeopleTable | None:
        """The table of what is loaded now; None before the first, and after a reload."""
        table = self._table
        return table if table is not None and table.store is self._listing.store else None

    def _stands(self) -> bool:
        """Whether the rows are those that are wanted, or cannot be."""
        table = self._current()
        if table is None:
            return False
        if self._status.failure is not None:
            return True
        shown, status = self._rows.ranking, self._status
        if shown is None or table.behind or self._takes_in:
            return False
        rows = (shown.moment, shown.order, shown.least)
        return rows == (self._moment, status.wanted, status.least)

    def _note_whole(self) -> None:
        """Say whether what was counted is all: that may be known only after the last face."""
        status, table = self._listing.status, self._current()
        whole = status.complete and table is not None and table.covered == status.loaded
        if whole != self._status.whole:
            self._say(whole=whole)

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        began, task = loop.time(), self._task
        try:
            await self._refresh()
        except Exception as error:
            short = shortage(error)
            if short is None:
                raise
            if task is self._task:
                self._fail(short)
        finally:
            if task is self._task:
                self._task = None
                now = loop.time()
                self._ended = now
                self._not_before = now + max(_REST, _SHARE * (now - began))
                self._say(percent=None)
                self._follow()

    async def _refresh(self) -> None:
        """Take in what came, and make the rows that are wanted."""
        table = self._current()
        if table is None:
            self._drop()
            table = self._table = PeopleTable(self._listing.store, self._query)
        wanted, least = self._status.wanted, self._status.least
        if self._moment is None or table.behind or self._takes_in:
            # What has come in when this is cancelled is looked at, and in no moment yet.
            self._takes_in = True
            loaded = max(1, table.store.stored.count)
            self._moment = await table.moment(lambda covered: self._note_done(covered / loaded))
            self._takes_in = False
            self._say(
                moment=self._status.moment + 1,
                faces=self._moment.faces,
                covered=table.covered,
            )
            self._note_whole()
        base = self._base
        self._note_done(1)
        if base is None or (base.moment, base.least) != (self._moment, least):
            base = await self._counted(self._moment, least)
        self._note_done(2)
        if wanted is PeopleOrder.USER_ID:
            await self._show(base)
        else:
            sorter = Sorter(table.store.scratch, range(base.persons))
            ordered = base.ordered(wanted, sorter, lambda part: self._note_done(2 + part))
            await self._show(await ordered)

    async def _counted(self, moment: Moment, least: int) -> Ranking:
        """Count the people; where no rows are shown yet, they are as soon as some are known."""
        ranking = Ranking(moment, least)
        async for _ in ranking.count():
            if self._rows.ranking is None:
                await self._show(ranking)
            elif self._rows.ranking is ranking:
                self._say(persons=ranking.persons, revision=self._status.revision + 1)
        self._base = ranking
        return ranking

    async def _show(self, ranking: Ranking) -> None:
        """Let these be the rows; those that are looked at are there at once."""
        await self._rows.show(ranking)
        self._say(
            revision=self._status.revision + 1,
            order=ranking.order,
            persons=ranking.persons,
            counted=ranking.counted,
        )

    def _note_done(self, steps: float) -> None:
        """So much is done of three steps that take about as long: take in, count, order."""
        percent = min(99, int(steps / 3 * 100))
        if percent != self._status.percent:
            self._say(percent=percent)
