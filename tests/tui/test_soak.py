"""A short soak: see `python -m tests.tui.soak` for the long one."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.tui.soak import soak

if TYPE_CHECKING:
    from tests.tui.monkey import Trouble

_GESTURES, _FEW = 150, 60
_SEED = 20_261_121

_MOST_MEMORY = 250_000_000
"""Bytes that faces, views and a process that other tests have filled may take; what a long run
keeps is flat, and `python -m tests.tui.soak` shows it."""


async def test_a_monkey_and_a_spoilt_service_break_nothing_and_leave_nothing_behind() -> None:
    figures = await soak(_SEED, lambda gestures: gestures < _GESTURES, warm_up=50)
    assert figures.keys > _GESTURES
    assert figures.faults > 0
    assert figures.checked > 1000
    assert figures.rss_end - figures.rss_start < _MOST_MEMORY, str(figures)


def test_a_disk_that_fills_stops_what_has_no_room_and_nothing_else() -> None:
    command = [sys.executable, "-m", "tests.tui.soak", "--trouble", "disk"]
    limits = ["--gestures", str(_FEW), "--seed", str(_SEED), "--minutes", "1"]
    ran = subprocess.run([*command, *limits], capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert ran.returncode == 0, ran.stderr
    assert not ran.stderr
    assert re.search("[1-9][0-9]* times no room", ran.stdout), ran.stdout


@pytest.mark.parametrize("trouble", ["documents", "changes"])
async def test_nothing_breaks_when_the_service_answers_at_random_or_changes_meanwhile(
    trouble: Trouble,
) -> None:
    figures = await soak(_SEED, lambda gestures: gestures < _FEW, trouble=trouble, warm_up=50)
    assert figures.calls > 0
