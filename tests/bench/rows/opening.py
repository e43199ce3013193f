"""Opening a library: requests for faces before its first rows are on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.sandbox.population import CAMPUS, CITY
from tests.bench.figures import Figure, Target
from tests.bench.program import Program, first_token
from tests.bench.service import sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.plan import Plan

__all__ = ["measure"]

_LATENCY = 0.3
"""Seconds; a second request that followed the first answer would come well after the rows."""


def measure(plan: Plan) -> Iterator[Figure]:
    """One library at the start, a second one from the sidebar."""
    del plan  # it takes two seconds
    with sandbox() as service:
        service.latency(_LATENCY)
        command = ["python", "-m", "fs_tui", "--library", CAMPUS]
        with Program(command, service.env) as program:
            program.wait(first_token(CAMPUS))
            at_start = service.served("list")
            for _ in range(2):  # from the faces over the details to the libraries
                program.send("tab")
            program.settle(1.0)
            before, written = service.served("list"), len(program.output)
            program.send("down")
            program.wait(first_token(CITY), after=written)
            later = service.served("list") - before
    for name, value in (("at the start", at_start), ("from the sidebar", later)):
        target = Target("at most", 1, "value")
        yield Figure(f"open a library {name}: requests", value, "", 1, "the least", target)
