"""Reads whole libraries for a command: says first what it costs, asks, and keeps to a limit.

first page, what lies far behind it ──► many pages: search for the end ──► requests and minutes
                                        few of them                         a question on a terminal
read each library ◄─────────────────────────┴───────────────────────────────────┘
every request for a page, of whichever library, counts against --max-requests
"""

from __future__ import annotations

import sys
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from fs_tui import background
from fs_tui.account.cost import MANY, reading_cost
from fs_tui.cli.context import concurrency_option, fresh_option
from fs_tui.cli.ending import tell
from fs_tui.cli.progress import progress
from fs_tui.errors import IncompleteError, LibraryNotFoundError
from fs_tui.faces.paging.requests import USUAL_PAGE
from fs_tui.gateway import MAX_PAGE, PassingGateway
from fs_tui.words import changed_meanwhile, count, duration, local_time

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from fs_tui.errors import FsTuiError
    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.status import ListingStatus
    from fs_tui.gateway import Gateway
    from fs_tui.models import FacePage

__all__ = [
    "WholeLibrary",
    "limited",
    "read_shown",
    "reading_options",
    "request_options",
    "say_age",
    "whole_libraries",
]


def request_options(command: Callable[..., Any]) -> Callable[..., Any]:  # Any: as click's own
    """Add --max-requests and --concurrency to a command that may read whole libraries."""
    most = click.option(
        "--max-requests",
        type=click.IntRange(min=1),
        metavar="N",
        help="Ask for at most N pages; says what was left out.",
    )
    return most(concurrency_option(command))


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:  # Any: as click's own
    """Add those, and --fresh, to a command that takes what is kept for read."""
    return fresh_option(request_options(command))


@dataclass(slots=True)
class WholeLibrary:
    """A library that is to be read as far as it can be.

    Attributes:
        listing: What was read of it; closed when the block of `whole_libraries` ends.
        gateway: Is asked; requests for pages count against the limit.
        started: When reading began, aware, UTC.
        ended: When it ended; None before.
    """

    group_id: str
    listing: FaceListing
    gateway: Gateway
    started: datetime
    ended: datetime | None = None

    @property
    def failure(self) -> FsTuiError | None:
        """Why nothing could be read at all; None where something was, or it is empty.

        What is kept of a library that is not there any more is of no library.
        """
        status = self.listing.status
        if status.kept is not None and isinstance(status.kept.failure, LibraryNotFoundError):
            return status.kept.failure
        return status.stopped if not status.loaded and not status.complete else None

    @property
    def shortfall(self) -> FsTuiError | None:
        """Why it was not read whole, which ends a command with that status; None where it was.

        The error itself where nothing was read, or this machine has no room; else one that says
        how far reading came.
        """
        status = self.listing.status
        return _shortfall(status, status.faces, "read", whole=status.complete)

    async def is_kept(self) -> bool:
        """Whether its pages come out of a kept index: reading them costs nothing."""
        from fs_tui.faces.kept_gateway import KeptGateway

        if not isinstance(self.gateway, KeptGateway):
            return False
        return await self.gateway.store_of(self.group_id) is not None

    async def read(self, done: Callable[[ListingStatus], None] = lambda _status: None) -> None:
        """Load all that the service lists and the limit allows; raises nothing.

        Args:
            done: Is told how far it is, some times a second.
        """
        end = self.listing.subscribe(done)
        try:
            kept = self.listing.status.kept
            if kept is None or not kept.fresh:
                await self.listing.look()
            status = self.listing.status
            # Of a kept index in doubt all is there that a scan would bring.
            kept = status.kept
            there = kept is not None and kept.up_to_date and status.loaded == status.total
            if self.failure is None and not (status.complete or there):
                if status.stopped is not None and status.limit_position is None:
                    # A failure of the search for the end is none of the scan.
                    self.listing.retry()
                self.listing.scan()
                await self.listing.finished()
                await self._look_back()
            done(self.listing.status)
        finally:
            end()
            self.ended = datetime.now(UTC)

    async def _look_back(self) -> None:
        """Ask again for the first and the last faces: what went or came amid them moves them."""
        status = self.listing.status
        if status.complete and status.kept is None and status.loaded > USUAL_PAGE:
            await self.listing.recheck(1)
            await self.listing.finished()

    async def count(self) -> int:
        """Find the end; how many faces there are, or at least where `uncounted` says so."""
        await self.listing.look()
        total = await self.listing.find_end()
        self.ended = datetime.now(UTC)
        return self.listing.status.highest if total is None else total

    @property
    def uncounted(self) -> FsTuiError | None:
        """As `shortfall`, of counting."""
        status = self.listing.status
        proven = status.total is not None and not status.changed
        return _shortfall(status, status.highest, "found", whole=proven)


