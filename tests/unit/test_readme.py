"""The README says what the code says, and is short."""

from __future__ import annotations

from tests.readme import README, written


def test_the_tables_are_the_codes_own() -> None:
    """`python -m tests.readme` writes them."""
    text = README.read_text(encoding="utf-8")
    assert written(text) == text


def test_it_has_at_most_300_lines() -> None:
    """A reader finds the rest by --help."""
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 300
