"""How much is to be measured."""

from __future__ import annotations

from dataclasses import dataclass

from fs_tui.sandbox.population import CAMPUS, CITY

__all__ = ["Plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What every group of figures is told.

    Attributes:
        quick: Fewer repetitions and the library of 250,000 instead of that of five million.
    """

    quick: bool = False

    @property
    def library(self) -> str:
        """The large library of the sandbox that is measured."""
        return CAMPUS if self.quick else CITY
