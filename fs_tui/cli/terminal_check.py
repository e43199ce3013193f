"""Says whether this process has a terminal that can show the browser; knows no Textual."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

from fs_tui.errors import TerminalError
from fs_tui.visible import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["require_terminal"]


class _Stream(Protocol):
    def isatty(self) -> bool: ...


def require_terminal(
    environ: Mapping[str, str],
    streams: Mapping[str, _Stream | None] | None = None,
) -> None:
    """Return when the browser can be shown.

    Args:
        environ: The environment; TERM names the terminal's kind.
        streams: The streams that have to be terminals, by their names; the three standard ones of
            this process when not given. A closed one is None.

    Raises:
        TerminalError: One of the streams is no terminal, or TERM is empty or `dumb`.
    """
    if streams is None:
        streams = {
            "Standard input": sys.__stdin__,
            "Standard output": sys.__stdout__,
            "Standard error": sys.__stderr__,
        }
    for name, stream in streams.items():
        if stream is None or not stream.isatty():
            raise TerminalError(f"{name} is not a terminal.")
    kind = environ.get("TERM", "")
    if not kind:
        raise TerminalError("TERM is not set, so nothing is known about the terminal.")
    if kind in {"dumb", "unknown"}:
        raise TerminalError(f"TERM is {visible(kind)}: it cannot position text on the screen.")
