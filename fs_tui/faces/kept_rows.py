"""KeptRows: the contract between faces that are kept on this machine and what keeps them true.

sync ──rows──► KeptRows        reads by position, a few windows a look
sync ──apply─► KeptRows        one Change, all of it or nothing

Whoever keeps the rows promises what is said here; sync promises that each Change holds only what
the service has shown, so that after any of them, and after a crash between two, every row is true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from fs_tui.models import Face

__all__ = ["Change", "KeptRows", "Marks"]


class Marks(NamedTuple):
    """What is known of kept rows as a whole; stored beside them.

    Whoever scans a library writes the first ones: `complete` if the end was proven, `doubt` where
    the library changed while it was read, both times those of the scan's first request.

    Attributes:
        complete: The last row was the library's last face at `looked_at`. False for a prefix: a
            scan that was interrupted, or a library that goes on.
        doubt: Why faces before the last window may have changed unseen; empty where they have not.
            Once there it stays until everything is read again: no later look can take it away.
        looked_at: When the service last showed that the rows stand, or, with a doubt, that the
            last ones do; aware, UTC. None where nothing was read yet.
        contents_as_of: When the row that was read longest ago was read; aware, UTC.
    """

    complete: bool = False
    doubt: str = ""
    looked_at: datetime | None = None
    contents_as_of: datetime | None = None


class Change(NamedTuple):
    """What is to become of kept rows, in one step.

    All positions are 1-based and counted before the change.

    Attributes:
        taken: Positions to take out, ascending.
        corrected: What other data the face of a position has now, by position, ascending; the
            token is the same, and none of them is taken out.
        added: Faces that follow the last row that is left, in this order. One that is taken out may
            be among them, where another has come before it. A token that is kept far before may
            come again only where the service lists it twice.
        marks: What holds afterwards; they take the place of the ones before.
    """

    taken: tuple[int, ...] = ()
    corrected: tuple[tuple[int, Face], ...] = ()
    added: Sequence[Face] = ()
    marks: Marks = Marks()


class KeptRows(Protocol):
    """The kept faces of one library, without a gap: position 1 to `count`, in the service's order.

    Nobody else changes positions while a sync runs: who takes out or appends takes turns with it.
    Every method raises FsTuiError where this machine cannot do it (ResourceError: no room), and
    nothing else.
    """

    @property
    def count(self) -> int:
        """How many rows there are."""

    @property
    def times_never_fall(self) -> bool:
        """Whether every row has a time, and none an earlier one than the row before it.

        May stay False although the rows that fell are gone.
        """

    @property
    def marks(self) -> Marks:
        """Those of the last change."""

    async def rows(self, first: int, last: int) -> Sequence[Face]:
        """The rows `first` to `last - 1`, 1-based; fewer where there are no more.

        At most some thousand are asked for together, anywhere in the library.
        """

    async def apply(self, change: Change) -> None:
        """Do all of a change in one transaction, or, where that fails, nothing of it.

        A change that holds nothing but marks is usual, and cheap. What is taken out cannot be read
        from the file any more.
        """
