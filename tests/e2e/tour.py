"""Two tours through the demo in a real pty, with a picture of every screen.

    python -m tests.e2e.tour [--columns N] [--lines N] [--program PATH]

prints the pictures; test_demo_pty walks the same way and checks what it meets.
"""

from __future__ import annotations

import argparse
import re
import sys
from functools import partial
from typing import TYPE_CHECKING

from fs_tui.sandbox.population import CITY, CLINIC, Population
from tests.e2e.terminal import Terminal
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CITY", "DEMO", "Tour", "five_million", "main_road"]

DEMO = ("fs-tui", "--demo")

_FRAME = 0.05
"""Seconds in which the rest of a frame arrives."""

MIDDLE = 2_500_000
END = len(Population()[CITY])
_ROW = re.compile(r"[▏▌│•] +([\d,]+) .* ([0-9a-f]{8})\b")


class Tour:
    """A session whose screens are kept: a failure shows the way that led to it.

    Attributes:
        terminal: The program.
        screens: What was met, by title, in order.
    """

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.screens: dict[str, str] = {}

    def see(
        self, title: str, wanted: str | Callable[[], object], *, timeout: float = PATIENCE
    ) -> None:
        """Wait for a text or a condition, and keep the screen that shows it."""
        __tracebackhide__ = True
        try:
            self.terminal.wait_for(wanted, timeout=timeout)
        except AssertionError as error:
            raise AssertionError(f"{self}\n\nNot met: {title}: {error}") from None
        # The condition may hold amid a frame; the picture is to be a whole one.
        self.terminal.pump(_FRAME)
        self.screens[title] = self.terminal.text

    def press(self, *keys: str) -> None:
        """Press keys."""
        self.terminal.press(*keys)

    def __str__(self) -> str:
        return "\n\n".join(f"── {title} ──\n{screen}" for title, screen in self.screens.items())

    @property
    def tokens(self) -> dict[int, str]:
        """How the tokens of the rows on screen begin that are loaded, from top to bottom."""
        lines = (re.search(_ROW, line) for line in self.terminal.lines)
        return {int(row[1].replace(",", "")): row[2] for row in lines if row}

    @property
    def rows(self) -> list[int]:
        """The positions of these rows."""
        return [*self.tokens]

    def pane(self, title: str = "") -> str:
        """The table's pane as one line, so that wrapped sentences can be found.

        Args:
            title: Of a screen that was kept; the present one when not given.
        """
        screen = self.screens[title] if title else self.terminal.text
        panes = (line.split("││")[1] for line in screen.splitlines() if "││" in line)
        return " ".join(" ".join(panes).split())

    def loaded(self, title: str = "") -> int:
        """How many faces the status line says are loaded; 0 when it says nothing of it."""
        found = re.search(r"([\d,]+) (?:of [\d,]+ )?faces loaded", self.pane(title))
        return int(found[1].replace(",", "")) if found else 0

    def row(self, group_id: str, position: int) -> Callable[[], bool]:
        """Whether a position's row is on screen, with the start of its token."""
        token = Population()[group_id].rows(position, 1)[0][0]
        return lambda: self.tokens.get(position) == token[:8]


def main_road(tour: Tour) -> None:
    """List, scroll past several pages, details, create, quit."""
    terminal = tour.terminal
    clinic = Population()[CLINIC]
    tour.see("libraries and first faces", tour.row(CLINIC, 1))
    tour.see("the library's details", "confirmed by group_info")
    tour.press("enter")
    while (last := tour.rows[-1]) < 350:
        tour.press("pagedown")
        tour.see("past several pages", partial(_below, tour, last))
    tour.see("all of it is loaded", lambda: tour.loaded() >= tour.rows[-1])
    shown = tour.rows[-1] - 1
    tour.press(*f"{shown}", "G")
    token, user_id, *_ = clinic.rows(shown, 1)[0]
    tour.see("a face's details", lambda: token in terminal.text and user_id in terminal.text)
    tour.see("confirmed", "confirmed by face_info")
    tour.press("n")
    tour.see("the create form", "New library")
    tour.press(*"tour%1", "tab", *"A tour")
    tour.see("the form filled in", "A tour")
    tour.press("enter")
    tour.see("the new library", "Library tour%1 was created.")
    tour.see("it is empty", "no faces: the library is empty")
    tour.press("q")


def five_million(tour: Tour) -> None:
    """The largest library: middle, end, filter, order, scan and cancel, export."""
    terminal = tour.terminal
    tour.see("the largest library", tour.row(CITY, 1))
    tour.press(*f"{MIDDLE}", "G")
    tour.see("the middle", tour.row(CITY, MIDDLE))
    tour.press("G")
    tour.see("the end", tour.row(CITY, END))
    tour.see("the proven total", f"of {END:,} faces loaded")
    tour.press("/", *"data:gate")
    tour.see(
        "filtered", lambda: re.search(rf"[1-9]\d* hits in [\d,]+ loaded of {END:,}", tour.pane())
    )
    tour.press("escape")
    tour.see("the filter is gone", tour.row(CITY, END))
    tour.press("s")
    tour.see("the orders", "Order")
    tour.press("down", "down", "down", "enter")
    tour.see("ordered", "▼")
    tour.press("s")
    tour.see("the orders again", "Order")
    tour.press("home", "enter")
    tour.see("in the service's order", lambda: "▼" not in terminal.text)
    tour.press("a")
    tour.see("what that takes", "Load the whole library?")
    tour.press("y")
    tour.see("scanning", lambda: tour.loaded() > 20_000, timeout=60)
    tour.press("x")
    tour.see("cancelled", "cancelled")
    tour.see("partly loaded", lambda: "loading everything" not in tour.pane())
    tour.press("E")
    tour.see("the export form", "Export")
    tour.press("enter")
    tour.see("exported", lambda: f"Exported {tour.loaded():,} faces" in terminal.text)
    tour.press("q")


def _below(tour: Tour, position: int) -> bool:
    return bool(tour.rows) and tour.rows[-1] > position


def _main() -> None:
    parser = argparse.ArgumentParser(description="Print the screens of two tours of the demo.")
    parser.add_argument("--columns", type=int, default=120)
    parser.add_argument("--lines", type=int, default=36)
    parser.add_argument("--program", default=DEMO[0], help="fs-tui, where another one is meant")
    asked = parser.parse_args()
    for walk, more in ((main_road, ()), (five_million, ("--library", CITY))):
        command = [asked.program, "--demo", *more]
        with Terminal(command, columns=asked.columns, lines=asked.lines) as terminal:
            tour = Tour(terminal)
            walk(tour)
            terminal.wait_exit()
            sys.stdout.write(f"{tour}\n\n")


if __name__ == "__main__":
    _main()
