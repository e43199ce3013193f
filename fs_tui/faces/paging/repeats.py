"""Repeats: notices a service that gives the same faces whatever `start` says."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from fs_tui.errors import ProtocolError

if TYPE_CHECKING:
    from fs_tui.models import FacePage

__all__ = ["Repeats"]

_IN_A_ROW = 3
"""Pages that begin like earlier ones; fewer of them are a library that changed."""


class Repeats:
    """Remembers how pages began, in a few bytes a page."""

    def __init__(self) -> None:
        self._first_tokens: dict[int, int] = {}
        self._in_a_row = 0

    def seen(self, page: FacePage) -> ProtocolError | None:
        """Take note of a page that holds faces; the error is a reason to stop reading."""
        known = self._first_tokens.setdefault(hash(page.faces[0].face_token), page.start)
        self._in_a_row = 0 if known == page.start else self._in_a_row + 1
        if self._in_a_row < _IN_A_ROW:
            return None
        detail = f"it gives the faces of position {known:,} again at position {page.start:,}"
        return ProtocolError(detail, http_status=HTTPStatus.OK, request_id=page.request_id)
