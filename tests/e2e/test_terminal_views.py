"""Find, people and growth in a real terminal, as a person goes through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.mark.parametrize("size", _SIZES, ids=["80x24", "120x36"])
def test_rows_of_views_are_marked_and_exported_and_all_libraries_counted(
    size: tuple[int, int], tmp_path: Path
) -> None:
    columns, lines = size
    command = ["fs-tui", "--demo", "--library", "clinic_2500"]
    env = {"TZ": "UTC", "TERM": "vt100"}
    with Terminal(command, columns=columns, lines=lines, env=env, cwd=tmp_path) as terminal:
        terminal.wait_for("100 faces loaded")
        terminal.send(b"ap")
        terminal.wait_for("1,518 persons")
        terminal.wait_for(lambda: "at least" not in terminal.text and "+658" in terminal.text)
        terminal.send(b"  ")
        terminal.wait_for("y copy 2 user ids")
        terminal.send(b"E")
        terminal.wait_for("marked: 2 rows")
        terminal.send(b"\r")
        terminal.wait_for("Exported 2 rows (marked)")
        terminal.send(b"UM")
        terminal.wait_for("masked")
        terminal.wait_for(lambda: "+658" not in terminal.text)
        terminal.send(b"t")
        terminal.wait_for("2,500 faces by month")
        terminal.wait_for("####")
        terminal.send(b"+")
        terminal.wait_for("2,500 faces by week")
        terminal.send(b"--")
        terminal.wait_for("2,500 faces by year")
        terminal.send(b"A")
        terminal.wait_for("All libraries")
        terminal.wait_for(" · counted ")
        terminal.wait_for(lambda: all(word in terminal.text for word in ("4,987,654", "7 of 10")))
        terminal.send(b"Gk\r")
        terminal.wait_for("Faces of city_main")
        terminal.wait_quiet()
        terminal.send(b"q")
        assert terminal.wait_exit() == 0
    (path,) = tmp_path.glob("clinic_2500-people-marked-*.csv")
    assert len(path.read_text().splitlines()) == 3
