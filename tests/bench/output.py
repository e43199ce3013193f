"""`faces --all` beside the script that one would write: processor, wall, memory, first row."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from fs_tui.sandbox.population import CAMPUS, CITY
from tests.bench.figures import Figure, Target
from tests.bench.program import PROJECT
from tests.bench.service import sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.plan import Plan

__all__ = ["measure"]

_FORMS = ("jsonl", "csv")
_TURNS = 5


@dataclass(frozen=True, slots=True)
class _Run:
    """What one run took: seconds, and bytes.

    Attributes:
        processor: Of the program alone, not of the service.
        first: Until the first byte was there.
    """

    processor: float
    wall: float
    first: float
    memory: float


def _run(arguments: list[str], env: dict[str, str]) -> _Run:
    """Run a program of Python's and read all that it writes."""
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - the benchmark's own commands
        [sys.executable, "-m", *arguments],
        cwd=PROJECT,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
    ) as program:
        assert program.stdout is not None
        read = program.stdout.fileno()
        os.read(read, 1)
        first = time.perf_counter() - began
        while os.read(read, 1 << 20):
            pass
        _, status, usage = os.wait4(program.pid, 0)
        program.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if program.returncode:
        raise RuntimeError(f"{arguments} ended with {program.returncode}")
    return _Run(usage.ru_utime + usage.ru_stime, wall, first, usage.ru_maxrss * 1024)


def measure(plan: Plan) -> Iterator[Figure]:
    """Both programs by turns over 250,000 faces; then five million by ours alone."""
    turns = 1 if plan.quick else _TURNS
    with sandbox() as service:
        for form in _FORMS:
            ours = ["fs_tui", "faces", CAMPUS, "--all", f"--{form}", "--concurrency", "1"]
            script = ["tests.bench.script", form, CAMPUS]
            pairs = [(_run(ours, service.env), _run(script, service.env)) for _ in range(turns)]
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
            run = _run(["fs_tui", "faces", CITY, "--all", "--jsonl"], service.env)
            memory = run.memory / 1e6
            name = "faces --all --jsonl, five million: memory"
            yield Figure(name, memory, "MB", target=Target("at most", 45, "value"))
            rate = 4_987_654 / run.wall
            yield Figure("faces --all --jsonl, five million", rate, "rows/s")
