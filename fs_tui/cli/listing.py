"""Carries out what `fs-tui faces` was asked for, with memory that stays flat.

stream_faces ───────────────► filter ──► limit ──► standard output, or FILE.partial ──► FILE
FaceListing (index, filter) ──► order ──► limit ──┘
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fs_tui.cli.ending import say
from fs_tui.cli.output import stdout, write_document, write_rows
from fs_tui.cli.progress import progress
from fs_tui.errors import FileError, FsTuiError, IncompleteError, PagingError, ResourceError
from fs_tui.faces.query import Order
from fs_tui.faces.scopes import Scope
from fs_tui.words import changed_meanwhile, count

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from fs_tui.cli.output_options import Output
    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.query import Query
    from fs_tui.faces.status import ListingStatus
    from fs_tui.gateway import Gateway, Session
    from fs_tui.models import Face

__all__ = ["ListRequest", "count_faces", "list_faces"]


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What is to be listed.

    Attributes:
        group_id: The library.
        start: The position of the first face, 1-based.
        limit: The most rows to write; None is all.
        open_ended: Neither --limit nor --all was given: say so when there are more.
        query: What a face must pass; None lets all pass.
        order: The order of the rows; None is the service's own, which needs no index.
        output: Where the rows go.
        concurrency: Requests that may be under way at once.
    """

    group_id: str
    start: int
    limit: int | None
    open_ended: bool
    query: Query | None
    order: Order | None
    output: Output
    concurrency: int


@dataclass(slots=True)
class _Tally:
    """How far a listing has come.

    Attributes:
        read: The highest position that was read; 0 before the first page.
        passed: Faces that passed the filter and the limit.
        written: Rows that are on their way to the reader.
        more: There are more than the limit let through.
    """

    read: int = 0
    passed: int = 0
    written: int = 0
    more: bool = False


async def list_faces(request: ListRequest, session: Session) -> None:
    """List a library's faces as they are asked for.

    Raises:
        IncompleteError: What was read is written, and it is not all; the detail says why.
        FsTuiError: Nothing was read.
    """
    tally = _Tally()
    if request.order is None:
        await _list_streamed(request, session.gateway, tally)
    else:
        await _list_ordered(request, session.gateway, tally)
    if request.open_ended and tally.more:
        _say_more(request, tally)


async def count_faces(request: ListRequest, session: Session) -> None:
    """Write how many faces there are; with a filter, how many of all of them pass it.

    Raises:
        IncompleteError: The number cannot be proven.
        FsTuiError: A request failed.
    """
    from fs_tui.faces.paging.stream import count_faces as prove

    if request.query is None:
        total = await prove(session.gateway, request.group_id)
    else:
        total = await _count_passing(request, session.gateway)
    if request.output.form is not None:
        write_document({"group_id": request.group_id, "count": total})
    else:
        stream = stdout()
        stream.write(f"{total}\n")


async def _count_passing(request: ListRequest, gateway: Gateway) -> int:
    tally = _Tally()
    with progress("Counting", None, shown=True) as done:
        try:
            async with aclosing(_streamed(request, gateway, tally)) as passing:
                async for _ in passing:
                    done(tally.read)
        except FsTuiError as error:
            raise _cut_short(error, tally, "counted", tally.passed) from error
    return tally.passed


async def _list_streamed(request: ListRequest, gateway: Gateway, tally: _Tally) -> None:
    """Let rows go from the pages to the output."""
    with progress("Reading", request.limit, shown=not request.output.is_on_terminal) as done:

        def told(rows: int) -> None:
            tally.written = rows
            done(rows if request.limit else tally.read - request.start + 1)

        try:
            rows = _streamed(request, gateway, tally)
            await write_rows(request.output, rows, noun=("face",), told=told)
        except FsTuiError as error:
            raise _cut_short(error, tally, "written", tally.written) from error


