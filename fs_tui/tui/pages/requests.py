"""The request log: what was sent, what came back, and each request as a curl line."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from fs_tui.models import RequestRecord
from fs_tui.records import PERSONAL
from fs_tui.times import iso
from fs_tui.tui.browser.detail import Card
from fs_tui.tui.pages.curl import curl_line
from fs_tui.tui.pages.record_page import RecordPage
from fs_tui.tui.table.table_columns import Column
from fs_tui.visible import masked
from fs_tui.words import count, local_time

if TYPE_CHECKING:
    from collections import deque

    from fs_tui.tui.forms.dialog import Hint

__all__ = ["Requests"]

_SECRET_FIELDS = {"sign", "api_key", "api_secret"}


class Requests(RecordPage[RequestRecord]):
    """Shows `records` (oldest first, a deque with a maxlen that the app fills) and follows it.

    Posts CopyWanted for the request id and the curl line, which is whole behind a mask too.
    """

    TITLE_WORDS = "Request log"
    NOUN = "request"
    COLUMNS = (
        Column("at", "Time", 8, 8, weight=0, priority=9),
        Column("call", "Call", 10, 10, weight=0, priority=9),
        Column("group_id", "Library", 10, 24, weight=2, priority=6),
        Column("status", "Status", 14, 34, weight=5, priority=8),
        Column("service", "Service", 8, 8, weight=0, priority=4),
        Column("took", "Took", 8, 8, weight=0, priority=7),
        Column("bytes", "Bytes", 7, 9, weight=0, priority=3),
        Column("attempt", "Try", 3, 3, weight=0, priority=5),
        Column("request_id", "Request id", 12, 48, weight=2, priority=2),
    )
    HINTS: ClassVar[tuple[Hint, ...]] = (
        ("/", "filter", "screen.filter"),
        ("y", "copy id", "screen.copy_id"),
        ("c", "copy as curl", "screen.copy_curl"),
        ("esc", "back", "screen.back"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy_id", "Copy the request id", show=False),
        Binding("c", "copy_curl", "Copy as curl", show=False),
    ]

    def __init__(
        self, records: deque[RequestRecord], endpoint: str, *, masked: bool = False
    ) -> None:
        super().__init__(records)
        self._masked = masked
        self._endpoint = endpoint

    def cells(self, record: RequestRecord) -> tuple[str, ...]:
        """Return one text a column, raw."""
        return (
            record.at.astimezone().strftime("%H:%M:%S"),
            record.call,
            record.group_id,
            _outcome(record),
            _milliseconds(record.time_used_ms),
            _milliseconds(record.round_trip_ms),
            count(record.bytes_received),
            str(record.attempt),
            record.request_id or "",
        )

    def card(self, record: RequestRecord) -> Card:
        """Return everything that is known about a request; secrets never are."""
        form = tuple(f"{name} = {self._part(name, value)}" for name, value in record.form)
        return Card(
            record.call,
            (
                ("sent", (local_time(record.at), iso(record.at))),
                ("library", (record.group_id,)),
                ("status", (_outcome(record),)),
                ("service", (_milliseconds(record.time_used_ms),)),
                ("took", (_milliseconds(record.round_trip_ms),)),
                (
                    "bytes",
                    (f"{count(record.bytes_sent)} sent, {count(record.bytes_received)} back",),
                ),
                ("try", (str(record.attempt),)),
                ("id", (record.request_id or "",)),
                ("form", form),
            ),
            error=record.error,
        )

    def _part(self, name: str, value: str) -> str:
        if name in _SECRET_FIELDS:
            return "(not shown)"
        return masked(value) if self._masked and name in PERSONAL else value

    def action_copy_id(self) -> None:
        """Copy the service's name for the request."""
        if self.current is not None:
            self.copy(self.current.request_id or "", "the request id")

    def action_copy_curl(self) -> None:
        """Copy a line that sends the same form, with variables in the place of secrets."""
        if self.current is not None:
            self.copy(curl_line(self.current, self._endpoint), "the request as curl")


def _outcome(record: RequestRecord) -> str:
    status = "no answer" if record.http_status is None else str(record.http_status)
    return f"{status} {record.code}".rstrip()


def _milliseconds(number: int | None) -> str:
    return "" if number is None else f"{count(number)} ms"
