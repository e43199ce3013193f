"""The sandbox as a program of its own, which can be killed and started again on its port."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING, Any, Self

from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["SandboxProcess"]


class SandboxProcess:
    """`fs-tui sandbox` in a process of its own until the block ends.

    Args:
        account: See `fs_tui.sandbox.service.build_app`.

    Attributes:
        env: The variables that point a client at it, as it printed them itself.
    """

    def __init__(self, account: int = 0) -> None:
        self.env: dict[str, str] = {}
        self._account = account
        self._port = 0
        self._process = self._started()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def kill(self) -> None:
        """End it at once, as a power failure does; its connections are reset."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def start_again(self) -> None:
        """Start a new one on the same port; it has the same libraries, and no faults."""
        self._process = self._started()

    def misbehave(self, **changes: Any) -> None:  # values of JSON
        """Change its faults from now on; see `fs_tui.sandbox.faults.Faults`."""
        self._ask("faults", changes)

    def change(self, change: str, library: str, **arguments: Any) -> int:  # values of JSON
        """Change a library as `fs_tui.sandbox.changes` says; returns how many faces it has now."""
        changed = self._ask("changes", {"change": change, "library": library, **arguments})
        return int(changed["libraries"].get(library, 0))

    def served(self, call: str) -> int:
        """How many calls of a name it has received since it was started."""
        return int(self._ask("faults")["served"].get(call, 0))

    def _started(self) -> subprocess.Popen[str]:
        options = ["--port", str(self._port), "--account", str(self._account)]
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "fs_tui", "sandbox", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        for _ in range(3):
            name, _, value = process.stdout.readline().strip().partition("=")
            self.env[name.removeprefix("export ")] = value
        self._port = int(self.env["FS_TUI_ENDPOINT"].rpartition(":")[2])
        return process

    def _ask(self, path: str, changes: dict[str, Any] | None = None) -> dict[str, Any]:  # JSON
        request = urllib.request.Request(  # noqa: S310 - a loopback address
            f"{self.env['FS_TUI_ENDPOINT']}/sandbox/{path}",
            data=None if changes is None else json.dumps(changes).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - the same
            described: dict[str, Any] = json.load(answer)
            return described
