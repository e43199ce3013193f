"""Finding the end of the largest library: requests, and round trips one after the other."""

from __future__ import annotations

import asyncio
import math
import time
from typing import TYPE_CHECKING, Any

from fs_tui.api.client import FaceSearchClient
from fs_tui.sandbox.population import CITY, Population
from tests.bench.figures import Figure, Target
from tests.bench.service import Sandbox, account, sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fs_tui.models import FacePage
    from tests.bench.plan import Plan

__all__ = ["measure"]

_LATENCY = 0.02
"""Seconds; enough for requests that are sent together to overlap."""


class Watched(FaceSearchClient):
    """A client that notes when each request for faces was under way."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # the client's own
        super().__init__(*args, **kwargs)
        self.flights: list[tuple[float, float]] = []

    async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
        """Ask, and note the times."""
        began = time.perf_counter()
        try:
            return await super().faces(group_id, start=start, limit=limit)
        finally:
            self.flights.append((began, time.perf_counter()))

    def chain(self) -> int:
        """The most requests of which each began after the one before it had ended."""
        length, free = 0, 0.0
        for began, ended in sorted(self.flights, key=lambda flight: flight[1]):
            if began >= free:
                length, free = length + 1, ended
        return length


async def _find(service: Sandbox) -> Watched:
    from fs_tui.faces.listing import FaceListing

    client = Watched(*account(service.env))
    listing = FaceListing(client, CITY)
    found = await listing.find_end()
    if found != len(Population()[CITY]):
        raise ValueError(f"the end was found at {found}")
    await listing.aclose()
    await client.aclose()
    return client


def measure(plan: Plan) -> Iterator[Figure]:
    """One search over HTTP."""
    del plan  # it takes a second
    with sandbox() as service:
        service.latency(_LATENCY)
        client = asyncio.run(_find(service))
    log2 = math.log2(len(Population()[CITY]))
    for name, value, limit in (
        ("G on five million: requests", len(client.flights), 45),
        ("G on five million: one after the other", client.chain(), 15),
    ):
        yield Figure(name, value, "", log2, "log2", Target("at most", limit, "value"))
