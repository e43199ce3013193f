"""Summary: what a library's faces say of the whole: persons, faces per person, first and last."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fs_tui.faces.index.people_moment import Moment
    from fs_tui.faces.index.store import FaceStore
    from fs_tui.faces.query import Query

__all__ = ["PER_PERSON", "Summary", "summary"]

PER_PERSON = ("1", "2", "3", "4", "5-9", "10+")
"""Faces per person, as they are told apart."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over all faces that were read; 'at least' where that is not the whole library.

    Attributes:
        faces: How many there are.
        persons: Different user ids.
        without_user_id: Faces without one.
        without_data: Faces without user data.
        per_person: How many persons have 1, 2, 3, 4, 5 to 9, and 10 or more faces (PER_PERSON).
        repeated: Persons of whom some faces came within seconds of each other.
        first_ms: The earliest time, in milliseconds since 1970 UTC; None where no face has one.
        last_ms: The latest.
    """

    faces: int
    persons: int
    without_user_id: int
    without_data: int
    per_person: tuple[int, ...]
    repeated: int
    first_ms: int | None
    last_ms: int | None


async def summary(moment: Moment, store: FaceStore, query: Query | None = None) -> Summary:
    """Count everything.

    Args:
        moment: The faces that are to be counted.
        store: Where they came from.
        query: What a face had to pass.

    Raises:
        ResourceError: This machine has no room for it.
    """
    counts = [0] * (2 + len(PER_PERSON))
    times: list[int] = []
    async for *numbers, first, last in moment.counts():
        # Where all of them came later there is nothing to add up.
        counts = [total + (part or 0) for total, part in zip(counts, numbers, strict=True)]
        times += (time for time in (first, last) if time is not None)
    nobody = await moment.nobody()
    if nobody is not None:
        times += (time for time in (nobody.first_ms, nobody.last_ms) if time is not None)
    persons, *per_person, repeated = counts
    return Summary(
        faces=moment.faces,
        persons=persons,
        without_user_id=0 if nobody is None else nobody.faces,
        without_data=await _without_data(store, query),
        per_person=tuple(per_person),
        repeated=repeated,
        first_ms=min(times, default=None),
        last_ms=max(times, default=None),
    )


async def _without_data(store: FaceStore, query: Query | None) -> int:
    found = 0
    for first, last in store.steps():
        if store.closed:
            break
        found += store.without_data(query, first, last)
        await asyncio.sleep(0)
    return found
