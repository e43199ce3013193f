"""Scope: which faces of a listing are meant."""

from __future__ import annotations

from enum import Enum

__all__ = ["Scope"]


class Scope(Enum):
    """Which faces are meant."""

    MARKED = "marked"
    FILTERED = "filtered"
    LOADED = "loaded"
    ALL = "all"
