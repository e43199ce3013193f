"""The app's ground: how a run begins in a terminal, takes keys, and ends, whatever ends it.

    run_browser ──► TerminalApp.run ──► TerminalDriver ──► the terminal
    SIGHUP, SIGTERM, SIGINT ──► end(129, 143, 130) ┐
    the terminal is gone ──► end(129)              ├─► terminal restored, process ended in time
    an error that nobody caught ──► raised again   ┘

It overrides three underscored methods of Textual's App (`_handle_exception`, `_fatal_error`,
`_print_error_renderables`), calls two (`_check_bindings`, `_check_resize`) and reads
`_resize_event`: that is what the pin of Textual in pyproject.toml is for.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.widget import AwaitMount
from textual.widgets import Input
from textual.worker import WorkerFailed

from fs_tui.tui.terminal.driver import TerminalDriver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from rich.console import RenderableType
    from textual.driver import Driver
    from textual.widget import Widget

    from fs_tui.tui.terminal.policy import TerminalPolicy

__all__ = ["TerminalApp", "run_browser"]

_QUIT_SECONDS = 0.9
"""A quit ends within a second, whatever hangs."""

_SIGNAL_SECONDS = 1.5
"""A signal ends the process within two seconds."""

_ENTER_HOPS = 8
"""Turns of the loop in which an enter is heard: field, its frames, and what they say themselves."""

_RESIZE_SECONDS = 0.1
"""A new size is taken within them, whatever becomes of Textual's timer."""

_SIGNALS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
_GONE_STATUS = 128 + signal.SIGHUP


