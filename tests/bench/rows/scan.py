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
from fs_tui.faces.index.kept import KeptFile
from fs_tui.faces.index.kept_facts import KeptFacts
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

_BARE = "bare httpx loop"

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
    """All loops by turns at each latency, with one request under way and with four."""
    scale, turns = (4, 1) if plan.quick else (1, 5)
    with ready(CITY, _READY_ROWS + _BEYOND) as service:
        rows = _READY_ROWS // scale
        yield _compared(service, 0, 1, rows, turns)
        bare, ours, kept = _medians(service, ("bare", "ours", "kept"), rows, 4, turns)
        yield _figure(0, 4, ours, bare)
        name = "scan into a kept file, 0 ms latency, 4 in flight"
        least = Target("at least", 0.8)
        yield Figure(name, kept, "rows/s", ours, "scan into a temporary one", least)
        yield Figure(name, kept, "rows/s", bare, _BARE)
    with sandbox() as service:
        for (latency, flights), rows in _ROWS.items():
            service.latency(latency / 1000)
            yield _compared(service, latency, flights, rows // scale, min(turns, 3))


def _compared(service: Sandbox, latency: int, flights: int, rows: int, turns: int) -> Figure:
    """Our scan beside the bare loop."""
    bare, ours = _medians(service, ("bare", "ours"), rows, flights, turns)
    return _figure(latency, flights, ours, bare)


def _figure(latency: int, flights: int, ours: float, bare: float) -> Figure:
    name = f"scan, {latency} ms latency, {flights} in flight"
    return Figure(name, ours, "rows/s", bare, _BARE, Target("at least", 1.0))


def _medians(
    service: Sandbox, kinds: tuple[str, ...], rows: int, flights: int, turns: int
) -> list[float]:
    """The rates of some loops, run by turns."""
    rates = [[_rate(kind, service.env, rows, flights) for kind in kinds] for _ in range(turns)]
    return [median(turn[which] for turn in rates) for which in range(len(kinds))]


if __name__ == "__main__":
    import fs_tui.api.client
    import fs_tui.faces.listing  # noqa: F401 - the browser has imported both by then

    kind, rows, flights = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    scan = {"bare": bare_scan, "ours": _our_scan, "kept": _kept_scan}[kind]
    # As the browser does when it is connected; here for both.
    gc.freeze()
    sys.stdout.write(str(asyncio.run(scan(dict(os.environ), CITY, rows, flights))))
