"""Reading a whole library: begun, paused, and asked for first where it is much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import IncompleteError
from fs_tui.tui.host import Job
from fs_tui.words import count, duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fs_tui.errors import FsTuiError
    from fs_tui.faces.listing import FaceListing
    from fs_tui.tui.host import Host

__all__ = [
    "READ_AGAIN",
    "load",
    "load_or_pause",
    "may_read",
    "may_read_library",
    "may_reload",
    "read_whole",
    "reading_seconds",
    "shortfall",
    "start_reading",
]

READ_AGAIN = "Read everything again?"
_FINDING = "finding out how much there is to read, x stops it"


def load(host: Host, listing: FaceListing) -> None:
    """Load a whole library in the background, if that is wanted."""
    host.work(Job.LOAD, start_reading(host, listing), group_id=listing.group_id)


def load_or_pause(host: Host, listing: FaceListing) -> None:
    """Load a whole library; while that runs: pause; when it rests: go on."""
    from fs_tui.faces.status import Activity

    if listing.status.activity is Activity.PAUSED:
        listing.resume()
    elif listing.status.scan is not None:
        listing.pause()
    elif listing.status.complete:
        host.say("Everything is loaded already.")
    elif listing.requests_left == 0:
        host.say(_lacks(listing))
    else:
        load(host, listing)


def _lacks(listing: FaceListing) -> str:
    """Why a library of which nothing is left to be loaded is not whole."""
    if (last := listing.status.limit_position) is not None:
        return f"All that the service lists is loaded: it lists no further than face {last:,}."
    return "Everything is loaded, but the library changed while it was read: R reads it again."


async def start_reading(host: Host, listing: FaceListing) -> None:
    """Begin to load a whole library, after what much of that costs was said and wanted."""
    if listing.status.stopped is not None and listing.status.scan is None:
        # What stopped it would keep it from asking for anything.
        listing.retry()
    question = "Load the whole library?"
    if listing.status.scan is not None or await may_read_library(host, question, listing):
        listing.scan()


async def read_whole(host: Host, listing: FaceListing) -> None:
    """Load a whole library, if that is wanted, and wait for it; `shortfall` says whether it is."""
    await start_reading(host, listing)
    await listing.finished()


def shortfall(listing: FaceListing) -> FsTuiError | None:
    """Why a library was not read whole; None where it was."""
    from fs_tui.faces.status import describe

    status = listing.status
    return None if status.complete else status.stopped or IncompleteError(describe(status))


async def may_read_library(
    host: Host, question: str, listing: FaceListing, *, anew: bool = False
) -> bool:
    """Whether a library is to be read: as `may_read`, after finding out how much that is.

    Args:
        host: As in `may_read`.
        question: As in `may_read`.
        listing: Of the library.
        anew: What is loaded is to be read again, too.
    """
    from fs_tui.account.cost import MANY

    def wanted() -> int | None:
        return listing.requests_anew if anew else listing.requests_left

    if wanted() is None:
        host.say(_FINDING, "wait")
        try:
            more = await listing.takes_more(MANY)
            if more:
                await listing.find_end()
        finally:
            host.unsay(_FINDING)
        if not more:
            return more is False
    status, requests = listing.status, wanted()
    if requests is None and not isinstance(status.stopped, IncompleteError):
        # It failed, or was cancelled.
        return False
    if status.complete and not anew:
        return False
    unknown = () if requests is not None else (listing.group_id,)
    return await may_read(host, question, requests or 0, of=listing.group_id, unknown=unknown)


async def may_reload(host: Host, listing: FaceListing) -> bool:
    """Whether a library is to be reloaded: as `may_read`, for what that reads again."""
    return await may_read(host, READ_AGAIN, listing.requests_of_reload, of=listing.group_id)


def reading_seconds(host: Host, requests: int) -> float:
    """How long so many requests take."""
    return requests * host.page_seconds / host.options.concurrency


async def may_read(
    host: Host, question: str, requests: int, *, of: str = "", unknown: Sequence[str] = ()
) -> bool:
    """Whether so much is to be read: a little is, of more it is said what it takes, and asked.

    Args:
        host: Asks; in something that it runs.
        question: What is to be done.
        requests: How many.
        of: The library, where it is one: another one may be looked at by now.
        unknown: The libraries of unknown length.
    """
    from fs_tui.account.cost import MANY

    if not unknown and requests <= MANY:
        return True
    time = duration(reading_seconds(host, requests))
    words = (
        f"{f'Reading {of}' if of else 'This'} takes about {count(requests, 'request')} and {time}."
        " The quota is the account's, and production uses it too."
    )
    if unknown:
        names = ", ".join(unknown)
        words = f"The length of {names} is not known: this may take many requests of the account's."
    return await host.confirm(question, words, yes="Read", no="Leave it")