class TerminalApp(App[None], inherit_bindings=False):
    """An app that gives the terminal back and shows no local variables, however it ends.

    It has none of Textual's own keys: ctrl+q would end it, and on old terminals that is the reflex
    after a ctrl+s.
    """

    # Lists lose the attribute `reverse` on their way to the screen.
    CSS = """
    OptionList:nocolor > .option-list--option-highlighted { text-style: bold underline; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "suspend_process", "Suspend", show=False),
        Binding("ctrl+c", "help_quit", show=False, system=True),
    ]

    _last_call: threading.Timer | None = None

    def __init__(self) -> None:
        # Without colour Textual would send greys, which melt into each other with 16 colours. The
        # terminal's own two colours and its attributes are always readable.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)

    def get_driver_class(self) -> type[Driver]:
        """Return our driver; the variable TEXTUAL_DRIVER has no say."""
        return TerminalDriver

    @property
    def mouse(self) -> bool:
        """Whether the terminal reports the mouse to us, and so does not select text by itself."""
        return isinstance(self._driver, TerminalDriver) and self._driver.mouse

    def set_mouse(self, *, on: bool) -> None:
        """Switch mouse reports on or off while running."""
        if isinstance(self._driver, TerminalDriver):
            self._driver.set_mouse(on=on)

    def send(self, data: str) -> None:
        """Write to the terminal."""
        if self._driver is not None:
            self._driver.write(data)

    # --- size ---------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """See to it that a new size is taken.

        Textual takes it by a timer that never rings where a busy machine stands still for 8 ms
        between its two looks at the clock; and while it is waited for, no later size is taken.
        """
        asyncio.get_running_loop().call_later(_RESIZE_SECONDS, self._take_size)

    def _take_size(self) -> None:
        if self._resize_event is not None:
            self._check_resize()

    # --- keys ---------------------------------------------------------------------------------

    @property
    def alt_keys(self) -> str:
        """Characters that are keys of their own with alt, for the thread that reads keys.

        Those of a field move and delete by words.
        """
        return "bdf\x7f" if self.screen_stack and isinstance(self.focused, Input) else ""

    async def on_event(self, event: events.Event) -> None:
        """Deal with a key to its end before the next one is looked at.

        Textual puts a key into the queue of the widget with the focus, and looks for bindings when
        it has climbed back up: keys in one packet of a slow link would change places, or reach what
        the first of them has closed.
        """
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            await super().on_event(event)
            return
        if not self.screen_stack:
            return  # It is for what has been left.
        if not self.screen.is_mounted:
            # What is typed while the first screen is being made is for that screen.
            await AwaitMount(self.screen, [self.screen])
        # Who types is here, whatever the terminal said last; the focus comes back with it.
        self.app_focus = True
        field = self.focused
        if field is not None and not field.is_mounted:
            await AwaitMount(field, [field])
        if isinstance(field, Input) and (isinstance(event, events.Paste) or event.is_printable):
            await field.on_event(event)
        elif isinstance(event, events.Paste) or not await self._act_on(event.key, field):
            await super().on_event(event)
        elif event.key == "enter":
            # What is typed behind it is for where it leads.
            for _ in range(_ENTER_HOPS):
                if self.focused is field:
                    await asyncio.sleep(0)

    async def _act_on(self, key: str, focused: Widget | None) -> bool:
        """Do what a key is bound to; a field's own keys come before those of the screen."""
        if isinstance(focused, Input):
            return await self._check_bindings(key) or await self._check_bindings(key, priority=True)
        return await self._check_bindings(key, priority=True) or await self._check_bindings(key)

    # --- the end ------------------------------------------------------------------------------

    def exit(
        self,
        result: None = None,
        return_code: int = 0,
        message: RenderableType | None = None,
    ) -> None:
        """Leave the app; what still hangs after a second is left behind."""
        self._end_within(_QUIT_SECONDS, return_code)
        super().exit(result, return_code, message)

    def end(self, status: int) -> None:
        """End the run from a signal handler or a callback of the loop."""
        self._end_within(_SIGNAL_SECONDS, status)
        loop = self._loop
        if loop is None or loop.is_closed():
            raise SystemExit(status)
        loop.call_soon_threadsafe(lambda: self.exit(return_code=status))

    def terminal_gone(self) -> None:
        """End the run: the terminal was taken away, and SIGHUP did not reach us."""
        self.end(_GONE_STATUS)

    @property
    def crash(self) -> Exception | None:
        """The error that nobody caught and that ended the run; None when there was none."""
        error = self._exception
        return _cause(error) if isinstance(error, WorkerFailed) else error

    def _end_within(self, seconds: float, status: int) -> None:
        """Let the process end after so long, from a thread that nothing else can hold up."""
        if self._last_call is not None or not isinstance(self._driver, TerminalDriver):
            return
        driver = self._driver

        def end() -> None:
            driver.restore_now()
            os._exit(status)

        self._last_call = threading.Timer(seconds, end)
        self._last_call.daemon = True
        self._last_call.start()

    # --- crashes ------------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        self._end_within(_SIGNAL_SECONDS, 1)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual renders a traceback with local variables here.
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:  # noqa: ARG002 - they are not shown
        """Leave the app; what Textual would show may hold anything."""
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        self._exit_renderables.clear()


def _cause(failed: WorkerFailed) -> Exception:
    """The error that ended a worker."""
    return failed.error if isinstance(failed.error, Exception) else failed


def run_browser(app: TerminalApp, policy: TerminalPolicy) -> int:
    """Run the app in this process's terminal and return the exit status.

    The process is to end with it at once: a second after the user has quit it does so by itself, so
    that no thread of a library that hangs can hold it.

    Args:
        app: Not yet run.
        policy: Its `environment()` was set before Textual was imported.

    Raises:
        Exception: The error that nobody caught, when the terminal is restored. Its text may hold
            anything, and so may the locals of its frames.
    """
    with _signals(app):
        app.run(mouse=policy.mouse)
    if app.crash is not None:
        raise app.crash
    return app.return_code or 0


@contextmanager
def _signals(app: TerminalApp) -> Iterator[None]:
    """Let the signals that end a program end the app; one that was ignored stays ignored."""

    def handle(number: int, _frame: FrameType | None) -> None:
        app.end(128 + number)

    before = {number: signal.getsignal(number) for number in _SIGNALS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
