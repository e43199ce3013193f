"""EscapeKey: tells the escape key from the beginning of a sequence, where both come together.

Over a slow link an escape and the key behind it arrive as one packet, which for Textual is the
second key with alt, or that key alone: the escape is lost. Here alt is asked for by few keys.
"""

from __future__ import annotations

import re

__all__ = ["EscapeKey"]

_BEGINS = "[O]P_^X\\\x1b"
"""Behind an escape these begin or end a sequence of the terminal."""

_NAMED = "[27u"
"""What names the escape key beyond doubt, once its first character is out."""


class EscapeKey:
    """Rewrites what a terminal sends, portion by portion."""

    def __init__(self) -> None:
        self._at_end = False

    def told_apart(self, text: str, alt: str = "", *, waits: bool = False) -> str:
        """Return a portion with the escape key named wherever it is one.

        Args:
            text: What came.
            alt: Characters that an escape before them belongs to.
            waits: The parser does not know yet what the escape at the end of the last portion is.
        """
        belongs = re.escape(_BEGINS + alt)
        open_before, self._at_end = self._at_end and waits, text.endswith("\x1b")
        if open_before and text and not re.match(f"[{belongs}]", text):
            text = _NAMED + text
        return re.sub(f"\x1b(?=[^{belongs}])", f"\x1b{_NAMED}", text)
