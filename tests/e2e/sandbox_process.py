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

    Attributes:
        env: The variables that point a client at it, as it printed them itself.
    """

    def __init__(self) -> None:
        self.env: dict[str, str] = {}
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
        self._door(changes)

    def served(self, call: str) -> int:
        """How many calls of a name it has received since it was started."""
        return int(self._door()["served"].get(call, 0))

    def _started(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "fs_tui", "sandbox", "--port", str(self._port)],
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

    def _door(self, changes: dict[str, Any] | None = None) -> dict[str, Any]:  # JSON
        request = urllib.request.Request(  # noqa: S310 - a loopback address
            f"{self.env['FS_TUI_ENDPOINT']}/sandbox/faults",
            data=None if changes is None else json.dumps(changes).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - the same
            described: dict[str, Any] = json.load(answer)
            return described
