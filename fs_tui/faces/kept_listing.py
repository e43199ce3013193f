"""KeptListing: a library's faces whose index is kept: there at once, and then looked after.

open ──► the kept rows, without a request, as of when they were read
look ──► what came is added, what is gone is taken out; else it says what is not proven
scan ──► goes on behind the kept rows, once a look has shown that they stand; page joins page, and
         where one does not, a look finds what went meanwhile
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fs_tui.errors import FsTuiError
from fs_tui.faces.kept_rows import Change
from fs_tui.faces.listing import FaceListing
from fs_tui.faces.scopes import Scope
from fs_tui.faces.status import KeptStatus
from fs_tui.tasks import start_task
from fs_tui.times import milliseconds

if TYPE_CHECKING:
    from datetime import datetime

    from fs_tui.faces.index.kept import KeptFile
    from fs_tui.faces.index.kept_facts import KeptFacts
    from fs_tui.faces.outcome import Outcome
    from fs_tui.faces.status import ListingStatus
    from fs_tui.gateway import Gateway
    from fs_tui.models import Face

__all__ = ["KeptListing", "copy_into"]


class KeptListing(FaceListing):
    """As FaceListing; what it brings goes into the kept index.

    Args:
        gateway: As of FaceListing.
        group_id: The library.
        kept: Its index; closed with the listing.
        shown: Whether what looks bring is shown to somebody; else it stays news for the browser.
        options: As of FaceListing.

    Attributes:
        kept: The index.
    """

    def __init__(
        self,
        gateway: Gateway,
        group_id: str,
        kept: KeptFile,
        *,
        shown: bool = False,
        **options: Any,  # those of FaceListing
    ) -> None:
        self.kept = kept
        self._shown = shown
        self._news = (kept.facts.added, kept.facts.gone) if shown else (0, 0)
        self._outcome: Outcome | None = None
        self._stands = False
        self._task: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()
        # Whoever takes rows out moves those behind them: one at a time.
        self._alone = asyncio.Lock()
        super().__init__(gateway, group_id, kept=kept, **options)
        kept.changed = self._kept_changed
        kept.torn = self._torn

    @property
    def status(self) -> ListingStatus:
        """What is known now, with how old it is."""
        if self._snapshot is None:
            status = super().status
            contents = self.kept.facts.contents_as_of
            if contents is not None:
                status = status._replace(kept=self._kept_status(contents))
            self._snapshot = status
        return self._snapshot

    def _kept_status(self, contents: Any) -> KeptStatus:
        outcome, facts, seen = self._outcome, self.kept.facts, ""
        if outcome is not None:
            from fs_tui.faces.outcome import describe

            seen = describe(outcome)
        return KeptStatus(
            contents_as_of=contents,
            seen=seen,
            looking=self._task is not None,
            up_to_date=self._stands,
            fresh=self._is_fresh,
            added=self._news[0],
            gone=self._news[1],
            offers_scan=bool(facts.doubt) or (outcome is not None and outcome.offers_scan),
            doubt=facts.doubt,
            failure=None if outcome is None or outcome.up_to_date else outcome.stopped,
        )

    # Looking at the end

    async def look(self) -> None:
        """Look what came and went; what was found is in the status, failures too."""
        if self.kept.facts.prefix:
            await self._looked()

    def scan(self) -> None:
        """Load the rest in the background, once a look has shown that the kept rows stand."""
        if self._stands or self._is_fresh or not self.kept.facts.prefix:
            self._scan()
        else:
            self._begin(then_scan=True)

    def _scan(self) -> None:
        # What was seen before it begins is not all any more.
        self._outcome = None
        super().scan()

    async def finished(self) -> ListingStatus:
        """Wait until look and scan have ended."""
        status = await super().finished()
        while self._task is not None:
            await asyncio.wait([self._task])
            status = await super().finished()
        return status

    @property
    def _is_fresh(self) -> bool:
        """Whether all that is kept was read in this run, and no look has shown others since."""
        stands = self._outcome is None or self._outcome.up_to_date
        return stands and self.kept.is_fresh

    async def _looked(self) -> None:
        task = self._begin(then_scan=False)
        await asyncio.wait([task])

    def _begin(self, *, then_scan: bool) -> asyncio.Task[None]:
        if self._task is None:
            self._task = start_task(self._look(then_scan=then_scan), name="look at the end")
            self._state_changed()
        return self._task

    async def _look(self, *, then_scan: bool) -> None:
        try:
            async with self._alone:
                scan = then_scan or self._now.fetcher.scanning
                self._now.fetcher.cancel()
                await self._now.fetcher.settle()
                found = await self._look_alone()
        finally:
            self._task = None
            self._state_changed()
        if scan and found.up_to_date:
            self._scan()

    async def _look_alone(self) -> Outcome:
        # The first rows wait for no look, and not for its import.
        from fs_tui.faces.sync import sync

        before = self.kept.facts.complete
        found = await sync(self._gateway, self._group_id, self.kept, to_end=before)
        # What a scan has not come to yet is no news.
        self._outcome = found = found if before else replace(found, added=0)
        self._stands = found.up_to_date
        if before and not self.kept.facts.complete:
            self._now.pager.reopen()
        if self.kept.facts.doubt:
            self._now.pager.known.note_change(self.kept.facts.doubt)
        if found.up_to_date and self.kept.store.failure is None:
            added, gone = found.added, len(found.gone)
            self._news = (self._news[0] + added, self._news[1] + gone)
            self.kept.note_look(added=added, gone=gone, shown=self._shown)
        return found

    def _torn(self) -> None:
        """Find out what went while it was read, and read on."""
        self._begin(then_scan=self._now.fetcher.scanning)

    def _kept_changed(self, change: Change) -> None:
        """The rows are others: what is shown begins anew with them, in the same step."""
        older, newer = self._now, self._open(self._now.number + 1)
        newer.take_place(older, change.taken)
        self._now = newer
        newer.fetcher.want(*self._looked_at, 0)
        self._let_go(older)
        self._rows_changed()

    def _let_go(self, older: Any) -> None:
        task = start_task(older.aclose(), name="older generation")
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def grow(self) -> int:
        """Look in one request whether faces follow; where those before moved, look which went."""
        if self._task is not None:
            return 0
        end = self.kept.count
        last = await self.kept.rows(max(1, end), end + 1)
        added = await super().grow()
        if added and self.kept.count > end:
            from fs_tui.faces.alignment import KeptTail

            new = await self.kept.rows(end + 1, self.kept.count + 1)
            self._doubt(KeptTail(last, end, start=end, complete=True).doubt_of(new))
        if self._now.pager.known.changed and not self.kept.facts.doubt:
            await self._looked()
            return 0 if self._outcome is None else self._outcome.added
        return added

    def _doubt(self, doubt: str) -> None:
        """Remember why the positions are not proven any more, if that is so."""
        facts = self.kept.facts
        if doubt and not facts.doubt:
            self.kept.put(facts._replace(doubt=doubt))
            self._now.pager.known.note_change(doubt)
            self._state_changed()

    # What the service says of single faces

    async def forget(self, face_token: str) -> bool:
        """Take out a face that the service does not have any more; False where it is not kept."""
        async with self._alone:
            position = await self.position_of_token(face_token)
            if position is None:
                return False
            scan = self._now.fetcher.scanning
            self._now.fetcher.cancel()
            await self._now.fetcher.settle()
            if gone := self.kept.drop_at(position, face_token):
                self._kept_changed(Change(taken=(position,)))
        if scan:
            self._scan()
        return gone

    def correct(self, position: int, face: Face) -> None:
        """Keep what the service says of a face now."""
        there = self._now.loaded.store.at([position]).get(position)
        if there is not None and there.face_token == face.face_token and there != face:
            self._now.loaded.renew({position: face})
            self.kept.settle()

    # Reading again

    @property
    def requests_of_reload(self) -> int:
        """A look takes few; see FaceListing."""
        return 0 if self.kept.facts.prefix else super().requests_of_reload

    async def reload(self) -> None:
        """Look what came and went; a file that could be used no more is tried again before.

        Raises:
            ResourceError: It still cannot be.
        """
        if self.kept.store.failure is not None:
            goes_on = self._now.fetcher.scan_wanted
            self.kept.reopen()
            self._kept_changed(Change())
            if goes_on:
                self.scan()
        await self.look()
        if not self.kept.facts.prefix:
            await super().reload()

    async def recheck(self, position: int) -> bool:
        """Look what came and went; nothing is left to be read anew."""
        if not self.kept.facts.prefix:
            return await super().recheck(position)
        if not (self._now.fetcher.scanning or self._task):
            await self._looked()
        return False

    def note_made(self, made: datetime | None) -> bool:
        """Know when the library was made; True where what was kept is another one's, and gone."""
        if made is None or self.kept.store.failure is not None:
            return False
        made_ms = milliseconds(made)
        if self.kept.is_of(made_ms):
            return False
        self._begin_anew(self.kept.facts._replace(made_ms=made_ms))
        return True

    def _begin_anew(self, facts: KeptFacts) -> None:
        """Drop what is kept, and show what comes from now on."""
        if self._task is not None:
            self._task.cancel()
        older = self._now
        older.closed = True
        self._let_go(older)
        self.kept.clear(facts)
        self._outcome, self._stands, self._news = None, False, (0, 0)
        self._now = self._open(older.number + 1)
        self._rows_changed()

    async def read_again(self) -> None:
        """Read everything anew into the index, once the service answers."""
        try:
            await self._gateway.faces(self._group_id, start=1, limit=1)
        except FsTuiError as error:
            self._now.fetcher.error = error
            self._state_changed()
            return
        older = self._now
        self._begin_anew(self.kept.facts)
        self._now.loaded.view.set_order(older.loaded.view.order)
        self._now.loaded.view.set_filter(older.loaded.view.query)
        self._now.fetcher.scan()

    async def aclose(self) -> None:
        """Cancel what runs and close the index; late answers are dropped."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await super().aclose()
        if self._leaving:
            await asyncio.wait(self._leaving)
        self.kept.close()


async def copy_into(kept: KeptFile, listing: FaceListing) -> None:
    """Keep what was read of a whole library that no index was kept of until now."""
    status = listing.status
    if not status.complete or kept.facts.prefix:
        return
    kept.began_ms = listing.began_ms
    async for rows in listing.chunks(Scope.ALL):
        kept.store.add(rows[0].position, [row.face for row in rows])
    if listing.status.complete and kept.facts.prefix == status.total:
        kept.read_whole("")
