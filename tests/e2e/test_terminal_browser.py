"""The browser and its terminal: remote links, few colours, none, signals, sizes."""

from __future__ import annotations

import base64
import re
import signal
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.e2e.terminal import Terminal
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

REMOTE = {"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}
MOUSE = {1000, 1002, 1003, 1005, 1006, 1015, 1016}


def _demo(*flags: str, env: dict[str, str | None] | None = None) -> Terminal:
    terminal = Terminal(["fs-tui", "--demo", *flags], env=env)
    try:
        terminal.wait_for("100 faces loaded")
        terminal.press("tab")
        terminal.wait_for("╭─ Face ")
        terminal.wait_for("confirmed by face_info")
        terminal.wait_quiet()
    except BaseException:
        terminal.__exit__(None, None, None)
        raise
    return terminal


def _bytes_for(terminal: Terminal, key: str) -> int:
    before = len(terminal.raw)
    terminal.press(key)
    terminal.wait_quiet(0.6)
    return len(terminal.raw) - before


@pytest.mark.parametrize("size", [(24, 80), (36, 120)], ids=["80x24", "120x36"])
def test_the_demo_says_what_to_try_until_a_key_comes(size: tuple[int, int]) -> None:
    lines, columns = size
    with Terminal(["fs-tui", "--demo"], lines=lines, columns=columns) as terminal:
        terminal.wait_for("Try G the real end, / filter, p people, t growth, n new library.")
        terminal.press("j")
        terminal.wait_gone("Try G")
    with _demo() as terminal:
        assert "Try G" not in terminal.text


def test_over_ssh_keys_cost_little_and_idling_nothing() -> None:
    """Issue 4: with the detail pane open a move is at most 1.2 KB, a page at most 10 KB, idle 0."""
    with _demo(env={**REMOTE}) as terminal:
        assert not terminal.modes & MOUSE
        assert terminal.pump(2) == 0
        assert max(_bytes_for(terminal, "j") for _ in range(3)) <= 1200
        assert max(_bytes_for(terminal, "pagedown") for _ in range(2)) <= 10_000
        assert terminal.pump(1) == 0


def test_over_ssh_the_mouse_comes_when_asked_for() -> None:
    with _demo("--mouse", env={**REMOTE}) as terminal:
        assert terminal.modes & MOUSE


@pytest.mark.parametrize("keys", [(), ("a",)], ids=["idle", "scanning"])
def test_a_signal_ends_the_browser_in_order(keys: tuple[str, ...]) -> None:
    with _demo("--library", "city_main") as terminal:
        terminal.press(*keys)
        if keys:
            terminal.wait_for("Load the whole library?")
            terminal.press("y")
        terminal.pump(0.2)
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_exit() == 143
        terminal.assert_restored()
        assert not terminal.text.strip()


def test_a_lost_connection_ends_the_browser_while_it_scans() -> None:
    with _demo("--library", "city_main") as terminal:
        terminal.press("a")
        terminal.wait_for("Load the whole library?")
        terminal.press("y")
        terminal.pump(0.2)
        terminal.hang_up()
        assert terminal.process.wait(timeout=PATIENCE) == 129


def test_keys_of_one_packet_take_effect_in_their_order() -> None:
    """As a link that lags brings them: several keys in one read."""
    with _demo() as terminal:
        terminal.send(b"/helo\x7flo\x1b[H\x1b[3~j\x05y")
        terminal.wait_for("/ jelloy")
        terminal.send(b"\x15Wong\r?")
        terminal.wait_for("This help")
        terminal.press("escape")
        terminal.wait_for(lambda: " hits in " in terminal.text and "/ Wong  " in terminal.text)


def test_an_escape_and_the_keys_behind_it_act_in_their_order_in_one_packet_or_in_pieces() -> None:
    with Terminal(["fs-tui", "--demo", "--library", "pilot-100"]) as terminal:
        terminal.wait_for("100 faces loaded")
        terminal.send(b"/goh")
        terminal.wait_for("hits in")
        terminal.send(b"\x1b3Gj")
        terminal.wait_for(lambda: "hits" not in terminal.text and "position 4 " in terminal.text)
        # Where the cursor is behind a filter depends on whether there were hits before the escape.
        for piece in (b"/", b"Chlo\xc3", b"\xa9", b"\x1b", b"3", b"G", b"k"):
            terminal.send(piece)
        terminal.wait_for(lambda: "hits" not in terminal.text and "position 2 " in terminal.text)


_PACKETS = (
    b"j\r",
    b"\t\t\tjj\r",
    b"3G\r",
    b"s2jj",
    b"/goh\rj\r",
    b"\x1b",
    b"\tjjk\r",
    b"[",
    b"?qj",
    b"rjj\r",
    b"]j\tG\tk",
    b" v5Gvj\r",
)


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_packet_of_keys_cursor_details_and_copy_are_one_face(seed: int) -> None:
    packets = list(_PACKETS)
    Random(seed).shuffle(packets)  # noqa: S311  to be repeated, not to be secret
    with Terminal(["fs-tui", "--demo", "--library", "pilot-100"], lines=50) as terminal:
        terminal.wait_for("100 faces loaded")
        terminal.press("tab")
        for packet in packets:
            terminal.send(packet)
            terminal.wait_quiet(0.5)
            details, row, copied = _positions(terminal)
            assert details == row, f"{packet!r}\n{terminal.text}"
            assert copied in terminal.text, f"{packet!r}\n{terminal.text}"


def _positions(terminal: Terminal) -> tuple[str, str, str]:
    """The position of the details, that of the cursor where a face is looked at, what y copies."""
    copies = terminal.controls["OSC 52"]
    terminal.press("y")
    terminal.wait_for(lambda: terminal.controls["OSC 52"] > copies)
    terminal.wait_quiet()
    *_, sent = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", bytes(terminal.raw))
    details = re.search(r"│ position +([\d,]+)", terminal.text)
    row = re.search(r"[▌▏] +([\d,]+) ", terminal.text)
    return (
        details[1] if details else "",
        row[1] if row and details else "",
        base64.b64decode(sent).decode(),
    )


@pytest.mark.parametrize("flags", [("--demo",), ()], ids=["browser", "connect page"])
def test_ctrl_q_ends_nothing(flags: tuple[str, ...]) -> None:
    with Terminal(["fs-tui", *flags]) as terminal:
        terminal.wait_for("100 faces loaded" if flags else "Connect to FaceSearch")
        terminal.send(b"\x13\x11\x11")
        terminal.wait_quiet()
        assert terminal.process.poll() is None
        terminal.press("?" if flags else "escape")
        terminal.wait_for("This help") if flags else terminal.wait_exit()


def test_keys_that_come_before_the_first_screen_or_after_the_last_end_nothing() -> None:
    with Terminal(["fs-tui", "--demo"]) as terminal:
        terminal.send(b"jjkk\rjj")
        terminal.wait_for("100 faces loaded")
        terminal.send(b"qjjkk/a\r")
        assert terminal.wait_exit() == 0
        terminal.assert_restored()


def test_suspended_and_resumed_the_browser_is_where_it_was() -> None:
    with Terminal(["sh", "-i"], env={"PS1": "> "}) as terminal:
        terminal.wait_for(">")
        terminal.press("fs-tui --demo", "enter")
        terminal.wait_for("100 faces loaded")
        terminal.press("tab", "j", "j")
        terminal.wait_for("▌   3")
        terminal.wait_for(lambda: "position 3" in terminal.text and "confirmed" in terminal.text)
        terminal.wait_quiet()
        shown = terminal.text
        terminal.press("ctrl+z")
        terminal.wait_for("Stopped")
        assert 1049 not in terminal.modes
        terminal.press("fg", "enter")
        terminal.wait_for(lambda: terminal.text == shown)


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark", "ansi-light"])
@pytest.mark.parametrize("colors", ["16", "256", "true"])
def test_no_text_has_the_colour_of_its_background(theme: str, colors: str, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'theme = "{theme}"\n')
    with _demo("--colors", colors, env={"FS_TUI_CONFIG": str(config)}) as terminal:
        assert _invisible(terminal) == ""
        _assert_the_cursor_is_seen(terminal)


@pytest.mark.parametrize("theme", ["", "textual-light", "ansi-dark", "ansi-light"])
def test_without_colour_nothing_is_coloured_and_the_cursor_is_seen(
    theme: str, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'theme = "{theme}"\n')
    with _demo(env={"NO_COLOR": "1", "FS_TUI_CONFIG": str(config)}) as terminal:
        cells = [cell for line in terminal.screen.buffer.values() for cell in line.values()]
        assert {(cell.fg, cell.bg) for cell in cells} == {("default", "default")}
        _assert_the_cursor_is_seen(terminal)
        _, line = terminal.find("│ clinic_2500") or (0, 0)
        assert terminal.screen.buffer[line][2].underscore
        assert not terminal.screen.buffer[line + 2][2].underscore


def test_an_empty_no_color_is_not_set() -> None:
    with _demo(env={"NO_COLOR": ""}) as terminal:
        cells = [cell for line in terminal.screen.buffer.values() for cell in line.values()]
        assert {cell.fg for cell in cells} != {"default"}


def test_an_empty_no_color_takes_no_colour_away() -> None:
    with _demo(env={"NO_COLOR": ""}) as terminal:
        cells = [cell for line in terminal.screen.buffer.values() for cell in line.values()]
        assert len({cell.bg for cell in cells}) > 2


def _invisible(terminal: Terminal) -> str:
    """The letters that have the colour of what is behind them."""
    return "".join(
        cell.data
        for line in terminal.screen.buffer.values()
        for cell in line.values()
        if cell.data.isalnum() and cell.fg == cell.bg != "default"
    )


def _assert_the_cursor_is_seen(terminal: Terminal) -> None:
    """The row is told by its mark, and by its looks."""
    column, line = terminal.find("▌") or (0, 0)
    row, below = (terminal.screen.buffer[at][column + 8] for at in (line, line + 1))
    assert column
    assert (row.reverse, row.bg) != (below.reverse, below.bg)


def test_any_size_is_survived() -> None:
    sizes = ((1, 1), (59, 15), (60, 16), (20, 5), (300, 100), (99, 24), (120, 36))
    with _demo() as terminal:
        for columns, lines in sizes:
            terminal.resize(columns, lines)
            terminal.wait_quiet(0.15)
            assert terminal.process.poll() is None
        terminal.wait_for("faces loaded")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        terminal.assert_restored()
