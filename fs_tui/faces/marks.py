"""Marks: which positions the user has marked, and which faces are to be marked where they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fs_tui.models import Face

__all__ = ["Marks"]


class Marks:
    """A set of positions in as many bytes as an eighth of the highest one.

    Attributes:
        count: How many are marked.
        tokens: Of faces that were marked in an older reading: they are marked where they are met.
    """

    def __init__(self) -> None:
        self._bits = bytearray()
        self.count = 0
        self.tokens: set[str] = set()

    def __contains__(self, position: int) -> bool:
        index = position >> 3
        return index < len(self._bits) and bool(self._bits[index] >> (position & 7) & 1)

    def __iter__(self) -> Iterator[int]:
        """The marked positions, ascending."""
        for index, byte in enumerate(self._bits):
            if byte:
                yield from (index * 8 + bit for bit in range(8) if byte >> bit & 1)

    def set(self, position: int, *, marked: bool) -> None:
        """Mark or unmark a position."""
        if marked == (position in self):
            return
        self._reach(position)
        self._bits[position >> 3] ^= 1 << (position & 7)
        self.count += 1 if marked else -1

    def add(self, first: int, last: int) -> None:
        """Mark the positions `first` to `last - 1`."""
        low, high = (first + 7) & ~7, last & ~7
        if low >= high:
            for position in range(first, last):
                self.set(position, marked=True)
            return
        self._reach(last)
        self.add(first, low)
        whole = slice(low >> 3, high >> 3)
        self.count += high - low - int.from_bytes(self._bits[whole], "little").bit_count()
        self._bits[whole] = b"\xff" * ((high - low) >> 3)
        self.add(high, last)

    def meet(self, faces: Iterable[tuple[int, Face]]) -> None:
        """Mark those of some faces, given with their positions, that were marked before."""
        if self.tokens:
            for position, face in faces:
                if face.face_token in self.tokens:
                    self.set(position, marked=True)

    def clear(self) -> None:
        """Unmark everything."""
        self._bits = bytearray()
        self.count = 0
        self.tokens.clear()

    def _reach(self, position: int) -> None:
        missing = (position >> 3) + 1 - len(self._bits)
        if missing > 0:
            self._bits.extend(bytes(missing))
