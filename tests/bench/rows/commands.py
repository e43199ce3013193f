"""The cheapest commands as whole processes: the version, and the libraries of the service."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from tests.bench.figures import Figure, Target
from tests.bench.process import run
from tests.bench.service import sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.plan import Plan

__all__ = ["measure"]


def measure(plan: Plan) -> Iterator[Figure]:
    """Both by turns, the medians."""
    turns = 3 if plan.quick else 11
    with sandbox() as service:
        pairs = [
            (run(["fs_tui", "--version"]).wall, run(["fs_tui", "libraries"], service.env).wall)
            for _ in range(turns)
        ]
    version, libraries = (median(times) * 1000 for times in zip(*pairs, strict=True))
    yield Figure("--version", version, "ms", target=Target("at most", 60, "value"))
    most = Target("at most", 4.0)
    yield Figure("libraries", libraries, "ms", version, "--version", most)
