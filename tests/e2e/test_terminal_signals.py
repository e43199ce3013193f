"""However a run ends or stalls, the terminal is given back and the event loop is not held."""

from __future__ import annotations

import ctypes
import platform
import signal
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from fs_tui.tui.terminal import terminal_app
from tests.e2e.ground_app import CANARY
from tests.e2e.terminal import Terminal, running
from tests.waiting import PATIENCE, wait_until

ROOT = Path(__file__).parents[2]
_TGKILL = {"x86_64": 234, "aarch64": 131}.get(platform.machine(), -1)


def _ground(*arguments: str, env: dict[str, str | None] | None = None) -> Terminal:
    command = [sys.executable, "-m", "tests.e2e.ground_app", *arguments]
    terminal = Terminal(command, env={"PYTHONPATH": str(ROOT), **(env or {})})
    terminal.wait_for("ready")
    terminal.wait_quiet()
    return terminal


def test_quitting_restores_the_terminal() -> None:
    with _ground() as terminal:
        terminal.press("q")
        assert terminal.wait_exit() == 0
        terminal.assert_restored()


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGHUP, 129), (signal.SIGTERM, 143), (signal.SIGINT, 130)]
)
def test_a_signal_restores_the_terminal_and_names_itself(
    number: signal.Signals, status: int
) -> None:
    with _ground() as terminal:
        terminal.signal(number)
        assert terminal.wait_exit() == status
        terminal.assert_restored()
        assert not terminal.text.strip()


@pytest.mark.skipif(_TGKILL < 0, reason="the number of tgkill is not known for this processor")
def test_a_signal_that_another_thread_receives_is_heard_by_an_idle_loop() -> None:
    with _ground() as terminal:
        pid = terminal.process.pid
        threads = {int(task.name) for task in Path(f"/proc/{pid}/task").iterdir()} - {pid}
        libc = ctypes.CDLL(None, use_errno=True)
        # tgkill, which signals one thread of another process.
        assert libc.syscall(_TGKILL, pid, max(threads), signal.SIGTERM) == 0
        assert terminal.wait_exit() == 143


def test_a_signal_ends_the_run_in_time_while_the_event_loop_is_held() -> None:
    with _ground() as terminal:
        terminal.press("b")
        wait_until((terminal.home / "blocked").exists)
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_exit() == 143
        terminal.assert_restored()


def test_quitting_ends_within_a_second_whatever_hangs() -> None:
    with _ground() as terminal:
        terminal.press("s", "q")
        assert terminal.wait_exit() == 0
        terminal.assert_restored()


def test_what_hangs_is_left_behind_within_a_second_and_after_a_signal_within_two() -> None:
    """The other tests see that it is left behind; how soon, a busy machine cannot show."""
    assert terminal_app._QUIT_SECONDS < 1
    assert terminal_app._SIGNAL_SECONDS < 2


@pytest.mark.parametrize("arguments", [(), ("ignore-hup",)])
def test_a_vanished_terminal_ends_the_run(arguments: tuple[str, ...]) -> None:
    with _ground(*arguments) as terminal:
        terminal.hang_up()
        assert terminal.process.wait(timeout=PATIENCE) == 129


def test_a_vanished_terminal_ends_the_run_while_frames_are_painted() -> None:
    with _ground("ignore-hup") as terminal:
        terminal.press("a")
        terminal.wait_for('!"#')
        terminal.hang_up()
        assert terminal.process.wait(timeout=PATIENCE) == 129


def test_suspend_gives_the_terminal_back_and_resume_paints_it_again() -> None:
    with Terminal(["sh", "-i"], env={"PYTHONPATH": str(ROOT), "PS1": "> "}) as terminal:
        terminal.wait_for(">")
        terminal.press(f"{sys.executable} -m tests.e2e.ground_app", "enter")
        terminal.wait_for(lambda: "ready" in terminal.text and 1049 in terminal.modes)
        terminal.wait_quiet()
        for times in (1, 2):
            terminal.press("ctrl+z")
            terminal.wait_for(partial(_says_stopped, terminal, times))
            assert 1049 not in terminal.modes
            assert not terminal.modes & {1000, 1003, 1004, 2004}
            terminal.press("fg", "enter")
            terminal.wait_for(lambda: 1049 in terminal.modes and "ready" in terminal.text)
            terminal.wait_quiet()
        terminal.press("q")
        terminal.wait_for(lambda: terminal.text.rstrip().endswith("\n>"))
        terminal.press("echo $?-done", "enter")
        terminal.wait_for("0-done")


