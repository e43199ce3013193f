"""What other programs of the account do to its libraries: each change is one function here.

Its name and its arguments are what a command line and the control API take (see options).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fs_tui.errors import UsageError
from fs_tui.models import Library
from fs_tui.sandbox.faces import FaceSet, NewFace
from fs_tui.sandbox.population import Arrivals, Population

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["CHANGES"]


def add(
    population: Population,
    library: str,
    count: int = 1,
    position: int | None = None,
    faces: tuple[NewFace, ...] | None = None,
) -> None:
    """Add COUNT faces, or FACES as they are given, at the end or before the one at POSITION."""
    new = [NewFace()] * count if faces is None else faces
    _faces(population, library).add(new, position)


def delete(
    population: Population,
    library: str,
    positions: tuple[int, ...] = (),
    tokens: tuple[str, ...] = (),
) -> None:
    """Delete the faces at POSITIONS, all counted before the first one goes, and those of TOKENS."""
    faces = _faces(population, library)
    faces.delete_at(positions)
    for token in tokens:
        faces.delete(token)


def edit(
    population: Population,
    library: str,
    position: int,
    user_id: str | None = None,
    user_data: str | None = None,
) -> None:
    """Give the face at POSITION another USER_ID or USER_DATA; token and time remain."""
    _faces(population, library).edit(position, user_id, user_data)


def remake(
    population: Population, library: str, count: int | None = None, *, keep_time: bool = False
) -> None:
    """Make the library anew: other tokens, COUNT faces, and another time unless KEEP_TIME."""
    _faces(population, library)
    population.remake(library, count, None if keep_time else datetime.now(UTC))


def create(population: Population, library: str, name: str = "", count: int = 0) -> None:
    """Create a library with COUNT faces."""
    if library in population:
        raise UsageError(f"The sandbox has a library {library!r} already.")
    population.add(Library(library, name or library, "", "s21", datetime.now(UTC)), count)


def remove(population: Population, library: str) -> None:
    """Remove a library with its faces."""
    _faces(population, library)
    population.forget(library)


def arrive(population: Population, library: str, every: float | None = None) -> None:
    """Let a face come by itself EVERY so many seconds; none is the end of it."""
    _faces(population, library)
    if every is None:
        population.arrivals.pop(library, None)
    elif every > 0:
        population.arrivals[library] = Arrivals(every)
    else:
        raise UsageError("Faces come every so many seconds: more than 0.")


CHANGES: Mapping[str, Callable[..., None]] = {
    change.__name__: change for change in (add, delete, edit, remake, create, remove, arrive)
}
"""Every change by its name."""


def _faces(population: Population, library: str) -> FaceSet:
    if library not in population:
        raise UsageError(
            f"The sandbox has no library {library!r}.",
            hint=f"It has: {', '.join(library.group_id for library in population)}",
        )
    return population[library]
