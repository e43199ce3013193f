"""Knows the names that Textual gives to keys without importing it, so that commands stay quick."""

from __future__ import annotations

import string
import unicodedata

from fs_tui.suggestion import nearest

__all__ = ["canonical", "is_key", "nearest_key"]

_MODIFIERS = ("alt", "ctrl", "hyper", "meta", "shift", "super")
"""In the order in which they stand before a key."""

_NAMED = """
escape enter tab space backspace insert delete home end pageup pagedown left right up down
menu pause print_screen caps_lock scroll_lock num_lock
decimal divide multiply subtract add equal separator kp_begin
media_play media_pause media_play_pause media_reverse media_stop media_fast_forward
media_rewind media_track_next media_track_previous media_record
lower_volume raise_volume mute_volume
"""
"""The last four lines: number pads and media keyboards, where the terminal tells them apart."""

_FUNCTION_KEYS = (*_NAMED.split(), *(f"f{number}" for number in range(1, 36)))

_SHORT_NAMES = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""What Textual calls the characters whose Unicode names nobody knows."""


def _character_name(character: str) -> str:
    name = unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
    return _SHORT_NAMES.get(name, name)


_CHARACTERS = {character: _character_name(character) for character in (*string.punctuation, " ")}
_NAMES = (*_FUNCTION_KEYS, *_CHARACTERS.values())


def canonical(key: str) -> str:
    """Return one name for what may be written in two ways: `/` is `slash`."""
    return _CHARACTERS.get(key, key)


def is_key(key: str) -> bool:
    """Whether a key of this name is ever pressed; a comma and a blank are written as names."""
    if len(key) == 1:
        return key.isprintable() and key not in " ,"
    *modifiers, base = key.split("+")
    if modifiers != [modifier for modifier in _MODIFIERS if modifier in modifiers]:
        return False
    if modifiers == ["shift"]:
        # With a character it is another character.
        return base in _FUNCTION_KEYS
    # Older terminals send ctrl and a blank as this one.
    return base in _NAMES or key == "ctrl+@" or (base.isalnum() and base == base.lower()[:1])


def nearest_key(text: str) -> str:
    """Return the key that was probably meant; empty when there is none like it."""
    *before, base = text.lower().rsplit("+", 1) if len(text) > 1 else [text]
    modifiers = sorted({nearest(part, _MODIFIERS) for part in "".join(before).split("+") if part})
    if len(base) > 1:
        base = nearest(base, _NAMES)
    elif modifiers == ["shift"]:
        modifiers, base = [], base.upper()
    else:
        base = canonical(base)
    key = "+".join([*modifiers, base])
    return key if base and is_key(key) else ""
