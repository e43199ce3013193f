"""Keeping: how the browser reaches what keeps indexes; it knows neither key nor folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fs_tui.errors import FsTuiError
    from fs_tui.faces.listing import FaceListing
    from fs_tui.gateway import Gateway, Session

__all__ = ["ASKED_FROM", "Keeping"]

ASKED_FROM = 100_000
"""Faces that were read, from which on it is asked whether they are to be kept."""


class Keeping(Protocol):
    """Makes listings, kept ones where that is wanted and can be."""

    async def prepare(self, session: Session) -> FsTuiError | None:
        """Find the key for a session; returns why nothing can be kept, though it is wanted."""

    def listing(
        self, gateway: Gateway, group_id: str, *, told: Callable[[str], None], concurrency: int
    ) -> FaceListing:
        """Return a library's faces; `told` gets what people are to know, a sentence each."""

    async def news(self) -> Mapping[str, tuple[int, int]]:
        """What looks have found in kept libraries that nobody was shown: added, gone, by id.

        The service is not asked: of ten libraries most are not opened, and the quota is shared.
        """

    async def forget(self, group_id: str, face_token: str) -> bool:
        """Take a face that the service does not have out of an index that is not open here.

        Returns:
            Whether it was there.

        Raises:
            KeptIndexError: It may still be there.
        """

    @property
    def asks(self) -> bool:
        """Whether it is to be asked what is wanted: neither the settings nor a person has said."""

    async def answer(self, listing: FaceListing, *, keep: bool) -> None:
        """Remember what a person wants for this profile, and keep what was read, where it is so.

        Raises:
            KeptIndexError: It cannot be kept.
        """
