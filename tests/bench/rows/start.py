"""From the start of the process to the first frame, the first libraries and the first faces."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, NamedTuple

from fs_tui.sandbox.population import CITY
from tests.bench.figures import Figure, Target
from tests.bench.program import Program, first_token
from tests.bench.service import sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.plan import Plan

__all__ = ["measure"]

_CITY_NAME = "City registry"

_FRAME = "fs-tui"
"""The first word of the title bar."""


class _Times(NamedTuple):
    frame: float
    libraries: float
    faces: float


def _ours(env: dict[str, str]) -> _Times:
    token = first_token(CITY)
    with Program(["python", "-m", "fs_tui", "--library", CITY], env) as program:
        return _Times(program.wait(_FRAME), program.wait(_CITY_NAME), program.wait(token))


def _bare() -> float:
    with Program(["python", "-m", "tests.bench.bare"]) as program:
        return program.wait("bare-ready")


def measure(plan: Plan) -> Iterator[Figure]:
    """Our program and the bare one by turns, the medians of both."""
    bare, ours = [], []
    with sandbox() as service:
        for _ in range(3 if plan.quick else 9):
            bare.append(_bare())
            ours.append(_ours(service.env))
    reference = statistics.median(bare) * 1000
    for name, times, limit in (
        ("first frame", [run.frame for run in ours], 1.3),
        ("first libraries", [run.libraries for run in ours], None),
        ("first faces", [run.faces for run in ours], 2.0),
    ):
        target = None if limit is None else Target("at most", limit)
        value = statistics.median(times) * 1000
        yield Figure(name, value, "ms", reference, "bare Textual app, one Static", target)
