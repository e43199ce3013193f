"""A service that goes away and comes back costs no row, and nothing keeps the program from ending.

The sandbox is a program of its own here: it is killed, and started again on its port.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from fs_tui.sandbox.population import CAMPUS, Population
from tests.e2e.sandbox_process import SandboxProcess
from tests.e2e.terminal import Terminal
from tests.e2e.tour import Tour

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FACES = len(Population()[CAMPUS])


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[SandboxProcess]:
    # A large library has the browser ask whether to keep it; nothing is to be asked here.
    config = tmp_path / "config.toml"
    config.write_text("[profiles.default]\nkeep = false\n")
    with SandboxProcess() as running:
        running.env["FS_TUI_CONFIG"] = str(config)
        yield running


def _scanning(tour: Tour, sandbox: SandboxProcess) -> int:
    """Begin to load the library, slowly; returns how many faces came before the service died."""
    tour.see("the first page", tour.row(CAMPUS, 1))
    sandbox.misbehave(latency=0.03)
    tour.press("a")
    tour.see("what that takes", "Load the whole library?")
    tour.press("y")
    tour.see("amid the scan", lambda: tour.loaded() > 10_000)
    sandbox.kill()
    tour.see("offline", "offline since")
    tour.see("waiting", "The service cannot be reached; again in")
    # The words about a scan come twice a second; only now do they say what it has ended with.
    tour.see("how far it came", lambda: "everything: waiting for the" in tour.pane())
    return tour.loaded("how far it came")


def _assert_whole(tour: Tour) -> None:
    """Check every face of the finished scan, through an export."""
    tour.see("everything", f"all {_FACES:,} faces loaded", timeout=60)
    assert "offline" not in tour.terminal.text, str(tour)
    tour.press("E")
    tour.see("the export form", "Format")
    tour.press("enter")
    tour.see("exported", lambda: f"Exported {_FACES:,} faces" in tour.terminal.text, timeout=60)
    (exported,) = tour.terminal.home.glob("*.csv")
    tokens = [line.partition(",")[0] for line in exported.read_text().splitlines()[1:]]
    assert tokens == [row[0] for row in Population()[CAMPUS].rows(1, _FACES)]


def _quit(tour: Tour) -> None:
    began = time.monotonic()
    tour.press("q")
    assert tour.terminal.wait_exit() == 0, str(tour)
    # A second, and what a busy machine adds; a request that hangs is given up after twenty.
    assert time.monotonic() - began < 10, "quitting waited for what hangs"
    tour.terminal.assert_restored()


def test_a_service_that_dies_amid_a_scan_and_returns_costs_no_row(sandbox: SandboxProcess) -> None:
    with Terminal(["fs-tui", "--library", CAMPUS], env=sandbox.env) as terminal:
        tour = Tour(terminal)
        before = _scanning(tour, sandbox)
        tour.press("pagedown", "pagedown")
        tour.see("what was loaded is there", lambda: tour.rows and tour.rows[0] > 25)
        sandbox.start_again()
        tour.press("r")
        tour.see("it goes on", lambda: tour.loaded() > before)
        _assert_whole(tour)
        _quit(tour)


def test_a_service_that_returns_is_noticed_without_a_key(sandbox: SandboxProcess) -> None:
    with Terminal(["fs-tui", "--library", CAMPUS], env=sandbox.env) as terminal:
        tour = Tour(terminal)
        before = _scanning(tour, sandbox)
        sandbox.start_again()
        tour.see("it goes on", lambda: tour.loaded() > before)
        _assert_whole(tour)


def test_a_paused_scan_goes_on_where_it_was_after_the_service_was_away(
    sandbox: SandboxProcess,
) -> None:
    with Terminal(["fs-tui", "--library", CAMPUS], env=sandbox.env) as terminal:
        tour = Tour(terminal)
        before = _scanning(tour, sandbox)
        tour.press("a")
        tour.see("paused", lambda: "paused" in tour.pane())
        sandbox.start_again()
        tour.press("a")
        tour.see("resumed", lambda: tour.loaded() > before)
        _assert_whole(tour)


def test_other_libraries_and_filters_work_while_the_service_is_away(
    sandbox: SandboxProcess,
) -> None:
    with Terminal(["fs-tui", "--library", CAMPUS], env=sandbox.env) as terminal:
        tour = Tour(terminal)
        before = _scanning(tour, sandbox)
        tour.press("/", *"user:+658")
        tour.see("filtered", lambda: f"hits in {before:,} loaded" in tour.pane())
        tour.press("shift+tab", "k")
        tour.see("another library", "Faces of pilot-100")
        tour.press("j")
        loaded = f"{before:,} of 250,000 faces loaded"
        tour.see("back, with every row", lambda: loaded in tour.pane())
        _quit(tour)


@pytest.mark.parametrize("doing", ["starting", "listing", "scanning", "creating", "confirming"])
def test_quitting_ends_within_a_second_while_the_service_hangs(
    sandbox: SandboxProcess, doing: str
) -> None:
    if doing == "starting":
        sandbox.misbehave(failures=[{"kind": "hang", "times": None}])
    with Terminal(["fs-tui"], env=sandbox.env) as terminal:
        tour = Tour(terminal)
        if doing == "starting":
            tour.see("the first frame", "loading …")
        else:
            tour.see("the first page", lambda: tour.rows)
            terminal.wait_quiet()
            sandbox.misbehave(failures=[{"kind": "hang", "times": None}])
        match doing:
            case "listing":
                tour.press("j", "j", "j", "j")
                tour.see("it is asked", "Faces of campus%east&west")
            case "scanning":
                tour.press("a")
                tour.see("it is asked", "finding out how much there is")
            case "creating":
                tour.press("n", *"new", "tab", *"New", "enter")
                tour.see("it is sent", lambda: sandbox.served("create"))
                tour.press("escape")
                tour.see("it looks what became of it", "It may have been created")
                tour.press("escape")
                tour.see("it can be left", lambda: "New library" not in terminal.text)
            case "confirming":
                tour.press("enter", "j")
                tour.see("it is asked", lambda: sandbox.served("face_info"))
        _quit(tour)
