"""KeptGateway: a gateway that gives pages out of kept indexes, where these stand for the library.

faces ──► is it kept, whole, and does a look at the end prove it? ──► the page out of the index
                                                              └─ no ► the service, as always
face  ──► the service; a token that it does not have leaves the index, before the run ends
"""

from __future__ import annotations

import asyncio
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING

from fs_tui.errors import FsTuiError, KeptIndexError, ResourceError
from fs_tui.faces.outcome import State, describe
from fs_tui.faces.sync import sync
from fs_tui.gateway import GoneFacesGateway
from fs_tui.models import FacePage
from fs_tui.tasks import start_task
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.faces.index.keeper import Keeper
    from fs_tui.faces.index.kept import KeptFile
    from fs_tui.faces.index.store import FaceStore
    from fs_tui.gateway import Gateway

__all__ = ["KeptGateway"]


class KeptGateway(GoneFacesGateway):
    """Passes on what is not kept.

    Args:
        gateway: The service.
        keeper: Opens the indexes.
        told: Gets what people are to know of an index, a sentence each.
        pages: Whether pages come out of indexes; else they are the service's.
        opened: Those that are open already, of a gateway that this one stands beside.

    Attributes:
        uncleaned: The libraries whose index may hold what is gone: it could not be taken out.
    """

    def __init__(
        self,
        gateway: Gateway,
        keeper: Keeper,
        told: Callable[[str], None],
        *,
        pages: bool = True,
        opened: dict[str, asyncio.Task[KeptFile | None]] | None = None,
    ) -> None:
        super().__init__(gateway, self._note_missing)
        self._keeper = keeper
        self._told = told
        self._pages = pages
        self.uncleaned: set[str] = set()
        self._missing: dict[str, set[str]] = {}
        self._opened = {} if opened is None else opened

    def over(self, gateway: Gateway) -> KeptGateway:
        """The same over another gateway to the same service."""
        opened = self._opened
        return KeptGateway(gateway, self._keeper, self._told, pages=self._pages, opened=opened)

    @property
    def mark(self) -> str:
        """What the names of all indexes that its key opens begin with."""
        return self._keeper.mark

    @property
    def as_kept(self) -> tuple[str, ...]:
        """The libraries whose pages came out of an index, but for those read whole in this run."""
        done = ((name, task) for name, task in self._opened.items() if task.done())
        opened = [(name, task.result()) for name, task in done if not task.cancelled()]
        return tuple(name for name, kept in opened if kept is not None and not kept.is_fresh)

    async def store_of(self, group_id: str) -> FaceStore | None:
        """All faces of a library, where its pages come out of its index: they cost nothing then."""
        kept = await self._kept(group_id) if self._pages else None
        return None if kept is None else kept.store

    async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
        """A window of a library's faces."""
        kept = await self._kept(group_id) if self._pages else None
        if kept is None:
            return await self.service.faces(group_id, start=start, limit=limit)
        return FacePage(start, limit, tuple(await kept.rows(start, start + limit)))

    def _note_missing(self, group_id: str, face_token: str) -> None:
        if self._keeper.is_kept(group_id):
            self._missing.setdefault(group_id, set()).add(face_token)

    async def aclose(self) -> None:
        """Take out what the service does not have, close indexes and connections."""
        try:
            for group_id, tokens in self._missing.items():
                self._drop(group_id, tokens)
        finally:
            await self._close()

    def _drop(self, group_id: str, tokens: set[str]) -> None:
        task = self._opened.get(group_id)
        kept = task.result() if task is not None and task.done() and not task.cancelled() else None
        try:
            with nullcontext(kept) if kept else closing(self._keeper.open(group_id)) as index:
                dropped = index.drop(tokens)
        except (KeptIndexError, ResourceError) as error:
            self.uncleaned.add(group_id)
            self._told(f"the kept index of {group_id} may hold what is gone: {error.detail}")
        else:
            if dropped:
                self._told(f"{count(dropped, 'face')} left the kept index of {group_id}")

    async def _close(self) -> None:
        for task in self._opened.values():
            task.cancel()
            await asyncio.wait([task])
            if not task.cancelled() and (kept := task.result()) is not None:
                kept.close()
        await self.service.aclose()

    async def _kept(self, group_id: str) -> KeptFile | None:
        if group_id not in self._opened:
            work = self._open(group_id)
            self._opened[group_id] = start_task(work, name="open a kept index")
        return await asyncio.shield(self._opened[group_id])

    async def _open(self, group_id: str) -> KeptFile | None:
        """Open an index and look whether it stands; None where the service is to be asked."""
        if not self._keeper.is_kept(group_id):
            return None
        try:
            library = await self.service.library(group_id)
            kept = self._keeper.open(group_id, library.add_time)
        except KeptIndexError as error:
            self._told(f"what is kept of {group_id} is not used: {error.detail}")
            return None
        except FsTuiError:
            # The service says it again where it is asked for pages.
            return None
        for note in kept.notes:
            self._told(note)
        if await self._stands(kept):
            return kept
        kept.close()
        return None

    async def _stands(self, kept: KeptFile) -> bool:
        group_id = kept.facts.group_id
        if not kept.facts.complete:
            return False
        outcome = await sync(self.service, group_id, kept)
        if outcome.up_to_date:
            kept.note_look(added=outcome.added, gone=len(outcome.gone))
        said = f"{group_id} is kept: {describe(outcome)}"
        stands = outcome.state is State.PROVEN and outcome.complete
        self._told(said if stands else f"{said}; it is read from the service")
        return stands
