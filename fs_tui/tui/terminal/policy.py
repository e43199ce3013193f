"""What this run may ask of the terminal; knows no Textual, so that the command line can decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MIN_COLUMNS", "MIN_LINES", "Colors", "TerminalPolicy", "room_wanted"]

Colors = Literal["16", "256", "true"]

MIN_COLUMNS = 40
MIN_LINES = 10

_COLOR_SYSTEMS: dict[Colors, str] = {"16": "standard", "256": "256", "true": "truecolor"}


class TerminalPolicy(NamedTuple):
    """How much the terminal is asked for.

    Attributes:
        slow: The link is slow or remote: nothing moves that need not move.
        mouse: Ask the terminal to report the mouse. It then no longer selects text by itself, and
            every move of the pointer travels.
        colors: The most colours to use; None takes what the terminal says about itself.
    """

    slow: bool = False
    mouse: bool = True
    colors: Colors | None = None

    @classmethod
    def choose(
        cls,
        environ: Mapping[str, str],
        *,
        slow: bool = False,
        mouse: bool | None = None,
        colors: Colors | None = None,
    ) -> Self:
        """Decide from the environment and the flags: over SSH the link is slow and has no mouse.

        Args:
            environ: The environment; `SSH_CONNECTION` says that this is a remote session.
            slow: `--slow` was given.
            mouse: `--mouse` or `--no-mouse` was given; None for neither.
            colors: `--colors` was given.
        """
        slow = slow or bool(environ.get("SSH_CONNECTION"))
        return cls(slow=slow, mouse=not slow if mouse is None else mouse, colors=colors)

    def environment(self) -> dict[str, str]:
        """Return the variables that Textual reads while it is imported: set them before that."""
        variables = {"TEXTUAL_ANIMATIONS": "none"} if self.slow else {}
        if self.colors is not None:
            variables["TEXTUAL_COLOR_SYSTEM"] = _COLOR_SYSTEMS[self.colors]
        return variables


def room_wanted(columns: int, lines: int) -> str:
    """Return the sentence that asks for a larger window; empty when there is room enough."""
    if columns >= MIN_COLUMNS and lines >= MIN_LINES:
        return ""
    return f"fs-tui needs {MIN_COLUMNS}x{MIN_LINES} cells, this window has {columns}x{lines}."
