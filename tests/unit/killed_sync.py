"""`python -m tests.unit.killed_sync FOLDER`: changes a library and looks at it, until it is killed.

Prints the number of each step before it; what a step does depends on its number alone.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from fs_tui.faces.index.keeper import Keeper
from fs_tui.faces.kept_rows import Change, Marks
from fs_tui.faces.outcome import State
from fs_tui.faces.sync import sync
from tests.unit.sync_history import Event, History

__all__ = ["begin", "keeper", "step"]

_GROUP = "lib-canary"


def begin() -> History:
    """The library before the first step."""
    history = History(3_000, 1)
    history.service.cap = 100
    return history


def step(history: History, number: int) -> None:
    """What other programs do before a look."""
    for part in range(3):
        history.apply(Event("delete", (number * 37 + part * 61) % 100 / 100))
    history.apply(Event("add", many=3 + number % 5 * 70))


def keeper(folder: Path) -> Keeper:
    """Where it is kept."""
    return Keeper(folder, bytes(range(32)), "a file", "https://fs.example", "account-key")


async def main(folder: Path) -> None:
    """Look for ever."""
    history = begin()
    kept = keeper(folder).open(_GROUP)
    await kept.apply(Change(added=history.service.listed, marks=Marks(complete=True)))
    for number in range(10_000):
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        step(history, number)
        history.begin_look({}, set())
        found = await sync(history.service, "lib", kept)
        assert found.state is State.PROVEN, found


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
