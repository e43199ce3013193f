"""Draws a terminal's screen as SVG, standing still or playing.

Lines and blocks are drawn as shapes, and the few marks that not every font has too: a picture looks
the same whatever fonts its reader has.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from html import escape
from itertools import chain, groupby
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from rich.cells import cell_len
from rich.color_triplet import ColorTriplet
from rich.terminal_theme import SVG_EXPORT_THEME

T = TypeVar("T")

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.style import Style
    from textual.app import App
    from textual.strip import Strip

__all__ = ["Frame", "draw", "shot"]

_CELL, _LINE, _FONT = 8.4, 18.0, 14
"""Width and height of a cell and size of the letters, in pixels."""

_FONTS = "ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace"

_EDGE, _TITLE = 10.0, 30.0
"""Pixels around the screen, and above it for its title."""

_DARK, _LIGHT = "#16181c", "#c8ccd4"

_SIGNS = {"✓": "m1.2 10l2.2 3l4-7", "✗": "m1.7 6l5 7m0-7l-5 7"}
"""Marks that few fonts have, as strokes from the upper left corner of their cell."""

_PARTS = {"ONE": 1, "THREE": 3, "FIVE": 5, "SEVEN": 7}

_BLOCK = re.compile(r"(LOWER|LEFT|UPPER|RIGHT) (?:(\w+) )?(QUARTER|EIGHTH|HALF)S? BLOCK")


@dataclass(frozen=True)
class Frame:
    """What a screen shows for a while.

    Attributes:
        rows: Its lines.
        seconds: How long.
        keys: What was pressed before it came; empty when nothing was.
    """

    rows: tuple[tuple[Piece, ...], ...]
    seconds: float = 1.0
    keys: str = ""


class Piece(NamedTuple):
    """Some cells of a line that look alike."""

    text: str
    colour: str
    ground: str
    style: str


@dataclass
class _Sheet:
    """The style sheet: a class for each look."""

    classes: dict[str, str] = field(default_factory=dict)

    def name(self, rule: str) -> str:
        return self.classes.setdefault(rule, f"c{len(self.classes)}")

    def __str__(self) -> str:
        return "".join(f".{name}{{{rule}}}" for rule, name in self.classes.items())


def shot(app: App[None], seconds: float = 1.0, keys: str = "") -> Frame:
    """Return what an app that runs shows now, its open dialogue included."""
    update = app.screen._compositor.render_update(
        full=True,
        screen_stack=app._background_screens,
    )
    lines: list[Iterable[Strip]] = update.strips  # type: ignore[union-attr]
    return Frame(tuple(tuple(_pieces(line)) for line in lines), seconds, keys)


def _pieces(line: Iterable[Strip]) -> Iterator[Piece]:
    segments = chain.from_iterable(line)
    styled = ((_look(segment.style), segment) for segment in segments if segment.text)
    for look, alike in groupby(styled, key=lambda pair: pair[0]):
        yield Piece("".join(segment.text for _, segment in alike), *look)


def _look(style: Style | None) -> tuple[str, str, str]:
    """Return the colours of letters and ground, and what else a style is, as CSS."""
    colour, ground, marks = _LIGHT, _DARK, []
    if style is not None:
        if style.color is not None and not style.color.is_default:
            colour = style.color.get_truecolor(SVG_EXPORT_THEME).hex
        if style.bgcolor is not None and not style.bgcolor.is_default:
            ground = style.bgcolor.get_truecolor(SVG_EXPORT_THEME, foreground=False).hex
        if style.reverse:
            colour, ground = ground, colour
        if style.dim:
            colour = _between(colour, ground)
        marks = [
            rule
            for on, rule in (
                (style.bold, "font-weight:bold"),
                (style.italic, "font-style:italic"),
                (style.underline, "text-decoration:underline"),
                (style.strike, "text-decoration:line-through"),
            )
            if on
        ]
    return colour, ground, ";".join(marks)


def _between(one: str, other: str) -> str:
    pairs = ((int(one[i : i + 2], 16) + int(other[i : i + 2], 16)) // 2 for i in (1, 3, 5))
    return ColorTriplet(*pairs).hex


def draw(frames: Sequence[Frame], title: str, description: str, *, still: int = 0) -> str:
    """Return a picture.

    Args:
        frames: What it shows, one after the other and then again; all of one size.
        title: Stands above the screen.
        description: What can be seen, for those who cannot see it.
        still: The frame that is shown where nothing moves.
    """
    columns = sum(cell_len(piece.text) for piece in frames[0].rows[0])
    lines = len(frames[0].rows)
    width = columns * _CELL + 2 * _EDGE
    height = lines * _LINE + _EDGE + _TITLE
    ground = _commonest_ground(frames)
    sheet = _Sheet()
    moves: dict[tuple[int, int], str] = {}
    body: list[str] = []
    for line in range(lines):
        for content, first, last in _runs([frame.rows[line] for frame in frames]):
            drawn = "".join(_drawn(content, line, ground, sheet))
            body.append(_shown(drawn, (first, last), len(frames), moves, still))
    for keys, first, last in _runs([frame.keys for frame in frames]):
        if keys:
            x = width - _EDGE
            drawn = f'<text x="{_n(x)}" y="20" class="k">{escape(keys)}</text>'
            body.append(_shown(drawn, (first, last), len(frames), moves, still))
    style = (
        f"text{{font:{_FONT}px {_FONTS};white-space:pre}}"
        f".t{{fill:#8a919e}}.k{{fill:#ffd479;text-anchor:end;font-weight:bold}}{sheet}"
        + _motion(frames, moves)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}"'
        f' role="img" aria-labelledby="title desc">'
        f'<title id="title">{escape(title)}</title><desc id="desc">{escape(description)}</desc>'
        f"<style>{style}</style>"
        f'<rect width="100%" height="100%" rx="8" fill="{_DARK}"/>'
        f'<rect x="{_n(_EDGE)}" y="{_n(_TITLE)}" width="{_n(columns * _CELL)}"'
        f' height="{_n(lines * _LINE)}" fill="{ground}"/>'
        f'<text x="{_n(_EDGE)}" y="20" class="t">{escape(title)}</text>'
        + "\n".join(body)
        + "</svg>\n"
    )


def _runs(contents: Sequence[T]) -> Iterator[tuple[T, int, int]]:
    """Yield each content with the first frame that shows it, and the first that does not."""
    first = 0
    for content, same in groupby(contents):
        last = first + len(list(same))
        yield content, first, last
        first = last


def _shown(
    drawn: str, span: tuple[int, int], frames: int, moves: dict[tuple[int, int], str], still: int
) -> str:
    if not drawn or span == (0, frames):
        return drawn
    move = moves.setdefault(span, f"m{len(moves)}")
    rest = " s" if span[0] <= still < span[1] else ""
    return f'<g class="m {move}{rest}">{drawn}</g>'


def _motion(frames: Sequence[Frame], moves: dict[tuple[int, int], str]) -> str:
    if not moves:
        return ""
    ends = [0.0]
    for frame in frames:
        ends.append(ends[-1] + frame.seconds)
    rules = [".m{visibility:hidden}.s{visibility:visible}"]
    plays = []
    for (first, last), name in moves.items():
        begin, end = (f"{100 * ends[at] / ends[-1]:.3f}%" for at in (first, last))
        stops = "0%{visibility:hidden}" if first else ""
        stops += f"{begin}{{visibility:visible}}"
        stops += f"{end}{{visibility:hidden}}" if last < len(frames) else ""
        rules.append(f"@keyframes {name}{{{stops}}}")
        plays.append(f".{name}{{animation:{name} {ends[-1]:g}s step-end infinite}}")
    rules.append(f"@media (prefers-reduced-motion:no-preference){{{''.join(plays)}}}")
    return "".join(rules)


def _commonest_ground(frames: Sequence[Frame]) -> str:
    grounds = Counter[str]()
    for piece in chain.from_iterable(chain.from_iterable(frame.rows for frame in frames)):
        grounds[piece.ground] += len(piece.text)
    return grounds.most_common(1)[0][0]


def _drawn(pieces: Sequence[Piece], line: int, ground: str, sheet: _Sheet) -> Iterator[str]:
    """Yield the grounds of a line, then what stands on them."""
    top = _TITLE + line * _LINE
    column = 0
    for colour, alike in groupby(pieces, key=lambda piece: piece.ground):
        cells = sum(cell_len(piece.text) for piece in alike)
        if colour != ground:
            area = _rectangle(_EDGE + column * _CELL, top, cells * _CELL, _LINE)
            yield f'<path class="{sheet.name(f"fill:{colour}")}" d="{area}"/>'
        column += cells
    column = 0
    for piece in pieces:
        yield from _written(piece, column, top, sheet)
        column += cell_len(piece.text)


def _written(piece: Piece, column: int, top: float, sheet: _Sheet) -> Iterator[str]:
    for is_shape, cells in groupby(_cells(piece.text, column), key=lambda cell: _is_shape(cell[1])):
        if is_shape:
            yield from _shapes(list(cells), piece, top, sheet)
            continue
        run = list(cells)
        text = "".join(char for _, char in run)
        # Blanks are left away: two of them part words that stand far from each other.
        for word in re.finditer(r"\S+(?: \S+)*", text):
            before = cell_len(text[: word.start()])
            length = cell_len(word.group()) * _CELL
            rule = ";".join(filter(None, (f"fill:{piece.colour}", piece.style)))
            yield (
                f'<text class="{sheet.name(rule)}" x="{_n(_EDGE + (run[0][0] + before) * _CELL)}"'
                f' y="{_n(top + 13.5)}" textLength="{_n(length)}">{escape(word.group())}</text>'
            )


def _cells(text: str, column: int) -> Iterator[tuple[int, str]]:
    for char in text:
        yield column, char
        column += cell_len(char)


def _is_shape(char: str) -> bool:
    return "\u2500" <= char <= "\u259f" or char in _SIGNS


def _shapes(
    cells: Sequence[tuple[int, str]], piece: Piece, top: float, sheet: _Sheet
) -> Iterator[str]:
    """Yield lines and blocks, equal neighbours as one."""
    stroked: dict[float, str] = {}
    filled = ""
    column, rest = cells[0][0], cells
    while rest:
        char = rest[0][1]
        same = next((i for i, cell in enumerate(rest) if cell[1] != char), len(rest))
        x = _EDGE + column * _CELL
        if char in _SIGNS:
            corners = (f"M{_n(x + number * _CELL)} {_n(top)}" for number in range(same))
            signs = "".join(corner + _SIGNS[char] for corner in corners)
            stroked[1.6] = stroked.get(1.6, "") + signs
        elif block := _block(char, x, top, same):
            filled += block
        else:
            weight = 2.2 if "HEAVY" in unicodedata.name(char) else 1.1
            line = "".join(_line(char, x, top, number, same) for number in range(same))
            stroked[weight] = stroked.get(weight, "") + line
        column, rest = column + same, rest[same:]
    if filled:
        yield f'<path class="{sheet.name(f"fill:{piece.colour}")}" d="{filled}"/>'
    for weight, path in stroked.items():
        rule = f"fill:none;stroke:{piece.colour};stroke-width:{weight}"
        yield f'<path class="{sheet.name(rule)}" d="{path}"/>'


def _block(char: str, x: float, top: float, count: int) -> str:
    """Return the rectangle of a block element; empty when it is another sign."""
    name = unicodedata.name(char)
    width, height, left, up = _CELL * count, _LINE, x, top
    if found := _BLOCK.fullmatch(name):
        side, part, whole = found.groups()
        share = _PARTS[part or "ONE"] / {"HALF": 2, "QUARTER": 4, "EIGHTH": 8}[whole]
        if side in {"LOWER", "UPPER"}:
            height = _LINE * share
            up = top + (_LINE - height if side == "LOWER" else 0)
        else:
            # Such a block is a part of its own cell: it never stands for its neighbours.
            starts = (
                x + i * _CELL + (0 if side == "LEFT" else _CELL * (1 - share)) for i in range(count)
            )
            return "".join(_rectangle(at, top, _CELL * share, _LINE) for at in starts)
    elif name != "FULL BLOCK":
        return ""
    return _rectangle(left, up, width, height)


def _rectangle(x: float, y: float, width: float, height: float) -> str:
    return f"M{_n(x)} {_n(y)}h{_n(width)}v{_n(height)}h-{_n(width)}z"


def _line(char: str, x: float, top: float, number: int, count: int) -> str:
    """Return the strokes of a box-drawing sign from the middle of its cell to its sides."""
    words = set(unicodedata.name(char).split())
    directions = words & {"UP", "DOWN", "LEFT", "RIGHT"}
    if "VERTICAL" in words:
        directions |= {"UP", "DOWN"}
    if "HORIZONTAL" in words:
        if directions == set():
            # One stroke for all neighbours.
            return f"M{_n(x)} {_n(top + _LINE / 2)}h{_n(_CELL * count)}" if number == 0 else ""
        directions |= {"LEFT", "RIGHT"}
    middle, centre = x + number * _CELL + _CELL / 2, top + _LINE / 2
    ends = {
        "UP": (middle, top),
        "DOWN": (middle, top + _LINE),
        "LEFT": (middle - _CELL / 2, centre),
        "RIGHT": (middle + _CELL / 2, centre),
    }
    if "ARC" in words:
        (x1, y1), (x2, y2) = (ends[direction] for direction in sorted(directions))
        return f"M{_n(x1)} {_n(y1)}Q{_n(middle)} {_n(centre)} {_n(x2)} {_n(y2)}"
    if directions in ({"UP", "DOWN"}, {"LEFT", "RIGHT"}):
        (x1, y1), (x2, y2) = (ends[direction] for direction in sorted(directions))
        return f"M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}"
    return "".join(
        f"M{_n(middle)} {_n(centre)}L{_n(a)} {_n(b)}"
        for a, b in (ends[direction] for direction in sorted(directions))
    )


def _n(number: float) -> str:
    """Write a length with a tenth of a pixel."""
    return f"{number:.1f}".removesuffix(".0")
