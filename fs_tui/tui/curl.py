"""A recorded request as a curl line that holds no secret."""

from __future__ import annotations

from fs_tui.models import RequestRecord

__all__ = ["curl_line"]


def curl_line(record: RequestRecord, endpoint: str) -> str:
    """Return a line for a POSIX shell; key and sign are the variables FS_TUI_API_KEY, FS_TUI_SIGN."""
    raise NotImplementedError
