"""The harness itself: what it claims to see is what a program did."""

from __future__ import annotations

import sys

import pytest

from tests.e2e.terminal import Terminal, running


def _python(code: str) -> list[str]:
    return [sys.executable, "-S", "-c", code]


def test_text_colours_cursor_and_controls_are_read() -> None:
    with Terminal(_python(r"print('\x1b[31mred\x1b[0m 张\x1b]52;c;eA==\x07', end='')")) as terminal:
        assert terminal.wait_exit() == 0
        assert terminal.lines[0].startswith("red 张")
        assert terminal.screen.buffer[0][0].fg == "red"
        assert terminal.controls == {"CSI m": 2, "OSC 52": 1}


def test_a_wide_character_that_is_half_painted_over_leaves_a_blank() -> None:
    with Terminal(_python(r"print('张丽b\rx\n张x\r\x1b[Cy|')")) as terminal:
        assert terminal.wait_exit() == 0
        assert terminal.text.split("\n")[:2] == ["x 丽b", " y|"]


def test_what_follows_a_sign_without_width_is_seen() -> None:
    with Terminal(_python(r"print('स्ते|', 'a\u200db|')")) as terminal:
        assert terminal.wait_exit() == 0
        assert terminal.text.split("\n")[0].endswith("| ab|")
        assert terminal.text.index("|") == 2 + len("\u094d"), "two cells, one with a mark"


def test_keys_arrive_and_the_size_is_the_one_asked_for() -> None:
    code = "import os; print(os.get_terminal_size()); print(input().upper())"
    with Terminal(_python(code), columns=77, lines=11) as terminal:
        terminal.wait_for("columns=77, lines=11")
        terminal.press("h", "i", "enter")
        terminal.wait_for("HI")
        assert terminal.wait_exit() == 0
        terminal.assert_restored()


@pytest.mark.parametrize("left", [r"\x1b[?1049h", r"\x1b[?25l", r"\x1b[?1003h", r"\x1b[>1u"])
def test_what_is_left_behind_is_noticed(left: str) -> None:
    with Terminal(_python(f"print('{left}')")) as terminal:
        terminal.wait_exit()
        with pytest.raises(AssertionError):
            terminal.assert_restored()


def test_a_changed_line_discipline_is_noticed() -> None:
    with Terminal(_python("import tty; tty.setraw(0)")) as terminal:
        terminal.wait_exit()
        with pytest.raises(AssertionError, match="line discipline"):
            terminal.assert_restored()


def test_the_main_screen_comes_back_after_the_alternate_one() -> None:
    code = r"print('before\x1b[?1049hduring', flush=True); input(); print('\x1b[?1049lafter')"
    with Terminal(_python(code)) as terminal:
        terminal.wait_for("during")
        assert "before" not in terminal.text
        terminal.press("enter")
        terminal.wait_exit()
        assert "before" in terminal.text
        assert "during" not in terminal.text


def test_nothing_survives_the_block() -> None:
    code = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "pid = os.fork() or os.setpgid(0, 0) or os.getpid()\n"
        "print(os.getpid(), flush=True)\n"
        "time.sleep(60)"
    )
    with Terminal(_python(code)) as terminal:
        terminal.wait_for(lambda: len(terminal.text.split()) == 2)
        pids = [int(word) for word in terminal.text.split()]
        assert all(running(pid) for pid in pids)
    assert not any(running(pid) for pid in pids)
