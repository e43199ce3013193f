"""The key of kept indexes in a keyring: its import and its answer, apart from the first rows.

Each is measured in a process of its own: `python -m tests.bench.rows.keyring`.
"""

from __future__ import annotations

import importlib
import json
import shutil
import sys
import time
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.figures import Figure
from tests.bench.process import report
from tests.e2e.secret_service import keyring, session_bus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.plan import Plan

__all__ = ["measure"]

_HERE = "tests.bench.rows.keyring"
_PROGRAMS = ("dbus-daemon", "gnome-keyring-daemon")


def _times() -> dict[str, float]:
    """Seconds until the keyring's library is there, and then until the key is."""
    from fs_tui.credentials.index_key import find
    from fs_tui.credentials.keychain import Keychain

    began = time.perf_counter()
    for name in ("vault", "secret_service"):
        importlib.import_module(f"fs_tui.credentials.{name}")
    imported = time.perf_counter()
    find(Keychain("https://api.example", "default"))
    return {"import": imported - began, "answer": time.perf_counter() - imported}


def measure(plan: Plan) -> Iterator[Figure]:
    """What comes to the first rows of a kept library where no file holds its key."""
    if not all(map(shutil.which, _PROGRAMS)):
        return
    with session_bus() as bus, keyring(bus):
        report(_HERE, env=bus.environ)  # makes the key
        tries = [report(_HERE, env=bus.environ) for _ in range(3 if plan.quick else 9)]
    for name in ("import", "answer"):
        yield Figure(f"keyring: {name}", median(times[name] for times in tries) * 1e3, "ms")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_times()))
