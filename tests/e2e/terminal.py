"""A program in a real pty, read the way a terminal reads it.

    with Terminal(["fs-tui", "--demo"], columns=120, lines=36) as terminal:
        terminal.wait_for("Libraries")
        terminal.press("j", "enter")
        ...
        terminal.press("q")
        assert terminal.wait_exit() == 0
        terminal.assert_restored()

Nothing is read between the calls, as on a link that has stalled; every call that waits reads. The
program and all it started are dead when the block is left.
"""

from __future__ import annotations

import contextlib
import copy
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from unicodedata import combining

import pyte
from wcwidth import wcwidth

from tests.waiting import PATIENCE, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType

__all__ = ["KEYS", "Terminal", "running"]

KEYS = {
    "enter": b"\r",
    "tab": b"\t",
    "shift+tab": b"\x1b[Z",
    "escape": b"\x1b",
    "backspace": b"\x7f",
    "space": b" ",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "home": b"\x1b[H",
    "end": b"\x1b[F",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
    "delete": b"\x1b[3~",
    "f1": b"\x1bOP",
    **{f"ctrl+{letter}": bytes([ord(letter) & 0x1F]) for letter in "abcdefghijklmnopqrstuvwxyz"},
}
"""What a terminal sends for the keys that are not a character."""

_SESSION_STARTER = (
    # Takes the pty as the controlling terminal, so that ctrl+c, ctrl+z and hang-ups work.
    "import fcntl,os,sys,termios;"
    "fcntl.ioctl(0,termios.TIOCSCTTY,0);"
    "os.execvpe(sys.argv[1],sys.argv[1:],os.environ)"
)

_SEQUENCE = re.compile(
    rb"\x1b\[(?P<csi>[0-?]*[ -/]*[@-~])"
    rb"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    rb"|\x1b(?P<string>[PX^_])[^\x1b]*\x1b\\"
    rb"|\x1b(?P<esc>[ -/]*[0-OQ-WYZ\\`-~])"
    rb"|(?P<c1>\xc2[\x80-\x9f])"
    rb"|(?P<c0>[\x00-\x1a\x1c-\x1f\x7f])"
)
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)?$|\xc2$")
_LEFT_ON = {9, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 1049, 2004, 2026, 2048}
"""Private modes that no program may leave behind: mouse, focus, alternate screen, paste, …"""


class _Screen(pyte.Screen):
    """A pyte screen that has the alternate screen too, and survives wide characters."""

    _main: tuple[Any, Any] | None = None  # pyte's buffer and cursor

    @property
    def display(self) -> list[str]:
        """The lines; of a wide character that is half painted over, a blank is left.

        pyte's own fails there.
        """
        return ["".join(self._cells(self.buffer[line])) for line in range(self.lines)]

    def _cells(self, line: Any) -> Iterator[str]:  # pyte's line
        cells = [line[column].data for column in range(self.columns)]
        before = ""
        for cell, after in zip(cells, [*cells[1:], ""], strict=True):
            wide = bool(cell) and wcwidth(cell[0]) == 2
            if cell or not before:
                yield " " if not cell or (wide and after) else cell
            before = cell if wide else ""

    def draw(self, data: str) -> None:
        """Draw a text without the signs that have no width and no combining class.

        pyte drops what follows such a sign (a vowel sign of Devanagari, a zero-width joiner).
        """
        super().draw("".join(sign for sign in data if wcwidth(sign) or combining(sign)))

    def set_mode(self, *modes: int, **kwargs: Any) -> None:  # as in pyte
        if kwargs.get("private") and 1049 in modes and self._main is None:
            self._main = copy.deepcopy(self.buffer), copy.copy(self.cursor)
            self.erase_in_display(2)
        super().set_mode(*modes, **kwargs)

    def reset_mode(self, *modes: int, **kwargs: Any) -> None:  # as in pyte
        if kwargs.get("private") and 1049 in modes and self._main is not None:
            self.buffer, self.cursor = self._main
            self._main = None
        super().reset_mode(*modes, **kwargs)


