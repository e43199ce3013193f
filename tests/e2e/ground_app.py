"""A small app on the browser's ground: `python -m tests.e2e.ground_app [ignore-hup]`.

It is what the tests of the terminal run where the browser's own content does not matter.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Static

from fs_tui.cli.ending import ended
from fs_tui.tui.terminal.policy import TerminalPolicy
from fs_tui.tui.terminal.terminal_app import TerminalApp, run_browser

if TYPE_CHECKING:
    from textual.binding import BindingType

CANARY = "canary-in-a-local-variable"


class GroundApp(TerminalApp):
    """Counts on the screen, and fails or hangs by key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("q", "quit", "Quit"),
        ("h", "crash_in_handler", "Crash in a handler"),
        ("w", "crash_in_worker", "Crash in a worker"),
        ("t", "crash_in_thread", "Crash in a thread worker"),
        ("d", "crash_in_daemon", "Crash in a thread"),
        ("b", "block", "Hold the event loop"),
        ("s", "stubborn", "Leave a worker behind that does not end"),
        ("m", "mouse", "Mouse on or off"),
        ("a", "animate", "Paint and count"),
    ]
    painted = 0
    longest_gap = 0.0

    def compose(self) -> list[Static]:
        """One line of text, one that changes."""
        return [Static("ready"), Static("", id="count")]

    def on_app_focus(self) -> None:
        """Say that a report of the terminal arrived."""
        self.query_one("#count", Static).update("focus")

    def action_crash_in_handler(self) -> None:
        """Fail amid a key's action."""
        secret = CANARY
        raise ValueError(f"with {secret}")

    def action_crash_in_worker(self) -> None:
        """Fail amid an async worker."""

        async def fail() -> None:
            secret = CANARY
            raise ValueError(f"with {secret}")

        self.run_worker(fail())

    def action_crash_in_thread(self) -> None:
        """Fail amid a thread worker."""

        def fail() -> None:
            secret = CANARY
            raise ValueError(f"with {secret}")

        self.run_worker(fail, thread=True)

    def action_crash_in_daemon(self) -> None:
        """Fail amid a thread that Textual does not know."""

        def fail() -> None:
            secret = CANARY
            raise ValueError(f"with {secret}")

        threading.Thread(target=fail).start()

    def action_block(self) -> None:
        """Hold the event loop."""
        Path("blocked").touch()
        time.sleep(60)

    def action_stubborn(self) -> None:
        """Start work that no cancel ends."""

        async def cling() -> None:
            while True:
                try:
                    await asyncio.sleep(60)
                except asyncio.CancelledError:
                    continue

        self.run_worker(cling())
        threading.Thread(target=time.sleep, args=(60,)).start()

    def action_mouse(self) -> None:
        """Switch mouse reports."""
        self.set_mouse(on=not self.mouse)

    def action_animate(self) -> None:
        """Paint 30 times a second, and measure the longest time between two timers."""
        last = time.monotonic()

        def paint() -> None:
            nonlocal last
            now = time.monotonic()
            self.longest_gap = max(self.longest_gap, now - last)
            self.painted, last = self.painted + 1, now
            Path("gap.new").write_text(f"{self.painted} {self.longest_gap}")
            Path("gap.new").rename("gap")
            filler = "".join(chr(33 + (self.painted + place) % 90) for place in range(2000))
            self.query_one("#count", Static).update(filler.replace("[", "("))

        self.set_interval(1 / 30, paint)


def main(arguments: list[str]) -> int:
    """Run it as the command line runs the browser."""
    if "ignore-hup" in arguments:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        return run_browser(GroundApp(), TerminalPolicy.choose(os.environ))
    except Exception as error:  # noqa: BLE001 - as the command line does it
        return ended(error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
