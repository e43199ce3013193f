"""A look at five million kept faces: requests until what came and went is known and proven."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fs_tui.api.client import FaceSearchClient
from fs_tui.sandbox.population import CITY, Population
from tests.bench.figures import Figure, Target
from tests.bench.service import Sandbox, account, sandbox
from tests.kept_population import KeptPopulation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.plan import Plan

__all__ = ["measure"]

_PAGES = 5_000
"""Requests that reading everything takes, at 1,000 faces each."""

_ADDED = 98


async def _look(service: Sandbox, kept: KeptPopulation, *, gone: int, added: int) -> None:
    """Look once, and make sure that the look has found what there is to be found."""
    from fs_tui.faces.outcome import State
    from fs_tui.faces.sync import sync

    client = FaceSearchClient(*account(service.env))
    try:
        found = await sync(client, CITY, kept)
    finally:
        await client.aclose()
    if (found.state, len(found.gone), found.added) != (State.PROVEN, gone, added):
        raise ValueError(f"{found.state}, {len(found.gone)} gone, {found.added} added")


def _requests(service: Sandbox, kept: KeptPopulation, *, gone: int = 0, added: int = 0) -> int:
    before = service.served("list")
    asyncio.run(_look(service, kept, gone=gone, added=added))
    return service.served("list") - before


def measure(plan: Plan) -> Iterator[Figure]:
    """Looks one after the other, each at what the one before it has left."""
    scanned = Population()[CITY]
    kept = KeptPopulation(scanned, datetime.now(UTC))
    places = [1, 2, 499_500, 1_234_567, len(scanned) // 2, 3_999_999, len(scanned) - 51]
    with sandbox() as service:
        unchanged = _requests(service, kept)
        service.change("add", library=CITY, count=_ADDED)
        more = _requests(service, kept, added=_ADDED)
        deleted = []
        for place in places[:: 3 if plan.quick else 1]:
            service.change("delete", library=CITY, positions=[place])
            deleted.append(_requests(service, kept, gone=1))
        service.change("delete", library=CITY, positions=[249_000 * n + 7 for n in range(20)])
        twenty = _requests(service, kept, gone=20)
    for name, value, target in (
        ("unchanged", unchanged, Target("at most", 2, "value")),
        (f"{_ADDED} more", more, Target("at most", 2, "value")),
        ("one gone, the worst place", max(deleted), Target("at most", 30, "value")),
        ("twenty gone, all over", twenty, None),
    ):
        yield Figure(
            f"look at five million: requests, {name}", value, "", _PAGES, "all pages", target
        )
