"""Rows per second of a scan over HTTP, beside a bare loop that keeps nothing.

Each measurement runs in a process of its own:
`python -m tests.bench.rows.scan bare|ours|kept ROWS FLIGHTS`.
"""

from __future__ import annotations

import asyncio
import gc
import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from fs_tui.faces.index.database import EncryptedFile
from fs_tui.faces.index.kept import KeptFacts, KeptFile
from fs_tui.sandbox.population import CITY
from tests.bench.figures import Figure, Target
from tests.bench.program import PROJECT
from tests.bench.service import Sandbox, ready, sandbox
from tests.bench.signed import bare_scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fs_tui.faces.status import ListingStatus
    from tests.bench.plan import Plan

__all__ = ["measure"]

_SECONDS = 60
"""How long one measurement may take."""

_READY_ROWS = 500_000
"""Of the service without latency: two to four seconds."""

_BEYOND = 100_000
"""Rows that a scan goes on to read until it is known that it has read enough."""

_ROWS = {(20, 1): 60_000, (20, 4): 200_000, (75, 1): 25_000, (75, 4): 100_000}
"""Of the sandbox, by latency in milliseconds and requests under way: about two seconds each."""


async def _kept_scan(env: dict[str, str], library: str, rows: int, flights: int) -> float:
    with tempfile.NamedTemporaryFile(prefix="fs-tui-bench-") as file:
        place = EncryptedFile(Path(file.name), secrets.token_bytes(32))
        facts = KeptFacts(library, env["FS_TUI_ENDPOINT"])
        return await _our_scan(env, library, rows, flights, KeptFile(place, facts))


async def _our_scan(
    env: dict[str, str], library: str, rows: int, flights: int, kept: KeptFile | None = None
) -> float:
    from fs_tui.api.client import FaceSearchClient
    from fs_tui.faces.listing import FaceListing

    client = FaceSearchClient(
        env["FS_TUI_ENDPOINT"], env["FS_TUI_API_KEY"], env["FS_TUI_API_SECRET"]
    )
    listing = FaceListing(client, library, concurrency=flights, kept=kept)
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
    scale, turns = (4, 1) if plan.quick else (1, 5)
    with ready(CITY, _READY_ROWS + _BEYOND) as service:
        for flights in (1, 4):
            yield _compared(service, 0, flights, _READY_ROWS // scale, turns)
        yield _compared(service, 0, 4, _READY_ROWS // scale, turns, kept=True)
    with sandbox() as service:
        for (latency, flights), rows in _ROWS.items():
            service.latency(latency / 1000)
            yield _compared(service, latency, flights, rows // scale, min(turns, 3))


def _compared(
    service: Sandbox, latency: int, flights: int, rows: int, turns: int, *, kept: bool = False
) -> Figure:
    """The medians of both."""
    kinds = ("bare", "kept" if kept else "ours")
    rates = [[_rate(kind, service.env, rows, flights) for kind in kinds] for _ in range(turns)]
    bare, ours = (median(turn[which] for turn in rates) for which in (0, 1))
    name = f"scan{' into a kept file' if kept else ''}, {latency} ms latency, {flights} in flight"
    least = Target("at least", 0.8 if kept else 1.0)
    return Figure(name, ours, "rows/s", bare, "bare httpx loop", least)


if __name__ == "__main__":
    import fs_tui.api.client
    import fs_tui.faces.listing  # noqa: F401 - the browser has imported both by then

    kind, rows, flights = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    scan = {"bare": bare_scan, "ours": _our_scan, "kept": _kept_scan}[kind]
    # As the browser does when it is connected; here for both.
    gc.freeze()
    sys.stdout.write(str(asyncio.run(scan(dict(os.environ), CITY, rows, flights))))
