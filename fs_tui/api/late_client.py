"""LateClient: a gateway whose client is made when it is first called.

What is kept is shown without the service. Importing what speaks HTTP takes as long as half a first
frame, so kept rows come first. Imports nothing of httpx itself.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from fs_tui.background import start

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from fs_tui.api.client import FaceSearchClient
    from fs_tui.gateway import Listener
    from fs_tui.models import Face, FacePage, Library, LibraryDraft

__all__ = ["LateClient", "is_sure"]

_ROWS_FIRST = 0.05
"""Seconds that the first call waits: importing beside them, kept rows were painted much later."""


def is_sure() -> bool:
    """Whether nothing named outside the settings can keep a client from being made.

    Where a proxy or certificates are named, a mistake in them is said before anything else.
    """
    if sys.platform in {"darwin", "win32"}:
        # The system itself may name a proxy.
        return False
    return not any(
        text and (name.lower().endswith("_proxy") or name in {"SSL_CERT_FILE", "SSL_CERT_DIR"})
        for name, text in os.environ.items()
    )


class LateClient:
    """Passes each call on to a client that is made, in a thread, when there is a first call.

    Args:
        make: Makes the client; blocks, and may raise FsTuiError, which the calls raise then.
    """

    warning = ""
    """Nothing is left out of an environment that `is_sure`."""

    def __init__(self, make: Callable[[], FaceSearchClient]) -> None:
        self._make = make
        self._making: Future[FaceSearchClient] | None = None
        self._client: FaceSearchClient | None = None
        self._listeners: list[Listener] = []

    def begin(self) -> None:
        """Make the client now: nothing is shown before the service has answered."""
        if self._making is None:
            self._making = start(self._make)

    async def _made(self) -> FaceSearchClient:
        if self._making is None:
            await asyncio.sleep(_ROWS_FIRST)
            self.begin()
        assert self._making is not None  # noqa: S101 - tells the type checker
        client = await asyncio.wrap_future(self._making)
        if self._client is None:
            self._client = client
            for listener in self._listeners:
                client.listen(listener)
        return client

    def listen(self, listener: Listener) -> None:
        """As of Gateway; so are the others."""
        self._listeners.append(listener)
        if self._client is not None:
            self._client.listen(listener)

    async def libraries(self) -> tuple[Library, ...]:
        return await (await self._made()).libraries()

    async def library(self, group_id: str) -> Library:
        return await (await self._made()).library(group_id)

    async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
        return await (await self._made()).faces(group_id, start=start, limit=limit)

    async def face(self, group_id: str, face_token: str) -> Face:
        return await (await self._made()).face(group_id, face_token)

    async def create(self, draft: LibraryDraft) -> Library:
        return await (await self._made()).create(draft)

    async def aclose(self) -> None:
        """Close the connections; where no client was made, there are none."""
        if self._making is not None:
            # One that could not be made has none either, and its calls have said why.
            with suppress(Exception):
                await (await self._made()).aclose()
