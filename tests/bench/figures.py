"""A measured figure with its reference and its target, and the table of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Figure", "Target", "table"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure is to reach.

    Attributes:
        bound: Which way is good.
        limit: The bound itself.
        of: What is compared with it: the figure divided by its reference, the figure, or what the
            figure has more than its reference.
    """

    bound: Literal["at most", "at least"]
    limit: float
    of: Literal["ratio", "value", "excess"] = "ratio"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        name: What was measured.
        value: What came out, in `unit`.
        unit: The unit of the value and of the reference.
        reference: What the other program took in the same call; None where there is none.
        against: What the reference is, a few words.
        target: What is to be reached; None where the figure is for information.
    """

    name: str
    value: float
    unit: str
    reference: float | None = None
    against: str = ""
    target: Target | None = None

    @property
    def ratio(self) -> float | None:
        """The figure divided by its reference."""
        return self.value / self.reference if self.reference else None

    @property
    def holds(self) -> bool:
        """Whether the bound holds; true where there is none."""
        if self.target is None:
            return True
        measured: float | None = self.value
        if self.target.of == "ratio":
            # As it is printed.
            measured = None if self.ratio is None else round(self.ratio, 2)
        elif self.target.of == "excess":
            measured = self.value - (self.reference or 0)
        if measured is None:
            return False
        if self.target.bound == "at most":
            return measured <= self.target.limit
        return measured >= self.target.limit

    def cells(self) -> tuple[str, ...]:
        """The figure as the cells of its line."""
        reference = ""
        if self.reference is not None:
            reference = f"{_number(self.reference)} {self.unit}  ({self.against})"
        return (
            self.name,
            f"{_number(self.value)} {self.unit}",
            reference,
            "" if self.ratio is None else f"{self.ratio:.2f}",
            self._wish(),
            "" if self.target is None else ("yes" if self.holds else "NO"),
        )

    def _wish(self) -> str:
        if self.target is None:
            return ""
        unit = {"ratio": "times", "value": self.unit, "excess": f"{self.unit} more"}
        return f"{self.target.bound} {_number(self.target.limit)} {unit[self.target.of]}"


_HEADINGS = ("figure", "here", "reference", "ratio", "bound", "holds")


def table(figures: Iterable[Figure]) -> str:
    """The figures as a Markdown table, aligned for a terminal too."""
    lines = [_HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADINGS))]
    drawn = [_line(line, widths) for line in lines]
    return "\n".join([drawn[0], _line(["-" * width for width in widths], widths), *drawn[1:]])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def _number(value: float) -> str:
    """A number with as many digits as matter."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
