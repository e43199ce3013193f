"""KeepQuestion: asks once, after a large library was read, whether it is to be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.tui.host import Job
from fs_tui.tui.keeping import ASKED_FROM

if TYPE_CHECKING:
    from fs_tui.faces.listing import FaceListing
    from fs_tui.tui.host import Host
    from fs_tui.tui.keeping import Keeping

__all__ = ["KeepQuestion"]

_DETAIL = (
    "Encrypted, on this machine, with its key in the keyring: libraries then open at once, and a"
    " look at the end says what came and went. It is removed when it was not used for some time."
    " The answer holds for this profile; 'keep' in the configuration file goes before it."
)


class KeepQuestion:
    """Asks once in a run.

    Args:
        host: Asks, runs what the answer asks for, and has the settings.
    """

    def __init__(self, host: Host) -> None:
        self._host = host
        self._asked = False

    def ask(self, listing: FaceListing) -> None:
        """Ask about a listing, if it is large, was read whole, and nobody has said yet."""
        keeping, status = self._host.options.keeping, listing.status
        large = status.complete and status.kept is None and status.loaded > ASKED_FROM
        if keeping is None or not large or self._asked or not keeping.asks:
            return
        self._asked = True
        self._host.work(Job.KEEP, self._ask(keeping, listing), group_id=listing.group_id)

    async def _ask(self, keeping: Keeping, listing: FaceListing) -> None:
        question = "Keep an encrypted index of this library on this machine?"
        if keep := await self._host.confirm(question, _DETAIL):
            self._host.say("keeping what was read …", "wait")
        await keeping.answer(listing, keep=keep)
        if keep:
            self._host.say("What was read is kept: it opens at once the next time.")
