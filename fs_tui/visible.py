"""Makes any text safe to show in a terminal."""

from __future__ import annotations

__all__ = ["visible"]


def visible(text: str, *, limit: int | None = None) -> str:
    """Return `text` with nothing in it that a terminal or a reader could take for something else.

    Args:
        text: Anything, from the service, a file name or a program.
        limit: The most characters to keep; what is cut ends in an ellipsis.
    """
    shown = "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text)
    return shown if limit is None or len(shown) <= limit else shown[: limit - 1] + "…"
