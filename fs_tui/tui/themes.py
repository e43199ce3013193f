"""The colours: a theme for bright light, and what makes any theme readable.

WCAG 2 asks 4.5 to 1 of texts, and 3 to 1 of frames, focus and scrollbars. Textual's own themes miss
that where one looks most: on the selected row, at the scrollbar, at the frame with the focus.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.color import Color
from textual.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HIGH_CONTRAST", "contrast", "readable"]

HIGH_CONTRAST = Theme(
    name="high-contrast",
    primary="#ffff00",
    secondary="#00ffff",
    accent="#ffff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#202020",
    success="#00ff00",
    warning="#ffd700",
    error="#ff8080",
    dark=True,
    variables={
        "block-cursor-background": "#ffff00",
        "block-cursor-foreground": "#000000",
        "block-cursor-blurred-background": "#505050",
        "block-cursor-blurred-foreground": "#ffffff",
        "border": "#ffff00",
        "text-muted": "auto 87%",
        "input-cursor-background": "#ffffff",
        "input-cursor-foreground": "#000000",
    },
)

_TEXTS = ("text-primary", "text-accent", "text-error", "text-warning", "text-success")
_TEXT, _GRAPHICS = 5.0, 4.2
"""A little more than is asked for: some grounds are tinted."""

_SELECTION = 9.0
"""Of the selected row to its text: its muted text is to be read too."""

_STEP = 0.04

_ANSI_SELECTION = {
    f"block-cursor{state}-{part}": look
    for state in ("", "-blurred")
    for part, look in (
        ("background", "ansi_default"),
        ("foreground", "ansi_default"),
        ("text-style", "bold underline"),
    )
}


def contrast(one: Color, other: Color) -> float:
    """The contrast of two colours as WCAG 2 has it, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(variables: Mapping[str, str]) -> dict[str, str]:
    """Return a theme's variables with those colours moved that could not be seen well enough.

    The terminal's own colours are as they are: nobody here knows which they are. A text in the
    terminal's own one is not seen on every ground of a selection, so that has none there, and what
    is no failure is not red.
    """
    changed = dict(variables)
    names = ("background", "foreground", "surface", "panel", "primary")
    if any("ansi" in variables[name] or variables[name] == "transparent" for name in names):
        changed |= _ANSI_SELECTION
        if "red" in changed["text-warning"]:
            changed["text-warning"] = "ansi_magenta"
        return changed
    ground, front, surface, panel, primary = (Color.parse(variables[name]) for name in names)
    away = front  # towards the text's own colour, things are seen better
    for name in _TEXTS:
        colour = _moved(Color.parse(variables[name]), away, panel, _TEXT)
        changed[name] = _moved(colour, away, surface, _TEXT).hex
    changed["border"] = _moved(Color.parse(variables["border"]), away, panel, _GRAPHICS).hex
    changed["scrollbar-background"] = changed["scrollbar-corner-color"] = ground.hex
    changed["scrollbar-background-hover"] = changed["scrollbar-background-active"] = ground.hex
    for name in ("scrollbar", "scrollbar-hover", "scrollbar-active"):
        changed[name] = _moved(Color.parse(variables[name]), away, ground, _GRAPHICS).hex
    cursor = Color.parse(variables["block-cursor-background"])
    light = cursor.brightness > 0.5  # noqa: PLR2004  half of all
    text = Color(0, 0, 0) if light else Color(255, 255, 255)
    changed["block-cursor-foreground"] = text.hex
    away_from_text = Color(255, 255, 255) if light else Color(0, 0, 0)
    changed["block-cursor-background"] = _moved(cursor, away_from_text, text, _SELECTION).hex
    tint = 0.3 if ground.brightness < 0.5 else 0.2  # noqa: PLR2004  half of all
    blurred = ground.blend(primary, tint)
    if contrast(front, blurred) >= _TEXT:
        changed["block-cursor-blurred-background"] = blurred.hex
    return changed


def _moved(colour: Color, towards: Color, ground: Color, least: float) -> Color:
    """A colour, moved as far towards another one as its contrast to a ground asks for."""
    factor = 0.0
    seen = colour
    while contrast(seen, ground) < least and factor < 1:
        factor += _STEP
        seen = colour.blend(towards, min(1.0, factor))
    return seen


def _luminance(colour: Color) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  WCAG's

    red, green, blue = map(linear, colour.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
