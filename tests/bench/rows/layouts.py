"""What a key costs in the browser's other layouts with all of a library loaded, and idling."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fs_tui.sandbox.population import CAMPUS, Population
from tests.bench.figures import Figure, Target
from tests.bench.program import Program
from tests.bench.rows.keys import compare, cost, datatable
from tests.bench.service import sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.plan import Plan
    from tests.bench.service import Sandbox

__all__ = ["measure"]

_IDLE_SECONDS = 3


class Layout(NamedTuple):
    """How the panes share the screen.

    Attributes:
        name: What it is called in the table.
        size: Columns and lines.
        keys: What makes it so, from the faces on.
        reference: What the reference has of the panes.
    """

    name: str
    size: tuple[int, int]
    keys: tuple[str, ...] = ()
    reference: tuple[str, ...] = ()


_TABLE = ("no-sidebar", "no-details")
_OVER_DETAILS = ("no-sidebar", "below")

LAYOUTS = (
    Layout("40x10", (40, 10), reference=_TABLE),
    Layout("60x16", (60, 16), reference=_OVER_DETAILS),
    Layout("80x24, libraries in a drawer", (80, 24), reference=_OVER_DETAILS),
    Layout("100x30", (100, 30), reference=("below",)),
    Layout("120x36, details off", (120, 36), ("d", "d"), reference=("no-details",)),
    Layout("120x36, details beside", (120, 36), ("d",)),
    Layout("120x36, zoomed", (120, 36), ("z",), reference=_TABLE),
    Layout("160x45, details beside", (160, 45)),
    Layout("200x50, details below", (200, 50), ("d", "d"), reference=("below",)),
)


def measure(plan: Plan) -> Iterator[Figure]:
    """Move and page in each layout, and then listen."""
    with tempfile.TemporaryDirectory() as folder, sandbox() as service:
        config = Path(folder, "config.toml")
        config.write_text("[profiles.default]\nkeep = false\n")
        for layout in LAYOUTS[2::3] if plan.quick else LAYOUTS:
            yield from _layout(layout, service, config, 5 if plan.quick else 15)


def _layout(layout: Layout, service: Sandbox, config: Path, times: int) -> Iterator[Figure]:
    command = ["python", "-m", "fs_tui", "--library", CAMPUS]
    env = {**service.env, "FS_TUI_CONFIG": str(config)}
    with Program(command, env, size=layout.size) as browser:
        total = len(Population()[CAMPUS])
        browser.wait(Population()[CAMPUS].rows(1, 1)[0][1][:9])
        browser.settle(1.0)
        browser.press("a")
        browser.wait("Load the whole library?")
        browser.press("y")
        browser.wait(f"{total:,}", seconds=60)
        browser.settle(1.0)
        for key in layout.keys:
            browser.press(key)
        move, page = cost(browser, "down", times), cost(browser, "pagedown", times)
        reference = datatable(times, *layout.reference, size=layout.size)
        yield from compare(layout.name, (move, page), reference, limits=True)
        browser.settle(2.0)
        idle = browser.listen(_IDLE_SECONDS) / _IDLE_SECONDS
        yield Figure(f"idle, {layout.name}", idle, "B/s", target=Target("at most", 0, "value"))
