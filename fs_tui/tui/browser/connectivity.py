"""Connectivity: what shows that calls wait, that the service is away, or that the clock is off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import ConnectError, ConnectionLostError, DeadlineError, TLSError
from fs_tui.words import duration

if TYPE_CHECKING:
    from fs_tui.gateway import Event
    from fs_tui.models import RequestRecord
    from fs_tui.tui.browser.faces_pane import FacesPane
    from fs_tui.tui.browser.inspector import Inspector
    from fs_tui.tui.browser.titlebar import TitleBar
    from fs_tui.tui.browser.waits import Waits

__all__ = ["Connectivity"]

_UNREACHABLE = {
    error.title for error in (ConnectError, ConnectionLostError, DeadlineError, TLSError)
}
"""What a record without an answer says; a request that was cancelled says something else."""


class Connectivity:
    """Has it shown where it matters.

    Args:
        titlebar: Has a badge for what lasts.
        waits: Count down to the next attempt.
        faces: Say how old they are while the service is away; limits slow their loading down.
        inspector: Asks again once the service is back.
    """

    def __init__(
        self, titlebar: TitleBar, waits: Waits, faces: FacesPane, inspector: Inspector
    ) -> None:
        self._titlebar = titlebar
        self._waits = waits
        self._faces = faces
        self._inspector = inspector
        self._is_away = False

    def on_event(self, event: Event) -> None:
        """Take what the gateway tells."""
        from fs_tui.models import ClockDrift, RequestRecord, RetryWait

        self._faces.listings.on_gateway_event(event)
        if isinstance(event, RequestRecord):
            self._note_reachability(event)
        elif isinstance(event, RetryWait):
            self._waits.note(event)
        elif isinstance(event, ClockDrift):
            off = round(event.seconds)
            side = "behind" if off > 0 else "ahead"
            self._titlebar.badge("clock", f"clock {duration(abs(off))} {side}" if off else "")

    def _note_reachability(self, record: RequestRecord) -> None:
        if self._is_away and record.http_status is not None:
            self._show_away("")
            if self._inspector.failed:
                self._inspector.ask_again()
        elif not self._is_away and record.http_status is None and record.error in _UNREACHABLE:
            self._show_away(f"offline since {record.at.astimezone():%H:%M:%S}")

    def _show_away(self, badge: str) -> None:
        """Say since when the service is away, and how old what is shown is; "" ends it."""
        self._is_away = bool(badge)
        self._titlebar.badge("offline", badge)
        self._faces.show_age(on=self._is_away)