class Terminal:
    """Runs a command in a pty and shows what a person would see.

    Args:
        command: The program and its arguments; no shell.
        columns: The width in cells.
        lines: The height in cells.
        env: Variables beside the neutral ones (a home of its own, xterm-256color, UTF-8); None
            takes one away.
        cwd: The folder that it starts in; its home when not given.

    Attributes:
        raw: Every byte that the program has written so far.
        controls: How often each kind of control came, named like `CSI m`, `CSI ?1049h`, `OSC 52`,
            `C0 0a`, `C1 9b`, `ESC 7`.
        modes: The private modes that are on, by number.
        home: The program's home folder.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        lines: int = 36,
        env: Mapping[str, str | None] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.raw = bytearray()
        self.controls: Counter[str] = Counter()
        self.modes: set[int] = {7, 25}
        self.screen = _Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self._pending = b""
        self._kitty = 0
        self._folder = tempfile.TemporaryDirectory(prefix="fs-tui-test-")
        self.home = Path(self._folder.name)
        self._master, slave = pty.openpty()
        self._set_size(columns, lines)
        self._attributes = termios.tcgetattr(slave)
        self.process = subprocess.Popen(  # noqa: S603 - the tests' own commands
            [sys.executable, "-I", "-S", "-c", _SESSION_STARTER, *command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=self._environment(env or {}),
            cwd=cwd or self.home,
            start_new_session=True,
        )
        os.close(slave)

    def _environment(self, changes: Mapping[str, str | None]) -> dict[str, str]:
        merged: dict[str, str | None] = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}",
            "HOME": str(self.home),
            "TMPDIR": str(self.home),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            **changes,
        }
        return {name: value for name, value in merged.items() if value is not None}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        members = [*_members(self.process.pid), self.process.pid]
        for pid in members:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.hang_up()
        self.process.wait()
        wait_until(lambda: not any(running(pid) for pid in members))
        self._folder.cleanup()

    @property
    def text(self) -> str:
        """The screen as it is now, without the blanks at the ends of the lines."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    @property
    def lines(self) -> list[str]:
        """The lines of the screen, blanks at their ends included."""
        return list(self.screen.display)

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and line of the cursor, from 0."""
        return self.screen.cursor.x, self.screen.cursor.y

    def find(self, text: str) -> tuple[int, int] | None:
        """Column and line (from 0) of the first place that shows the text; None if none does."""
        for line, shown in enumerate(self.lines):
            if text in shown:
                return shown.index(text), line
        return None

    def press(self, *keys: str) -> None:
        """Send keys: names as in `KEYS`, anything else as it is."""
        for key in keys:
            self.send(KEYS.get(key, key.encode()))
            if key == "escape":
                # Programs tell a lone escape from the start of a sequence by the pause after it.
                self.pump(0.15)

    def send(self, data: bytes) -> None:
        """Send bytes as the keyboard would, reading while the program takes them."""
        while data:
            self.pump(0)
            _, writable, _ = select.select([], [self._master], [], 5)
            assert writable, "the program does not read its keys"
            data = data[os.write(self._master, data[:1024]) :]

    def resize(self, columns: int, lines: int) -> None:
        """Change the size, as a person does who drags the window's corner."""
        self.screen.resize(lines, columns)
        self._set_size(columns, lines)

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def pump(self, seconds: float) -> int:
        """Read for as long, and say how many bytes came."""
        ends = time.monotonic() + seconds
        before = len(self.raw)
        while self._read(max(0.0, ends - time.monotonic())):
            if seconds and time.monotonic() >= ends:
                break
        return len(self.raw) - before

    def _read(self, timeout: float) -> bool:
        """Read what is there; False when nothing came in time, or nothing will come any more."""
        if self._master < 0 or not select.select([self._master], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # EIO: the last program on the other side is gone
            data = b""
        if not data:
            # Readable for ever from now on: waiting must not become a busy loop.
            time.sleep(min(timeout, 0.01))
            return False
        self.raw += data
        self._show(self._pending + data)
        return True

    def _show(self, data: bytes) -> None:
        unfinished = _UNFINISHED.search(data)
        cut = unfinished.start() if unfinished else len(data)
        data, self._pending = data[:cut], data[cut:]
        shown = bytearray()
        place = 0
        for sequence in _SEQUENCE.finditer(data):
            shown += data[place : sequence.start()]
            place = sequence.end()
            if self._note(sequence):
                shown += sequence[0]
        self._stream.feed(bytes(shown + data[place:]))

    def _note(self, sequence: re.Match[bytes]) -> bool:
        """Count a control; False for one that pyte would take for text."""
        kind = str(sequence.lastgroup)
        value = sequence[kind].decode("latin-1")
        match kind:
            case "csi" if value.startswith("?") and value[-1] in "hl":
                for mode in value[1:-1].split(";"):
                    self.controls[f"CSI ?{mode}{value[-1]}"] += 1
                    (self.modes.add if value[-1] == "h" else self.modes.discard)(int(mode))
                return True
            case "csi":
                self.controls[f"CSI {value.lstrip('0123456789;:')}"] += 1
                self._kitty += {">": 1, "<": -1}.get(value[0], 0) if value.endswith("u") else 0
                return value[0] not in "<>=" and "$" not in value
            case "osc":
                self.controls[f"OSC {value.partition(';')[0]}"] += 1
                return False
            case "c0" | "c1":
                self.controls[f"{kind.upper()} {sequence[0][-1]:02x}"] += 1
                return kind == "c0"
            case _:
                self.controls[f"{kind.upper()} {value}"] += 1
                return kind == "esc"

    def wait_for(self, wanted: str | Callable[[], object], *, timeout: float = PATIENCE) -> None:
        """Read until the screen shows a text, or until a condition of the caller's holds."""
        __tracebackhide__ = True
        holds = (lambda: wanted in self.text) if isinstance(wanted, str) else wanted
        ends = time.monotonic() + timeout
        while not holds():
            ended = self.process.poll() is not None
            read = self._read(0.05)
            late = time.monotonic() > ends
            if (late or (ended and not read)) and not holds():
                what = repr(wanted) if isinstance(wanted, str) else "the condition"
                why = f"not in {timeout} s" if late else "the program has ended"
                raise AssertionError(f"{what} did not come, {why}; shown:\n{self.text}")

    def wait_gone(self, text: str, *, timeout: float = PATIENCE) -> None:
        """Read until the screen shows a text no longer."""
        __tracebackhide__ = True
        self.wait_for(lambda: text not in self.text, timeout=timeout)

    def wait_quiet(self, seconds: float = 0.3, *, timeout: float = PATIENCE) -> None:
        """Read until nothing has come for as long: the program has said all it has to say."""
        ends = time.monotonic() + timeout
        while self.pump(seconds):
            assert time.monotonic() < ends, f"never quiet in {timeout} s; shown:\n{self.text}"

    def wait_exit(self, *, timeout: float = PATIENCE) -> int:
        """Read until the program has ended; its exit status, negative for a signal."""
        __tracebackhide__ = True
        self.wait_for(lambda: self.process.poll() is not None, timeout=timeout)
        self.pump(0)
        return int(self.process.returncode)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        os.kill(self.process.pid, number)

    def hang_up(self) -> None:
        """Take the terminal away, as a lost connection does."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def assert_restored(self) -> None:
        """Check that the next program finds the terminal as this one found it."""
        assert not self.modes & _LEFT_ON, f"left on: {sorted(self.modes & _LEFT_ON)}"
        assert self.modes >= {7, 25}, "line wrap or the cursor was left off"
        assert self._kitty <= 0, "the keyboard protocol was left on"
        assert termios.tcgetattr(self._master) == self._attributes, "the line discipline differs"


def _members(session: int) -> list[int]:
    """The processes of a session: a shell's jobs are in process groups of their own."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            found.append(int(entry.parent.name))
    return found


def running(pid: int) -> bool:
    """Say whether a process is there and not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