async def _streamed(
    request: ListRequest, gateway: Gateway, tally: _Tally
) -> AsyncGenerator[Sequence[Face], None]:
    """Yield the faces that are wanted, in the service's order."""
    from fs_tui.faces.paging.stream import stream_faces

    # A row beyond the first hundred shows whether there are more. With a filter it might be far.
    beyond = 1 if request.open_ended and request.query is None else 0
    limit = None if request.limit is None or request.query else request.limit + beyond

    def enough() -> bool:
        reached = request.limit is not None and tally.passed >= request.limit
        return reached and (tally.more or not beyond)

    pages = stream_faces(
        gateway,
        request.group_id,
        start=request.start,
        limit=limit,
        concurrency=request.concurrency,
        enough=enough,
    )
    async with aclosing(pages):
        async for first, faces in pages:
            tally.read = first + len(faces) - 1
            passing = faces if request.query is None else list(filter(request.query.matches, faces))
            if wanted := _within(request, passing, tally):
                yield wanted
            if request.query is not None and tally.passed == request.limit:
                tally.more = True


def _within(request: ListRequest, faces: Sequence[Face], tally: _Tally) -> Sequence[Face]:
    """Return as many faces as the limit leaves room for, and note whether that cut any off."""
    room = len(faces) if request.limit is None else request.limit - tally.passed
    tally.more = tally.more or len(faces) > room
    kept = faces[:room]
    tally.passed += len(kept)
    return kept


async def _list_ordered(request: ListRequest, gateway: Gateway, tally: _Tally) -> None:
    """Load everything into the index, then write it in order."""
    from fs_tui.faces.listing import FaceListing

    listing = FaceListing(gateway, request.group_id, concurrency=request.concurrency)
    gateway.listen(listing.on_gateway_event)
    try:
        status = await _loaded(listing)
        if isinstance(status.stopped, ResourceError) or (status.stopped and not status.loaded):
            raise status.stopped
        await listing.set_filter(request.query)
        await listing.set_order(request.order or Order())

        def told(rows: int) -> None:
            tally.written = rows

        rows = _ordered(request, listing, tally)
        await write_rows(request.output, rows, noun=("face",), told=told)
        if not status.complete:
            moved = IncompleteError(changed_meanwhile(status.changed), hint="Read it once more.")
            reason = status.stopped or moved
            raise _cut_short(reason, _Tally(), "written", tally.written)
    finally:
        await listing.aclose()


async def _loaded(listing: FaceListing) -> ListingStatus:
    """Load the whole library; return what is known then."""
    with progress("Reading", None, shown=True) as done:
        end = listing.subscribe(lambda status: done(status.loaded))
        try:
            listing.scan()
            return await listing.finished()
        finally:
            end()


async def _ordered(
    request: ListRequest, listing: FaceListing, tally: _Tally
) -> AsyncGenerator[Sequence[Face], None]:
    """Yield the faces that are wanted, in the listing's order."""
    async for rows in listing.chunks(Scope.FILTERED):
        faces = [row.face for row in rows if row.position >= request.start]
        if wanted := _within(request, faces, tally):
            yield wanted
        if tally.more:
            return


def _cut_short(error: FsTuiError, tally: _Tally, verb: str, rows: int) -> FsTuiError:
    """Return how a listing ends that an error stopped: incomplete, once something was read."""
    # What a full disk took is not read again by a later --start.
    if isinstance(error, FileError):
        return error
    if not (tally.read or rows or isinstance(error, IncompleteError)):
        return error
    counted = f"{count(rows, 'face')} {'was' if rows == 1 else 'were'}"
    # What ended by itself says what to do: where the service lists no further, --start is refused.
    ended = isinstance(error, PagingError) or (isinstance(error, IncompleteError) and error.hint)
    # A count takes no --start.
    goes_on = tally.read and verb == "written" and not ended
    hint = f"Go on with --start {tally.read + 1}." if goes_on else error.hint
    return IncompleteError(f"{error.as_reason} ({counted} {verb})", hint=hint)


def _say_more(request: ListRequest, tally: _Tally) -> None:
    """Say that the first hundred is not all."""
    if request.query is None or request.order is not None:
        what = f"these are the first {tally.written} faces, and there are more"
    else:
        what = f"these are the first {tally.written} that match; read up to face {tally.read}"
    say(f"fs-tui: {what}. --all writes every one, --limit N as many as you say.")
