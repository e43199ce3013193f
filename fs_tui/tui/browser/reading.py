"""Reading a whole library: begun, paused, and asked for first where it is much."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fs_tui.words import count, duration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import App

    from fs_tui.errors import FsTuiError
    from fs_tui.faces.listing import FaceListing
    from fs_tui.tui.host import Host

__all__ = [
    "is_much",
    "load_or_pause",
    "read_whole",
    "reading_words",
    "shortfall",
    "start_reading",
    "wants_reading",
]


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
    else:
        load()


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
    if listing.requests_left is None and listing.status.scan is None:
        await listing.find_end()
    left, status = listing.requests_left, listing.status
    if status.complete or (left is None and status.stopped is not None):
        return
    seconds = page_seconds / host.options.concurrency
    unknown = () if left is not None else (listing.group_id,)
    words = reading_words(left or 0, seconds, unknown)
    asks = listing.status.scan is None and is_much(left)
    if not asks or await wants_reading(app, "Load the whole library?", words):
        listing.scan()


async def read_whole(
    app: App[object], host: Host, listing: FaceListing, page_seconds: float
) -> None:
    """Load a whole library, if that is wanted, and wait for it; `shortfall` says whether it is."""
    await start_reading(app, host, listing, page_seconds)
    await listing.finished()


def shortfall(listing: FaceListing) -> FsTuiError | None:
    """Why a library was not read whole; None where it was."""
    from fs_tui.errors import IncompleteError
    from fs_tui.faces.status import describe

    status = listing.status
    return None if status.complete else status.stopped or IncompleteError(describe(status))


def is_much(requests: int | None) -> bool:
    """Whether so many requests, or a number that nobody knows, are asked for first."""
    from fs_tui.account.cost import MANY

    return requests is None or requests > MANY


def reading_words(requests: int, page_seconds: float, unknown: Sequence[str] = ()) -> str:
    """Say what reading takes.

    Args:
        requests: How many.
        page_seconds: From one answer to the next.
        unknown: The libraries of unknown length.
    """
    if unknown:
        names = ", ".join(unknown)
        return f"The length of {names} is not known: this may take many requests of the account's."
    return (
        f"This takes about {count(requests, 'request')} and {duration(requests * page_seconds)}."
        " The quota is the account's, and production uses it too."
    )


async def wants_reading(app: App[object], question: str, words: str) -> bool:
    """Ask whether that much is to be read."""
    from fs_tui.tui.dialogs.confirm import Confirm

    answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def answered(yes: bool | None) -> None:  # noqa: FBT001  as Textual calls it
        if not answer.done():
            answer.set_result(bool(yes))

    app.push_screen(Confirm(question, detail=words, yes="Read", no="Leave it"), answered)
    return await answer
