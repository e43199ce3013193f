"""Reading a whole library: begun, paused, and asked for first where it is much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.errors import IncompleteError
from fs_tui.words import count, duration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import App

    from fs_tui.errors import FsTuiError
    from fs_tui.faces.listing import FaceListing
    from fs_tui.tui.host import Host

__all__ = [
    "READ_AGAIN",
    "load_or_pause",
    "may_read",
    "may_read_library",
    "may_reload",
    "read_whole",
    "shortfall",
    "start_reading",
]

READ_AGAIN = "Read everything again?"
_FINDING = "finding out how much there is to read … x stops it"


def load_or_pause(host: Host, listing: FaceListing, load: Callable[[], None]) -> None:
    """Load a whole library; while that runs: pause; when it rests: go on.

    Args:
        host: Is told where nothing is left to be loaded.
        listing: Of the library.
        load: Begins.
    """
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
        load()


def _lacks(listing: FaceListing) -> str:
    """Why a library of which nothing is left to be loaded is not whole."""
    if (last := listing.status.limit_position) is not None:
        return f"All that the service lists is loaded: it lists no further than face {last:,}."
    return "Everything is loaded, but the library changed while it was read: R reads it again."


async def start_reading(
    app: App[object], host: Host, listing: FaceListing, page_seconds: float
) -> None:
    """Begin to load a whole library, after what much of that costs was said and wanted.

    Args:
        app: Over whose screen it is asked.
        host: Knows how many requests may be under way at once.
        listing: Of the library.
        page_seconds: How long a page takes.
    """
    if listing.status.stopped is not None and listing.status.scan is None:
        # What stopped it would keep it from asking for anything.
        listing.retry()
    question = "Load the whole library?"
    if listing.status.scan is not None or await may_read_library(
        app, host, question, listing, page_seconds
    ):
        listing.scan()


async def read_whole(
    app: App[object], host: Host, listing: FaceListing, page_seconds: float
) -> None:
    """Load a whole library, if that is wanted, and wait for it; `shortfall` says whether it is."""
    await start_reading(app, host, listing, page_seconds)
    await listing.finished()


def shortfall(listing: FaceListing) -> FsTuiError | None:
    """Why a library was not read whole; None where it was."""
    from fs_tui.faces.status import describe

    status = listing.status
    return None if status.complete else status.stopped or IncompleteError(describe(status))


async def may_read_library(
    app: App[object],
    host: Host,
    question: str,
    listing: FaceListing,
    page_seconds: float,
    *,
    anew: bool = False,
) -> bool:
    """Whether a library is to be read: as `may_read`, after finding out how much that is.

    Args:
        app: As in `may_read`.
        host: As in `may_read`.
        question: As in `may_read`.
        listing: Of the library.
        page_seconds: As in `may_read`.
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
    return await may_read(
        app,
        host,
        question,
        of=listing.group_id,
        requests=requests or 0,
        page_seconds=page_seconds,
        unknown=() if requests is not None else (listing.group_id,),
    )


async def may_reload(
    app: App[object], host: Host, listing: FaceListing, page_seconds: float
) -> bool:
    """Whether a library is to be reloaded: as `may_read`, for what that reads again."""
    return await may_read(
        app,
        host,
        READ_AGAIN,
        of=listing.group_id,
        requests=listing.requests_of_reload,
        page_seconds=page_seconds,
    )


async def may_read(
    app: App[object],
    host: Host,
    question: str,
    *,
    requests: int,
    page_seconds: float,
    of: str = "",
    unknown: Sequence[str] = (),
) -> bool:
    """Whether so much is to be read: a little is, of more it is said what it takes, and asked.

    Args:
        app: Over whose screen it is asked; in a worker.
        host: Knows how many requests may be under way at once.
        question: What is to be done.
        requests: How many.
        page_seconds: How long a page takes.
        of: The library, where it is one: another one may be looked at by now.
        unknown: The libraries of unknown length.
    """
    from fs_tui.account.cost import MANY
    from fs_tui.tui.dialogs.confirm import Confirm

    if not unknown and requests <= MANY:
        return True
    seconds = requests * page_seconds / host.options.concurrency
    words = (
        f"{f'Reading {of}' if of else 'This'} takes about {count(requests, 'request')}"
        f" and {duration(seconds)}."
        " The quota is the account's, and production uses it too."
    )
    if unknown:
        names = ", ".join(unknown)
        words = f"The length of {names} is not known: this may take many requests of the account's."
    answer = await app.push_screen_wait(Confirm(question, detail=words, yes="Read", no="Leave it"))
    return answer is True
