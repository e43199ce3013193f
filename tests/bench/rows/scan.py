"""Rows per second of a scan over HTTP, beside a bare loop that keeps nothing.

Each measurement runs in a process of its own:
`python -m tests.bench.rows.scan bare|ours|kept ROWS FLIGHTS`.
"""

from __future__ import annotations

import asyncio
import gc
import os
import secrets
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fs_tui.faces.index.database import EncryptedFile
from fs_tui.faces.index.kept import KeptFile
from fs_tui.faces.index.kept_facts import KeptFacts
from fs_tui.sandbox.population import CITY
from tests.bench.figures import Figure, Target
from tests.bench.process import report
from tests.bench.service import Sandbox, account, ready, sandbox
from tests.bench.signed import bare_scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.plan import Plan

__all__ = ["measure"]

_BARE = "bare httpx loop"
_LEAST = Target("at least", 1.0)
_LEAST_KEPT = Target("at least", 0.8)

_SECONDS = 60
"""How long one measurement may take."""

_TURNS = 7
"""Of the service without latency, where what else runs on the machine tells most."""

_READY_ROWS = 400_000
"""Of that service: a second or two, and more than fits into the memory of a database."""

_BEYOND = 100_000
"""Rows that a scan goes on to read until it is known that it has read enough."""

_ROWS = {(20, 1): 60_000, (20, 4): 200_000, (75, 1): 25_000, (75, 4): 250_000}
"""Of the sandbox, by latency in milliseconds and requests under way.

A scan's first page goes alone, whatever its concurrency: the more there are under way, the longer
it has to be for that to be as small a part of it as it is of a large library's.
"""

_PAUSE = 0.002
"""Seconds between two looks at whether it has read enough."""


@contextmanager
def _kept_file(env: dict[str, str], library: str) -> Iterator[KeptFile]:
    with tempfile.TemporaryDirectory(prefix="fs-tui-bench-") as folder:
        path = Path(folder, "index")
        path.touch()
        facts = KeptFacts(library, env["FS_TUI_ENDPOINT"])
        with closing(KeptFile(EncryptedFile(path, secrets.token_bytes(32)), facts)) as kept:
            yield kept


async def _kept_scan(env: dict[str, str], library: str, rows: int, flights: int) -> float:
    with _kept_file(env, library) as kept:
        return await _our_scan(env, library, rows, flights, kept)


async def _our_scan(
    env: dict[str, str], library: str, rows: int, flights: int, kept: KeptFile | None = None
) -> float:
    from fs_tui.api.client import FaceSearchClient
    from fs_tui.faces.listing import FaceListing

    client = FaceSearchClient(*account(env))
    listing = FaceListing(client, library, concurrency=flights, kept=kept)
    # Somebody is told of what comes, as in the browser: but too seldom to take the time by it.
    listing.subscribe(lambda _status: None)
    began = time.perf_counter()
    listing.scan()
    async with asyncio.timeout(_SECONDS):
        while (stored := listing.store.stored.count) < rows:  # noqa: ASYNC110 - to the millisecond
            await asyncio.sleep(_PAUSE)
    rate = stored / (time.perf_counter() - began)
    listing.cancel()
    await listing.aclose()
    await client.aclose()
    return rate


def measure(plan: Plan) -> Iterator[Figure]:
    """All loops by turns at each latency, with one request under way and with four."""
    scale, turns = (4, 3) if plan.quick else (1, _TURNS)
    with ready(CITY, _READY_ROWS + _BEYOND) as service:
        rows = _READY_ROWS // scale
        yield _figure(0, 1, _turns(service, "bare ours", rows, 1, turns))
        rates = _turns(service, "bare ours kept", rows, 4, turns)
        yield _figure(0, 4, rates)
        name = "scan into a kept file, 0 ms latency, 4 in flight"
        for other, against in (("ours", "scan into a temporary one"), ("bare", _BARE)):
            kept, reference = _middle(rates, "kept", other)
            yield Figure(name, kept, "rows/s", reference, against, _LEAST_KEPT)
    with sandbox() as service:
        for (latency, flights), rows in _ROWS.items():
            service.latency(latency / 1000)
            rates = _turns(service, "bare ours", rows // scale, flights, min(turns, 3))
            yield _figure(latency, flights, rates)


def _figure(latency: int, flights: int, rates: list[dict[str, float]]) -> Figure:
    """Our scan beside the bare loop."""
    ours, bare = _middle(rates, "ours", "bare")
    name = f"scan, {latency} ms latency, {flights} in flight"
    return Figure(name, ours, "rows/s", bare, _BARE, _LEAST)


def _turns(
    service: Sandbox, kinds: str, rows: int, flights: int, turns: int
) -> list[dict[str, float]]:
    """The rates of some loops, by turns."""
    return [
        {
            kind: report("tests.bench.rows.scan", kind, str(rows), str(flights), env=service.env)
            for kind in kinds.split()
        }
        for _ in range(turns)
    ]


def _middle(rates: list[dict[str, float]], one: str, other: str) -> tuple[float, float]:
    """Two rates of the turn in which they stood to each other as they mostly do.

    What else runs on the machine slows down whole turns: those that follow each other at once can
    be compared, and medians of all turns cannot.
    """
    turn = sorted(rates, key=lambda turn: turn[one] / turn[other])[len(rates) // 2]
    return turn[one], turn[other]


if __name__ == "__main__":
    import fs_tui.api.client
    import fs_tui.faces.listing  # noqa: F401 - the browser has imported both by then

    kind, rows, flights = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    scan = {"bare": bare_scan, "ours": _our_scan, "kept": _kept_scan}[kind]
    # As the browser does when it is connected; here for both.
    gc.freeze()
    sys.stdout.write(str(asyncio.run(scan(dict(os.environ), CITY, rows, flights))))
