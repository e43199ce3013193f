"""The driver: Textual's own for Linux and macOS, for links that stall and terminals that vanish.

                     Textual's driver                      this one
-------------------  ------------------------------------  ------------------------------------
nobody reads what    the event loop stands still once 30   frames are dropped beyond 32 KB, and
we write             writes wait: requests time out, keys  the screen is painted anew when the
                     are not taken, signals not answered   link moves again
the terminal is      the thread of the keys reads nothing  says so once, and the app ends
gone                 at full processor, for ever
ctrl+z and fg        leaves the screen empty until a key   paints the screen anew
SIGSTOP and SIGCONT  starts everything a second time, and  paints the screen anew
from outside         never restores the terminal

How long the loop stood still with a pty that nobody read is measured by
`tests/e2e/test_terminal_signals.py`. It is written against Textual 8.2: look at
`textual/drivers/linux_driver.py` again before the pin in pyproject.toml is moved.
"""

from __future__ import annotations

import os
import select
import signal
import termios
import threading
from codecs import getincrementaldecoder
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from fs_tui.tui.terminal.escape_key import EscapeKey
from fs_tui.tui.terminal.minify import minify

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App

__all__ = ["TerminalDriver"]

_STANDARD_ERROR = 2
"""Where Textual draws."""

_BACKLOG = 32 * 1024
"""Bytes; about three full screens. More would only be older news when it arrives."""

_SMALL = 64
"""Bytes. What is shorter switches a mode or moves the cursor, and is never dropped."""

_DRAIN = 1.0
"""Seconds that leaving or suspending waits for the terminal to take what was written."""

_KEYS_POLL = 0.1
"""Seconds after which a lone escape is the escape key, as in Textual."""

_RESTORE = (
    "\x1b[?2026l",  # synchronized output
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l",  # mouse
    "\x1b[?2004l\x1b[?2048l\x1b[?1004l",  # paste, resize and focus reports
    "\x1b[<u",  # keyboard protocol
    "\x1b[?7h\x1b[?1049l\x1b[?25h\x1b[0m",  # line wrap, main screen, cursor, colours
)
"""Each short enough never to be dropped."""


