"""`faces --all` beside the script that one would write: processor, wall, memory, first row."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from fs_tui.sandbox.population import CAMPUS, CITY, Population
from tests.bench.figures import Figure, Target
from tests.bench.process import run
from tests.bench.service import sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.plan import Plan

__all__ = ["measure"]

_FORMS = ("jsonl", "csv")
_TURNS = 5


def measure(plan: Plan) -> Iterator[Figure]:
    """Both programs by turns over 250,000 faces; then five million by ours alone."""
    turns = 1 if plan.quick else _TURNS
    with sandbox() as service:
        for form in _FORMS:
            ours = ["fs_tui", "faces", CAMPUS, "--all", f"--{form}", "--concurrency", "1"]
            script = ["tests.bench.script", form, CAMPUS]
            pairs = [(run(ours, service.env), run(script, service.env)) for _ in range(turns)]
            for what, most in (("processor", 0.6), ("wall", 0.8)):
                here, there = (
                    median(getattr(pair[side], what) for pair in pairs) for side in (0, 1)
                )
                name = f"faces --all --{form}, 250,000: {what}"
                yield Figure(name, here, "s", there, "the script", Target("at most", most))
            first = median(ours.first for ours, _ in pairs) * 1000
            name = f"faces --all --{form}: first row"
            yield Figure(name, first, "ms", target=Target("at most", 300, "value"))
        if not plan.quick:
            whole = run(["fs_tui", "faces", CITY, "--all", "--jsonl"], service.env)
            memory = whole.memory / 1e6
            name = "faces --all --jsonl, five million: memory"
            yield Figure(name, memory, "MB", target=Target("at most", 45, "value"))
            rate = len(Population()[CITY]) / whole.wall
            yield Figure("faces --all --jsonl, five million", rate, "rows/s")
