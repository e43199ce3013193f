"""Runs `fs-tui` as a process of its own against a sandbox on a real socket."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET
from tests.e2e.terminal import Terminal
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fs_tui.sandbox.faults import Faults
    from fs_tui.sandbox.serve import Running

__all__ = ["PROGRAM", "Commands", "Ran", "ended"]

PROGRAM = (sys.executable, "-m", "fs_tui")

_CONFIG = """\
retry_budget = 0
read_timeout = 2
"""
"""One try each: how often it tries again is tested in the transport's own tests."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run left behind.

    Attributes:
        status: The exit status.
        out: Standard output.
        err: Standard error.
    """

    status: int
    out: str
    err: str


def ended(
    command: Sequence[str],
    env: Mapping[str, str],
    *,
    folder: Path | None = None,
    stdin: str = "",
) -> Ran:
    """Run a command to its end, with exactly these variables."""
    done = subprocess.run(  # noqa: S603 - our own program
        command,
        input=stdin,
        capture_output=True,
        text=True,
        cwd=folder,
        env=env,
        timeout=100,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


class Commands:
    """The command line with its environment.

    Args:
        sandbox: What it talks to.
        folder: An empty folder: its home, and where it starts.
    """

    def __init__(self, sandbox: Running, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        config = folder / "config.toml"
        config.write_text(_CONFIG)
        self.env = {
            **os.environ,
            "HOME": str(folder),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "FS_TUI_CONFIG": str(config),
            "FS_TUI_ENDPOINT": sandbox.url,
            "FS_TUI_API_KEY": DEMO_API_KEY,
            "FS_TUI_API_SECRET": DEMO_API_SECRET,
        }

    @property
    def faults(self) -> Faults:
        """How the sandbox misbehaves."""
        return self.sandbox.faults

    def be_patient(self) -> None:
        """Wait for answers as long as a test takes, from now on."""
        (self.folder / "config.toml").write_text(f"read_timeout = {PATIENCE}\n")

    def run(self, *args: str, env: Mapping[str, str] | None = None, stdin: str = "") -> Ran:
        """Run one command line to its end."""
        return self._ended([*PROGRAM, *args], env, stdin)

    def shell(self, line: str, env: Mapping[str, str] | None = None) -> Ran:
        """Run one line of bash to its end, with `fs-tui` on its path."""
        return self._ended(["bash", "-o", "pipefail", "-c", line], env, "")

    def start(self, *args: str) -> subprocess.Popen[str]:
        """Start one command line in a process group of its own."""
        return subprocess.Popen(  # noqa: S603 - our own program
            [*PROGRAM, *args],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env=self.env,
            start_new_session=True,
        )

    def terminal(
        self,
        *args: str,
        columns: int = 120,
        lines: int = 36,
        env: Mapping[str, str] | None = None,
    ) -> Terminal:
        """Start one command line in a pty."""
        own = {name: value for name, value in self.env.items() if name.startswith("FS_TUI_")}
        command = [*PROGRAM, *args]
        return Terminal(
            command, columns=columns, lines=lines, env={**own, **(env or {})}, cwd=self.folder
        )

    def terminal_shell(self, line: str) -> Terminal:
        """Start one line of bash in a pty, with `fs-tui` on its path: what a person types."""
        own = {name: value for name, value in self.env.items() if name.startswith("FS_TUI_")}
        return Terminal(["bash", "-o", "pipefail", "-c", line], env=own, cwd=self.folder)

    def _ended(self, command: list[str], env: Mapping[str, str] | None, stdin: str) -> Ran:
        return ended(command, {**self.env, **(env or {})}, folder=self.folder, stdin=stdin)
