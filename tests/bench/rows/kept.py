"""A kept index of five million faces: its first rows, filters and people, against an own service.

The index is made from the sandbox's population. The filter is measured in a process of its own:
`python -m tests.bench.rows.kept LIBRARY`.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fs_tui.faces.index.keeper import Keeper
from fs_tui.models import Face
from fs_tui.sandbox.population import Population
from fs_tui.sandbox.service import DEMO_API_KEY
from tests.bench.figures import Figure, Target
from tests.bench.process import report, run
from tests.bench.program import Program, first_token
from tests.bench.rows import million
from tests.bench.service import sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.plan import Plan

__all__ = ["measure"]

_KEY = bytes(range(32))
_PAGE = 1_000
_LATENCY = 1.0
"""Seconds; what comes sooner did not wait for an answer to a page."""

_MORE_MS = 50
_LIMIT = 1.3


def _keeper(folder: Path, endpoint: str) -> Keeper:
    return Keeper(folder / "fs-tui" / "indexes", _KEY, "a file", endpoint, DEMO_API_KEY)


def _fill(keeper: Keeper, library: str) -> None:
    """Make the index as a whole reading leaves it."""
    faces = Population()[library]
    with closing(keeper.open(library)) as kept:
        for start in range(1, len(faces) + 1, _PAGE):
            kept.store.add(start, [Face(*row) for row in faces.rows(start, _PAGE)])
        kept.read_whole("")


def _environment(folder: Path, env: dict[str, str]) -> dict[str, str]:
    """Variables of a run that keeps."""
    key, config = folder / "index.key", folder / "config.toml"
    key.touch(0o600)
    key.write_text(_KEY.hex())
    config.write_text("keep = true\n")
    return {
        **env,
        "XDG_CACHE_HOME": str(folder),
        "FS_TUI_CONFIG": str(config),
        "FS_TUI_INDEX_KEY_FILE": str(key),
    }


async def _filters(keeper: Keeper, library: str) -> dict[str, Any]:
    """Seconds to all hits, and how many there are, by what is looked for."""
    from fs_tui.faces.kept_listing import KeptListing

    gateway: Any = million.Direct(Population())  # nothing else is asked
    listing = KeptListing(gateway, library, keeper.open(library))
    found = {}
    try:
        for needle in million.NEEDLES:
            tries = [await million.filtered(listing, needle) for _ in range(2)]
            found[needle] = min(total for _, total, _ in tries), tries[0][2]
    finally:
        await listing.aclose()
    return found


def measure(plan: Plan) -> Iterator[Figure]:
    """One index for all of it."""
    library = plan.library
    token = first_token(library)
    with tempfile.TemporaryDirectory(prefix="fs-tui-bench-") as name, sandbox() as service:
        folder = Path(name)
        _fill(_keeper(folder, service.env["FS_TUI_ENDPOINT"]), library)
        env = _environment(folder, service.env)
        bare, ours = [], []
        service.latency(_LATENCY)
        for _ in range(3 if plan.quick else 7):
            with Program(["python", "-m", "tests.bench.bare"]) as program:
                bare.append(program.wait("bare-ready"))
            with Program(["python", "-m", "fs_tui", "--library", library], env) as program:
                ours.append(program.wait(token))
        service.latency(0)
        allowed = _LIMIT * statistics.median(bare) * 1e3 + _MORE_MS
        yield Figure(
            "kept: first rows",
            statistics.median(ours) * 1e3,
            "ms",
            allowed,
            f"{_LIMIT} bare first frames and {_MORE_MS} ms",
            Target("at most", 1.0),
        )
        kept = report("tests.bench.rows.kept", library, env=env)
        plain = million.measured("sqlite", plan)
        for needle, (total, hits) in kept.items():
            reference, there = plain["filters"][needle]
            if hits != there:
                raise ValueError(f"{needle}: {hits} hits here, {there} there")
            figure = f"kept: filter '{needle}', {hits:,} hits"
            most = Target("at most", 2.5)
            yield Figure(figure, total * 1e3, "ms", reference * 1e3, "SELECT, instr, plain", most)
        done = run(["fs_tui", "people", library], env)
        most = Target("at most", 250, "value")
        yield Figure("kept: command people, memory", done.memory / 1e6, "MB", target=most)
        done = run(["fs_tui", "people", library, "--order", "faces"], env)
        row = "kept: command people by the number of their faces, memory"
        yield Figure(row, done.memory / 1e6, "MB", target=most)


if __name__ == "__main__":
    place = _keeper(Path(os.environ["XDG_CACHE_HOME"]), os.environ["FS_TUI_ENDPOINT"])
    sys.stdout.write(json.dumps(asyncio.run(_filters(place, sys.argv[1]))))
