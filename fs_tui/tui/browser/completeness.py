"""The words under the table: how much is loaded, what goes on, and what stopped it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import FsTuiError, IncompleteError
from fs_tui.words import marked

if TYPE_CHECKING:
    from fs_tui.faces.status import ListingStatus

__all__ = ["coverage", "differs", "explained", "nothing", "summary"]

_BAR_CELLS = 12


def summary(status: ListingStatus, view: str, *, aged: bool) -> str:
    """Return how much is loaded, and all that belongs to it.

    Args:
        status: What is known.
        view: What filter and order cover, where nothing else says it.
        aged: The service is out of reach; also say of when the rows are.
    """
    from fs_tui.faces.status import describe

    again = "r tries again" if status.stopped is not None and not status.limit_position else ""
    if status.kept is not None and status.kept.offers_scan:
        again = "R does that"
    age = _age(status) if aged else ""
    parts = (_bar(status), describe(status, waits=aged), view, again, age, marked(status.marked))
    return " · ".join(part for part in parts if part)


def coverage(status: ListingStatus) -> str:
    """Return what a filter found so far, and what goes further; empty where there is none."""
    from fs_tui.faces.status import describe_view

    if not status.view.filter_text:
        return ""
    partial = not status.complete and status.scan is None
    return " · ".join([describe_view(status), *(["enter searches all"] if partial else [])])


def nothing(status: ListingStatus) -> tuple[str, ...]:
    """Return why there are no rows, and which key is next."""
    if status.view.filter_text:
        if status.view.working or status.scan is not None:
            return ("No hits so far …",)
        if status.complete:
            return ("No face passes this filter.", "esc shows all")
        return ("No hits in what is loaded.", "enter searches all · esc shows all")
    if status.stopped is not None:
        return ("Nothing could be loaded.", "r tries again")
    if status.complete:
        return ("This library has no faces.", "F waits for the first one · esc goes back")
    return ("Loading …",)


def explained(error: FsTuiError) -> str:
    """Return what an error says beyond its title."""
    detail = "" if isinstance(error, IncompleteError) else error.detail
    return " — ".join(filter(None, (detail, error.hint)))


def differs(one: FsTuiError | None, other: FsTuiError | None) -> bool:
    """Whether two reasons are two; what the service does not list is told anew in each status."""
    if isinstance(one, IncompleteError) and isinstance(other, IncompleteError):
        return str(one) != str(other)
    return one is not other


def _age(status: ListingStatus) -> str:
    """When the newest page came."""
    return "" if status.loaded_at is None else f"as of {status.loaded_at.astimezone():%H:%M:%S}"


def _bar(status: ListingStatus) -> str:
    """How much of a scan is done, as a bar; empty when none runs or the end is not known."""
    scan = status.scan
    if scan is None or not scan.total:
        return ""
    share = min(1.0, scan.done / scan.total)
    filled = int(share * _BAR_CELLS)
    return f"{'█' * filled}{'░' * (_BAR_CELLS - filled)} {share:.0%}"
