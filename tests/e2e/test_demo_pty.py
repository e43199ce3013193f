"""The main job from the first key to the last, in a real terminal."""

from __future__ import annotations

import re
from functools import partial

from fs_tui.sandbox.population import CITY, CLINIC, Population
from tests.e2e.sandbox_process import SandboxProcess
from tests.e2e.terminal import Terminal
from tests.e2e.tour import DEMO, END, MIDDLE, Tour, five_million, main_road


def _assert_left_in_order(tour: Tour) -> None:
    assert tour.terminal.wait_exit() == 0, str(tour)
    tour.terminal.assert_restored()
    assert not tour.terminal.text.strip(), "something was left on the main screen"


def test_the_demo_lists_scrolls_shows_creates_and_leaves_the_terminal_as_it_was() -> None:
    with Terminal(DEMO) as terminal:
        tour = Tour(terminal)
        main_road(tour)
        _assert_left_in_order(tour)
    first = tour.screens["libraries and first faces"]
    for library in Population():
        assert library.group_id in first, str(tour)
    assert "8 of 10" in tour.screens["the new library"], str(tour)


def test_five_million_faces_from_the_middle_to_an_export() -> None:
    with Terminal([*DEMO, "--library", CITY]) as terminal:
        tour = Tour(terminal)
        five_million(tour)
        _assert_left_in_order(tour)
        (exported,) = terminal.home.glob("*.csv")
        lines = exported.read_bytes().decode().split("\r\n")
        assert exported.stat().st_mode & 0o777 == 0o600
    assert exported.name.startswith(CITY)
    assert len(lines) - 2 == tour.loaded("exported"), (
        "a head, the rows, and nothing after the last line"
    )
    tokens = [line.partition(",")[0] for line in lines[1:-1]]
    assert _token(MIDDLE) in tokens
    assert tokens[-1] == _token(END)
    assert tokens[:1000] == [row[0] for row in Population()[CITY].rows(1, 1000)]


def _token(position: int) -> str:
    return Population()[CITY].rows(position, 1)[0][0]


def test_a_service_elsewhere_is_paged_to_its_end_and_asked_for_nothing_more() -> None:
    with (
        SandboxProcess() as sandbox,
        Terminal(["fs-tui"], lines=90, env=sandbox.env) as terminal,
    ):
        tour = Tour(terminal)
        tour.see("the first page", tour.row(CLINIC, 1))
        tour.press("enter")
        tour.see("the first details", "confirmed by face_info")
        terminal.wait_quiet()
        pages = [tour.rows]
        while pages[-1][-1] < 2500:
            tour.press("pagedown")
            tour.see("the next page", partial(_whole_page, tour, pages))
            assert pages[-1][0] <= pages[-2][-1] + 1, f"rows were left out\n{tour}"
        tour.see("the end", "all 2,500 faces loaded")
        assert set().union(*pages) == set(range(1, 2501))
        terminal.wait_quiet(1)
        asked = sandbox.served("list")
        assert asked in {25, 26}, "a page each, and at most one to prove the end"
        tour.press("pagedown", "down", "G", "j")
        terminal.wait_quiet(1)
        assert tour.rows[-1] == 2500, str(tour)
        assert sandbox.served("list") == asked, "it asked beyond the proven end"
        assert re.search(r"▌ *2,500 ", terminal.text), str(tour)
        tour.press("q")
        _assert_left_in_order(tour)


def _whole_page(tour: Tour, pages: list[list[int]]) -> bool:
    """Add the rows on screen to the pages, once all of a later page are there.

    A frame comes in parts: what the caller reads after this may be another part.
    """
    rows = tour.rows
    whole = len(rows) == len(pages[0]) and rows == list(range(rows[0], rows[0] + len(rows)))
    later = whole and rows[0] > pages[-1][0]
    if later:
        pages.append(rows)
    return later
