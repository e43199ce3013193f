"""The request log: what was sent, what came back, and each request as a curl line."""

from __future__ import annotations

from collections import deque

from textual.screen import Screen

from fs_tui.models import RequestRecord

__all__ = ["Requests"]


class Requests(Screen[None]):
    """Shows `records` (oldest first, a deque with a maxlen that the app fills) and follows it.

    Posts CopyWanted for the request id and the curl line.
    """

    def __init__(self, records: deque[RequestRecord], endpoint: str) -> None:
        super().__init__()
        self._records = records
        self._endpoint = endpoint
