"""When subscribers hear of changes."""

from __future__ import annotations

import asyncio

import pytest

from fs_tui.faces import notifier
from fs_tui.faces.notifier import ChangeNotifier


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Notices that were given; a pause lasts longer than any test."""
    monkeypatch.setattr(notifier, "_PAUSE", 3600.0)
    return []


async def _turn() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_a_page_that_comes_soon_after_it_was_asked_for_is_told_at_once(
    told: list[int],
) -> None:
    it = ChangeNotifier(lambda: 1)
    it.subscribe(told.append)
    for _ in range(3):
        it.changed()
        await _turn()
    assert told == [1, 1, 1]
    it.close()


async def test_who_catches_up_is_told_once(told: list[int]) -> None:
    it = ChangeNotifier(lambda: 1)
    it.subscribe(told.append)
    for _ in range(200):
        it.changed()
        await _turn()
    it.catch_up()
    it.catch_up()
    assert len(told) == 4
    assert not it.pending
    it.close()


async def test_changes_that_come_thick_are_told_together(told: list[int]) -> None:
    it = ChangeNotifier(lambda: 1)
    it.subscribe(told.append)
    for _ in range(200):
        it.changed()
        await _turn()
    assert len(told) == 3
    assert it.pending
    it.close()
