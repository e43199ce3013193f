"""What a terminal is asked for, and which terminals are none."""

from __future__ import annotations

import pytest

from fs_tui.cli.terminal_check import require_terminal
from fs_tui.errors import TerminalError
from fs_tui.tui.terminal.policy import TerminalPolicy, room_wanted

SSH = {"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}


class Stream:
    """A stream that is a terminal, or not."""

    def __init__(self, *, terminal: bool) -> None:
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


TERMINAL, FILE = Stream(terminal=True), Stream(terminal=False)


def test_a_local_terminal_gets_mouse_and_motion() -> None:
    assert TerminalPolicy.choose({}) == TerminalPolicy(slow=False, mouse=True, colors=None)
    assert TerminalPolicy.choose({}).environment() == {}


def test_over_ssh_nothing_moves_and_the_mouse_is_the_terminals() -> None:
    policy = TerminalPolicy.choose(SSH)
    assert policy == TerminalPolicy(slow=True, mouse=False)
    assert policy.environment() == {"TEXTUAL_ANIMATIONS": "none"}


def test_slow_is_the_same_as_ssh() -> None:
    assert TerminalPolicy.choose({}, slow=True) == TerminalPolicy.choose(SSH)


def test_the_mouse_flag_wins_over_the_link() -> None:
    assert TerminalPolicy.choose(SSH, mouse=True).mouse
    assert not TerminalPolicy.choose({}, mouse=False).mouse


def test_fewer_colours_are_asked_of_textual_in_its_own_words() -> None:
    assert TerminalPolicy.choose({}, colors="16").environment() == {
        "TEXTUAL_COLOR_SYSTEM": "standard"
    }


@pytest.mark.parametrize(
    ("columns", "lines", "enough"),
    [(40, 10, True), (39, 10, False), (40, 9, False), (1, 1, False), (300, 100, True)],
)
def test_a_small_window_is_told_what_is_needed(columns: int, lines: int, *, enough: bool) -> None:
    assert (not room_wanted(columns, lines)) is enough


def test_a_terminal_is_enough() -> None:
    require_terminal({"TERM": "xterm"}, {"Standard input": TERMINAL})


@pytest.mark.parametrize("stream", [FILE, None])
def test_a_stream_that_is_no_terminal_is_named(stream: Stream | None) -> None:
    with pytest.raises(TerminalError, match="Standard output is not a terminal"):
        require_terminal({"TERM": "xterm"}, {"Standard output": stream})


@pytest.mark.parametrize("environ", [{}, {"TERM": ""}, {"TERM": "dumb"}])
def test_a_terminal_without_abilities_is_none(environ: dict[str, str]) -> None:
    with pytest.raises(TerminalError, match="TERM") as caught:
        require_terminal(environ, {"Standard input": TERMINAL})
    assert caught.value.exit_status == 2
    assert "fs-tui libraries" in caught.value.hint
