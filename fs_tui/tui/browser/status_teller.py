"""StatusTeller: says how a listing stands, wherever that is said on its pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.tui.browser.completeness import coverage, differs, explained, nothing, summary
from fs_tui.tui.browser.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.errors import FsTuiError
    from fs_tui.faces.status import ListingStatus
    from fs_tui.tui.browser.data_pane import DataPane
    from fs_tui.tui.host import Host

__all__ = ["StatusTeller"]


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
        if status.activity is Activity.PROBING or not differs(status.stopped, self._stopped):
            return
        self._stopped = status.stopped
        if status.stopped is None:
            self._host.say("")
            return
        self._host.report("list", status.stopped, status.group_id)
        self._host.say(explained(status.stopped), "error")

    def _tell_known(self, status: ListingStatus, later: str) -> None:
        """Say how much is loaded, and at the filter's prompt what that covers."""
        from fs_tui.faces.status import describe_view

        prompt = self._pane.prompt
        wrong = prompt.is_wrong
        self._pane.table.say_empty(_WRONG if wrong else nothing(status))
        view = "" if prompt.is_open else describe_view(status) or later
        words = summary(status, view, aged=self._shows_age)
        self._pane.status.show(words)
        if prompt.is_open and not wrong:
            prompt.note(coverage(status))
