"""The soak: a seeded monkey works in the browser while the sandbox misbehaves at random.

    python -m tests.tui.soak --minutes 5 --seed 1

After every gesture the invariants are checked: nothing crashed, each loaded face is the service's
face at its position, the status line is true. At the end nothing is left behind.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ctypes
import gc
import re
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events
from textual.keys import _character_to_key

from fs_tui.api.transport import TransportOptions
from fs_tui.faces.filter_language import parse
from fs_tui.faces.scopes import Scope
from fs_tui.models import Face
from tests.tui.browser import Browser, running
from tests.tui.monkey import Monkey

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.status import LoadedFace

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

_WHOLE_EVERY = 150
"""Gestures between two looks at every loaded face."""

_WARM_UP = 600
"""Gestures after which every page was shown, Textual's caches are full, and memory counts."""

_LATEST = 60
"""Keys that a failure names."""

_TYPING = 0.003
"""Seconds between two keys of a gesture: faster than anybody types."""

_QUIET_SECONDS = 10
_KEEP_LIBRARIES = 8


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run came to.

    Attributes:
        keys: Keys that were pressed.
        calls: Requests that the sandbox received.
        faults: Requests that failed, as the browser saw them.
        checked: Faces that were compared with the service's.
        seconds: How long it took.
        rss_start: Resident bytes when everything was warm.
        rss_end: Resident bytes at the end, with the browser open.
    """

    keys: int
    calls: int
    faults: int
    checked: int
    seconds: float
    rss_start: int
    rss_end: int

    def __str__(self) -> str:
        return (
            f"{self.keys:,} keys, {self.calls:,} calls, {self.faults:,} of them failed, "
            f"{self.checked:,} faces compared, {self.seconds / 60:.1f} minutes, memory "
            f"{self.rss_start / 1e6:.0f} MB when warm, {self.rss_end / 1e6:.0f} MB at the end"
        )


class _Soak:
    """One run.

    Args:
        browser: Runs.
        seed: Of the monkey.
    """

    def __init__(self, browser: Browser, seed: int) -> None:
        self.keys = self.checked = self.gestures = self.faults = 0
        self._browser = browser
        self._seed = seed
        self._latest: deque[str] = deque(maxlen=_LATEST)
        self._monkey = Monkey(seed, self._token)
        browser.app.session.gateway.listen(self._count)  # type: ignore[union-attr] # it is open

    def _count(self, event: object) -> None:
        self.faults += bool(getattr(event, "error", ""))

    def _token(self, random: Random) -> str:
        """A token of the library that is shown, or of another one."""
        group_id = random.choice([self._browser.pane.group_id, "clinic"])
        faces = self._faces(group_id)
        return faces[random.randrange(len(faces))] if faces else "0" * 32

    def _faces(self, group_id: str) -> list[str]:
        population = self._browser.service.population
        return self._browser.tokens(group_id) if group_id in population else []

    async def run(self, keep_on: Callable[[int], bool], warm_up: int) -> int:
        """Work until `keep_on`, given the number of gestures, says no; returns the warm RSS."""
        warm = 0
        while keep_on(self.gestures):
            self.gestures += 1
            try:
                await self._one()
            except Exception as error:
                error.add_note(self._story())
                raise
            if self.gestures == warm_up:
                warm = _rss()
        return warm or _rss()

    async def _one(self) -> None:
        browser, monkey = self._browser, self._monkey
        if monkey.spoil(browser.faults):
            self._make_room()
        if (size := monkey.size()) is not None:
            self._latest.append(f"<{size[0]}x{size[1]}>")
            await browser.pilot.resize_terminal(*size)
        gesture = monkey.gesture()
        self._latest.extend(gesture)
        self.keys += len(gesture)
        for key in gesture:
            self._send(key)
            await asyncio.sleep(_TYPING)
        self._look()
        if pause := monkey.pause():
            await asyncio.sleep(pause)
            self._look()
        if self.gestures % _WHOLE_EVERY == 0:
            await self.look_at_everything()

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
        return f"seed {self._seed}, gesture {self.gestures}, keys: {keys}\n{self._browser.text}"

    # --- invariants ---------------------------------------------------------------------------

    def _look(self) -> None:
        """What has to hold at every moment."""
        browser = self._browser
        assert browser.app.crash is None, f"crashed: {browser.app.crash!r}"
        assert browser.app.return_code is None, "it has ended"
        listing = browser.pane.listing
        if listing is None or listing.group_id not in browser.service.population:
            return
        self._look_at_status(listing)
        self._look_at_sentence(listing)
        self._look_at_rows(listing)

    def _look_at_status(self, listing: FaceListing) -> None:
        status, real = listing.status, len(self._browser.service.population[listing.group_id])
        assert status.total in {None, real}, f"a total of {status.total} is no truth: {real}"
        assert not status.complete or status.loaded == real, f"{status.loaded} is not complete"
        assert status.highest <= real, "a position that does not exist"
        assert not status.changed, f"nothing changed, yet: {status.changed}"
        assert status.marked <= status.loaded

    def _look_at_sentence(self, listing: FaceListing) -> None:
        """The status line may be 50 ms old; what it claims to be whole must be so all the same."""
        real = len(self._browser.service.population[listing.group_id])
        for claim in (r"all ([\d,]+) faces? loaded", r"[\d,]+ of ([\d,]+) faces loaded"):
            if found := re.search(claim, self._browser.truth):
                assert _number(found[1]) == real, self._browser.truth
        if not listing._notifier.pending:
            said = re.search(r"([\d,]+) (?:of [\d,]+ )?faces? loaded", self._browser.truth)
            loaded = _number(said[1]) if said else 0
            assert loaded == listing.status.loaded, self._browser.truth

    def _look_at_rows(self, listing: FaceListing) -> None:
        """The rows round the cursor."""
        table = self._browser.table
        rows = listing.row_count()
        if not listing._notifier.pending and rows:
            assert 0 <= table.cursor_row < rows, f"cursor on {table.cursor_row} of {rows}"
        first = max(0, min(table.cursor_row, rows) - 20)
        faces = self._browser.service.population[listing.group_id]
        view = listing.status.view
        query = parse(view.filter_text)
        seen = [row for row in listing.rows(first, min(rows, first + 40)) if row is not None]
        for row in seen:
            assert row.face == Face(*faces.rows(row.position, 1)[0])
            assert query is None or query.matches(row.face), view
        if not view.working:
            keys = [_order_key(row, view.order.field) for row in seen]
            assert keys == sorted(keys, reverse=view.order.descending), view
        self.checked += len(seen)

    async def look_at_everything(self) -> None:
        """Compare every face that is loaded, of every library."""
        for listing in list(self._browser.pane._listings.values()):
            if listing.group_id not in self._browser.service.population:
                continue
            real = self._faces(listing.group_id)
            async for chunk in listing.chunks(Scope.ALL):
                for row in chunk:
                    assert real[row.position - 1] == row.face.face_token, row.position
                self.checked += len(chunk)
            self._look_at_view(listing)
            store = listing._now.loaded.store
            (held,) = store._database.execute("SELECT count(*) FROM faces").fetchone()
            assert held == store.stored.count == listing.status.loaded

    def _look_at_view(self, listing: FaceListing) -> None:
        """A filter that says that it has looked at everything has found everything."""
        view, faces = listing.status.view, self._browser.service.population[listing.group_id]
        assert not view.whole or listing.status.complete
        query = parse(view.filter_text)
        if view.whole and not view.working and query is not None:
            hits = sum(query.matches(Face(*row)) for row in faces.rows(1, len(faces)))
            assert view.rows == hits, view

    async def settle(self) -> None:
        """Stop everything with a good service, and wait until nothing is under way."""
        browser = self._browser
        browser.faults.clear()
        browser.faults.release()
        await browser.pilot.resize_terminal(120, 36)
        await browser.press(*["escape"] * 8, "x")
        await browser.until(lambda: browser.service.under_way == 0)
        self._look()
        await self.look_at_everything()


def _order_key(row: LoadedFace, field: str) -> tuple[object, int]:
    keys = {"user_id": row.face.user_id, "add_time": row.face.added_ms}
    return keys.get(field, 0), row.position


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _rss() -> int:
    """Resident bytes, without what is free and merely not given back to the system yet."""
    gc.collect()
    with contextlib.suppress(AttributeError):  # glibc alone has it
        ctypes.CDLL(None).malloc_trim(0)
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) * 1024


async def soak(seed: int, keep_on: Callable[[int], bool], *, warm_up: int = _WARM_UP) -> Figures:
    """Let the monkey work; nothing may be left behind when the browser has ended.

    Args:
        seed: Of keys and faults.
        keep_on: Given the number of gestures, whether to go on.
        warm_up: Gestures after which memory counts.
    """
    before = asyncio.all_tasks()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        # Words that never lag can be compared with the listing at any moment.
        async with running(_COUNTS, transport=_HASTY, words=0.0) as browser:
            browser.faults.reseed(seed)
            await browser.shows("clinic")
            run = _Soak(browser, seed)
            warm = await run.run(keep_on, warm_up)
            await run.settle()
            end = _rss()
    service, (gateway,) = browser.service, browser.app._connector.gateways  # type: ignore[attr-defined] # the tests' own connector
    assert service.under_way == 0, "requests were left behind"
    assert gateway._transport._client.is_closed, "connections were left open"
    # Tasks that were cancelled need a turn of the loop to end.
    deadline = time.monotonic() + _QUIET_SECONDS
    while left := asyncio.all_tasks() - before:
        assert time.monotonic() < deadline, f"tasks were left behind: {left}"
        await asyncio.sleep(0.01)
    calls = sum(service.served.values())
    seconds = time.monotonic() - began
    return Figures(run.keys, calls, run.faults, run.checked, seconds, warm, end)


def _main() -> None:
    parser = argparse.ArgumentParser(description="Soak the browser.")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    end = time.monotonic() + asked.minutes * 60
    figures = asyncio.run(soak(asked.seed, lambda _: time.monotonic() < end))
    sys.stdout.write(f"seed {asked.seed}: {figures}\n")


if __name__ == "__main__":
    _main()
