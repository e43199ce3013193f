"""FaceListing: one library's faces as screens and commands see them.

want, goto, find_end, scan ──► Generation ──► rows, status
reload                     ──► the next Generation, which takes the place of the one before
recheck                    ──► asks again whether the generation still stands
"""

from __future__ import annotations

import asyncio
from functools import partial
from math import ceil
from typing import TYPE_CHECKING

from fs_tui.errors import ArgumentError, FsTuiError
from fs_tui.faces.generation import Generation
from fs_tui.faces.notifier import ChangeNotifier
from fs_tui.faces.paging.concurrency import tells_of_limit
from fs_tui.faces.paging.fetcher import patient_rest
from fs_tui.faces.paging.positions import MAX_POSITION
from fs_tui.faces.recheck import ask_end, compare, look_again
from fs_tui.gateway import MAX_PAGE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
    from datetime import datetime

    from fs_tui.faces.index.kept import KeptFile
    from fs_tui.faces.index.store import FaceStore
    from fs_tui.faces.query import Order, Query
    from fs_tui.faces.scopes import Scope
    from fs_tui.faces.status import ListingStatus, LoadedFace
    from fs_tui.gateway import Event, Gateway
    from fs_tui.models import Face, FacePage

__all__ = ["FaceListing"]

_OVERLAP = 20
"""Faces before the end that are asked for with what follows it: they show whether it moved."""


_FEW = 2
"""Windows that are soon loaded anew; more of them are not given up where they still stand."""


