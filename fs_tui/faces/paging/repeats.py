"""Repeats: notices a service that gives the same faces whatever `start` says."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from fs_tui.errors import ProtocolError

if TYPE_CHECKING:
    from fs_tui.models import FacePage

__all__ = ["Repeats", "repeat"]

_IN_A_ROW = 3
"""Pages that begin like earlier ones; fewer of them are a library that changed."""


class Repeats:
    """Remembers how pages began, in a few bytes a page.

    Args:
        in_a_row: So many pages that begin like earlier ones are no chance.
    """

    def __init__(self, *, in_a_row: int = _IN_A_ROW) -> None:
        self._first_tokens: dict[int, int] = {}
        self._allowed = in_a_row - 1
        self._in_a_row = 0

    def seen(self, page: FacePage) -> ProtocolError | None:
        """Take note of a page that holds faces; the error is a reason to stop reading."""
        known = self._first_tokens.setdefault(hash(page.faces[0].face_token), page.start)
        self._in_a_row = 0 if known == page.start else self._in_a_row + 1
        return repeat(known, page) if self._in_a_row > self._allowed else None


def repeat(known: int, page: FacePage) -> ProtocolError:
    """Return the error for a page that holds the faces of an earlier one."""
    detail = f"it gives the faces of position {known:,} again at position {page.start:,}"
    return ProtocolError(detail, http_status=HTTPStatus.OK, request_id=page.request_id)
