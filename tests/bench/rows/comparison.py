"""`diff` of five million faces against five million, and `find` in them: memory and rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.sandbox.population import Population
from tests.bench.figures import Figure, Target
from tests.bench.process import run
from tests.bench.service import sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.plan import Plan

__all__ = ["measure"]

_MEMORY = Target("at most", 400, "value")


def measure(plan: Plan) -> Iterator[Figure]:
    """By both keys; the same library on both sides, so that all of it is compared."""
    library = plan.library
    faces = len(Population()[library])
    with sandbox() as service:
        for key in ("user_id", "face_token"):
            done = run(["fs_tui", "diff", library, library, "--by", key], service.env)
            name = f"diff --by {key}, {faces:,} against as many"
            yield Figure(f"{name}: memory", done.memory / 1e6, "MB", target=_MEMORY)
            yield Figure(f"{name}: both sides", 2 * faces / done.wall, "rows/s")
        _, user_id, *_ = Population()[library].rows(faces, 1)[0]
        done = run(["fs_tui", "find", f"user:={user_id}", "--library", library], service.env)
        yield Figure(f"find in {faces:,}: memory", done.memory / 1e6, "MB")
        yield Figure(f"find in {faces:,}", faces / done.wall, "rows/s")
