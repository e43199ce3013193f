"""LoadedFaces: one generation's faces: where they are kept, which came twice, what is shown."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fs_tui.errors import ResourceError
from fs_tui.faces.index.store import FaceStore
from fs_tui.faces.index.token_filter import TokenBloomFilter
from fs_tui.faces.index.view import View
from fs_tui.models import FaceRows
from fs_tui.tasks import start_task

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fs_tui.models import Face, FacePage

__all__ = ["LoadedFaces"]

_SMALL = 50_000
"""Faces up to which a token that may have been met before is looked up at once."""


class LoadedFaces:
    """Takes pages in.

    Args:
        changed: Is called whenever rows changed.
        moved: Is told how the library was seen to have changed.
        failed: Is told that this machine has no room for the faces, or for what is made of them.
        kept: The store of a kept index, which stays open; a private one when not given.

    Attributes:
        store: Where the faces are.
        view: Which of them the rows show.
        twice: The tokens that were seen to stand at two positions.
    """

    def __init__(
        self,
        *,
        changed: Callable[[], None],
        moved: Callable[[str], None],
        failed: Callable[[ResourceError], None],
        kept: FaceStore | None = None,
    ) -> None:
        self.store = FaceStore(failed) if kept is None else kept
        self.view = View(self.store, changed=changed, failed=failed)
        self.twice: set[str] = set()
        self._changed = changed
        self._moved = moved
        self._token_filter = TokenBloomFilter()
        # No set: each search for garbage would go through its tens of thousands, 6 ms long.
        self._suspects: dict[str, None] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def suspicious(self) -> bool:
        """Whether some tokens may stand at two positions, and were not looked up yet."""
        return bool(self._suspects) and self.store.failure is None

    def keep(self, page: FacePage) -> None:
        """Keep a page's faces and show them."""
        self.store.add(page.start, page.faces)
        suspects = self._token_filter.suspects(FaceRows.tokens_of(page.faces))
        self._suspects.update(dict.fromkeys(suspects))
        self.view.met(page.start, page.start + len(page.faces))
        self.follow()
        self._changed()

    def renew(self, faces: Mapping[int, Face]) -> None:
        """Replace faces by what is said of the same tokens now."""
        for position, face in faces.items():
            self.store.add(position, [face])
            self.view.met(position, position + 1)
        if faces:
            self.follow()
            self._changed()

    def follow(self) -> None:
        """Do what waited until no more pages come, if that is so."""
        self.view.follow()
        ready = self.store.stored.count <= _SMALL or not self.view.more_coming
        if self.suspicious and ready and self._task is None:
            self._task = start_task(self._look_up(), name="tokens met twice")

    async def close(self) -> None:
        """Stop and drop everything."""
        self.view.halt()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        if not self.store.is_kept:
            self.store.close()

    async def _look_up(self) -> None:
        """Find out whether suspected tokens stand at two positions."""
        tokens = self._suspects.copy()
        met: dict[str, int] = {}
        again: list[int] = []
        try:
            for found in self.store.places(tokens):
                for token, position in found:
                    other = met.setdefault(token, position)
                    if other != position:
                        self.twice.add(token)
                        again.append(position)
                        self._moved(f"one face was met at {other:,} and at {position:,}")
                await asyncio.sleep(0)
            self.store.count_once(again)
            for token in tokens:
                del self._suspects[token]
        except ResourceError:
            pass  # It was told when it happened.
        finally:
            self._task = None
        self.follow()
        self._changed()
