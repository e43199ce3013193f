"""Generation: one reading of a library: what asks for its pages, what came, and what is shown.

PageFetcher ◄──► Pager
     │ pages
LoadedFaces: Store, View ──► rows          Marks

After a reload nothing of an older generation can arrive in a newer one: they share nothing.
"""

from __future__ import annotations

import asyncio
import struct
from bisect import bisect_left
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from fs_tui.errors import ResourceError
from fs_tui.faces.index.loaded import LoadedFaces
from fs_tui.faces.marks import Marks
from fs_tui.faces.paging.fetcher import PageFetcher
from fs_tui.faces.paging.pager import Pager
from fs_tui.faces.paging.requests import proves_end
from fs_tui.faces.scopes import Scope
from fs_tui.faces.status import ListingStatus, LoadedFace
from fs_tui.models import FacePage
from fs_tui.shortage import shortage
from fs_tui.times import milliseconds

if TYPE_CHECKING:
    from array import array
    from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence

    from fs_tui.errors import FsTuiError
    from fs_tui.faces.index.kept import KeptFile
    from fs_tui.gateway import Gateway
    from fs_tui.models import Face

__all__ = ["Generation"]

_CHUNK = 1_000
"""Faces that are read together for an export: a few milliseconds."""

_SHOWN = 2_000
"""Faces that stay at hand for when the store breaks: many screens."""


