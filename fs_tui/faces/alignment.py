"""Alignment: how the faces that the service lists lie on those that are kept; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fs_tui.gateway import MAX_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fs_tui.models import Face

__all__ = ["RETIMED", "KeptTail", "KeptWindow", "TailFinding"]

RETIMED = "a kept face has another time"
"""Why rows that stand do not prove those before them."""


@dataclass(frozen=True, slots=True)
class TailFinding:
    """How the end of a listing lies on the last kept rows.

    Attributes:
        shift: How many faces are gone before the window, fewer than none where some came.
        gone: Positions of the window's rows that are listed no more.
        taken: These, and the rows behind which new ones came: all are to be taken out.
        added: What is to follow the rows that are left.
        came: How many of these are new.
        corrected: What faces that stay say otherwise than their rows, by position.
        doubt: Why the rows of the window do not prove those before it; empty where they do. What
            `doubt_of` says of faces that came is not in it.
        met: Whether any of the rows is listed.
        lost: Whether none is, though others come before them: nothing else here counts then.
        repeated: Whether a row before the window is listed in it too.
    """

    shift: int
    gone: tuple[int, ...]
    taken: tuple[int, ...]
    added: Sequence[Face]
    came: int
    corrected: Mapping[int, Face]
    doubt: str
    met: bool
    lost: bool
    repeated: bool


class KeptWindow:
    """Kept rows that follow each other, and where each of them stands.

    Args:
        rows: In their order.
        first: The position of the first one.
    """

    def __init__(self, rows: Sequence[Face], first: int) -> None:
        self.rows = rows
        self.first = first
        self.last = first + len(rows) - 1
        self._places = {row.face_token: place for place, row in enumerate(rows, first)}

    def __contains__(self, face: Face) -> bool:
        return face.face_token in self._places

    def place(self, face: Face) -> int | None:
        """Where a face stands; None where it does not."""
        return self._places.get(face.face_token)

    def in_order(self, faces: Iterable[Face]) -> list[int]:
        """The places of the leading faces that are here, and in this order."""
        places: list[int] = []
        for face in faces:
            place = self.place(face)
            if place is None or (places and place <= places[-1]):
                break
            places.append(place)
        return places

    def others(self, places: Sequence[int], faces: Sequence[Face]) -> dict[int, Face]:
        """What faces say otherwise than the rows at their places."""
        pairs = zip(places, faces, strict=False)
        return {place: face for place, face in pairs if self.rows[place - self.first] != face}

    def retimed(self, others: Mapping[int, Face]) -> bool:
        """Whether any of these has another time than its row."""
        rows, first = self.rows, self.first
        return any(rows[q - first].added_ms != face.added_ms for q, face in others.items())


class KeptTail(KeptWindow):
    """The last kept rows, with which the end of a listing is compared.

    Args:
        rows: To the last one.
        first: The position of the first one.
        start: Where the listing is read from; rows before it help to tell how it moved.
        complete: Whether the last row was the library's last face when it was read.
    """

    def __init__(self, rows: Sequence[Face], first: int, *, start: int, complete: bool) -> None:
        super().__init__(rows, first)
        self.start = start
        self._last_ms = rows[-1].added_ms if rows else None
        # In a part of a library its last moment may go on: what it began with is in the window.
        in_moment = self._last_ms is not None and not complete
        self._earlier_ms = self._last_ms - 1 if in_moment and self._last_ms else self._last_ms

    def passed_by(self, faces: Sequence[Face], position: int) -> bool:
        """Whether faces that were read on to before a position tell what became of every row."""
        if position <= self.last:
            return False
        if not self.rows or position > self.last + MAX_PAGE or not any(f in self for f in faces):
            return True
        token = self.rows[-1].face_token
        return any(face.face_token == token for face in faces) or _later(faces[-1:], self._last_ms)

    def compare(self, faces: Sequence[Face]) -> TailFinding:
        """Tell how faces that are listed from `start` on lie here.

        Args:
            faces: As far as `passed_by` wants them.
        """
        places = self.in_order(faces)
        met = any(face in self for face in faces)
        # A listing that begins with the first row cannot have moved.
        shift = 0 if self.start == 1 else places[0] - self.start if places else -1
        added = faces[len(places) :]
        again = [place for face in added if (place := self.place(face)) is not None]
        listed = {face.face_token for face in faces}
        window = range(self.start + max(shift, 0), self.last + 1)
        corrected = self.others(places, faces)
        return TailFinding(
            shift=shift,
            gone=tuple(q for q in window if self.rows[q - self.first].face_token not in listed),
            taken=tuple(sorted(set(window).difference(places))),
            added=added,
            came=len(added) - len(again),
            corrected=corrected,
            doubt="faces came before the last one" if again else self._doubt(places, corrected),
            met=met,
            lost=self.start > 1 and not met,
            repeated=any(place < window.start for place in again),
        )

    def doubt_of(self, new: Sequence[Face]) -> str:
        """Why faces that follow the rows show that others may have come before them."""
        if not self.rows or _later(new, self._earlier_ms):
            return ""
        return "a new face is not later than the last kept one"

    def _doubt(self, places: Sequence[int], corrected: Mapping[int, Face]) -> str:
        """Why rows that stand do not prove those before them."""
        if self.retimed(corrected):
            return RETIMED
        if places and self.rows[places[0] - self.first].added_ms == self._last_ms:
            return "the last kept faces are of one moment"
        return ""


def _later(faces: Sequence[Face], than_ms: int | None) -> bool:
    """Whether all faces have a time, and a later one than this."""
    if than_ms is None:
        return not faces
    return all(face.added_ms is not None and face.added_ms > than_ms for face in faces)
