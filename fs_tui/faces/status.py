"""What is known about one library's faces at one moment, and the true sentences about it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from fs_tui.errors import FsTuiError, IncompleteError
from fs_tui.faces.query import PLAIN, Order
from fs_tui.words import changed_meanwhile, count, duration

if TYPE_CHECKING:
    from fs_tui.models import Face

__all__ = [
    "Activity",
    "KeptStatus",
    "ListingStatus",
    "LoadedFace",
    "ScanProgress",
    "ViewStatus",
    "describe",
    "describe_view",
]


class LoadedFace(NamedTuple):
    """A face and where it was met.

    Attributes:
        position: 1-based, in the service's order.
        marked: Whether the user has marked it.
    """

    position: int
    face: Face
    marked: bool = False


class Activity(Enum):
    """What the listing is doing."""

    IDLE = "idle"
    LOADING = "loading"  # a window that the user looks at
    PROBING = "probing"  # finding the end
    SCANNING = "scanning"  # loading everything
    PAUSED = "paused"  # a scan that waits for resume() or retry()


class ScanProgress(NamedTuple):
    """How far a scan is.

    Attributes:
        done: Faces that are loaded, whoever loaded them.
        total: How many there are to load; None while the end is not known.
        rate: Faces a second of late; 0 before the first page.
        eta: Seconds to the end; None while the end or the rate is not known.
        in_flight: Requests under way.
        allowed: Requests that may be under way together, after limits.
    """

    done: int
    total: int | None
    rate: float
    eta: float | None
    in_flight: int
    allowed: int


class ViewStatus(NamedTuple):
    """What the rows on screen are: all positions, or what a filter and an order made of them.

    Attributes:
        filter_text: The filter as it was typed; empty when there is none.
        order: The order that is wanted.
        stands: The order in which the rows are; another one while they are being ordered.
        share: How much of that is done, 0 to 1.
        rows: How many rows the view has.
        covered: How many loaded faces the filter or the order has looked at.
        working: Whether it is still looking (hits and rows appear as they are found).
        whole: Whether it has looked at every face of a library that is loaded completely.
    """

    filter_text: str = ""
    order: Order = PLAIN
    stands: Order = PLAIN
    share: float = 0.0
    rows: int = 0
    covered: int = 0
    working: bool = False
    whole: bool = False


_PLAIN_VIEW = ViewStatus()


class KeptStatus(NamedTuple):
    """What is known of the faces of a kept index.

    Attributes:
        contents_as_of: When the one that was read longest ago was read, aware, UTC.
        seen: What a look at the library's end has shown in this run, in words; empty before.
        looking: Whether somebody looks at the end now.
        up_to_date: Whether a look in this run has shown that they are what the service lists.
        fresh: Whether all of them were read in this run.
        added: Faces that looks have brought: in this run and, in the browser, since the one before.
        gone: Faces that they have taken out.
        offers_scan: Whether reading everything again is what would help.
        doubt: Why faces may have changed place unseen; empty where they have not.
        failure: Why a look could not be done; None where it was, or none was tried.
    """

    contents_as_of: datetime
    seen: str = ""
    looking: bool = False
    up_to_date: bool = False
    fresh: bool = False
    added: int = 0
    gone: int = 0
    offers_scan: bool = False
    doubt: str = ""
    failure: FsTuiError | None = None


class ListingStatus(NamedTuple):
    """One library's faces at one moment.

    Attributes:
        generation: Grows with every reload; what was learnt in an older one is gone.
        revision: Grows whenever rows changed (loaded, filtered, ordered, marked).
        loaded: Faces that are loaded.
        total: How many faces the library has, proven; None while that is not proven.
        complete: Every face is loaded, the end is proven, and nothing moved meanwhile.
        extent: How many rows there are to draw in the service's order, placeholders included.
        highest: The highest position that is known to hold a face.
        stopped: Why the listing cannot go on by itself; None when nothing stops it.
        limit_position: The service lists no further than this face; None when it did not refuse.
        changed: How the library was seen to change while it was read; empty when it was not.
        twice: Tokens that were met at two positions.
        again: Loaded positions whose face stands at an earlier one too.
        missing: Faces that are known to be there, and whose request failed.
        loaded_at: When the newest page came, aware, UTC.
        probes: Requests that the search for the end has taken so far.
        marked: How many faces are marked.
        kept: Of a kept index that holds faces; None of any other.
    """

    group_id: str
    generation: int = 0
    revision: int = 0
    loaded: int = 0
    total: int | None = None
    complete: bool = False
    extent: int = 0
    highest: int = 0
    stopped: FsTuiError | None = None
    limit_position: int | None = None
    changed: str = ""
    activity: Activity = Activity.IDLE
    scan: ScanProgress | None = None
    twice: int = 0
    again: int = 0
    missing: int = 0
    loaded_at: datetime | None = None
    in_flight: int = 0
    probes: int = 0
    marked: int = 0
    view: ViewStatus = _PLAIN_VIEW
    kept: KeptStatus | None = None

    @property
    def faces(self) -> int:
        """Different faces that are loaded: the library has at least so many."""
        return self.loaded - self.again


def describe(status: ListingStatus, *, waits: bool = False) -> str:
    """Say in one line what is loaded, and whether that is all, more exists, or what stopped it.

    Args:
        status: What is known.
        waits: The service is out of reach, though nothing has given up yet.
    """
    parts = [_loaded(status)]
    if status.kept is not None:
        parts.append(_kept(status.kept))
    if status.changed and (status.kept is None or status.changed != status.kept.doubt):
        parts.append(f"{changed_meanwhile(status.changed)}; reload it")
    if status.missing:
        parts.append(f"{count(status.missing, 'face')} could not be loaded")
    if (progress := _progress(status, waits=waits)) is not None:
        parts.append(progress)
    # While the end is looked for, a refusal is one of the answers that show where it is; and what
    # is being asked again has not stopped.
    running = status.activity in {Activity.PROBING, Activity.LOADING}
    if status.stopped and not status.complete and not running:
        parts.append(_reason(status.stopped))
    return " · ".join(parts)


def describe_view(status: ListingStatus) -> str:
    """Say what the filter or the order covers; empty when the view is the plain listing.

    What an order covers is said for the end of the line of `describe`.
    """
    view = status.view
    if view.filter_text:
        words = f"{count(view.rows, 'hit')} in {_covered(status)}"
    elif view.stands != view.order:
        words = f"ordering: {view.share:.0%}"
    elif view.order != PLAIN:
        words = f"ordered: {_ordered(status)}"
    else:
        return ""
    return f"{words} …" if view.working else words


def _covered(status: ListingStatus) -> str:
    """What a filter looked at; stands at its prompt, and so says everything."""
    view = status.view
    if view.whole:
        covered = f"all {view.covered:,} faces"
    elif status.total is not None:
        covered = f"{view.covered:,} loaded of {status.total:,}"
    else:
        covered = f"{view.covered:,} loaded, more may exist"
    return f"{covered}, the library changed" if status.changed else covered


def _ordered(status: ListingStatus) -> str:
    """What an order holds; stands behind `describe`, which says how much is loaded."""
    view = status.view
    if view.whole:
        return "all"
    return "loaded only" if view.covered >= status.loaded else f"{view.covered:,} so far"


def _loaded(status: ListingStatus) -> str:
    """How many are loaded, and of how many."""
    faces = count(status.faces, "face")
    if status.changed:
        return f"{faces} loaded"
    if status.complete:
        return f"all {faces} loaded" if status.loaded else "no faces: the library is empty"
    if status.total is not None:
        return f"{status.loaded:,} of {status.total:,} faces loaded"
    if status.loaded_at is None:
        return "nothing loaded yet"
    if status.stopped is not None:
        return f"{faces} loaded"
    return f"{faces} loaded, more may exist"


def _kept(kept: KeptStatus) -> str:
    """How old they are."""
    if kept.looking:
        return f"kept, as of {_day_and_time(kept.contents_as_of)}, looking at the end …"
    seen = kept.seen or f"as of {_day_and_time(kept.contents_as_of)}"
    if kept.doubt and not kept.seen:
        seen += f", prefix not proven ({kept.doubt})"
    return f"kept, {seen}"


def _day_and_time(moment: datetime) -> str:
    """A moment as `26 Nov 18:02`, with the year where that is another one."""
    here, now = moment.astimezone(), datetime.now().astimezone()
    year = "" if here.year == now.year else f" {here.year}"
    return f"{here.day} {here:%b}{year} {here:%H:%M}"


def _progress(status: ListingStatus, *, waits: bool) -> str | None:
    """What is going on."""
    if status.activity is Activity.PROBING:
        return f"looking for the end, {status.probes} requests so far"
    if status.activity is Activity.LOADING:
        return "loading"
    if status.scan is None:
        return None
    return f"loading everything: {_speed(status, status.scan, waits=waits)}"


def _speed(status: ListingStatus, scan: ScanProgress, *, waits: bool) -> str:
    """How a scan goes on."""
    if status.activity is Activity.PAUSED:
        return "paused"
    if waits or status.stopped is not None:
        return "waiting for the service"
    rate = f"{scan.rate:,.0f} faces/s"
    if scan.eta is None:
        return rate
    return f"{rate}, {duration(scan.eta)} left"


def _reason(error: FsTuiError) -> str:
    """An error as the end of the line."""
    if isinstance(error, IncompleteError):
        return f"incomplete: {error.detail}"
    return f"incomplete: {error.title[:1].lower()}{error.title[1:]}"