@asynccontextmanager
async def whole_libraries(
    wanted: Sequence[tuple[Gateway, str]],
    *,
    concurrency: int,
    max_requests: int | None,
    make: Callable[..., FaceListing] | None = None,
    count_only: bool = False,
    announced: bool = False,
) -> AsyncIterator[list[WholeLibrary]]:
    """Lend listings that `read` loads, after what all of them cost was said, and wanted.

    They share one limit, and there is one question for all. Where --max-requests is given, nobody
    is asked: it is an answer.

    Args:
        wanted: Gateways, which may be of several accounts, and libraries.
        concurrency: Requests that may be under way at once.
        max_requests: Requests for pages that may be sent; None sets no limit.
        make: Makes a listing, as FaceListing does; a kept one is looked after before it counts as
            read.
        count_only: They are to be counted, not read, which is not announced.
        announced: It was said already what it costs, and is wanted.

    Raises:
        Abort: Somebody was asked, and does not want it.
    """
    from fs_tui.faces.listing import FaceListing

    budget = _Budget(max_requests)
    async with AsyncExitStack() as stack:
        whole: list[WholeLibrary] = []
        for gateway, group_id in wanted:
            # Pages of a scan's size from the first on: all that is seen of the end is kept.
            window = USUAL_PAGE if count_only else MAX_PAGE
            counted = _counted(gateway, budget)
            made = make or FaceListing
            listing = made(counted, group_id, concurrency=concurrency, window=window)
            stack.push_async_callback(listing.aclose)
            gateway.listen(listing.on_gateway_event)
            whole.append(WholeLibrary(group_id, listing, counted, datetime.now(UTC)))
        if not (count_only or announced) and (max_requests is None or max_requests > MANY):
            await _announce([one for one in whole if not await one.is_kept()], budget, concurrency)
        yield whole


def limited(gateway: Gateway, max_requests: int | None) -> Gateway:
    """A gateway for what is written as it is read, which asks for so many pages at most.

    Nothing is announced: what that costs, a search for the end, would hold up the first row.

    Args:
        gateway: Is asked.
        max_requests: None sets no limit; that there are many requests is said then.
    """
    return _counted(gateway, _Budget(max_requests, says_many=max_requests is None))


def _counted(gateway: Gateway, budget: _Budget) -> Gateway:
    """A gateway whose requests for pages count; what comes out of a kept index is no request."""
    from fs_tui.faces.kept_gateway import KeptGateway

    if isinstance(gateway, KeptGateway):
        return gateway.over(_Counted(gateway.service, budget))
    return _Counted(gateway, budget)


async def read_shown(library: WholeLibrary) -> None:
    """Read a library with a bar on a terminal."""
    words = f"Reading {library.group_id}"
    with progress(words, library.listing.status.total, shown=True) as done:
        await library.read(lambda status: done(status.loaded))


