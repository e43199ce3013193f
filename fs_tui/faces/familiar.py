"""FamiliarTokens: notices cheaply that a face token may have been met before."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FamiliarTokens"]

_WORDS = 1 << 21
"""16 MB of bits, touched as they are needed: at five million tokens 1 in 200 is suspected."""

_MASKS = tuple(1 << (bits & 63) | 1 << (bits >> 6) for bits in range(1 << 12))
"""Every pair of bits of a word; looked up, because shifting takes twice as long."""


class FamiliarTokens:
    """A Bloom filter of 64-bit words, two bits a token: never misses, suspects a few in vain."""

    def __init__(self) -> None:
        self._words: array[int] | None = None

    def suspects(self, tokens: Iterable[str]) -> list[str]:
        """Remember the tokens; return those that may have been met before, or twice among them."""
        if self._words is None:
            self._words = array("Q", bytes(8 * _WORDS))
        words, masks, found = self._words, _MASKS, []
        for token in tokens:
            bits = hash(token)
            index = bits & (_WORDS - 1)
            mask = masks[bits >> 21 & 4095]
            word = words[index]
            if word & mask == mask:
                found.append(token)
            else:
                words[index] = word | mask
        return found
