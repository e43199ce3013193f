"""How times are told to people."""

from __future__ import annotations

from datetime import UTC, datetime

from fs_tui.words import time_span


def test_a_span_over_midnight_names_its_days() -> None:
    late, early = datetime(2026, 11, 27, 23, 50, tzinfo=UTC), datetime(2026, 11, 28, tzinfo=UTC)
    assert time_span(late, late) == "23:50 to 23:50 UTC"
    assert time_span(late, early) == "2026-11-27 23:50 to 2026-11-28 00:00 UTC"
