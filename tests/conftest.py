"""What all tests share: needs of the machine, how they are run and ended, a neutral environment."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_timeout
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

# Two slow cores are shared with other work: a deadline an example would only be noise.
settings.register_profile("fs-tui", deadline=None)
settings.load_profile("fs-tui")

_STEERING = ("FS_TUI_", "TEXTUAL", "SSH_", "XDG_")
_STEERING_NAMES = ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLUMNS", "LINES", "TMUX", "STY")

_GRACE = 30.0
"""Seconds in which a test that was interrupted fails, and in which a run that is over ends."""

if sys.version_info >= (3, 12):

    def _eager_loop() -> asyncio.AbstractEventLoop:
        loop = asyncio.new_event_loop()
        loop.set_task_factory(asyncio.eager_task_factory)
        return loop

    _LOOPS = {"lazy": asyncio.new_event_loop, "eager": _eager_loop}
else:
    _LOOPS = {"lazy": asyncio.new_event_loop}


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run tests with the tasks that they meet in the program.

    From Python 3.12 on Textual makes tasks eager, which its `run_test` leaves out: the browser's
    tests run so. What commands and browser share runs both ways.
    """
    room = item.path.relative_to(Path(__file__).parent).parts[0]
    if room == "tui":
        return dict([list(_LOOPS.items())[-1]])
    return _LOOPS if room in {"api", "unit"} else {"lazy": asyncio.new_event_loop}


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two processes a core, as the tests of terminals and signals wait more than they reckon.

    A test that is named runs in this very process: it starts at once, and a debugger works.
    """
    return 0 if any("::" in name for name in config.args) else 2 * (os.cpu_count() or 1)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """End the process when a test is not ended by its timeout: a thread of its holds the loop.

    pytest-timeout interrupts the main thread, so that the test fails and its children are ended in
    order. What waits for a thread (a fifo's open, for one) waits on; pytest-xdist then counts the
    test as failed and goes on in a new process.
    """
    timeout = pytest_timeout._get_item_settings(item).timeout
    backstop = _later(timeout + _GRACE, lambda: _end_hard(item))
    try:
        return (yield)
    finally:
        backstop.cancel()


def pytest_sessionfinish() -> None:
    """End the process when a thread that was left behind keeps it from ending."""
    _later(_GRACE, lambda: os._exit(1))


def _later(seconds: float, do: Callable[[], None]) -> threading.Timer:
    timer = threading.Timer(seconds, do)
    timer.daemon = True
    timer.start()
    return timer


def _end_hard(item: pytest.Item) -> None:
    for pid in _descendants(os.getpid()):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    pytest_timeout.timeout_timer(item, pytest_timeout._get_item_settings(item))


def _descendants(pid: int) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(entry.read_text().rpartition(")")[2].split()[1]) == pid:
                child = int(entry.parent.name)
                yield child
                yield from _descendants(child)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what `needs` a program that is not here; in CI that is a failure."""
    for mark in item.iter_markers("needs"):
        missing = [program for program in mark.args if shutil.which(program) is None]
        if not missing:
            continue
        reason = f"needs {' and '.join(missing)}, which this machine does not have"
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


@pytest.fixture(autouse=True)
def neutral_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away the developer's own settings, terminal and folders."""
    for name in tuple(os.environ):
        if name == "TEXTUAL_SNAPSHOT_TEMPDIR":
            continue  # the snapshot plugin's own
        if name.startswith(_STEERING) or name in _STEERING_NAMES:
            monkeypatch.delenv(name)
    # Not every machine that runs tests has said what its terminal is.
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Show local times as UTC, and ages as of one day, wherever and whenever the tests run."""
    with monkeypatch.context() as there:
        there.setenv("TZ", "UTC")
        there.setattr("fs_tui.tui.browser.detail._now", lambda: datetime(2026, 2, 1, tzinfo=UTC))
        time.tzset()
        yield
    time.tzset()
