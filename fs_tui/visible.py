"""Makes any text safe to show in a terminal, and measures it in terminal cells.

what is in the text                               what is shown
------------------------------------------------  ---------------------------------
C0 controls and DEL, newline and tab among them   their pictures: ␛ ␊ ␉ ␡
C1, bidi controls, zero-width, joiners, variation
selectors, tags, unassigned, private, surrogates,
spaces other than U+0020 and U+3000               <U+202E>
characters that terminals measure differently (flags,
skin tones, symbols that became wide lately,
circles and keycaps around the one before)        <U+1F1F8>
combining marks, up to four on a letter           as they are
the fifth mark, and a mark without a letter       <U+0301>
everything else                                   as it is

What comes out has the same width in every terminal that follows Unicode, and in Rich, because
nothing is left in it that joins two characters into one. Right-to-left letters stay: a terminal
that reorders them does so with their line.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

__all__ = ["DISPLAY_LIMIT", "cell_width", "masked", "visible"]

DISPLAY_LIMIT = 4096
"""Cells beyond which no text is shown, unless the caller asks for more."""

_MARKS_PER_BASE = 4
"""Enough for Vietnamese, Hebrew with its points and Thai; not for a text that climbs the screen."""

_CUT = "…"
_SIGNS_LEFT = 3
_FIRST_PICTURE = 0x2400

_INVISIBLE = frozenset(
    [
        0x034F,  # combining grapheme joiner
        *(0x115F, 0x1160, 0x3164, 0xFFA0),  # Hangul fillers
        *(0x17B4, 0x17B5),  # Khmer inherent vowels
        *range(0x180B, 0x1810),  # Mongolian variation selectors
        0x2800,  # the empty Braille pattern
        *range(0xFE00, 0xFE10),  # variation selectors
        *range(0xE0100, 0xE01F0),
    ]
)
"""What Python calls printable, and what shows nothing of its own."""

_WIDTH_IN_DISPUTE = frozenset(
    [
        *range(0x1F1E6, 0x1F200),  # regional indicators: two of them may be one flag
        *range(0x1F3FB, 0x1F400),  # skin tones: may melt into the character before them
        # One cell up to Unicode 15, two from 16 on.
        *range(0x2630, 0x2638),
        *range(0x268A, 0x2690),
        *range(0x4DC0, 0x4E00),
        *range(0x1D300, 0x1D380),
    ]
)

_CONJOINING = frozenset([*range(0x1161, 0x1200), *range(0xD7B0, 0xD800)])
"""Korean vowels and finals: they stand in the cells of the consonant before them."""


def visible(text: str, *, limit: int | None = DISPLAY_LIMIT) -> str:
    """Return `text` with nothing in it that a terminal or a reader could take for something else.

    Printable ASCII comes back unchanged, and so does what this function returned.

    Args:
        text: Anything, from the service, a file name or a program.
        limit: The most terminal cells that the result takes; what is cut ends in an ellipsis.
            None sets no limit.
    """
    if text.isascii() and text.isprintable() and (limit is None or len(text) <= limit):
        return text
    if limit is None:
        return "".join(shown for shown, _ in _pieces(text))
    # The longest run that fits is all bases of one cell, each with all its marks.
    return _fit(_pieces(text[: (limit + 1) * (_MARKS_PER_BASE + 1)]), limit)


def masked(text: str) -> str:
    """Return what a shared screen or a ticket may show of a text: its last three characters."""
    if not text:
        return ""
    return _CUT + text[-_SIGNS_LEFT:] if len(text) > _SIGNS_LEFT else _CUT


def cell_width(text: str) -> int:
    """Return how many terminal cells a text takes that `visible` returned."""
    return len(text) if text.isascii() else sum(_form(character)[1] for character in text)


def _pieces(text: str) -> list[tuple[str, int]]:
    """What is shown for each character of the text, and its cells; marks have none."""
    pieces = []
    marks = _MARKS_PER_BASE
    for character in text:
        shown, cells = _form(character)
        if cells:
            # A mark behind a replaced character would dress the replacement's last character.
            marks = 0 if shown == character else _MARKS_PER_BASE
        elif marks < _MARKS_PER_BASE:
            marks += 1
        else:
            shown, cells = _escaped(character)
        pieces.append((shown, cells))
    return pieces


def _fit(pieces: list[tuple[str, int]], limit: int) -> str:
    """Join as many pieces as fit, with an ellipsis in the last cell if that is not all."""
    if sum(cells for _, cells in pieces) > limit:
        room = limit - len(_CUT)
        if room < 0:
            return ""
        for kept, (_, cells) in enumerate(pieces):
            room -= cells
            if room < 0:
                pieces = [*pieces[:kept], (_CUT, len(_CUT))]
                break
    return "".join(shown for shown, _ in pieces)


@lru_cache(maxsize=4096)
def _form(character: str) -> tuple[str, int]:
    """Return what is shown for one character, and its cells: 0 for one that joins its base."""
    code = ord(character)
    if code < 0x20:  # noqa: PLR2004 - the C0 controls
        return chr(_FIRST_PICTURE + code), 1
    if code == 0x7F:  # noqa: PLR2004 - DEL
        return "␡", 1
    if code == 0x3000:  # noqa: PLR2004 - the space between East Asian names, as wide as a letter
        return character, 2
    category = unicodedata.category(character)
    replaced = code in _INVISIBLE or code in _WIDTH_IN_DISPUTE or category == "Me"
    if replaced or not character.isprintable():
        return _escaped(character)
    if category in {"Mn", "Mc"} or code in _CONJOINING:
        return character, 0
    return character, 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _escaped(character: str) -> tuple[str, int]:
    shown = f"<U+{ord(character):04X}>"
    return shown, len(shown)
