"""The browser itself in a pty, with the largest library loaded from a sandbox beside it."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from fs_tui.sandbox.population import Population
from tests.bench.figures import Figure, Target
from tests.bench.program import Program, first_token
from tests.bench.rows.keys import compare, cost, datatable
from tests.bench.service import sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.plan import Plan

__all__ = ["measure"]

_NEEDLE = "badge returned"
_SCAN_SECONDS = 400
_IDLE_SECONDS = 5
_ORDER_BY_USER_DOWN = ("down", "down", "down", "enter")
"""From the order that holds, position upwards, to the fourth entry of the menu."""


class Probed(Program):
    """The browser with a heartbeat in its event loop."""

    def __init__(self, env: dict[str, str], library: str, stalls: Path) -> None:
        self._stalls = stalls
        # A large library has the browser ask whether to keep it; nothing is to be asked here.
        config = stalls.with_name("config.toml")
        config.write_text("[profiles.default]\nkeep = false\n")
        command = ["python", "-m", "tests.bench.probe", str(stalls), "--library", library]
        super().__init__(command, {**env, "FS_TUI_CONFIG": str(config)})

    def stall(self) -> float:
        """The longest stall since this was asked last, in milliseconds."""
        self._stalls.unlink(missing_ok=True)
        os.kill(self.pid, signal.SIGUSR1)
        deadline = time.perf_counter() + 10
        while not self._stalls.exists() and time.perf_counter() < deadline:
            self.listen(0.01)
        return float(self._stalls.read_text()) * 1000


def _first_hit(library: str) -> tuple[str, int]:
    """The start of the first hit's token, and how many hits there are."""
    faces = Population()[library]
    hits = 0
    first = ""
    for start in range(1, len(faces) + 1, 10_000):
        for token, _, data, *_ in faces.rows(start, 10_000):
            if _NEEDLE in data:
                first = first or token[:8]
                hits += 1
    return first, hits


def measure(plan: Plan) -> Iterator[Figure]:
    """Scan, then move, filter and order; all in one run of the program."""
    library = plan.library
    with (
        tempfile.TemporaryDirectory() as folder,
        sandbox() as service,
        Probed(service.env, library, Path(folder, "stall")) as browser,
    ):
        browser.wait(first_token(library))
        browser.settle(1.0)
        browser.settle(1.0)
        yield from _scan(browser, library)
        times = 5 if plan.quick else 15
        move, page = cost(browser, "down", times), cost(browser, "pagedown", times)
        yield from compare("browser, all loaded", (move, page), datatable(times), limits=True)
        browser.settle(2.0)
        idle = browser.listen(_IDLE_SECONDS) / _IDLE_SECONDS
        yield Figure("browser, idle", idle, "B/s", target=Target("at most", 0, "value"))
        yield from _filter(browser, library)
        yield from _order(browser)


def _scan(browser: Probed, library: str) -> Iterator[Figure]:
    total = len(Population()[library])
    before, written = browser.rss(), len(browser.output)
    browser.press("a")
    browser.wait("Load the whole library?", after=written)
    browser.stall()
    began = time.perf_counter()
    browser.press("y")
    browser.wait(f"all {total:,} faces loaded", after=written, seconds=_SCAN_SECONDS)
    seconds = time.perf_counter() - began
    yield Figure("browser, scan", total / seconds, "rows/s")
    per_second = (len(browser.output) - written) / seconds
    yield Figure("browser, written while it scans", per_second, "B/s")
    yield _stall(browser, "scanning")
    browser.settle(1.0)
    after, least = browser.rss() / 1e6, before / 1e6
    most = Target("at most", 120, "excess")
    yield Figure("browser, memory with all loaded", after, "MB", least, "right after start", most)


def _filter(browser: Probed, library: str) -> Iterator[Figure]:
    token, hits = _first_hit(library)
    browser.press("/")
    browser.settle()
    browser.stall()
    written = len(browser.output)
    began = time.perf_counter()
    browser.send(f'"{_NEEDLE}"')
    browser.wait(token, after=written)
    first = time.perf_counter() - began
    browser.wait(f"{hits:,} hits in all", after=written)
    total = time.perf_counter() - began
    most = Target("at most", 150, "value")
    yield Figure("browser, filter: first hits on screen", first * 1e3, "ms", target=most)
    yield Figure("browser, filter: all hits", total * 1e3, "ms")
    yield _stall(browser, "filtering")
    browser.press("escape")
    browser.settle()


def _order(browser: Probed) -> Iterator[Figure]:
    browser.press("s")
    browser.settle()
    for key in _ORDER_BY_USER_DOWN[:-1]:
        browser.press(key)
    browser.stall()
    written = len(browser.output)
    began = time.perf_counter()
    browser.send(_ORDER_BY_USER_DOWN[-1])
    browser.wait("▼", after=written)
    yield Figure("browser, order by user id", (time.perf_counter() - began) * 1e3, "ms")
    yield _stall(browser, "ordering")


def _stall(browser: Probed, doing: str) -> Figure:
    most = Target("at most", 50, "value")
    return Figure(f"browser, longest stall, {doing}", browser.stall(), "ms", target=most)