class Generation:
    """See the module. Rows are 0-based places in the view, positions 1-based ones in the library.

    Args:
        gateway: Is asked.
        group_id: The library.
        number: Grows from one generation to the next.
        window: Rows that one request of a browsing user asks for.
        concurrency: Requests of a scan that may be under way together.
        rest: Seconds that a scan rests after so many failures in a row.
        changed: Is called after everything that changes what this object says.
        rows_changed: Is called instead where rows are different.
        kept: The index that holds the faces, and what is known of them already.

    Attributes:
        closed: It is dropped: nothing is asked or read any more.
        began_ms: When it was made: nothing was asked before; milliseconds since 1970 UTC.
    """

    def __init__(
        self,
        gateway: Gateway,
        group_id: str,
        number: int,
        *,
        window: int,
        concurrency: int,
        rest: Callable[[int], float],
        changed: Callable[[], None],
        rows_changed: Callable[[], None],
        kept: KeptFile | None = None,
    ) -> None:
        self.group_id = group_id
        self.number = number
        self.pager = Pager(window=window)
        self.marks = Marks()
        self.loaded = LoadedFaces(
            changed=rows_changed,
            moved=self.pager.known.note_change,
            failed=self._fail,
            kept=None if kept is None else kept.store,
        )
        self.fetcher = PageFetcher(
            gateway,
            group_id,
            self.pager,
            concurrency=concurrency,
            keep=self._keep,
            changed=self._fetcher_changed,
            rest=rest,
            torn=self._torn,
        )
        self.closed = False
        self.began_ms = milliseconds(datetime.now(UTC))
        self._changed = changed
        self._shown: dict[int, Face] = {}
        self._kept = kept
        if kept is not None:
            kept.failed = self._fail
            self._take_kept(kept)

    def _take_kept(self, kept: KeptFile) -> None:
        """Know what is known of the kept faces."""
        known, facts = self.pager.known, kept.facts
        if facts.looked_at is None:
            return
        self.fetcher.loaded_at = facts.looked_at
        if facts.prefix:
            known.met_faces(1, facts.prefix + 1)
            for position, face in kept.store.at([facts.prefix]).items():
                self.pager.seams.note(position, face.face_token)
        if facts.complete:
            known.met_end(facts.prefix + 1)
        if facts.doubt:
            known.note_change(facts.doubt)

    def _keep(self, page: FacePage) -> None:
        try:
            self.loaded.keep(page)
        except Exception as error:
            short = shortage(error)
            if short is None:
                raise
            # The pager took the page for loaded.
            self.fetcher.give_up(short, for_good=True)
        else:
            self.marks.meet(enumerate(page.faces, page.start))

    def _torn(self, how: str) -> bool:
        self.pager.known.note_change(how)
        if self._kept is not None:
            self._kept.torn()
        return self._kept is not None

    def _fail(self, error: ResourceError) -> None:
        """This machine has no room: a broken store is neither written nor read any more."""
        self.fetcher.give_up(error, for_good=self.loaded.store.failure is not None)

    def _fetcher_changed(self) -> None:
        self.loaded.view.more_coming = self.fetcher.busy
        self.loaded.follow()
        self._note_whole()
        if self._kept is not None and not self.fetcher.busy:
            with suppress(ResourceError):  # It was told when it happened.
                self._kept.settle()
        self._changed()

    def _note_whole(self) -> None:
        """Let a kept index know when all of the library is in it."""
        known, kept = self.pager.known, self._kept
        if kept is None or kept.facts.complete or kept.store.failure is not None:
            return
        # Of an empty library there is nothing that could still be on its way into the index.
        settled = not (known.total and self.fetcher.keeping)
        if known.whole and known.total == kept.facts.prefix and settled:
            with suppress(ResourceError):  # It was told when it happened.
                kept.read_whole(known.changed)

    async def aclose(self) -> None:
        """Cancel what runs and drop what is loaded; late answers are dropped too."""
        self.closed = True
        await self.fetcher.aclose()
        await self.loaded.close()

    # What is known

    def status(self, revision: int) -> ListingStatus:
        """What is known now."""
        fetcher, known, loaded = self.fetcher, self.pager.known, self.loaded
        stored = loaded.store.stored.count
        kept = stored == known.loaded.count and loaded.store.failure is None
        complete = known.complete and kept and not loaded.suspicious
        return ListingStatus(
            group_id=self.group_id,
            generation=self.number,
            revision=revision,
            loaded=stored,
            total=known.total,
            complete=complete,
            extent=self.pager.extent,
            highest=known.highest,
            stopped=self.stopped,
            limit_position=known.limit_position,
            changed=known.changed,
            activity=fetcher.activity,
            scan=fetcher.progress(stored),
            twice=len(loaded.twice),
            again=loaded.store.again,
            missing=known.missing,
            loaded_at=fetcher.loaded_at,
            in_flight=fetcher.in_flight,
            probes=self.pager.search.requests,
            marked=self.marks.count,
            view=loaded.view.status(complete=complete, extent=self.pager.extent),
        )

    @property
    def stopped(self) -> FsTuiError | None:
        """Why it cannot go on by itself; None when nothing stops it."""
        return self.fetcher.error or self.pager.known.stopped or self.pager.search.lost

    @property
    def whole(self) -> bool:
        """Whether all is loaded that the service lists, were it moved or not."""
        known = self.pager.known
        return known.loaded.count in {known.total, known.limit_position}

    @property
    def at_rest(self) -> bool:
        """Whether no scan goes on, and what came is kept."""
        return not (self.fetcher.scanning or self.fetcher.keeping or self.loaded.suspicious)

    def arrived(self, position: int) -> bool | None:
        """Whether a position that was sought is loaded; None while that is not decided."""
        if self.closed or position in self.loaded.store.stored:
            return not self.closed
        if self.loaded.store.failure is not None:
            # What the pager takes for loaded was not kept.
            return False
        coming = self.pager.serves(position) or position in self.pager.known.loaded
        return None if coming else False

    # Rows of the view

    def row_count(self) -> int:
        """Rows to draw: with placeholders in the plain listing, without in a filter or order."""
        positions = self.loaded.view.positions
        return self.pager.extent if positions is None else len(positions)

    def positions(self, first: int, last: int) -> Sequence[int]:
        """The positions of the rows `first` to `last - 1`, loaded or not."""
        positions = self.loaded.view.positions
        return range(first + 1, last + 1) if positions is None else positions[first:last]

    def row_of_position(self, position: int) -> int | None:
        """The row that shows a position; None when the view does not hold it."""
        view = self.loaded.view
        positions = view.positions
        if positions is None:
            return position - 1 if 1 <= position <= self.pager.extent else None
        if positions is view.hits:
            index = bisect_left(positions, position)
            return index if index < len(positions) and positions[index] == position else None
        return _index(positions, position)

    def faces(self, positions: Sequence[int]) -> list[LoadedFace | None]:
        """What is at some positions, a few hundred at most; None where nothing is loaded.

        From a store that is broken it is what was shown of late.
        """
        found = self._shown
        if not self.closed:
            with suppress(ResourceError):
                found = self.loaded.store.at(positions)
                self._remember(found)
        return [
            LoadedFace(position, found[position], position in self.marks)
            if position in found
            else None
            for position in positions
        ]

    def _remember(self, found: dict[int, Face]) -> None:
        self._shown |= found
        for position in list(islice(self._shown, max(0, len(self._shown) - _SHOWN))):
            del self._shown[position]

    async def position_of_token(self, face_token: str) -> int | None:
        """Where a loaded face is; None when it is not loaded."""
        places = self.loaded.store.places({face_token})
        while not self.closed and (found := next(places, None)) is not None:
            if found:
                return min(position for _, position in found)
            await asyncio.sleep(0)
        return None

    async def chunks(self, scope: Scope) -> AsyncGenerator[list[LoadedFace], None]:
        """The loaded faces of a scope; ends early when the generation is closed."""
        for positions in self._parts(scope):
            if self.closed:
                return
            found = self.loaded.store.at(positions)
            if faces := [LoadedFace(p, found[p], p in self.marks) for p in positions if p in found]:
                yield faces
            await asyncio.sleep(0)

    def _parts(self, scope: Scope) -> Iterator[Sequence[int]]:
        """The positions of a scope, a chunk at a time."""
        positions = self.loaded.view.positions
        if scope is Scope.MARKED:
            marked = iter(self.marks)
            while part := list(islice(marked, _CHUNK)):
                yield part
        elif scope is Scope.FILTERED and positions is not None:
            snapshot = positions[:]
            for first in range(0, len(snapshot), _CHUNK):
                yield snapshot[first : first + _CHUNK]
        else:
            for first, last in self.loaded.store.steps():
                for start in range(first, last, _CHUNK):
                    yield range(start, min(start + _CHUNK, last))

    # From one generation to the next

    async def take_over(self, older: Generation) -> None:
        """Take the marks, the order and the filter of an older one."""
        tokens = set(older.marks.tokens)
        with suppress(ResourceError):  # What cannot be read any more is no reason to keep it.
            async for faces in older.chunks(Scope.MARKED):
                tokens.update(row.face.face_token for row in faces)
        self.marks.tokens = tokens
        for first, last in self.loaded.store.steps():
            self.marks.meet(self.loaded.store.window(first, last).items())
        self.loaded.view.set_order(older.loaded.view.order)
        self.loaded.view.set_filter(older.loaded.view.query)

    def take_place(self, older: Generation, taken: tuple[int, ...]) -> None:
        """Take the marks, the order and the filter of an older one of the same kept index.

        Args:
            older: What was shown before; it asks for nothing any more.
            taken: The positions that were taken out, ascending, counted before.
        """
        older.closed = True
        self.marks.tokens = older.marks.tokens
        for position in older.marks:
            before = bisect_left(taken, position)
            if taken[before : before + 1] != (position,):
                self.marks.set(position - before, marked=True)
        self.loaded.view.set_order(older.loaded.view.order)
        self.loaded.view.set_filter(older.loaded.view.query)

    def grow(self, page: FacePage) -> int:
        """Take in what follows the end on a page that begins before it; how many faces that are."""
        known = self.pager.known
        following = known.highest + 1
        new = page.faces[following - page.start :]
        self.fetcher.confirm()
        if new:
            self.pager.reopen()
            end = following + len(new)
            known.met_faces(page.start, end)
            self.pager.seams.note(end - 1, new[-1].face_token)
            if proves_end(page):
                known.met_end(end)
            self._keep(FacePage(following, page.limit, new, page.next, page.request_id))
        self._fetcher_changed()
        return len(new)

    def renew(self, faces: Mapping[int, Face], *, grown: bool) -> None:
        """What is loaded was asked for again and stands.

        Args:
            faces: What other faces say now under the same token, by position.
            grown: Whether faces follow an end that was proven: they are asked for as far as those
                before them were.
        """
        whole = self.whole
        self.loaded.renew(faces)
        self.fetcher.confirm()
        if grown:
            self.pager.reopen()
            if whole:
                self.fetcher.scan()
            else:
                self.fetcher.find_end()


def _index(positions: array[int], position: int) -> int | None:
    """Where a position stands in an array in any order; 10 ms for five million."""
    data, pattern = positions.tobytes(), struct.pack("=I", position)
    place = data.find(pattern)
    while place >= 0 and place % 4:
        place = data.find(pattern, place + 1)
    return None if place < 0 else place // 4
