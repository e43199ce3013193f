"""The soak: a seeded monkey works in the browser while things go wrong at random.

    python -m tests.tui.soak --minutes 5 --seed 1 --trouble documents

What goes wrong is one of four: `faults` of the sandbox, random JSON `documents` instead of its
answers, `changes` of the libraries that are read, or a temporary `disk` of 128 KiB that fills.
After every gesture the invariants are checked (see soak_checks): nothing crashed, and where the
service tells the truth, each loaded face is its face at that position and the status line is true.
At the end nothing is left behind. It ends in time whatever happens, and a failure names its keys.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ctypes
import faulthandler
import gc
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from textual import events
from textual.keys import _character_to_key

from fs_tui.api.transport import TransportOptions
from fs_tui.faces.index import store
from tests.tui.browser import Browser, running
from tests.tui.monkey import TROUBLES, Monkey, Trouble
from tests.tui.soak_checks import Checks

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

__all__ = ["Figures", "soak"]

_COUNTS = {"clinic": 2_500, "none": 0, "board": 3, "pilot%1": 100, "even": 400, "campus": 20_000}

_HASTY = TransportOptions(
    connect_timeout=0.2,
    read_timeout=0.2,
    total_timeout=0.3,
    retry_budget=0.5,
    retry_wait=0.02,
    retry_wait_max=0.1,
)
"""A hang costs a fraction of a second, so that many of them fit into a run."""

_WHOLE_EVERY = 50
"""Gestures between two looks at every loaded face."""

_WARM_UP = 600
"""Gestures after which every page was shown, Textual's caches are full, and memory counts."""

_LATEST = 60
"""Keys that a failure names."""

_TYPING = 0.003
"""Seconds between two keys of a gesture: faster than anybody types."""

_GESTURE_SECONDS = 60
_GRACE_SECONDS = 180
_QUIET_SECONDS = 10
_KEEP_LIBRARIES = 8

_SMALL_DISK = 1 << 17
_SMALL_CACHE_KIB = 64
"""A database goes to the disk when it has outgrown its cache."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run came to.

    Attributes:
        keys: Keys that were pressed.
        calls: Requests that the sandbox received.
        faults: Requests that failed, as the browser saw them.
        checked: Faces that were compared with the service's.
        no_room: How often a library was seen that had no room on the disk.
        seconds: How long it took.
        rss_start: Resident bytes when everything was warm.
        rss_end: Resident bytes at the end, with the browser open.
    """

    keys: int
    calls: int
    faults: int
    checked: int
    no_room: int
    seconds: float
    rss_start: int
    rss_end: int

    def __str__(self) -> str:
        return (
            f"{self.keys:,} keys, {self.calls:,} calls, {self.faults:,} of them failed, "
            f"{self.checked:,} faces compared, {self.no_room:,} times no room, "
            f"{self.seconds / 60:.1f} minutes, memory "
            f"{self.rss_start / 1e6:.0f} MB when warm, {self.rss_end / 1e6:.0f} MB at the end"
        )


class _Soak:
    """One run.

    Args:
        browser: Runs.
        seed: Of the monkey.
        trouble: What goes wrong.
    """

    def __init__(self, browser: Browser, seed: int, trouble: Trouble) -> None:
        self.keys = self.gestures = self.faults = 0
        self.checks = Checks(browser, truthful=trouble in {"faults", "disk"})
        self._browser = browser
        self._seed = seed
        self._trouble = trouble
        self._latest: deque[str] = deque(maxlen=_LATEST)
        self._monkey = Monkey(seed, self._token)
        browser.app.session.gateway.listen(self._count)  # type: ignore[union-attr] # it is open

    def _count(self, event: object) -> None:
        self.faults += bool(getattr(event, "error", ""))

    def _token(self, random: Random) -> str:
        """A token of the library that is shown, or of another one."""
        group_id = random.choice([self._browser.pane.group_id, "clinic"])
        population = self._browser.service.population
        faces = self._browser.tokens(group_id) if group_id in population else []
        return faces[random.randrange(len(faces))] if faces else "0" * 32

    async def run(self, keep_on: Callable[[int], bool], warm_up: int) -> int:
        """Work until `keep_on`, given the number of gestures, says no; returns the warm RSS."""
        warm = 0
        while keep_on(self.gestures):
            self.gestures += 1
            try:
                async with asyncio.timeout(_GESTURE_SECONDS):
                    await self._one()
            except Exception as error:
                error.add_note(self._story())
                raise
            if self.gestures == warm_up:
                warm = _rss()
        return warm or _rss()

    async def _one(self) -> None:
        browser, monkey = self._browser, self._monkey
        if monkey.spoil(browser.service, self._trouble):
            self._make_room()
        if (size := monkey.size()) is not None:
            self._latest.append(f"<{size[0]}x{size[1]}>")
            await browser.pilot.resize_terminal(*size)
        keys, packet = monkey.keys()
        self._latest.extend(["<packet>", *keys, "</packet>"] if packet else keys)
        self.keys += len(keys)
        for key in keys:
            self._send(key)
            if not packet:
                await asyncio.sleep(_TYPING)
        self.checks.look()
        if pause := monkey.pause():
            await asyncio.sleep(pause)
            self.checks.look()
        if self.gestures % _WHOLE_EVERY == 0:
            await self.checks.look_at_everything()
            await self.checks.look_at_details()

    def _send(self, key: str) -> None:
        """Press a key as the terminal does: whatever is going on, and without waiting for it."""
        name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
        event = events.Key(name, key if len(key) == 1 else None)
        event.set_sender(self._browser.app)
        self._browser.app.post_message(event)

    def _make_room(self) -> None:
        """Let somebody free a library that the monkey made, so that it can make more."""
        population = self._browser.service.population
        made = [library.group_id for library in population if library.group_id[:5] == "made-"]
        if len(population) > _KEEP_LIBRARIES:
            population.forget(made[0])

    def _story(self) -> str:
        keys = " ".join(self._latest)
        return (
            f"seed {self._seed}, trouble {self._trouble}, gesture {self.gestures}, keys: {keys}\n"
            f"{self._browser.text}"
        )

    async def settle(self) -> None:
        """Stop everything with a good service, and wait until nothing is under way."""
        browser = self._browser
        browser.faults.clear()
        browser.faults.release()
        await browser.pilot.resize_terminal(120, 36)
        await browser.press(*["escape"] * 8, "x")
        await browser.until(lambda: browser.service.under_way == 0)
        self.checks.look()
        await self.checks.look_at_everything()
        await self.checks.look_at_details()


