"""Asker: the pages of one look at a library, one at a time, counted, no more than allowed."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from fs_tui.errors import ArgumentError, IncompleteError, PagingError
from fs_tui.faces.paging.requests import USUAL_PAGE
from fs_tui.gateway import MAX_PAGE
from fs_tui.words import count

if TYPE_CHECKING:
    from fs_tui.gateway import Gateway
    from fs_tui.models import FacePage

__all__ = ["Asker", "StartRefusedError"]


class StartRefusedError(IncompleteError):
    """The service lists no further (API.md section 4, no. 3)."""

    def __init__(self, start: int) -> None:
        detail = f"the service does not list face {start:,} and what follows"
        super().__init__(detail, hint="Use another tool of the service for the rest.")


class Asker:
    """See the module.

    Args:
        gateway: Is asked.
        group_id: The library.
        most_requests: So many pages may be asked for.

    Attributes:
        requests: How many were.
        asked_from: When the first one was, aware, UTC; None before.
        sent: When the latest one was.
        asked_to: When the latest answer was there; None before the first one.
    """

    def __init__(self, gateway: Gateway, group_id: str, *, most_requests: int) -> None:
        self.requests = 0
        self.asked_from: datetime | None = None
        self.sent: datetime | None = None
        self.asked_to: datetime | None = None
        self._gateway = gateway
        self._group_id = group_id
        self._most_requests = most_requests
        self._page_size = MAX_PAGE

    async def page(self, start: int, limit: int = MAX_PAGE) -> FacePage:
        """The faces from a position on; a service may give fewer than `limit`.

        Raises:
            PagingError: The page contradicts itself.
            StartRefusedError: The service lists no further.
            IncompleteError: All that may be asked was.
            FsTuiError: The request failed.
        """
        if self.requests >= self._most_requests:
            detail = f"{count(self.requests, 'request')} were not enough"
            raise IncompleteError(detail, hint="Allow more of them.")
        self.requests += 1
        self.sent = datetime.now(UTC)
        self.asked_from = self.asked_from or self.sent
        limit = min(limit, self._page_size)
        try:
            page = await self._gateway.faces(self._group_id, start=start, limit=limit)
        except ArgumentError as error:
            if limit > USUAL_PAGE and error.reason.casefold().startswith("limit"):
                self._page_size = USUAL_PAGE
                return await self.page(start, limit)
            if start > 1 and error.is_of_start:
                raise StartRefusedError(start) from error
            raise
        self.asked_to = datetime.now(UTC)
        _check(page)
        return page


def _check(page: FacePage) -> None:
    """Refuse what cannot be a part of any listing (API.md section 4, no. 4 and 7)."""
    if len({face.face_token for face in page.faces}) < len(page.faces):
        detail = f"it lists a face twice behind position {page.start:,}"
    elif page.faces and page.next is not None and page.next <= page.start:
        detail = f"after face {page.start:,} it names {page.next:,} as the next position"
    else:
        return
    raise PagingError(detail, http_status=HTTPStatus.OK, request_id=page.request_id)
