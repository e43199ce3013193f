"""What a key costs: bytes on the wire, and the time to the last of them."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, NamedTuple

from tests.bench.figures import Figure, Target
from tests.bench.program import SIZE, Program, Reaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.plan import Plan

__all__ = ["Cost", "compare", "cost", "datatable", "measure"]

_REFERENCE = "DataTable, 2,000 rows"


class Cost(NamedTuple):
    """The median of several keys.

    Attributes:
        bytes: Bytes on the wire.
        ms: Milliseconds from the key to the last byte.
    """

    bytes: float
    ms: float


def cost(program: Program, key: str, times: int) -> Cost:
    """Press a key several times, each when the one before is drawn."""
    reactions: list[Reaction] = [program.press(key) for _ in range(times)]
    return Cost(
        statistics.median(reaction.bytes for reaction in reactions),
        statistics.median(reaction.seconds for reaction in reactions) * 1000,
    )


def _app(times: int, *words: str, size: tuple[int, int] = SIZE) -> tuple[Cost, Cost]:
    """What a cursor move and a page cost in one of the small apps."""
    with Program(["python", "-m", "tests.bench.apps", *words], size=size) as program:
        program.wait("staff-00")
        program.settle()
        return cost(program, "down", times), cost(program, "pagedown", times)


def compare(
    what: str, ours: tuple[Cost, Cost], reference: tuple[Cost, Cost], *, limits: bool = False
) -> Iterator[Figure]:
    """A move's and a page's figures beside those of the reference."""
    targets = (("cursor move", 0.5, 1_200), ("page down", 0.6, 10_000))
    for (key, share, limit), here, there in zip(targets, ours, reference, strict=True):
        name = f"{key}, {what}"
        most = Target("at most", share)
        yield Figure(f"{name}: written", here.bytes, "B", there.bytes, _REFERENCE, most)
        if limits:
            most = Target("at most", limit, "value")
            yield Figure(f"{name}: written", here.bytes, "B", target=most)
        most = Target("at most", 1.0)
        yield Figure(f"{name}: to the last byte", here.ms, "ms", there.ms, _REFERENCE, most)


def datatable(times: int, *words: str, size: tuple[int, int] = SIZE) -> tuple[Cost, Cost]:
    """The reference for the browser: a DataTable with the details of a row beside it."""
    return _app(times, "datatable", *words, size=size)


def measure(plan: Plan) -> Iterator[Figure]:
    """The table with five million computed rows, with and without a detail pane."""
    times = 5 if plan.quick else 15
    alone = _app(times, "datatable", "alone")
    yield from compare("table alone", _app(times, "paged", "alone"), alone)
    yield from compare("table and details", _app(times, "paged"), datatable(times))
