"""The README's pictures: whole, small, fetched from nowhere, readable with a usual font."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from tests.pictures import Frame, Piece, draw
from tests.screenshots import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

_PICTURES = sorted(FOLDER.glob("*.svg"))

_MARKS = set("·…•—±↑↓←→▲▼■")
"""Beside Latin letters, what fonts of terminals have had for decades."""


@pytest.mark.parametrize("path", _PICTURES, ids=lambda path: path.stem)
def test_a_picture_needs_nothing_but_a_usual_font(path: Path) -> None:
    """Wide letters and rare marks are boxes where no such font is installed."""
    text = path.read_text(encoding="utf-8")
    root = ET.fromstring(text)  # noqa: S314  our own file
    assert len(text.encode()) < 400_000
    assert not any(
        "href" in element.attrib or "url(" in (element.text or "") for element in root.iter()
    )
    assert root.find("{http://www.w3.org/2000/svg}desc") is not None
    drawn = {
        char
        for element in root.iter()
        for char in element.text or ""
        if element.tag[-5:] != "style"
    }
    rare = {char for char in drawn if not char.isascii() and char not in _MARKS}
    assert {char for char in rare if "LATIN" not in unicodedata.name(char, "")} == set()


def _frame(text: str, seconds: float = 1.0) -> Frame:
    return Frame(((Piece(text, "#ffffff", "#000000", ""),),), seconds)


def test_what_stays_is_drawn_once_and_what_changes_has_its_time() -> None:
    """Frames that share a line share its drawing."""
    same = draw([_frame("one"), _frame("one"), _frame("one")], "t", "d")
    assert same.count(">one<") == 1
    assert "@keyframes" not in same
    changed = draw([_frame("one"), _frame("two", 3.0), _frame("one")], "t", "d")
    assert changed.count(">one<") == 2
    assert "20.000%{visibility:visible}80.000%{visibility:hidden}" in changed
    assert "5s step-end infinite" in changed


def test_a_picture_stands_still_where_motion_is_reduced() -> None:
    """It moves only where that is wanted; one frame is shown otherwise."""
    picture = draw([_frame("one"), _frame("two")], "t", "d", still=1)
    moving = picture.partition("@media (prefers-reduced-motion:no-preference){")
    assert "infinite" not in moving[0]
    assert '<g class="m m1 s"><text' in picture
    assert '<g class="m m0"><text' in picture


def test_lines_and_blocks_are_shapes() -> None:
    """Fonts leave gaps between them, or lack them."""
    picture = draw([_frame("╭──╮ ▄█▌ ✓✗ text")], "t", "d")
    root = ET.fromstring(picture)  # noqa: S314  our own
    texts = [element.text for element in root.iter() if element.tag.endswith("}text")]
    assert texts == ["t", "text"]