def say_age(library: WholeLibrary) -> None:
    """Say since when the contents of a kept library may have changed unseen."""
    kept = library.listing.status.kept
    if kept is not None and not kept.fresh:
        seen = kept.seen or f"contents as of {local_time(kept.contents_as_of)}"
        tell(f"{library.group_id} is kept, {seen}")


def _shortfall(status: ListingStatus, faces: int, verb: str, *, whole: bool) -> FsTuiError | None:
    from fs_tui.errors import PagingError, ResourceError

    stopped, kept = status.stopped, status.kept
    if isinstance(stopped, ResourceError) and not whole:
        return stopped
    if kept is not None and kept.seen and (kept.doubt or not kept.up_to_date):
        again = f"Read everything again: fs-tui index sync --full {status.group_id}"
        hint = again if kept.failure is None else kept.failure.hint
        return IncompleteError(f"{status.group_id} is kept, {kept.seen}", hint=hint)
    if whole:
        return None
    if stopped is not None and not (faces or isinstance(stopped, IncompleteError)):
        return stopped
    was = "was" if faces == 1 else "were"
    read = f"{count(faces, 'face')} of {status.group_id} {was} {verb}"
    if status.changed and not isinstance(stopped, PagingError):
        reason = changed_meanwhile(status.changed)
    else:
        reason = "its end could not be proven" if stopped is None else stopped.as_reason
    hint = "Read it again." if stopped is None else stopped.hint
    return IncompleteError(f"{read}: {reason}", hint=hint)


async def _announce(whole: Sequence[WholeLibrary], budget: _Budget, concurrency: int) -> None:
    """Say what much reading costs, and ask where somebody can answer.

    Raises:
        Abort: It is not wanted.
    """
    import asyncio

    cost = await reading_cost([library.listing for library in whole])
    if cost is None:
        return
    if cost.unknown:
        names = ", ".join(dict.fromkeys(cost.unknown))
        words = f"the length of {names} is not known: reading may take many requests"
    else:
        names = ", ".join(dict.fromkeys(library.group_id for library in whole))
        seconds = cost.requests * budget.seconds / max(1, budget.used) / concurrency
        words = (
            f"reading {names} takes about {count(cost.requests, 'request')} and"
            f" {duration(seconds)}; the quota is the account's"
        )
    tell(f"{words}. --max-requests N sets a limit")
    asks = budget.most is None and sys.stdin.isatty() and sys.stderr.isatty()
    # In a thread that nothing waits for: ctrl-c ends the run at once.
    if asks and not await asyncio.wrap_future(background.start(_confirmed)):
        raise click.Abort


def _confirmed() -> bool:
    sys.stderr.write("Read all of it? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in {"y", "yes"}


class _Budget:
    """Requests for pages that may be sent, and what they took.

    Attributes:
        most: How many at most; None sets no limit.
        used: How many were sent.
        seconds: How long they took together.
    """

    def __init__(self, most: int | None, *, says_many: bool = False) -> None:
        self.most = most
        self._says_many = says_many
        self.used = 0
        self.seconds = 0.0

    def spend(self) -> None:
        """Take one.

        Raises:
            IncompleteError: None is left.
        """
        if self.most is not None and self.used >= self.most:
            raise IncompleteError(
                f"--max-requests {self.most} is used up",
                hint="Allow more, or take the answer as a partial one.",
            )
        if self.used == MANY and self._says_many:
            tell(
                f"more than {MANY} requests, and the end is not reached; the quota is the"
                " account's. --max-requests N sets a limit"
            )
        self.used += 1


class _Counted(PassingGateway):
    """A gateway whose requests for pages count against a budget."""

    def __init__(self, gateway: Gateway, budget: _Budget) -> None:
        super().__init__(gateway)
        self._budget = budget

    async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
        """A page, while there is a request left for it.

        Raises:
            IncompleteError: There is none.
        """
        self._budget.spend()
        began = monotonic()
        try:
            return await super().faces(group_id, start=start, limit=limit)
        finally:
            self._budget.seconds += monotonic() - began
