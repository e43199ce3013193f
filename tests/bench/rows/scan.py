"""Rows per second of a scan over HTTP, beside a bare loop that keeps nothing.

Each measurement runs in a process of its own:
`python -m tests.bench.rows.scan bare|ours ROWS FLIGHTS`.
"""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from fs_tui.sandbox.population import CITY
from tests.bench.figures import Figure, Target
from tests.bench.program import PROJECT
from tests.bench.service import sandbox
from tests.bench.signed import bare_scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fs_tui.faces.status import ListingStatus
    from tests.bench.plan import Plan

__all__ = ["measure"]

_SECONDS = 60
"""How long one measurement may take."""

_ROWS = {(0.0, 1): 500_000, (0.0, 4): 1_000_000, (0.02, 1): 100_000}
_ROWS |= {(0.02, 4): 200_000, (0.075, 1): 50_000, (0.075, 4): 150_000}
"""By latency in seconds and requests under way: two to five seconds each."""


async def _our_scan(env: dict[str, str], library: str, rows: int, flights: int) -> float:
    from fs_tui.api.client import FaceSearchClient
    from fs_tui.faces.listing import FaceListing

    client = FaceSearchClient(
        env["FS_TUI_ENDPOINT"], env["FS_TUI_API_KEY"], env["FS_TUI_API_SECRET"]
    )
    listing = FaceListing(client, library, concurrency=flights)
    reached = asyncio.Event()

    def look(status: ListingStatus) -> None:
        if status.loaded >= rows:
            reached.set()

    listing.subscribe(look)
    began = time.perf_counter()
    listing.scan()
    await asyncio.wait_for(reached.wait(), _SECONDS)
    rate = listing.status.loaded / (time.perf_counter() - began)
    listing.cancel()
    await listing.aclose()
    await client.aclose()
    return rate


def _rate(kind: str, env: dict[str, str], rows: int, flights: int) -> float:
    done = subprocess.run(  # noqa: S603 - this module itself
        [sys.executable, "-m", "tests.bench.rows.scan", kind, str(rows), str(flights)],
        cwd=PROJECT,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        timeout=2 * _SECONDS,
        check=True,
        text=True,
    )
    return float(done.stdout)


def measure(plan: Plan) -> Iterator[Figure]:
    """Both loops by turns at each latency, with one request under way and with four."""
    with sandbox() as service:
        for (latency, flights), rows in _ROWS.items():
            wanted = rows // 4 if plan.quick else rows
            service.latency(latency)
            turns = [
                (
                    _rate("bare", service.env, wanted, flights),
                    _rate("ours", service.env, wanted, flights),
                )
                for _ in range(1 if plan.quick else 3)
            ]
            bare, ours = (sorted(rates)[len(rates) // 2] for rates in zip(*turns, strict=True))
            name = f"scan, {latency * 1000:.0f} ms latency, {flights} in flight"
            yield Figure(name, ours, "rows/s", bare, "bare httpx loop", Target("at least", 1.0))


if __name__ == "__main__":
    import fs_tui.api.client
    import fs_tui.faces.listing  # noqa: F401 - the browser has imported both by then

    kind, rows, flights = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    scan = {"bare": bare_scan, "ours": _our_scan}[kind]
    # As the browser does when it is connected; here for both.
    gc.freeze()
    sys.stdout.write(str(asyncio.run(scan(dict(os.environ), CITY, rows, flights))))
