"""TokenBloomFilter: notices cheaply that a face token may have been met before."""

from __future__ import annotations

import sys
from array import array
from itertools import combinations, cycle, islice
from mmap import mmap
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["TokenBloomFilter"]

_BYTES = 1 << 24
"""16 MB, touched as they are needed: at five million tokens 1 in 80 is suspected."""

_PLACE, _NO_PLACE, _PATTERN = (0, 3, 7) if sys.byteorder == "little" else (1, 4, 0)
"""Which half of a hash is its place, which byte of that half is none, and which is its pattern."""

_TRIPLES = bytes(sum(1 << bit for bit in bits) for bits in combinations(range(8), 3))
_PATTERNS = bytes(islice(cycle(_TRIPLES), 256))
"""Three bits of a byte for every value of a byte."""


class TokenBloomFilter:
    """A Bloom filter of bytes, three bits a token: never misses, suspects a few in vain."""

    def __init__(self) -> None:
        # Not a bytearray, which would touch them all at once: 6 ms before the first rows.
        self._table = mmap(-1, _BYTES)

    def suspects(self, tokens: Sequence[str]) -> list[str]:
        """Remember the tokens; return those that may have been met before, or twice among them."""
        table, found = self._table, []
        # Of the eight bytes of a hash three are a place, and the one at the other end a pattern.
        hashes = bytearray(array("q", list(map(hash, tokens))))
        patterns = hashes[_PATTERN::8].translate(_PATTERNS)
        hashes[_NO_PLACE::8] = bytes(len(tokens))
        places = array("I", hashes)[_PLACE::2].tolist()
        # Reading them all in one go brings them into the processor's cache side by side: the loop
        # alone would wait for each of them, and take half as long again.
        itemgetter(0, *places)(table)
        for token, place, pattern in zip(tokens, places, patterns, strict=True):
            old = table[place]
            new = old | pattern
            if new == old:
                found.append(token)
            else:
                table[place] = new
        return found
