"""Owns 'Did you mean …?': which known word an unknown one is nearest to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["did_you_mean", "nearest"]


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that was probably meant; empty when none is near."""
    import difflib

    return next(iter(difflib.get_close_matches(word, list(known), n=1)), "")


def did_you_mean(near: str) -> str:
    """Return the question for a word of `nearest`; empty when there is none."""
    return f"Did you mean '{near}'?" if near else ""