class TerminalDriver(LinuxDriver):
    """Powers display and input.

    Args:
        app: The app; its `terminal_gone()` is called, on the event loop, when the terminal is.
        debug: As in Textual.
        mouse: Report the mouse.
        size: Columns and lines, or None to ask the terminal.
    """

    def __init__(
        self,
        app: App[Any],  # the app's result is nothing to a driver
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._active = False
        self._suspended = False
        self._gone = threading.Event()
        self._writer = _Writer(_STANDARD_ERROR, gone=self._tell_gone, behind=self.repaint)
        self._writer.start()
        self._wake_on_signals()

    def _wake_on_signals(self) -> None:
        """Let a signal that the kernel gives to another thread wake the event loop.

        Python runs handlers in the main thread, and an idle loop would not hear of them until the
        next key.
        """
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        self._loop.add_reader(reader, os.read, reader, 512)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)

    def write(self, data: str) -> None:
        """Hand over text for the terminal; never waits."""
        self._writer.write(data if len(data) <= _SMALL else minify(data))

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        self._active = True
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual's lack
        if self._writer_thread is not None:
            # Textual's own, which `write` does not use.
            self._writer_thread.stop()
            self._writer_thread = None

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        super().stop_application_mode()
        self._active = False

    def close(self) -> None:
        """Wait, within reason, until the terminal has taken everything."""
        self._writer.drain(_DRAIN)

    def restore_now(self) -> None:
        """Give the terminal back at once, from any thread: the process is about to end."""
        if self._active and not self._gone.is_set():
            if self.attrs_before is not None:
                with suppress(termios.error):
                    termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            for switch in _RESTORE:
                self._writer.write(switch)
        self._writer.drain(_DRAIN / 4)

    def set_mouse(self, *, on: bool) -> None:
        """Switch mouse reports on or off while running."""
        if on == self._mouse:
            return
        if on:
            self._mouse = True
            self._enable_mouse_support()
        else:
            self._disable_mouse_support()
            self._mouse = False

    @property
    def mouse(self) -> bool:
        """Whether the terminal reports the mouse to us."""
        return self._mouse

    def repaint(self) -> None:
        """Paint the whole screen again, from any thread."""
        self._on_loop(lambda: self._app.refresh(layout=True))

    def _disable_mouse_support(self) -> None:
        super()._disable_mouse_support()
        if self._mouse_pixels:
            self.write("\x1b[?1016l")

    def _sigtstp_application(self, *arguments: object) -> None:
        self._suspended = self._auto_restart
        super()._sigtstp_application(*arguments)

    def _sigcont_application(self, *arguments: object) -> None:
        if self._suspended:
            self._suspended = False
            super()._sigcont_application(*arguments)
        # The alternate screen is empty now, or whatever another program has left.
        self.repaint()

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001 - the app tells it to the user, and ends
            failure = error
            self._on_loop(lambda: self._app._handle_exception(failure))  # noqa: SLF001 - no public way

    def run_input_thread(self) -> None:
        """Read keys until the app leaves the terminal, or the terminal leaves us."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        escape = EscapeKey()
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], _KEYS_POLL)[0]:
                try:
                    data = os.read(self.fileno, 4096)
                except OSError:
                    data = b""
                if not data:
                    self._tell_gone()
                    break
                # Half a character is nothing yet, and nothing would be the end for the parser.
                if text := decode(data):
                    waits = parser._timeout_time is not None  # noqa: SLF001 - no public way
                    text = escape.told_apart(text, self._app.alt_keys, waits=waits)  # type: ignore[attr-defined]  # TerminalApp's
                    for message in parser.feed(text):
                        self.process_message(message)
            for message in parser.tick():
                self.process_message(message)
        with suppress(EOFError, ParseError):
            for _ in parser.feed(""):
                pass

    def _tell_gone(self) -> None:
        if not self._gone.is_set():
            self._gone.set()
            self._on_loop(self._app.terminal_gone)  # type: ignore[attr-defined]  # TerminalApp's

    def _on_loop(self, call: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # the loop is closed already: nobody is there to care
            self._loop.call_soon_threadsafe(call)


class _Writer(threading.Thread):
    """Writes to the terminal in a thread of its own; whoever hands text over never waits.

    Args:
        fileno: The terminal. Written without a buffer between: a daemon thread that holds the lock
            of a buffer makes Python abort at its end.
        gone: Called from the thread when the terminal takes nothing any more, ever.
        behind: Called from the thread when frames were dropped and there is room again.
    """

    def __init__(
        self, fileno: int, *, gone: Callable[[], None], behind: Callable[[], None]
    ) -> None:
        super().__init__(name="terminal-output", daemon=True)
        self._fileno = fileno
        self._tell_gone = gone
        self._tell_behind = behind
        # Reentrant, because a signal handler may write while its thread is in the middle of it.
        self._changed = threading.Condition(threading.RLock())
        self._queue: deque[bytes] = deque()
        self._waiting = 0
        self._dropped = False
        self._gone = False

    def write(self, text: str) -> None:
        data = text.encode(errors="replace")
        with self._changed:
            if self._gone:
                return
            if self._droppable(data) and (self._dropped or self._waiting > _BACKLOG):
                self._dropped = True
                return
            self._queue.append(data)
            self._waiting += len(data)
            self._changed.notify_all()

    def drain(self, seconds: float) -> None:
        """Wait until everything is written, or for so long."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting, seconds)

    def run(self) -> None:
        """Write until the process ends or the terminal is gone."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._queue)
                data = b"".join(self._queue)
                self._queue.clear()
            try:
                self._write_all(data)
            except OSError:
                break
            with self._changed:
                self._waiting -= len(data)
                caught_up = self._dropped and not self._waiting
                if caught_up:
                    self._dropped = False
                self._changed.notify_all()
            if caught_up:
                self._tell_behind()
        with self._changed:
            self._gone = True
            self._queue.clear()
            self._waiting = 0
            self._changed.notify_all()
        self._tell_gone()

    def _write_all(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(self._fileno, left) :]
            except BlockingIOError:  # another program made the shared terminal non-blocking
                select.select([], [self._fileno], [])

    @staticmethod
    def _droppable(data: bytes) -> bool:
        """Say whether this is a frame: long, and no operating system command (the clipboard's)."""
        return len(data) > _SMALL and not data.startswith(b"\x1b]")
