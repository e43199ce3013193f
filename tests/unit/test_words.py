"""How times are told to people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fs_tui.words import age, time_span


def test_a_span_over_midnight_names_its_days() -> None:
    late, early = datetime(2026, 11, 27, 23, 50, tzinfo=UTC), datetime(2026, 11, 28, tzinfo=UTC)
    assert time_span(late, late) == "23:50 to 23:50 UTC"
    assert time_span(late, early) == "2026-11-27 23:50 to 2026-11-28 00:00 UTC"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "in the future"),
        (119, "just now"),
        (120, "2 minutes ago"),
        (7199, "119 minutes ago"),
        (7200, "2 hours ago"),
        (86_400 * 45, "45 days ago"),
        (86_400 * 70, "2 months ago"),
        (86_400 * 800, "2 years ago"),
    ],
)
def test_an_age_is_told_in_the_largest_unit_of_which_there_are_two(
    seconds: int, words: str
) -> None:
    now = datetime(2026, 2, 1, tzinfo=UTC)
    assert age(now - timedelta(seconds=seconds), now) == words
