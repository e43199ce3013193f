"""The same on screen in fewer bytes, judged by a terminal emulator."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_tui.tui.terminal.minify import minify

_COLUMNS, _LINES = 24, 6

_COLOURS = ["31", "92", "38;5;9", "38;5;240", "38;2;1;2;3", "38;2;224;224;224"]
_BACKS = ["44", "101", "48;5;9", "48;2;18;18;18", "48;2;30;30;30"]
_MARKS = ["1", "3", "4", "7", "9", "5"]


@st.composite
def _style(draw: st.DrawFn) -> str:
    codes = [
        *draw(st.lists(st.sampled_from(_MARKS), max_size=2)),
        *draw(st.lists(st.sampled_from(_COLOURS), max_size=1)),
        *draw(st.lists(st.sampled_from(_BACKS), max_size=1)),
    ]
    return f"\x1b[{';'.join(codes)}m"


_pieces = st.one_of(
    _style(),
    st.sampled_from(["\x1b[0m", "\x1b[m", "\x1b[0;1;31m", "\x1b[22m", "\x1b[39;49m", "\x1b[27m"]),
    st.builds("\x1b[{};{}H".format, st.integers(1, _LINES), st.integers(1, _COLUMNS)),
    st.sampled_from(["\n", "\r\n", "\x1b[K", "\x1b[2J", "\x1b[?25l", "\x1b[2C", "\x1b7", "\x1b8"]),
    st.sampled_from(["one", "two 2", " ", "    ", "会 a", "é", "\t", "m", "[0m"]),
)


def _seen(data: str) -> list[list[tuple[object, ...]]]:
    """What somebody sees of it: of a space only what shows on a space."""
    screen = pyte.Screen(_COLUMNS, _LINES)
    pyte.Stream(screen).feed(data)
    return [
        [
            cell[:1] + cell[2:3] + cell[5:8] + ((cell.fg,) if cell.reverse else ())
            if cell.data == " "
            else tuple(cell)
            for cell in (screen.buffer[y][x] for x in range(_COLUMNS))
        ]
        for y in range(_LINES)
    ] + [[(screen.cursor.x, screen.cursor.y)]]


@given(st.lists(_pieces, max_size=40).map("".join))
def test_the_same_is_seen(data: str) -> None:
    assert _seen(minify(data)) == _seen(data)


@given(st.lists(_pieces, max_size=40).map("".join))
def test_what_comes_after_it_looks_the_same(data: str) -> None:
    after = "\x1b[1;1Hx"
    assert _seen(minify(data) + after) == _seen(data + after)


@given(st.text())
def test_no_character_is_lost(text: str) -> None:
    assert minify(text).replace("\x1b", "") == text.replace("\x1b", "")


@pytest.mark.parametrize(
    ("data", "same"),
    [
        ("\x1b[1;31mone\x1b[0m\x1b[1;31mtwo\x1b[0m", "\x1b[1;31monetwo\x1b[0m"),
        (
            "\x1b[31;44mone\x1b[0m\x1b[2;1H\x1b[32;44mtwo\x1b[0m",
            "\x1b[31;44mone\x1b[2;1H\x1b[32mtwo\x1b[0m",
        ),
        ("\x1b[31;44mone\x1b[0m\x1b[44m   \x1b[0m", "\x1b[31;44mone   \x1b[0m"),
        ("\x1b[4;44mone\x1b[0m\x1b[44m   \x1b[0m", "\x1b[4;44mone\x1b[0;44m   \x1b[0m"),
        ("\x1b[1;1H\n\x1b[2;2Hone", "\x1b[2;2Hone"),
        ("one\x1b[2;2H", "one\x1b[2;2H"),
        ("\x1b]8;;x\x1b\\one\x1b]8;;\x1b\\", "\x1b]8;;x\x1b\\one\x1b]8;;\x1b\\"),
        ("plain", "plain"),
    ],
)
def test_what_is_said_twice_is_said_once(data: str, same: str) -> None:
    assert minify(data) == same
