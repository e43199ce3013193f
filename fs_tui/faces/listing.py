"""FaceListing: one library's faces as screens and commands see them.

want, goto, find_end, scan ──► PageFetcher ◄──► Pager
                                 │ pages
           rows, status ◄──── LoadedFaces: Store, View

Both belong to one generation: after a reload nothing of an older one can arrive.
"""

from __future__ import annotations

import asyncio
import struct
from bisect import bisect_left
from typing import TYPE_CHECKING

from fs_tui.errors import FsTuiError
from fs_tui.faces.index.loaded import LoadedFaces
from fs_tui.faces.marks import Marks
from fs_tui.faces.notifier import ChangeNotifier
from fs_tui.faces.paging.concurrency import tells_of_limit
from fs_tui.faces.paging.fetcher import PageFetcher, patient_rest
from fs_tui.faces.paging.pager import MAX_POSITION, Pager
from fs_tui.faces.recheck import compare, look_again
from fs_tui.faces.scopes import Scope
from fs_tui.faces.status import ListingStatus, LoadedFace

if TYPE_CHECKING:
    from array import array
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Sequence

    from fs_tui.faces.query import Order, Query
    from fs_tui.faces.recheck import Finding
    from fs_tui.gateway import Event, Gateway
    from fs_tui.models import Face, FacePage

__all__ = ["FaceListing"]

