"""How often the words about something that runs may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fs_tui.tui.browser import pace
from fs_tui.tui.browser.pace import Throttle

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    """A time that goes on when it is told, and what is to be done later."""

    def __init__(self) -> None:
        self.now = 100.0
        self.later: list[tuple[float, Callable[[], None]]] = []
        self.looks = 0

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        self.later.append((self.now + seconds, call))

    def look(self) -> None:
        self.looks += 1

    def go_on(self, seconds: float) -> None:
        self.now += seconds
        due = [call for when, call in self.later if when <= self.now]
        self.later = [(when, call) for when, call in self.later if when > self.now]
        for call in due:
            call()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(pace, "monotonic", lambda: clock.now)
    return clock


def test_words_about_one_work_change_twice_a_second(clock: Clock) -> None:
    it = Throttle(clock.after, clock.look)
    shown = []
    for _ in range(200):
        shown.append(it.lets("scan"))
        clock.go_on(0.01)
    assert sum(shown) == 4


def test_the_last_words_are_shown_in_time(clock: Clock) -> None:
    it = Throttle(clock.after, clock.look)
    assert it.lets("scan")
    clock.go_on(0.1)
    assert not it.lets("scan")
    assert not it.lets("scan")
    clock.go_on(0.5)
    assert clock.looks == 1
    assert it.lets("scan")


def test_other_work_and_the_end_of_work_are_said_at_once(clock: Clock) -> None:
    it = Throttle(clock.after, clock.look)
    assert it.lets("scan")
    assert it.lets("scan of another library")
    assert it.lets(None)
    assert it.lets(None)
    assert it.lets("scan")
