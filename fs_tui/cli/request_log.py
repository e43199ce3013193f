"""The file of --log-requests: one JSON object a request, without secrets and personal data."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from fs_tui import private_files
from fs_tui.errors import FileError
from fs_tui.models import RequestRecord
from fs_tui.records import document
from fs_tui.times import iso

if TYPE_CHECKING:
    from pathlib import Path

    from fs_tui.gateway import Event

__all__ = ["RequestLogFile", "log_line"]

_CODE = re.compile(r"[A-Za-z_ ]{1,64}(: ?[A-Za-z_]{1,64})?")
"""Codes of the documented form; anything else may repeat what was sent, so only its head stays."""


def log_line(record: RequestRecord) -> str:
    """Return a record as one line of JSON: the form fields, which hold personal data, stay out."""
    code = record.code
    if not _CODE.fullmatch(code):
        head = _CODE.match(code)
        code = head[0] if head else ""
    return document(
        {
            "at": iso(record.at),
            "call": record.call,
            "group_id": record.group_id,
            "attempt": record.attempt,
            "http_status": record.http_status,
            "code": code,
            "error": record.error,
            "time_used_ms": record.time_used_ms,
            "round_trip_ms": record.round_trip_ms,
            "bytes_sent": record.bytes_sent,
            "bytes_received": record.bytes_received,
            "request_id": record.request_id,
        }
    )


class RequestLogFile:
    """A gateway's listener that appends each request to a file of mode 0600.

    Attributes:
        failure: Why it stopped writing (a full disk); empty while it writes. A log that fails
            must not end the work that it is about.

    Raises:
        FileError: The file cannot be opened, is not a regular file, or belongs to another user.
    """

    def __init__(self, path: Path) -> None:
        self.failure = ""
        try:
            descriptor = private_files.append(path)
        except OSError as error:
            reason = error.strerror or "cannot be opened"
            raise FileError(
                f"the request log {path}: {reason}", hint="Name another file."
            ) from error
        self._file = os.fdopen(descriptor, "w", encoding="utf-8", buffering=1)

    def __call__(self, event: Event) -> None:
        """Write a line for a request; other events are not logged."""
        if not isinstance(event, RequestRecord) or self.failure:
            return
        try:
            self._file.write(log_line(event))
        except OSError as error:
            self.failure = error.strerror or type(error).__name__

    def close(self) -> None:
        try:
            self._file.close()
        except OSError as error:
            self.failure = self.failure or error.strerror or type(error).__name__
