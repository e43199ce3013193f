"""Numbers as bars of cells, for commands and browser: eighths of a cell, or ASCII."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["bar", "columns", "has_blocks"]

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_HEIGHTS = " ▁▂▃▄▅▆▇█"
_ASCII_HEIGHTS = " .:|#"


def has_blocks(encoding: str | None, term: str) -> bool:
    """Whether a terminal can show eighths of a cell.

    Args:
        encoding: What it is written in.
        term: TERM; the console of Linux has 512 glyphs, and few of these among them.
    """
    try:
        _EIGHTHS.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return term not in {"", "dumb", "linux"} and not term.startswith("vt")


def bar(number: float, most: float, width: int, *, ascii_only: bool = False) -> str:
    """A bar that grows to the right, without blanks behind it.

    Args:
        number: What it stands for, 0 or more. Anything above 0 can be seen, however small it is.
        most: What fills the width.
        width: In cells.
        ascii_only: Draw whole cells of `#`, where the terminal has no blocks.
    """
    steps = 1 if ascii_only else len(_EIGHTHS) - 1
    filled = _share(number, most, width * steps)
    if ascii_only:
        return "#" * filled
    whole, rest = divmod(filled, steps)
    return _EIGHTHS[-1] * whole + (_EIGHTHS[rest] if rest else "")


def columns(numbers: Sequence[float], *, ascii_only: bool = False) -> str:
    """One cell a number, as high as it is; the largest one fills it.

    Args:
        numbers: 0 or more each; anything above 0 can be seen.
        ascii_only: Draw with four heights of ASCII.
    """
    heights = _ASCII_HEIGHTS if ascii_only else _HEIGHTS
    top = max(numbers, default=0)
    return "".join(heights[_share(number, top, len(heights) - 1)] for number in numbers)


def _share(number: float, most: float, steps: int) -> int:
    """How many of the steps a number fills: never none for a part, never all for less than all."""
    if number <= 0 or most <= 0:
        return 0
    return max(1, min(steps, int(steps * number / most)))
