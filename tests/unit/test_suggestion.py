"""'Did you mean …?' names the nearest known word, and nothing where none is near."""

from __future__ import annotations

from fs_tui.suggestion import did_you_mean, nearest


def test_the_nearest_known_word_is_asked_for() -> None:
    assert did_you_mean(nearest("endpiont", ["profile", "endpoint"])) == "Did you mean 'endpoint'?"


def test_where_no_word_is_near_nothing_is_asked() -> None:
    assert did_you_mean(nearest("xyzzy", ["profile", "endpoint"])) == ""
