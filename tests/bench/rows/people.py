"""People and growth of five million faces: beside plain SQL, while a scan runs, and as a command.

Each measurement runs in a process of its own: `python -m tests.bench.rows.people ours|sqlite
LIBRARY` over loaded faces, and `… scan 0|1 ROWS` over HTTP, without views and with both open.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import time
from datetime import UTC
from typing import TYPE_CHECKING, Any

from fs_tui.sandbox.population import CITY, Population
from tests.bench.figures import Figure, Target
from tests.bench.plain import plain_table
from tests.bench.process import report, run
from tests.bench.rows.million import Direct
from tests.bench.service import account, sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fs_tui.faces.reports.people import PeopleStatus
    from tests.bench.plan import Plan

__all__ = ["measure"]

_HERE = "tests.bench.rows.people"
_SECONDS = 600
_SCANNED = 1_500_000
_TWICE = Target("at most", 2.0)
_STALL = Target("at most", 50, "value")


async def _ours(library: str) -> dict[str, Any]:
    from fs_tui.faces.index.people_table import PeopleTable
    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.persons import PeopleOrder
    from fs_tui.faces.reports.growth import growth
    from fs_tui.faces.reports.people import People
    from fs_tui.faces.reports.periods import Step
    from tests.bench.heartbeat import Heartbeat

    gateway: Any = Direct(Population())  # the other four calls are not made
    # As the program does when it is connected.
    gc.freeze()
    listing = FaceListing(gateway, library)
    listing.scan()
    await listing.finished()
    heart = Heartbeat()
    found: dict[str, Any] = {}
    stalls: dict[str, float] = {}
    with heart.over(stalls, "counting"):
        began = time.perf_counter()
        people = People(listing)
        while not people.status.moment:  # noqa: ASYNC110 - to the millisecond, however long
            await asyncio.sleep(0.001)
        indexed = time.perf_counter()
        while not people.row_count():  # noqa: ASYNC110 - the same
            await asyncio.sleep(0.001)
        found["rows"] = time.perf_counter() - indexed
        await people.settled()
        found["counted"] = time.perf_counter() - began
    with heart.over(stalls, "ordering"):
        began = time.perf_counter()
        people.set_order(PeopleOrder.FACES)
        await people.settled()
        found["ordered"] = time.perf_counter() - began
    await people.aclose()
    table = PeopleTable(listing.store)
    moment = await table.moment()
    with heart.over(stalls, "listing"):
        began = time.perf_counter()
        found["persons"] = 0
        async for rows in moment.listed(PeopleOrder.USER_ID):
            found["persons"] += len(rows)
        found["listed"] = time.perf_counter() - began
    with heart.over(stalls, "growth"):
        began = time.perf_counter()
        grown = await growth(moment, Step.DAY, UTC)
        found["growth"] = time.perf_counter() - began
        found["days"] = len(grown.periods)
    heart.stop()
    table.close()
    await listing.aclose()
    return {**found, "stalls": stalls}


def _sqlite(library: str) -> dict[str, Any]:
    """The same faces in a plain table without an index, and GROUP BY over them."""
    database = plain_table(library)
    people = "SELECT user_id, count(*), min(added), max(added) FROM faces GROUP BY user_id"
    days = (
        "SELECT added / 86400000, count(*), count(DISTINCT nullif(user_id, '')) FROM faces"
        " GROUP BY added / 86400000"
    )
    found: dict[str, Any] = {}
    for name, query in (("people", people), ("growth", days)):
        began = time.perf_counter()
        found[f"{name} rows"] = len(database.execute(query).fetchall())
        found[name] = time.perf_counter() - began
    return found


async def _scan(env: dict[str, str], library: str, rows: int, *, watched: bool) -> float:
    """Rows per second of a scan, with people and growth open or without."""
    from fs_tui.api.client import FaceSearchClient
    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.reports.people import People
    from fs_tui.faces.reports.periods import Step

    client = FaceSearchClient(*account(env))
    listing = FaceListing(client, library)
    people = People(listing) if watched else None
    reached = asyncio.Event()
    listing.subscribe(lambda status: reached.set() if status.loaded >= rows else None)
    seen = 0
    drawing: asyncio.Future[Any] | None = None

    def refresh(status: PeopleStatus) -> None:
        nonlocal seen, drawing
        assert people is not None
        people.want(0, 50)
        if status.moment != seen and (drawing is None or drawing.done()):
            seen = status.moment
            drawing = asyncio.ensure_future(people.growth(Step.DAY, UTC))

    if people is not None:
        people.subscribe(refresh)
    began = time.perf_counter()
    listing.scan()
    await asyncio.wait_for(reached.wait(), _SECONDS)
    rate = listing.status.loaded / (time.perf_counter() - began)
    listing.cancel()
    if drawing is not None:
        await asyncio.wait([drawing])
    if people is not None:
        await people.aclose()
    await listing.aclose()
    await client.aclose()
    return rate


def measure(plan: Plan) -> Iterator[Figure]:
    """One process for ours, one for the reference; two by turns for the scan; one command."""
    ours, sqlite = (report(_HERE, which, plan.library) for which in ("ours", "sqlite"))
    if ours["persons"] != sqlite["people rows"] or ours["days"] < sqlite["growth rows"]:
        raise ValueError(f"{ours} is not {sqlite}")
    group = sqlite["people"] * 1e3, "SELECT, GROUP BY"
    name = f"people: {ours['persons']:,} rows with first and last"
    yield Figure(name, ours["listed"] * 1e3, "ms", *group, _TWICE)
    yield Figure("people: from loaded faces to all counted", ours["counted"] * 1e3, "ms", *group)
    yield Figure("people: in the order of their faces", ours["ordered"] * 1e3, "ms", *group)
    first = Target("at most", 300, "value")
    yield Figure("people: first rows after the index", ours["rows"] * 1e3, "ms", target=first)
    days = sqlite["growth"] * 1e3, "SELECT, GROUP BY"
    yield Figure(f"growth: {ours['days']} days", ours["growth"] * 1e3, "ms", *days, _TWICE)
    for what, seconds in ours["stalls"].items():
        yield Figure(f"people: longest stall, {what}", seconds * 1e3, "ms", target=_STALL)
    rows = _SCANNED // 10 if plan.quick else _SCANNED
    with sandbox() as service:
        turns = [
            [report(_HERE, "scan", watched, str(rows), env=service.env) for watched in "01"]
            for _ in range(1 if plan.quick else 3)
        ]
        bare, both = (sorted(rates)[len(rates) // 2] for rates in zip(*turns, strict=True))
        kept = Target("at least", 0.8)
        yield Figure("scan with people and growth open", both, "rows/s", bare, "without them", kept)
        command = ["fs_tui", "people", plan.library, "--order", "faces", "--concurrency", "4"]
        done = run(command, service.env)
    most = Target("at most", 250, "value")
    yield Figure("command people: memory", done.memory / 1e6, "MB", target=most)


if __name__ == "__main__":
    kind = sys.argv[1]
    found: Any
    if kind == "scan":
        watched, count = sys.argv[2] == "1", int(sys.argv[3])
        gc.freeze()
        found = asyncio.run(_scan(dict(os.environ), CITY, count, watched=watched))
    else:
        found = asyncio.run(_ours(sys.argv[2])) if kind == "ours" else _sqlite(sys.argv[2])
    sys.stdout.write(json.dumps(found))
