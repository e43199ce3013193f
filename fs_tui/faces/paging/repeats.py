"""Repeats: notices a service that gives the same faces whatever `start` says."""

from __future__ import annotations

from http import HTTPStatus
from operator import eq
from typing import TYPE_CHECKING

from fs_tui.errors import PagingError
from fs_tui.models import FaceRows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fs_tui.models import FacePage

__all__ = ["Repeats", "repeat"]

_IN_A_ROW = 3
"""Pages that begin like earlier ones; fewer of them are a library that changed."""


class Repeats:
    """Remembers how pages began, in a few bytes a page, and the tokens of the last one.

    Args:
        in_a_row: So many pages that begin like earlier ones are no chance.
    """

    def __init__(self, *, in_a_row: int = _IN_A_ROW) -> None:
        self._first_tokens: dict[int, int] = {}
        self._allowed = in_a_row - 1
        self._in_a_row = 0
        self._last: tuple[int, Sequence[str]] | None = None

    def seen(self, page: FacePage) -> PagingError | None:
        """Take note of a page that holds faces.

        Returns:
            A reason to stop reading, where its faces are not those of its position.
        """
        known = self._first_tokens.setdefault(hash(page.faces[0].face_token), page.start)
        self._in_a_row = 0 if known == page.start else self._in_a_row + 1
        last, self._last = self._last, (page.start, FaceRows.tokens_of(page.faces))
        if self._in_a_row > self._allowed or (last and _is_alike(*self._last, *last)):
            return repeat(known, page.start, page.request_id)
        return None


def repeat(known: int, position: int, request_id: str | None) -> PagingError:
    """Return the error for the faces of one position at another one, by the name of its request."""
    detail = f"it gives the faces of position {known:,} again at position {position:,}"
    return PagingError(detail, http_status=HTTPStatus.OK, request_id=request_id)


def _is_alike(start: int, tokens: Sequence[str], before: int, last: Sequence[str]) -> bool:
    """Whether a page is how the one before began; it may have asked for less, or for one more.

    After deletions a page may be what a later one was, and never what an earlier one was.
    """
    return start > before and len(tokens) <= len(last) + 1 and all(map(eq, tokens, last))
