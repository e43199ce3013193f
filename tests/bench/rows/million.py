"""Five million loaded faces: memory, stalls of the event loop, filters and orders.

The service is left out, so that nothing but the listing itself is measured: pages come from the
sandbox's population within the process. `python -m tests.bench.rows.million ours|sqlite LIBRARY`.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fs_tui.models import Face, FacePage
from fs_tui.sandbox.population import Population
from tests.bench.figures import Figure, Target
from tests.bench.plain import plain_table
from tests.bench.process import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fs_tui.faces.listing import FaceListing
    from tests.bench.plan import Plan

__all__ = ["NEEDLES", "Direct", "filtered", "measure", "measured"]

NEEDLES = ("badge returned", "Chloé", "004711")
"""What is looked for: some in a hundred, some in three hundred, some in ten thousand faces."""

_TRIES = 3
"""How often each filter is tried, here and there; the best counts, as others use the machine."""

_STALL = Target("at most", 50, "value")


class Direct:
    """A gateway without a network: the one call that a listing makes."""

    def __init__(self, population: Population) -> None:
        self._population = population

    async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
        """A page, after the loop has had a turn."""
        await asyncio.sleep(0)
        rows = self._population[group_id].rows(start, limit)
        return FacePage(start, limit, tuple(Face(*row) for row in rows))


def _memory() -> int:
    """Resident bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


async def _ours(library: str) -> dict[str, Any]:
    from fs_tui.faces.filter_language import parse
    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.query import Order
    from tests.bench.heartbeat import Heartbeat

    gateway: Any = Direct(Population())  # the other four calls are not made
    listing = FaceListing(gateway, library)
    heart = Heartbeat()
    stalls: dict[str, float] = {}
    gc.collect()
    # As the program does when it is connected.
    gc.freeze()
    before = _memory()
    with heart.over(stalls, "scanning"):
        began = time.perf_counter()
        listing.scan()
        status = await listing.finished()
        seconds = time.perf_counter() - began
    if not status.complete:
        raise ValueError(f"the scan ended at {status.loaded}: {status.stopped}")
    memory = _memory() - before
    filters = {}
    with heart.over(stalls, "filtering"):
        for needle in NEEDLES:
            tries = [await filtered(listing, needle) for _ in range(_TRIES)]
            filters[needle] = min(tries, key=lambda measured: measured[1])
    await listing.set_filter(None)
    orders = {}
    with heart.over(stalls, "ordering"):
        for field in ("user_id", "add_time"):
            began = time.perf_counter()
            await listing.set_order(Order(field, descending=True))
            orders[field] = time.perf_counter() - began
    with heart.over(stalls, "filtering what is ordered"):
        await listing.set_filter(parse(f'"{NEEDLES[0]}"'))
    heart.stop()
    await listing.aclose()
    return {
        "rate": status.loaded / seconds,
        "memory": memory,
        "filters": filters,
        "orders": orders,
        "stalls": stalls,
    }


async def filtered(listing: FaceListing, needle: str) -> tuple[float, float, int]:
    """Seconds to the first hits and to all of them, and how many there are."""
    from fs_tui.faces.filter_language import parse

    await listing.set_filter(None)
    began = time.perf_counter()
    running = asyncio.ensure_future(listing.set_filter(parse(f'"{needle}"')))
    await asyncio.sleep(0)
    first = 0.0
    while not running.done():
        if not first and listing.row_count() and listing.rows(0, 1)[0] is not None:
            first = time.perf_counter() - began
        await asyncio.sleep(0.001)
    total = time.perf_counter() - began
    return first or total, total, listing.row_count()


def _sqlite(library: str) -> dict[str, Any]:
    """The same faces in a plain table, and SELECT with instr over them."""
    database = plain_table(library)
    found: dict[str, tuple[float, int]] = {}
    for needle in NEEDLES * _TRIES:
        began = time.perf_counter()
        hits = database.execute(
            "SELECT position FROM faces WHERE instr(user_id, ?1) OR instr(user_data, ?1)"
            " OR instr(face_token, ?1)",
            (needle,),
        ).fetchall()
        seconds = time.perf_counter() - began
        found[needle] = min(found.get(needle, (seconds, 0))[0], seconds), len(hits)
    orders = {}
    for field, column in (("user_id", "user_id"), ("add_time", "added")):
        began = time.perf_counter()
        database.execute(
            f"SELECT position FROM faces ORDER BY {column} DESC, position DESC"  # noqa: S608 - ours
        ).fetchall()
        orders[field] = time.perf_counter() - began
    return {"filters": found, "orders": orders}


def measured(which: str, plan: Plan) -> Any:  # JSON
    """Ours, or the reference, in a process of its own."""
    return report("tests.bench.rows.million", which, plan.library)


def measure(plan: Plan) -> Iterator[Figure]:
    """One process for ours, one for the reference."""
    ours, sqlite = measured("ours", plan), measured("sqlite", plan)
    yield Figure("listing alone: scan", ours["rate"], "rows/s")
    most = Target("at most", 120, "value")
    yield Figure("listing alone: memory for all faces", ours["memory"] / 1e6, "MB", target=most)
    for name, seconds in ours["stalls"].items():
        yield Figure(f"listing alone: longest stall, {name}", seconds * 1e3, "ms", target=_STALL)
    for needle in NEEDLES:
        first, total, hits = ours["filters"][needle]
        reference, there = sqlite["filters"][needle]
        if hits != there:
            raise ValueError(f"{needle}: {hits} hits here, {there} there")
        name = f"filter '{needle}'"
        most = Target("at most", 150, "value")
        yield Figure(f"{name}: the first", first * 1e3, "ms", target=most)
        most = Target("at most", 1.0)
        yield Figure(f"{name}: all", total * 1e3, "ms", reference * 1e3, "SELECT, instr", most)
    for name, seconds in ours["orders"].items():
        other = sqlite["orders"][name] * 1e3
        most = Target("at most", 1.1)
        yield Figure(f"order by {name}", seconds * 1e3, "ms", other, "SELECT, ORDER BY", most)


if __name__ == "__main__":
    which, chosen = sys.argv[1:]
    found = asyncio.run(_ours(chosen)) if which == "ours" else _sqlite(chosen)
    sys.stdout.write(json.dumps(found))
