"""GoneFaces: takes faces that the service turns out not to have out of what is kept, one by one."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from fs_tui.errors import FsTuiError
from fs_tui.tui.host import Job
from fs_tui.visible import visible

if TYPE_CHECKING:
    from fs_tui.tui.browser.listings import Listings
    from fs_tui.tui.host import Host

__all__ = ["GoneFaces"]


class GoneFaces:
    """Faces that were asked for in vain, by whomever.

    Args:
        host: Takes them out in the background.
        listings: Know where they are kept.
    """

    def __init__(self, host: Host, listings: Listings) -> None:
        self._host = host
        self._listings = listings
        self._waiting: deque[tuple[str, str]] = deque()

    def note(self, group_id: str, face_token: str) -> None:
        """The service does not have this face in this library."""
        if self._host.options.keeping is None:
            return
        self._waiting.append((group_id, face_token))
        if len(self._waiting) == 1:
            self._host.work(Job.FORGET, self._take_out())

    async def _take_out(self) -> None:
        while self._waiting:
            group_id, face_token = self._waiting[0]
            try:
                if await self._listings.forget(group_id, face_token):
                    name = visible(group_id, limit=60)
                    self._host.tell(f"The face left the kept index of {name}.")
            except FsTuiError as error:
                self._host.report(Job.FORGET.value, error, group_id)
            self._waiting.popleft()
