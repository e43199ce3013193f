"""Says the same to a terminal in fewer bytes: every key travels, and links are slow.

Rich writes each piece of text with its whole style before it and a reset behind it, and Textual
moves the cursor once too often. What a terminal would show is kept; of the styles only what differs
is written, and of several moves in a row the last.

    ESC[38;2;224;224;224;48;2;18;18;18m one ESC[0m ESC[3;9H ESC[38;2;224;224;224;48;2;18;18;18m two
    ESC[38;2;224;224;224;48;2;18;18;18m one        ESC[3;9H                                     two
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

__all__ = ["minify"]

_PIECE = re.compile(
    r"""
      \x1b\[ (?P<style> [0-9;]*) m
    | (?P<jump> \x1b\[ [0-9;]* H)
    | (?P<feed> \n+)
    | (?P<control> \x1b\[ [0-?]* [ -/]* [@-~])
    | (?P<text> [^\x00-\x1f\x7f-\x9f]+)
    | (?P<strange> \x1b [\]PX^_] .*? (?: \x1b\\ | \x07) | \x1b .? | .)
    """,
    re.VERBOSE | re.DOTALL,
)


class _Style(NamedTuple):
    """Foreground, background and attributes, each as the codes that switch it on."""

    fore: str = ""
    back: str = ""
    attributes: frozenset[str] = frozenset()


_PLAIN = _Style()
_SEEN_ON_SPACES = frozenset({"4", "7", "9", "21", "53"})
"""Underlined twice and once, reversed, struck through, overlined."""

_ATTRIBUTES = frozenset({"1", "2", "3", "5", "6", "8"}) | _SEEN_ON_SPACES


def minify(data: str) -> str:
    """Return what shows the same.

    Args:
        data: Text and whole escape sequences; it begins in the plain style, as every frame does.
    """
    written: list[str] = []
    write = written.append
    moves: list[str] = []
    # None is a style that is not known.
    now: _Style | None = _PLAIN
    wanted: _Style | None = _PLAIN
    for piece in _PIECE.finditer(data):
        kind = piece.lastgroup
        if kind == "jump":
            moves = [piece[0]] if _passes_through(moves, piece[0]) else [*moves, piece[0]]
        elif kind == "feed":
            moves.append(piece[0])
        elif kind == "style" and (after := _applied(wanted, piece["style"])) is not None:
            wanted = after
        else:
            written += moves
            moves = []
            if kind == "text" and now and wanted and not piece[0].strip(" "):
                # A space has no foreground: the one that is on may stay on.
                write(_change(now, now := _of_a_space(now, wanted)))
            elif now != wanted:
                write(_change(now, wanted))
                now = wanted
            write(piece[0])
            if kind in {"style", "strange"}:
                now = wanted = None
    written += moves
    write(_change(now, wanted))
    return "".join(written)


def _passes_through(moves: list[str], jump: str) -> bool:
    """Whether moves leave no trace before a jump: a line feed in the last line scrolls."""
    if not moves or moves[0] == "\n" * len(moves[0]):
        return not moves
    feeds = sum(move.count("\n") for move in moves)
    return not feeds or _line(moves[0]) + feeds <= _line(jump)


def _line(jump: str) -> int:
    return int(jump[2:-1].split(";", maxsplit=1)[0] or 1)


@lru_cache(maxsize=4096)
def _applied(style: _Style | None, codes: str) -> _Style | None:
    """The style after some codes; None where they are not understood."""
    rest = iter(codes.split(";"))
    for code in rest:
        if code in {"", "0"}:
            style = _PLAIN
        elif style is None:
            return None
        elif code in {"38", "48"}:
            kind = next(rest, "")
            count = {"2": 3, "5": 1}.get(kind)
            if count is None:
                return None
            colour = ";".join([code, kind, *(next(rest, "0") for _ in range(count))])
            on = {"fore": colour} if code == "38" else {"back": colour}
            style = _Style(**{**style._asdict(), **on})
        elif re.fullmatch("3[0-7]|9[0-7]", code):
            style = style._replace(fore=code)
        elif re.fullmatch("4[0-7]|10[0-7]", code):
            style = style._replace(back=code)
        elif code in _ATTRIBUTES:
            style = style._replace(attributes=style.attributes | {code})
        else:
            return None
    return style


@lru_cache(maxsize=4096)
def _of_a_space(now: _Style, wanted: _Style) -> _Style:
    if (now.attributes | wanted.attributes) & _SEEN_ON_SPACES:
        return wanted
    return now._replace(back=wanted.back)


@lru_cache(maxsize=4096)
def _change(now: _Style | None, wanted: _Style | None) -> str:
    """The sequence that leads from one style to the other, the shorter one of two."""
    if now == wanted or wanted is None:
        return ""
    anew = ["0", *sorted(wanted.attributes), wanted.fore, wanted.back]
    if now is None:
        return _sequence(anew)
    goes = now.attributes - wanted.attributes
    if goes or (now.fore and not wanted.fore) or (now.back and not wanted.back):
        return _sequence(anew)
    comes = sorted(wanted.attributes - now.attributes)
    fore = wanted.fore if wanted.fore != now.fore else ""
    back = wanted.back if wanted.back != now.back else ""
    return _sequence([*comes, fore, back])


def _sequence(codes: list[str]) -> str:
    return f"\x1b[{';'.join(filter(None, codes))}m"
