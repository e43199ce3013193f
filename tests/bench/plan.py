"""How much is to be measured."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What every group of figures is told.

    Attributes:
        quick: Fewer repetitions and the library of 250,000 instead of that of five million.
    """

    quick: bool = False
