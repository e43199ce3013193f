"""A short soak: see `python -m tests.tui.soak` for the long one."""

from __future__ import annotations

from tests.tui.soak import soak

_GESTURES = 150
_SEED = 20_261_121

_MOST_MEMORY = 60_000_000
"""Bytes that loaded faces and records may take; a leak takes more in a long run."""


async def test_a_monkey_and_a_spoilt_service_break_nothing_and_leave_nothing_behind() -> None:
    figures = await soak(_SEED, lambda gestures: gestures < _GESTURES, warm_up=50)
    assert figures.keys > _GESTURES
    assert figures.faults > 0
    assert figures.checked > 1000
    assert figures.rss_end - figures.rss_start < _MOST_MEMORY, str(figures)
