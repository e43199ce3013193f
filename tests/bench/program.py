"""A program in a pty whose output is timed, byte by byte, and not interpreted."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import tempfile
import termios
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from fs_tui.sandbox.population import Population

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

__all__ = ["PROJECT", "SIZE", "Program", "Reaction", "first_token", "neutral"]

SIZE = (120, 36)
"""Columns and lines of a terminal."""

_KEYS = {
    "down": b"\x1b[B",
    "up": b"\x1b[A",
    "pagedown": b"\x1b[6~",
    "enter": b"\r",
    "escape": b"\x1b",
    "tab": b"\t",
}

PROJECT = Path(__file__).parents[2]
"""The folder that holds `fs_tui` and `tests`."""

_QUIET = 0.08
"""Seconds without a byte after which a program has said what it had to say."""
_PATIENCE = 5.0
"""Seconds that a program may take for the first byte of an answer to a key."""


def first_token(library: str) -> str:
    """As much of the token of a library's first face as every width shows."""
    return Population()[library].rows(1, 1)[0][0][:8]


def neutral(home: str) -> dict[str, str]:
    """Variables of a program that finds nothing of its user's: no settings, no kept indexes."""
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": home,
        "TMPDIR": home,
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(PROJECT),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a program wrote because of a key.

    Attributes:
        bytes: How many bytes.
        seconds: From the key to the last of them.
    """

    bytes: int
    seconds: float


class Program:
    """Runs a command in a pty, truecolor, in a home folder of its own.

    Args:
        command: The program and its arguments; `python` stands for this interpreter.
        env: Variables beside the neutral ones.
        size: Columns and lines of the pty.

    Attributes:
        pid: Its process id.
    """

    def __init__(
        self,
        command: Sequence[str],
        env: Mapping[str, str] | None = None,
        *,
        size: tuple[int, int] = SIZE,
    ) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="fs-tui-bench-")
        argv = [sys.executable if word == "python" else word for word in command]
        environment = {
            **neutral(self._home.name),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            **(env or {}),
        }
        self.output = bytearray()
        self._started = time.perf_counter()
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], argv, environment)  # noqa: S606 - the benchmark's own commands
        columns, lines = size
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.close(self._master)
        os.waitpid(self.pid, 0)
        self._home.cleanup()

    def wait(self, text: str, *, after: int = 0, seconds: float = 60.0) -> float:
        """Read until `text` is in the output; returns the seconds since the program was started.

        Args:
            text: Must be written in one run of one style.
            after: The place in the output from which on it counts.
            seconds: How long it may take.

        Raises:
            TimeoutError: It did not come; the message ends with what came last.
        """
        wanted = text.encode()
        deadline = time.perf_counter() + seconds
        while wanted not in self.output[max(0, after) :]:
            if not self._read(deadline - time.perf_counter()):
                tail = bytes(self.output[-2000:])
                raise TimeoutError(f"no {text!r} in {seconds} s; at last: {tail!r}")
        return time.perf_counter() - self._started

    def send(self, key: str) -> None:
        """Send a key (its name in _KEYS, or characters)."""
        os.write(self._master, _KEYS.get(key, key.encode()))

    def press(self, key: str, *, quiet: float = _QUIET) -> Reaction:
        """Send a key and read until the program is quiet."""
        before = len(self.output)
        pressed = last = time.perf_counter()
        self.send(key)
        wait = _PATIENCE
        while self._read(wait):
            last = time.perf_counter()
            wait = quiet
        return Reaction(len(self.output) - before, last - pressed)

    def settle(self, quiet: float = 0.5, *, seconds: float = 20.0) -> int:
        """Read until nothing has come for `quiet` seconds; returns how many bytes came."""
        before = len(self.output)
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline and self._read(quiet):
            pass
        return len(self.output) - before

    def listen(self, seconds: float) -> int:
        """Read for that long; returns how many bytes came."""
        before = len(self.output)
        deadline = time.perf_counter() + seconds
        while (left := deadline - time.perf_counter()) > 0:
            self._read(left)
        return len(self.output) - before

    def rss(self) -> int:
        """Resident memory in bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024

    def _read(self, seconds: float) -> bool:
        """Read once, waiting at most so long; False when nothing came, or it has ended."""
        ready, _, _ = select.select([self._master], [], [], max(0.0, seconds))
        if not ready:
            return False
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:  # Linux says so when the other side is closed
            return False
        self.output += data
        return bool(data)
