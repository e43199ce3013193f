"""The escape key in what a terminal sends, wherever the packets begin and end."""

from __future__ import annotations

import pytest
from textual._xterm_parser import XTermParser

from fs_tui.tui.terminal.escape_key import EscapeKey


def keys(*portions: str, alt: str = "") -> list[str]:
    """The keys that come of some portions which arrive without a rest between them."""
    parser, escape, found = XTermParser(), EscapeKey(), []
    for portion in portions:
        text = escape.told_apart(portion, alt, waits=parser._timeout_time is not None)
        found += [getattr(event, "key", "") for event in parser.feed(text)]
    return found + [getattr(event, "key", "") for event in parser.feed("")]


@pytest.mark.parametrize(
    ("sent", "pressed"),
    [
        ("\x1b", ["escape"]),
        ("\x1bj", ["escape", "j"]),
        ("\x1bV", ["escape", "V"]),
        ("\x1b/a", ["escape", "slash", "a"]),
        ("a\x1b\rj", ["a", "escape", "enter", "j"]),
        ("\x1b\t", ["escape", "tab"]),
        ("\x1b1", ["escape", "1"]),
        ("\x1bé", ["escape", "é"]),
        ("\x1b\x1bj", ["escape", "escape", "j"]),
        ("\x1b[A\x1bj\x1b[6~", ["up", "escape", "j", "pagedown"]),
        ("\x1bOP", ["f1"]),
    ],
)
def test_an_escape_before_another_key_is_the_escape_key_however_they_are_packed(
    sent: str, pressed: list[str]
) -> None:
    assert keys(sent) == pressed
    for cut in range(1, len(sent)):
        assert keys(sent[:cut], sent[cut:]) == pressed
    assert keys(*sent) == pressed


def test_what_belongs_to_alt_stays_with_it() -> None:
    assert keys("\x1bj\x1bv", alt="v") == ["escape", "j", "alt+v"]
    assert keys("\x1b", "v", alt="v") == ["alt+v"]
    assert keys("\x1bb", alt="bdf") == ["ctrl+left"]