def _says_stopped(terminal: Terminal, times: int) -> bool:
    return terminal.text.count("Stopped") == times


def test_a_stop_from_outside_does_not_start_everything_twice() -> None:
    with _ground() as terminal:
        starts = terminal.controls["CSI ?1049h"]
        for number in (signal.SIGSTOP, signal.SIGCONT):
            terminal.signal(number)
        assert terminal.pump(0.5) > 0
        assert terminal.controls["CSI ?1049h"] == starts
        assert "ready" in terminal.text
        terminal.press("q")
        assert terminal.wait_exit() == 0
        terminal.assert_restored()


def test_a_stalled_link_holds_no_timer_and_the_screen_is_whole_afterwards() -> None:
    """Textual's own driver stands still for as long as nobody reads."""
    with _ground() as terminal:
        terminal.press("a")
        terminal.wait_for('!"#')
        stalled = time.monotonic()
        wait_until(lambda: time.monotonic() - stalled > 2.5)
        painted, gap = (float(word) for word in (terminal.home / "gap").read_text().split())
        assert painted > 30
        assert gap < 1.5
        terminal.wait_for("ready")
        terminal.wait_for(lambda: terminal.lines[1][:-1] == _follows(terminal.lines[1][0]))


def _follows(first: str) -> str:
    """The line that the app paints when its first sign is this one."""
    signs = [chr(33 + place).replace("[", "(") for place in range(90)]
    start = signs.index(first)
    return "".join(signs[(start + place) % 90] for place in range(119))


def test_a_stalled_link_does_not_keep_the_run_from_ending() -> None:
    with _ground() as terminal:
        terminal.press("a")
        terminal.wait_for('!"#')
        wait_until(lambda: float((terminal.home / "gap").read_text().split()[0]) > 40)
        terminal.signal(signal.SIGTERM)
        assert terminal.process.wait(timeout=PATIENCE) == 143


def test_over_ssh_the_mouse_stays_the_terminals_own() -> None:
    with _ground(env={"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}) as terminal:
        assert not terminal.modes & {1000, 1002, 1003, 1006, 1015, 1016}
        terminal.press("m")
        terminal.wait_for(lambda: 1003 in terminal.modes)
        terminal.press("m")
        terminal.wait_for(lambda: not terminal.modes & {1000, 1003, 1006, 1015})


def test_a_terminal_that_reports_pixels_is_left_without() -> None:
    """Terminals with in-band resize get pixel reports, which Textual does not switch off."""
    with _ground() as terminal:
        terminal.send(b"\x1b[?2048;2$y")
        terminal.wait_for(lambda: {1016, 2048} <= terminal.modes)
        terminal.press("q")
        assert terminal.wait_exit() == 0
        terminal.assert_restored()


def test_nothing_is_written_while_nothing_happens() -> None:
    with _ground() as terminal:
        assert terminal.pump(2) == 0


@pytest.mark.parametrize("key", ["h", "w", "t"])
def test_a_crash_is_one_sentence_without_locals_or_texts(key: str) -> None:
    with _ground() as terminal:
        terminal.press(key)
        assert terminal.wait_exit() == 1
        terminal.assert_restored()
        said = " ".join(terminal.text.split())
        assert said.startswith("fs-tui: Internal error, the program had to stop: ValueError.")
        (report,) = (terminal.home / ".local/state/fs-tui").glob("crash-*.txt")
        assert "ground_app.py" in report.read_text()
        assert CANARY not in report.read_text()
        assert CANARY.encode() not in terminal.raw


def test_a_failing_thread_writes_nothing_across_the_screen() -> None:
    with _ground() as terminal:
        terminal.press("d")
        assert terminal.pump(0.5) == 0
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert CANARY.encode() not in terminal.raw


def test_no_process_is_left() -> None:
    with _ground() as terminal:
        pid = terminal.process.pid
    assert not running(pid)