_CHUNK = 1_000
"""Faces that are read together for an export: a few milliseconds."""


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
    """

    def __init__(
        self,
        gateway: Gateway,
        group_id: str,
        *,
        concurrency: int = 1,
        window: int = 100,
        rest: Callable[[int], float] = patient_rest,
    ) -> None:
        self._gateway = gateway
        self._group_id = group_id
        self._concurrency = concurrency
        self._window = window
        self._rest = rest
        self._generation = 0
        self._revision = 0
        self._snapshot: ListingStatus | None = None
        self._notifier = ChangeNotifier(lambda: self.status)
        self._closed = False
        self._reloads = 0
        self._marks = Marks()
        self._marked_tokens: set[str] = set()
        self._looked_at = (1, window + 1)
        self._fetcher, self._loaded = self._open()

    def _open(self) -> tuple[PageFetcher, LoadedFaces]:
        """What one generation consists of."""
        pager = Pager(window=self._window)

        def keep(page: FacePage) -> None:
            loaded.keep(page)
            if self._marked_tokens and loaded is self._loaded:
                self._mark_again(dict(enumerate(page.faces, page.start)))

        def changed() -> None:
            if not fetcher.busy:
                loaded.follow()
            self._state_changed()

        loaded = LoadedFaces(
            changed=self._rows_changed, moved=pager.note_change, busy=lambda: fetcher.busy
        )
        fetcher = PageFetcher(
            self._gateway,
            self._group_id,
            pager,
            concurrency=self._concurrency,
            keep=keep,
            changed=changed,
            rest=self._rest,
        )
        return fetcher, loaded

    # What is known

    @property
    def group_id(self) -> str:
        """The library."""
        return self._group_id

    @property
    def status(self) -> ListingStatus:
        """What is known now; a new frozen snapshot whenever something changed."""
        if self._snapshot is None:
            self._snapshot = self._status()
        return self._snapshot

    def _status(self) -> ListingStatus:
        fetcher, pager, loaded = self._fetcher, self._fetcher.pager, self._loaded
        complete = pager.complete and loaded.store.stored.count == pager.loaded.count
        complete = complete and not loaded.suspicious
        return ListingStatus(
            group_id=self._group_id,
            generation=self._generation,
            revision=self._revision,
            loaded=loaded.store.stored.count,
            total=pager.total,
            complete=complete,
            extent=pager.extent,
            highest=pager.highest,
            stopped=fetcher.error or pager.stopped or pager.lost,
            limit_position=pager.limit_position,
            changed=pager.changed,
            activity=fetcher.activity,
            scan=fetcher.progress(loaded.store.stored.count),
            missing=pager.missing,
            loaded_at=fetcher.loaded_at,
            in_flight=fetcher.in_flight,
            probes=pager.probes,
            marked=self._marks.count,
            view=loaded.view.status(complete=complete, extent=pager.extent),
        )

    def subscribe(self, callback: Callable[[ListingStatus], None]) -> Callable[[], None]:
        """Be told of changes, at most every 50 ms; returns what ends the subscription."""
        return self._notifier.subscribe(callback)

    def on_gateway_event(self, event: Event) -> None:
        """Take note of a gateway's event: retries because of limits lower the concurrency.

        The owner of the gateway's listener passes every event on; foreign ones are ignored.
        """
        if tells_of_limit(event, self._group_id):
            self._fetcher.limit.limited()
            self._state_changed()

    # Rows of the current view; sync, for painting

    def row_count(self) -> int:
        """Rows to draw: with placeholders in the plain listing, without in a filter or order."""
        positions = self._loaded.view.positions
        return self._fetcher.pager.extent if positions is None else len(positions)

    def rows(self, first: int, last: int) -> Sequence[LoadedFace | None]:
        """The rows `first` to `last - 1`, 0-based; None where a face is not loaded."""
        if self._closed:
            return [None] * (last - first)
        store, positions = self._loaded.store, self._loaded.view.positions
        if positions is None:
            wanted: Sequence[int] = range(first + 1, last + 1)
            found = store.window(first + 1, last + 1)
        else:
            wanted = positions[first:last]
            found = store.at(wanted)
        rows: list[LoadedFace | None] = [
            LoadedFace(position, found[position], position in self._marks)
            if position in found
            else None
            for position in wanted
        ]
        return rows + [None] * (last - first - len(rows))

    def row_of_position(self, position: int) -> int | None:
        """The row that shows a position; None when the view does not hold it."""
        view = self._loaded.view
        positions = view.positions
        if positions is None:
            return position - 1 if 1 <= position <= self._fetcher.pager.extent else None
        if positions is view.hits:
            index = bisect_left(positions, position)
            return index if index < len(positions) and positions[index] == position else None
        return _index(positions, position)

    def position_of_row(self, row: int) -> int | None:
        """The position that a row shows, loaded or not; None when there is no such row."""
        if not 0 <= row < self.row_count():
            return None
        positions = self._loaded.view.positions
        return row + 1 if positions is None else positions[row]

    def face(self, position: int) -> LoadedFace | None:
        """What is loaded at a position."""
        if self._closed:
            return None
        face = self._loaded.store.window(position, position + 1).get(position)
        return None if face is None else LoadedFace(position, face, position in self._marks)

    async def position_of_token(self, face_token: str) -> int | None:
        """Where a loaded face is; None when it is not loaded."""
        store = self._loaded.store
        for first, last in store.steps():
            if self._closed or store is not self._loaded.store:
                return None
            if found := store.places([face_token], first, last):
                return min(position for _, position in found)
            await asyncio.sleep(0)
        return None

    # Wishes

    def want(self, first: int, last: int) -> None:
        """The rows `first` to `last - 1` are looked at: load what is missing, and a bit ahead.

        The newest wish goes first and replaces the one before it, whose requests are cancelled
        unless they serve the new one too. Rows whose request failed wait for `retry`.
        """
        if self._closed or self._loaded.view.positions is not None:
            return
        self._looked_at = (first + 1, max(first, last) + 1)
        self._fetcher.want(*self._looked_at, ahead=self._window // 2)

    async def goto(self, position: int) -> int | None:
        """Load the window around a position; returns its row.

        None when the library has no such position, the service does not list it, the request
        failed, or a newer wish came first: status says which.
        """
        if self._closed or not 1 <= position < MAX_POSITION:
            return None
        fetcher, store = self._fetcher, self._loaded.store
        if position not in store.stored:
            fetcher.seek(position)
            await self._notifier.until(
                lambda: (
                    fetcher is not self._fetcher
                    or position in store.stored
                    or not (fetcher.pager.serves(position) or position in fetcher.pager.loaded)
                )
            )
        if fetcher is not self._fetcher or position not in store.stored:
            return None
        return self.row_of_position(position)

    async def find_end(self) -> int | None:
        """Find out how many faces there are, in logarithmically many requests (three at a time).

        Returns:
            The proven total; None when it could not be proven: status says why.
        """
        if self._closed:
            return None
        fetcher = self._fetcher
        fetcher.find_end()
        await self._notifier.until(
            lambda: fetcher is not self._fetcher or not (fetcher.pager.probing or fetcher.keeping)
        )
        return fetcher.pager.total

    def scan(self) -> None:
        """Load the whole library in the background; what is looked at goes first."""
        if not self._closed:
            self._fetcher.scan()

    def pause(self) -> None:
        """Let the scan rest; requests under way end."""
        self._fetcher.pause()

    def resume(self) -> None:
        """Go on with a paused scan."""
        if self._fetcher.scan_wanted:
            self.scan()

    def cancel(self) -> None:
        """Stop scan, search for the end, loading, and a running filter or order pass."""
        self._loaded.view.halt()
        self._fetcher.cancel()

    def retry(self) -> None:
        """Forget errors and refusals and ask at once for what is missing; what waited too."""
        self._fetcher.retry()

    async def finished(self) -> ListingStatus:
        """Wait until the scan has ended, was cancelled, or rests because of an error."""
        await self._notifier.until(self._at_rest)
        return self.status

    def _at_rest(self) -> bool:
        return not (self._fetcher.scanning or self._fetcher.keeping or self._loaded.suspicious)

    # Filter and order

    async def set_filter(self, query: Query | None) -> None:
        """Show only what passes; returns when all that is loaded was looked at.

        Hits appear in `rows` while it runs. What is loaded later is filtered as it comes. A
        newer call ends an older one, which then returns early. `scan()` extends it to the
        whole library.
        """
        if not self._closed:
            self._loaded.view.set_filter(query)
            await self._loaded.view.settled()

    async def set_order(self, order: Order) -> None:
        """Order the view; returns when the rows stand so. A newer call ends an older one."""
        if not self._closed:
            self._loaded.view.set_order(order)
            await self._loaded.view.settled()

    # Marks

    def toggle_mark(self, position: int) -> bool:
        """Mark or unmark a loaded face; returns whether it is marked now."""
        marked = position in self._loaded.store.stored and position not in self._marks
        self._marks.set(position, marked=marked)
        self._rows_changed()
        return marked

    def mark_rows(self, first: int, last: int) -> int:
        """Mark the loaded rows `first` to `last - 1` of the view; returns how many are marked."""
        positions = self._loaded.view.positions
        if positions is None:
            for start, end in self._loaded.store.stored.within(first + 1, last + 1):
                self._marks.add(start, end)
        else:
            for position in positions[first:last]:
                self._marks.set(position, marked=True)
        self._rows_changed()
        return self._marks.count

    def clear_marks(self) -> None:
        """Unmark everything, and forget what was marked before a reload."""
        self._marks.clear()
        self._marked_tokens.clear()
        self._rows_changed()

    # Everything at once

    async def chunks(self, scope: Scope) -> AsyncGenerator[Sequence[LoadedFace], None]:
        """The loaded faces of a scope, for export; never blocks for long.

        Marked and all loaded faces come by position, filtered ones in the view's order.
        `Scope.ALL` gives what is loaded as well: scan first, and look at `status.complete`.
        Ends early when the listing is reloaded or closed.
        """
        store, marks = self._loaded.store, self._marks
        for positions in self._parts(scope):
            if self._closed or store is not self._loaded.store:
                return
            found = store.at(positions)
            faces = [LoadedFace(p, found[p], p in marks) for p in positions if p in found]
            if faces:
                yield faces
            await asyncio.sleep(0)

    def _parts(self, scope: Scope) -> Iterator[Sequence[int]]:
        """The positions of a scope, a chunk at a time."""
        positions = self._loaded.view.positions
        if scope is Scope.MARKED:
            yield from _batches(self._marks)
        elif scope is Scope.FILTERED and positions is not None:
            snapshot = positions[:]
            for first in range(0, len(snapshot), _CHUNK):
                yield snapshot[first : first + _CHUNK]
        else:
            for first, last in self._loaded.store.steps():
                for start in range(first, last, _CHUNK):
                    yield range(start, min(start + _CHUNK, last))

    async def reload(self) -> None:
        """Start anew with a new generation: rows go, marks stay with their tokens.

        The rows stay until the first page of the new generation is there; when it fails they
        stay for good, and status says why. What was whole is made whole again, by a scan.
        """
        self._reloads += 1
        ticket = self._reloads
        scan = self._whole or self._fetcher.scanning
        fetcher, loaded = leaving = self._open()
        try:
            fetcher.want(*self._looked_at, 0)
            await self._notifier.until(lambda: ticket != self._reloads or fetcher.settled_once)
            if self._closed or ticket != self._reloads or fetcher.loaded_at is None:
                self._fetcher.error = fetcher.error or fetcher.pager.stopped or self._fetcher.error
                self._state_changed()
                return
            leaving = await self._replace(fetcher, loaded)
            if scan:
                fetcher.scan()
        finally:
            await leaving[0].aclose()
            await leaving[1].close()

    @property
    def _whole(self) -> bool:
        """Whether all is loaded that the service lists, were it moved or not."""
        pager = self._fetcher.pager
        return pager.loaded.count in {pager.total, pager.limit_position}

    async def recheck(self, position: int) -> bool:
        """Find out, in three requests at most, whether what is loaded still stands.

        Where it does, it stays, and `loaded_at` is now; what follows a proven end now is loaded
        behind it. A failure leaves everything as it was, and status says why.

        Args:
            position: Where the user is, 1-based.

        Returns:
            Whether faces moved: `reload` loads them anew.
        """
        fetcher = self._fetcher
        if fetcher.loaded_at is None:
            fetcher.retry()
            return False
        if fetcher.pager.changed:
            return True
        try:
            pages = await look_again(self._ask, fetcher.pager, position)
        except FsTuiError as error:
            # The same trouble again is no news.
            if str(error) != str(fetcher.error):
                fetcher.error = error
                self._state_changed()
            return False
        if self._closed or fetcher is not self._fetcher:
            return False
        finding = compare(pages, fetcher.pager, self._loaded.store)
        if finding.moved:
            fetcher.pager.note_change(finding.moved)
        else:
            self._confirm(finding)
        self._state_changed()
        return bool(finding.moved)

    def _ask(self, start: int, limit: int) -> Awaitable[FacePage]:
        return self._gateway.faces(self._group_id, start=start, limit=limit)

    def _confirm(self, finding: Finding) -> None:
        """Keep what is loaded, and load what follows it now as far as it was known before."""
        fetcher, whole = self._fetcher, self._whole
        self._loaded.renew(finding.renewed)
        fetcher.confirm()
        if finding.grown:
            fetcher.pager.reopen()
            if whole:
                fetcher.scan()
            else:
                fetcher.find_end()

    async def _replace(
        self, fetcher: PageFetcher, loaded: LoadedFaces
    ) -> tuple[PageFetcher, LoadedFaces]:
        """Put a new generation in the place of the old one, which is returned."""
        async for faces in self.chunks(Scope.MARKED):
            self._marked_tokens.update(row.face.face_token for row in faces)
        old_fetcher, old_loaded = self._fetcher, self._loaded
        self._fetcher, self._loaded = fetcher, loaded
        self._generation += 1
        self._marks.clear()
        for first, last in loaded.store.steps():
            self._mark_again(loaded.store.window(first, last))
        loaded.view.set_order(old_loaded.view.order)
        loaded.view.set_filter(old_loaded.view.query)
        self._rows_changed()
        return old_fetcher, old_loaded

    def _mark_again(self, faces: dict[int, Face]) -> None:
        """Marks follow their tokens into a new generation."""
        for position, face in faces.items():
            if face.face_token in self._marked_tokens:
                self._marks.set(position, marked=True)

    async def aclose(self) -> None:
        """Cancel what runs and drop the database; late answers are dropped too."""
        if self._closed:
            return
        self._closed = True
        self._notifier.close()
        await self._fetcher.aclose()
        await self._loaded.close()

    def _rows_changed(self) -> None:
        self._revision += 1
        self._state_changed()

    def _state_changed(self) -> None:
        self._snapshot = None
        self._notifier.changed()


def _index(positions: array[int], position: int) -> int | None:
    """Where a position stands in an array in any order; 10 ms for five million."""
    data, pattern = positions.tobytes(), struct.pack("=I", position)
    place = data.find(pattern)
    while place >= 0 and place % 4:
        place = data.find(pattern, place + 1)
    return None if place < 0 else place // 4


def _batches(positions: Iterable[int]) -> Iterator[list[int]]:
    batch: list[int] = []
    for position in positions:
        batch.append(position)
        if len(batch) == _CHUNK:
            yield batch
            batch = []
    if batch:
        yield batch
