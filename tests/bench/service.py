"""The sandbox in a process of its own, and its door for latency and counts."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.bench.program import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

__all__ = ["Sandbox", "account", "ready", "sandbox"]


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox that listens on loopback.

    Attributes:
        env: The variables that point a client at it, FS_TUI_ENDPOINT among them.
    """

    env: dict[str, str]

    def latency(self, seconds: float) -> None:
        """Let every call take so much longer from now on."""
        self._door({"latency": seconds})

    def served(self, call: str) -> int:
        """How many calls of a name (`list`, `group_list`, …) it has received."""
        counts: dict[str, int] = self._door()["served"]
        return counts.get(call, 0)

    def change(self, name: str, **arguments: object) -> None:
        """Let another program of the account change a library (see fs_tui.sandbox.changes)."""
        self._door({"change": name, **arguments}, "changes")

    def _door(
        self,
        changes: dict[str, Any] | None = None,  # JSON
        door: str = "faults",
    ) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - a loopback address
            f"{self.env['FS_TUI_ENDPOINT']}/sandbox/{door}",
            data=None if changes is None else json.dumps(changes).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - the same
            described: dict[str, Any] = json.load(answer)
            return described


def account(env: Mapping[str, str]) -> tuple[str, str, str]:
    """Endpoint, key and secret, with which a client is made."""
    return env["FS_TUI_ENDPOINT"], env["FS_TUI_API_KEY"], env["FS_TUI_API_SECRET"]


def sandbox() -> AbstractContextManager[Sandbox]:
    """Run `fs-tui sandbox` on a free port until the block ends."""
    return _running("fs_tui", "sandbox", "--port", "0")


def ready(library: str, rows: int) -> AbstractContextManager[Sandbox]:
    """Run a service that has so many rows of a library ready; it has no door."""
    return _running("tests.bench.ready", library, str(rows))


@contextmanager
def _running(*arguments: str) -> Iterator[Sandbox]:
    with subprocess.Popen(  # noqa: S603 - the benchmark's own commands
        [sys.executable, "-m", *arguments],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(3)]
            pairs = (line.strip().removeprefix("export ").partition("=") for line in lines)
            yield Sandbox({name: value for name, _, value in pairs})
        finally:
            process.kill()