class FaceListing:
    """One library's faces: loaded on demand, kept in a private temporary database.

    Belongs to one event loop; nothing is asked before the first `want`, `goto`, `find_end` or
    `scan`. Failures do not raise: they are in `status.stopped`, and what was loaded stays.
    Rows are 0-based places in the current view; positions are 1-based places in the library.

    Args:
        gateway: Shared, not closed by the listing.
        group_id: The library.
        concurrency: Requests of a scan that may be under way together, 1 to 8.
        window: Rows that one request of a browsing user asks for.
        rest: Seconds that a scan rests after so many failures in a row.
        kept: The index that holds the faces; closed by the listing (see KeptListing).

    Attributes:
        scanned: Whether all of it was asked for at any time, and not only what is looked at.
    """

    def __init__(
        self,
        gateway: Gateway,
        group_id: str,
        *,
        concurrency: int = 1,
        window: int = 100,
        rest: Callable[[int], float] = patient_rest,
        kept: KeptFile | None = None,
    ) -> None:
        self._gateway = gateway
        self._group_id = group_id
        self._window = window
        self._open = partial(
            Generation,
            gateway,
            group_id,
            window=window,
            concurrency=concurrency,
            rest=rest,
            changed=self._state_changed,
            rows_changed=self._rows_changed,
            kept=kept,
        )
        self.scanned = False
        self._revision = 0
        self._snapshot: ListingStatus | None = None
        self._notifier = ChangeNotifier(lambda: self.status)
        self._reloads = 0
        self._looked_at = (1, window + 1)
        self._now = self._open(0)

    # What is known

    @property
    def group_id(self) -> str:
        """The library."""
        return self._group_id

    @property
    def status(self) -> ListingStatus:
        """What is known now; a new frozen snapshot whenever something changed."""
        if self._snapshot is None:
            self._snapshot = self._now.status(self._revision)
        return self._snapshot

    @property
    def requests_left(self) -> int | None:
        """Requests that a scan takes yet; None while nothing tells how far it will go."""
        return self._requests(self.status.loaded)

    @property
    def requests_anew(self) -> int | None:
        """Requests that reading everything once more takes; None while that cannot be told."""
        return self._requests(0)

    @property
    def requests_of_reload(self) -> int:
        """Requests that a reload takes for what was whole, or was to be; 0 where nothing was."""
        is_whole = self._now.whole or self._now.fetcher.scanning
        return self.requests_anew or 0 if is_whole else 0

    def _requests(self, loaded: int) -> int | None:
        status = self.status
        total = status.limit_position if status.total is None else status.total
        return None if total is None else ceil((total - loaded) / self._now.pager.new_a_page)

    async def takes_more(self, requests: int) -> bool | None:
        """Ask whether reading the library takes more than so many requests, or that is not told.

        None where the request failed: status says why.
        """
        now = self._now
        position = requests * now.pager.new_a_page + 1
        if now.pager.known.highest >= position:
            return True
        try:
            return bool((await self._ask(position, 1)).faces)
        except ArgumentError:
            # The service does not list so far.
            return True
        except FsTuiError as error:
            now.fetcher.error = error
            self._state_changed()
            return None

    @property
    def store(self) -> FaceStore:
        """What was loaded, for reports; another one after a reload."""
        return self._now.loaded.store

    @property
    def began_ms(self) -> int:
        """When reading began, or somewhat earlier, in milliseconds since 1970 UTC."""
        return self._now.began_ms

    def subscribe(self, callback: Callable[[ListingStatus], None]) -> Callable[[], None]:
        """Be told of changes, at most every 50 ms; returns what ends the subscription."""
        return self._notifier.subscribe(callback)

    def on_gateway_event(self, event: Event) -> None:
        """Take note of a gateway's event: retries because of limits lower the concurrency.

        The owner of the gateway's listener passes every event on; foreign ones are ignored.
        """
        if tells_of_limit(event, self._group_id):
            self._now.fetcher.limit.limited()
            self._state_changed()

    # Rows of the current view; sync, for painting

    def row_count(self) -> int:
        """Rows to draw: with placeholders in the plain listing, without in a filter or order."""
        return self._now.row_count()

    def rows(self, first: int, last: int) -> Sequence[LoadedFace | None]:
        """The rows `first` to `last - 1`, 0-based; None where a face is not loaded."""
        rows = self._now.faces(self._now.positions(first, last))
        return rows + [None] * (last - first - len(rows))

    def row_of_position(self, position: int) -> int | None:
        """The row that shows a position; None when the view does not hold it."""
        return self._now.row_of_position(position)

    def position_of_row(self, row: int) -> int | None:
        """The position that a row shows, loaded or not; None when there is no such row."""
        return self._now.positions(row, row + 1)[0] if 0 <= row < self.row_count() else None

    def face(self, position: int) -> LoadedFace | None:
        """What is loaded at a position."""
        return self._now.faces(range(position, position + 1))[0]

    async def position_of_token(self, face_token: str) -> int | None:
        """Where a loaded face is; None when it is not loaded."""
        return await self._now.position_of_token(face_token)

    # What is looked at

    def want(self, first: int, last: int) -> None:
        """The rows `first` to `last - 1` are looked at: load what is missing, and a bit ahead.

        The newest range goes first and replaces the one before it, whose requests are cancelled
        unless they serve the new one too. Rows whose request failed wait for `retry`.
        """
        if self._now.loaded.view.positions is None:
            self._looked_at = (first + 1, max(first, last) + 1)
            self._now.fetcher.want(*self._looked_at, ahead=self._window // 2)

    async def goto(self, position: int) -> int | None:
        """Load the window around a position; returns its row.

        None when the library has no such position, the service does not list it, the request
        failed, or something else was sought since: status says which.
        """
        now = self._now
        if not 1 <= position < MAX_POSITION:
            return None
        if not now.arrived(position):
            now.fetcher.seek(position)
            await self._notifier.until(lambda: now.arrived(position) is not None)
        return now.row_of_position(position) if now.arrived(position) else None

    async def find_end(self) -> int | None:
        """Find out how many faces there are, in logarithmically many requests (three at a time).

        Returns:
            The proven total; None when it could not be proven: status says why.
        """
        now = self._now
        now.fetcher.find_end()
        await self._notifier.until(
            lambda: now.closed or not (now.pager.search.running or now.fetcher.keeping)
        )
        return now.pager.known.total

    # Everything

    def scan(self) -> None:
        """Load the whole library in the background; what is looked at goes first."""
        self.scanned = True
        self._now.fetcher.scan()

    def pause(self) -> None:
        """Let the scan rest; requests under way end."""
        self._now.fetcher.pause()

    def resume(self) -> None:
        """Go on with a paused scan."""
        if self._now.fetcher.scan_wanted:
            self.scan()

    def cancel(self) -> None:
        """Stop scan, search for the end, loading, and a running filter or order pass."""
        self._now.loaded.view.halt()
        self._now.fetcher.cancel()

    def retry(self) -> None:
        """Forget errors and refusals and ask at once for what is missing; what waited too."""
        self._now.fetcher.retry()

    async def finished(self) -> ListingStatus:
        """Wait until the scan has ended, was cancelled, or rests because of an error.

        Subscribers have heard of it then: whoever waited says what came of it after them.
        """
        await self._notifier.until(lambda: self._now.at_rest)
        self._notifier.catch_up()
        return self.status

    async def chunks(self, scope: Scope) -> AsyncGenerator[Sequence[LoadedFace], None]:
        """The loaded faces of a scope, for export; never blocks for long.

        Marked and all loaded faces come by position, filtered ones in the view's order.
        `Scope.ALL` gives what is loaded as well: scan first, and look at `status.complete`.
        Ends early when the listing is reloaded or closed.
        """
        async for faces in self._now.chunks(scope):
            yield faces

    # Filter and order

    async def set_filter(self, query: Query | None) -> None:
        """Show only what passes; returns when all that is loaded was looked at.

        Hits appear in `rows` while it runs. What is loaded later is filtered as it comes. A
        newer call ends an older one, which then returns early. `scan()` extends it to the
        whole library.

        Raises:
            ResourceError: This machine has no room for it.
        """
        if not self._now.closed:
            view = self._now.loaded.view
            view.set_filter(query)
            await view.settled()

    async def set_order(self, order: Order) -> None:
        """Order the view; returns when the rows stand so. A newer call ends an older one.

        Raises:
            ResourceError: This machine has no room for it; the rows stand as before.
        """
        if not self._now.closed:
            view = self._now.loaded.view
            view.set_order(order)
            await view.settled()

    async def count(self, query: Query) -> int:
        """How many of the faces that are loaded pass; the event loop breathes between portions."""
        store = self._now.loaded.store
        passing = 0
        for first, last in store.steps():
            passing += len(store.hits(query, first, last))
            await asyncio.sleep(0)
        return passing

    # Marks

    def toggle_mark(self, position: int) -> bool:
        """Mark or unmark a loaded face; returns whether it is marked now."""
        now = self._now
        marked = position in now.loaded.store.stored and position not in now.marks
        now.marks.set(position, marked=marked)
        self._rows_changed()
        return marked

    def mark_rows(self, first: int, last: int) -> int:
        """Mark the loaded rows `first` to `last - 1` of the view; returns how many they are."""
        positions = self._now.positions(first, last)
        if isinstance(positions, range):
            ranges = list(self._now.loaded.store.stored.within(positions.start, positions.stop))
        else:
            ranges = [(position, position + 1) for position in positions]
        for start, end in ranges:
            self._now.marks.add(start, end)
        self._rows_changed()
        return sum(end - start for start, end in ranges)

    def clear_marks(self) -> None:
        """Unmark everything, and forget what was marked before a reload."""
        self._now.marks.clear()
        self._rows_changed()

    # Reading again

    async def reload(self) -> None:
        """Start anew with a new generation: rows go, marks stay with their tokens.

        The rows stay until the first page of the new generation is there; when it fails they
        stay for good, and status says why. What was whole is made whole again, by a scan; what was
        loaded in part stays where it still stands.
        """
        self._reloads += 1
        ticket = self._reloads
        now, known = self._now, self._now.pager.known
        scan = now.whole or now.fetcher.scanning
        stands = now.loaded.store.failure is None and not known.changed
        in_part = stands and not scan and known.loaded.count > _FEW * self._window
        if in_part and not await self.recheck(self._looked_at[0]):
            return
        leaving = newer = self._open(self._now.number + 1)
        try:
            first, last = self._looked_at
            known = self._now.pager.known
            if known.refused:
                # What lies further is shown by a scan; asked for, it would be refused again.
                first = max(1, min(first, known.accepted))
            newer.fetcher.want(first, last, 0)
            await self._notifier.until(
                lambda: ticket != self._reloads or newer.fetcher.settled_once
            )
            older = self._now
            if older.closed or ticket != self._reloads:
                return
            if newer.fetcher.loaded_at is None:
                older.fetcher.error = newer.stopped or older.fetcher.error
                self._state_changed()
                return
            await newer.take_over(older)
            self._now, leaving = newer, older
            self._rows_changed()
            if scan:
                newer.fetcher.scan()
        finally:
            await leaving.aclose()

    async def read_again(self) -> None:
        """Read everything anew, whatever is known."""
        await self.reload()
        self.scan()

    def note_made(self, made: datetime | None) -> bool:  # noqa: ARG002 - of a kept index
        """Know when the library was made; True where what was kept is another one's, and gone."""
        return False

    async def grow(self) -> int:
        """Look in one request whether faces follow an end that was proven; how many came.

        Where those before them moved, the status says so and nothing is taken in.

        Raises:
            FsTuiError: The request failed.
        """
        now, known = self._now, self._now.pager.known
        start = max(1, known.highest - _OVERLAP + 1)
        page = await ask_end(self._ask, known, start, MAX_PAGE)
        if now.closed:
            return 0
        finding = compare([page], known, now.loaded.store)
        if finding.moved:
            known.note_change(finding.moved)
            self._state_changed()
            return 0
        return now.grow(page)

    async def forget(self, face_token: str) -> bool:  # noqa: ARG002 - of a kept index
        """Take out a face that the service does not have any more; False where none is kept."""
        return False

    def correct(self, position: int, face: Face) -> None:
        """Keep what the service says of a face now; where nothing is kept, the list stays."""

    async def look(self) -> None:
        """Look what came and went since the faces of a kept index were read; others need none."""

    async def recheck(self, position: int) -> bool:
        """Find out, in three requests at most, whether what is loaded still stands.

        Where it does, it stays, and `loaded_at` is now; what follows a proven end now is loaded
        behind it. A failure leaves everything as it was, and status says why.

        Args:
            position: Where the user is, 1-based.

        Returns:
            Whether faces moved: `reload` loads them anew.
        """
        now = self._now
        known = now.pager.known
        if now.fetcher.loaded_at is None:
            now.fetcher.retry()
            return False
        if known.changed or now.loaded.store.failure is not None:
            return bool(known.changed)
        try:
            pages = await look_again(self._ask, now.pager, position)
        except FsTuiError as error:
            # The same trouble again is no news.
            if str(error) != str(now.fetcher.error):
                now.fetcher.error = error
                self._state_changed()
            return False
        if now.closed:
            return False
        finding = compare(pages, known, now.loaded.store)
        if finding.moved:
            known.note_change(finding.moved)
        else:
            now.renew(finding.renewed, grown=finding.grown)
        self._state_changed()
        return bool(finding.moved)

    def _ask(self, start: int, limit: int) -> Awaitable[FacePage]:
        return self._gateway.faces(self._group_id, start=start, limit=limit)

    async def aclose(self) -> None:
        """Cancel what runs and drop the database; late answers are dropped too."""
        self._notifier.close()
        await self._now.aclose()

    def _rows_changed(self) -> None:
        self._revision += 1
        self._state_changed()

    def _state_changed(self) -> None:
        self._snapshot = None
        self._notifier.changed()