def _rss() -> int:
    """Resident bytes, without what is free and merely not given back to the system yet."""
    gc.collect()
    with contextlib.suppress(AttributeError):  # glibc alone has it
        ctypes.CDLL(None).malloc_trim(0)
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) * 1024


async def soak(
    seed: int,
    keep_on: Callable[[int], bool],
    *,
    trouble: Trouble = "faults",
    warm_up: int = _WARM_UP,
) -> Figures:
    """Let the monkey work; nothing may be left behind when the browser has ended.

    Args:
        seed: Of keys and faults.
        keep_on: Given the number of gestures, whether to go on.
        trouble: What goes wrong. A disk that fills is the business of whoever starts the process.
        warm_up: Gestures after which memory counts.
    """
    before = asyncio.all_tasks()
    began = time.monotonic()
    cache = _SMALL_CACHE_KIB if trouble == "disk" else store._CACHE_KIB
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        patch.object(store, "_CACHE_KIB", cache),
    ):
        # Words that never lag can be compared with the listing at any moment.
        async with running(_COUNTS, transport=_HASTY, words=0.0) as browser:
            browser.faults.reseed(seed)
            await browser.shows("clinic")
            run = _Soak(browser, seed, trouble)
            warm = await run.run(keep_on, warm_up)
            await run.settle()
            end = _rss()
    service, (gateway,) = browser.service, browser.app._connector.gateways  # type: ignore[attr-defined] # the tests' own connector
    assert service.under_way == 0, "requests were left behind"
    assert gateway._transport._is_closed, "connections were left open"
    # Tasks that were cancelled need a turn of the loop to end.
    deadline = time.monotonic() + _QUIET_SECONDS
    while left := asyncio.all_tasks() - before:
        assert time.monotonic() < deadline, f"tasks were left behind: {left}"
        await asyncio.sleep(0.01)
    calls = sum(service.served.values())
    seconds = time.monotonic() - began
    compared, no_room = run.checks.compared, run.checks.no_room
    return Figures(run.keys, calls, run.faults, compared, no_room, seconds, warm, end)


def _on_a_small_disk(command: list[str]) -> int:
    """Run a command whose temporary folder has room for 128 KiB; returns its exit status.

    Where no file system may be mounted, no file may grow beyond that size.
    """

    def run(*parts: str, **options: Any) -> int:  # subprocess's own options
        return subprocess.run(parts, env=env, check=False, **options).returncode  # noqa: S603 - our own commands

    def keep_files_small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (_SMALL_DISK, _SMALL_DISK))

    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {"TMPDIR": folder, "SQLITE_TMPDIR": folder}
        mount = f'mount -t tmpfs -o size={_SMALL_DISK} tmpfs "$TMPDIR"'
        apart = ("unshare", "--map-root-user", "--mount", "sh", "-c")
        with contextlib.suppress(FileNotFoundError):
            if run(*apart, mount, capture_output=True) == 0:
                return run(*apart, f'{mount} && exec "$@"', "sh", *command)
        return run(*command, preexec_fn=keep_files_small)


def _main() -> int:
    parser = argparse.ArgumentParser(description="Soak the browser.")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--gestures", type=int, default=sys.maxsize, help="fewer, if time allows")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trouble", choices=TROUBLES, default="faults")
    parser.add_argument("--on-a-small-disk", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.trouble == "disk" and not asked.on_a_small_disk:
        command = [sys.executable, "-m", "tests.tui.soak", *sys.argv[1:], "--on-a-small-disk"]
        return _on_a_small_disk(command)
    seconds = asked.minutes * 60
    # A loop that stands still hears of no timeout: then the process says where it stands and ends.
    faulthandler.dump_traceback_later(seconds + _GRACE_SECONDS, exit=True)
    end = time.monotonic() + seconds
    figures = asyncio.run(
        soak(
            asked.seed,
            lambda gestures: gestures < asked.gestures and time.monotonic() < end,
            trouble=asked.trouble,
        )
    )
    sys.stdout.write(f"seed {asked.seed}, trouble {asked.trouble}: {figures}\n")
    return 0


if __name__ == "__main__":
    sys.exit(_main())
