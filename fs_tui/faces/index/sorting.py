"""Sorts positions of a store by one of its columns."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from fs_tui.faces.index.sorter import Sorter
from fs_tui.faces.index.store import CHUNK
from fs_tui.models import FACE_FIELDS

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterator

    from fs_tui.faces.index.store import FaceStore
    from fs_tui.faces.query import Order

__all__ = ["ordered"]

_COLUMN = {field.name: field.source for field in FACE_FIELDS if field.ordered}
_SCATTERED = CHUNK // 4

_READING = 0.15
"""Of the time that it takes to order faces, the part in which their keys are read."""


async def ordered(
    store: FaceStore,
    positions: array[int],
    order: Order,
    told: Callable[[float], None] = lambda _share: None,
) -> array[int]:
    """Sort ascending positions, all of which are in the store, by an order.

    Equal keys follow by position; descending is the exact reverse. Cancelling it is safe.

    Args:
        store: Has the keys.
        positions: What is to be sorted.
        order: By what.
        told: Is told from time to time how much is done, 0 to 1.

    Raises:
        ResourceError: There is no room for the keys.
    """
    if order.field:
        result = await _sorted(store, positions, _COLUMN[order.field], told)
    else:
        result = positions[:]
    if order.descending:
        result.reverse()
    return result


async def _sorted(
    store: FaceStore, positions: array[int], column: str, told: Callable[[float], None]
) -> array[int]:
    if await _in_order(store, positions, column, told):
        return positions[:]
    first, last = positions[0], positions[-1]
    together = last - first == len(positions) - 1
    sorter = Sorter(store.scratch, range(first, last + 1) if together else positions)
    done = 0
    try:
        for part, keys in _keys(store, positions, column):
            await asyncio.sleep(0)
            await sorter.put(keys)
            done += part
            told(_READING * done / len(positions))
        return await sorter.ordered(lambda share: told(_READING + (1 - _READING) * share))
    finally:
        sorter.stop()


async def _in_order(
    store: FaceStore, positions: array[int], column: str, told: Callable[[float], None]
) -> bool:
    """Whether the keys never fall as it is: the service lists faces by the time of their creation.

    Where they do, the first chunk nearly always shows it.
    """
    before: list[str | int] = []
    done = 0
    for part, keys in _keys(store, positions, column):
        await asyncio.sleep(0)
        values = json.loads(keys)
        if None in values or before + values != sorted(before + values):
            return False
        before = values[-1:]
        done += part
        told(done / len(positions))
    return True


def _keys(store: FaceStore, positions: array[int], column: str) -> Iterator[tuple[int, str]]:
    """The keys of ascending positions, a chunk at a time, and how many they are."""
    first = 0
    while first < len(positions):
        part = positions[first : first + CHUNK]
        if part[-1] - part[0] == len(part) - 1:
            yield len(part), store.keys(column, part[0], part[-1] + 1)
        else:
            # Scattered rows lie on many pages of the database, and take longer each.
            part = part[:_SCATTERED]
            yield len(part), store.keys_at(column, part)
        first += len(part)
