"""StatusTeller: says how a listing stands, wherever that is said on its pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import FsTuiError, IncompleteError
from fs_tui.tui.browser.pace import Throttle
from fs_tui.words import marked

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.faces.status import ListingStatus
    from fs_tui.tui.browser.data_pane import DataPane
    from fs_tui.tui.host import Host

__all__ = ["StatusTeller"]


_BAR_CELLS = 12
_WRONG = ("This is no filter yet.", "esc shows all")


class StatusTeller:
    """Says it under the table, amid an empty one, at the filter's prompt, and once what stopped it.

    Args:
        host: Reports what stopped it.
        pane: Of the listing.
        again: Is called when words that were held back may be said.
    """

    def __init__(self, host: Host, pane: DataPane, again: Callable[[], None]) -> None:
        self._host = host
        self._pane = pane
        self._throttle = Throttle(pane.set_timer, again)
        self._stopped: FsTuiError | None = None
        self._shows_age = False

    def begin(self) -> None:
        """Another listing is shown: nothing of it was said yet."""
        self._stopped = None

    def show_age(self, *, on: bool) -> None:
        """Say of when the rows are, or no longer."""
        self._shows_age = on

    def tell(self, status: ListingStatus, later: str) -> None:
        """Say what is known now, and what comes `later`; while it loads twice a second at most."""
        self._tell_trouble(status)
        running = (status.group_id, status.activity, status.stopped is None)
        if self._throttle.lets(running if status.scan or status.view.working else None):
            self._tell_known(status, later)

    def _tell_trouble(self, status: ListingStatus) -> None:
        """Say what stopped the listing, once; the line above says its name and that it stopped."""
        from fs_tui.faces.status import Activity

        # A search for the end meets many bounds: only the last one is news.
        if status.activity is Activity.PROBING or not _differs(status.stopped, self._stopped):
            return
        self._stopped = status.stopped
        if status.stopped is None:
            self._host.say("")
            return
        self._host.report("list", status.stopped, status.group_id)
        self._host.say(_explained(status.stopped), "error")

    def _tell_known(self, status: ListingStatus, later: str) -> None:
        """Say how much is loaded, and at the filter's prompt what that covers."""
        from fs_tui.faces.status import describe_view

        prompt = self._pane.prompt
        wrong = prompt.is_wrong
        self._pane.table.say_empty(_WRONG if wrong else _nothing(status))
        view = "" if prompt.is_open else describe_view(status) or later
        words = _summary(status, view, aged=self._shows_age)
        self._pane.status.show(words)
        if prompt.is_open and not wrong:
            prompt.note(_coverage(status))


def _summary(status: ListingStatus, view: str, *, aged: bool) -> str:
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
    # Of what is kept it is said anyway.
    age = _age(status) if aged and status.kept is None else ""
    parts = (_bar(status), describe(status, waits=aged), view, again, age, marked(status.marked))
    return " · ".join(part for part in parts if part)


def _coverage(status: ListingStatus) -> str:
    """Return what a filter found so far, and what goes further; empty where there is none."""
    from fs_tui.faces.status import describe_view

    if not status.view.filter_text:
        return ""
    partial = not status.complete and status.scan is None
    return " · ".join([describe_view(status), *(["enter searches all"] if partial else [])])


def _nothing(status: ListingStatus) -> tuple[str, ...]:
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
        return ("This library has no faces.", "F waits for the first one · h: libraries")
    return ("Loading …",)


def _explained(error: FsTuiError) -> str:
    """Return what an error says beyond its title."""
    detail = "" if isinstance(error, IncompleteError) else error.detail
    return " — ".join(filter(None, (detail, error.hint)))


def _differs(one: FsTuiError | None, other: FsTuiError | None) -> bool:
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
