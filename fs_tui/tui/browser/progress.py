"""Progress: what is known of each library, looked at or not, as short words of their own.

A library's number is proven, or 'at least': 2,500 are all there are, 100+ are those that came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.tui.browser.pace import Throttle
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.faces.status import ListingStatus

__all__ = ["Progress", "known", "news", "running", "standing"]


class Progress:
    """Tells of each library, while it loads twice a second at most: each change travels.

    Args:
        after: Calls a function some seconds later.
        tell: Is given the newest status of a library.
    """

    def __init__(
        self,
        after: Callable[[float, Callable[[], None]], object],
        tell: Callable[[ListingStatus], object],
    ) -> None:
        self._after = after
        self._tell = tell
        self._newest: dict[str, ListingStatus] = {}
        self._throttles: dict[str, Throttle] = {}

    def note(self, status: ListingStatus) -> None:
        """Something is known of a library."""
        name = status.group_id
        self._newest[name] = status
        if name not in self._throttles:
            self._throttles[name] = Throttle(self._after, lambda: self.note(self._newest[name]))
        work = (status.activity, status.stopped is None) if status.scan else None
        if self._throttles[name].lets(work):
            self._tell(status)


def known(status: ListingStatus) -> str:
    """How many faces the library has, as far as that is known; empty where nothing is."""
    if status.total is not None and not status.changed:
        return count(status.total)
    return f"{count(status.faces)}+" if status.loaded else ""


def running(status: ListingStatus) -> str:
    """How far the loading of all is; empty where none is begun, or it has ended."""
    from fs_tui.faces.status import Activity

    scan = status.scan
    if scan is None:
        return ""
    done = f" {scan.done / scan.total:.0%}" if scan.total else ""
    if status.activity is Activity.PAUSED:
        return f"paused{done}"
    return f"waits{done}" if status.stopped is not None else done.strip() or "loading"


def news(added: int, gone: int) -> str:
    """What came and went since a kept library was looked at before."""
    came, went = f"+{added:,}" if added else "", f"-{gone:,}" if gone else ""
    return f"{came} {went}".strip()


def standing(status: ListingStatus) -> str:
    """How complete the rows are and how they stand, for the first line of the screen."""
    from fs_tui.faces.query import PLAIN
    from fs_tui.models import FACE_FIELDS

    loaded = count(status.loaded)
    if status.complete:
        loaded = f"all {loaded}"
    elif status.total is not None and not status.changed:
        loaded = f"{loaded} of {count(status.total)}"
    elif status.loaded:
        loaded = known(status)
    order = status.view.stands
    if order == PLAIN:
        return loaded
    field = next((field for field in FACE_FIELDS if field.name == order.field), None)
    way = (
        "position, the last first"
        if field is None or not field.ordered
        else (f"{field.title.lower()}, {field.ordered[order.descending]}")
    )
    return f"{loaded} · by {way}"
