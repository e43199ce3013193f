"""A Python program that is run to its end: what it took, or what it says itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.bench.program import PROJECT, neutral

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Run", "report", "run"]

_LONGEST = 600
"""Seconds that a measurement may take in a process of its own."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took: seconds, and bytes.

    Attributes:
        processor: Of the program alone, not of the service.
        first: Until the first byte was there.
        memory: The most that was resident.
    """

    processor: float
    wall: float
    first: float
    memory: float


def run(arguments: Sequence[str], env: Mapping[str, str] | None = None) -> Run:
    """Run `python -m …` and read all that it writes.

    Raises:
        RuntimeError: It did not end with 0.
    """
    command = [sys.executable, "-m", *arguments]
    with tempfile.TemporaryDirectory(prefix="fs-tui-bench-") as home:
        variables = {**neutral(home), **(env or {})}
        began = time.perf_counter()
        with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE) as program:  # noqa: S603 - the benchmark's own commands
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
    return Run(usage.ru_utime + usage.ru_stime, wall, first, usage.ru_maxrss * 1024)


def report(module: str, *arguments: str, env: Mapping[str, str] | None = None) -> Any:  # JSON
    """Run a module of the benchmark, and return what it measured and wrote as JSON.

    Raises:
        subprocess.SubprocessError: It did not end with 0, or not in time.
    """
    done = subprocess.run(  # noqa: S603 - the benchmark's own commands
        [sys.executable, "-m", module, *arguments],
        cwd=PROJECT,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        timeout=_LONGEST,
        check=True,
    )
    return json.loads(done.stdout)
