"""Find, people and growth in a real terminal, as a person goes through them."""

from __future__ import annotations

import pytest

from tests.e2e.terminal import Terminal

_SIZES = [(80, 24), (120, 36)]


@pytest.mark.parametrize("size", _SIZES, ids=["80x24", "120x36"])
def test_people_growth_and_find_lead_into_faces_and_back(size: tuple[int, int]) -> None:
    columns, lines = size
    command = ["fs-tui", "--demo", "--library", "clinic_2500"]
    with Terminal(command, columns=columns, lines=lines, env={"TZ": "UTC"}) as terminal:
        terminal.wait_for("100 faces loaded")
        terminal.press("a")
        terminal.wait_for("all 2,500 faces loaded")
        terminal.press("p")
        terminal.wait_for("People of clinic_2500")
        terminal.wait_for("1,518 persons")
        terminal.send(b"s2")
        terminal.wait_for("kiosk-test")
        # Enter, and at once the faces of the person under the cursor there: they are shown already.
        terminal.send(b"\r")
        terminal.wait_for("25 hits in all 2,500 faces")
        terminal.send(b"u")
        terminal.wait_for("f finds those")
        terminal.press("escape")
        terminal.wait_for("1,518 persons")
        terminal.press("escape")
        terminal.wait_for("Faces of clinic_2500")
        terminal.send(b"t")
        terminal.wait_for("Growth of clinic_2500")
        terminal.wait_for("2,500 faces by month")
        terminal.send(b"g\r")
        terminal.wait_for("640 hits in all 2,500 faces")
        terminal.wait_for("after:2025-03 before:2025-04")
        terminal.press("escape")
        terminal.wait_for("2,500 faces by month")
        terminal.send(b"fuser:=kiosk-test\r")
        terminal.wait_for("Read all libraries?")
        terminal.send(b"y")
        terminal.wait_for("hits so far · city_main")
        terminal.send(b"x")
        terminal.wait_for("incomplete: ")
        terminal.send(b"\r")
        terminal.wait_for("Faces of clinic_2500")
        terminal.send(b"[")
        terminal.wait_for("Find in all libraries")
        terminal.wait_quiet()
        assert terminal.pump(2) == 0
        terminal.send(b"q")
        assert terminal.wait_exit() == 0
