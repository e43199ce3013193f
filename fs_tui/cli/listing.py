"""Carries out what `fs-tui faces` was asked for, with memory that stays flat.

stream_faces ───────────────► filter ──► limit ──► standard output, or FILE.partial ──► FILE
FaceListing (index, filter) ──► order ──► limit ──┘
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from fs_tui.cli.ending import say
from fs_tui.cli.output import Format, stdout, write_document, writer
from fs_tui.cli.progress import progress
from fs_tui.errors import FileError, FsTuiError, IncompleteError
from fs_tui.faces.export import CsvEncoder, JsonEncoder, JsonLinesEncoder, Scope, face_record
from fs_tui.faces.query import Order
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
    from pathlib import Path
    from typing import TextIO

    from fs_tui.cli.faces import Wish
    from fs_tui.cli.output import Writer
    from fs_tui.faces.export import Encoder
    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.status import ListingStatus, LoadedFace
    from fs_tui.gateway import Gateway, Session
    from fs_tui.models import Face

__all__ = ["count_faces", "list_faces"]


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


async def list_faces(wish: Wish, session: Session) -> None:
    """List a library's faces as wished.

    Raises:
        IncompleteError: What was read is written, and it is not all; the detail says why.
        FsTuiError: Nothing was read.
    """
    tally = _Tally()
    if wish.order is None:
        await _list_streamed(wish, session.gateway, tally)
    else:
        await _list_ordered(wish, session.gateway, tally)
    if wish.open_ended and tally.more:
        _say_more(wish, tally)


async def count_faces(wish: Wish, session: Session) -> None:
    """Write how many faces there are; with a filter, how many of all of them pass it.

    Raises:
        IncompleteError: The number cannot be proven.
        FsTuiError: A request failed.
    """
    from fs_tui.faces.paging.stream import count_faces as prove

    if wish.query is None:
        total = await prove(session.gateway, wish.group_id)
    else:
        total = await _count_passing(wish, session.gateway)
    if wish.form is Format.JSON:
        write_document({"group_id": wish.group_id, "count": total})
    else:
        stream = stdout()
        stream.write(f"{total}\n")


async def _count_passing(wish: Wish, gateway: Gateway) -> int:
    tally = _Tally()
    with progress("Counting", None, shown=True) as done:
        try:
            async with aclosing(_streamed(wish, gateway, tally)) as passing:
                async for _ in passing:
                    done(tally.read)
        except FsTuiError as error:
            raise _cut_short(error, tally, "counted", tally.passed) from error
    return tally.passed


async def _list_streamed(wish: Wish, gateway: Gateway, tally: _Tally) -> None:
    """Let rows go from the pages to the output."""
    shown = wish.path is not None or not sys.stdout.isatty()
    with progress("Reading", wish.limit, shown=shown) as done:

        def told(rows: int) -> None:
            tally.written = rows
            done(rows if wish.limit else tally.read - wish.start + 1)

        try:
            await _write(wish, _streamed(wish, gateway, tally), told)
        except FsTuiError as error:
            raise _cut_short(error, tally, "written", tally.written) from error


async def _streamed(
    wish: Wish, gateway: Gateway, tally: _Tally
) -> AsyncGenerator[Sequence[LoadedFace], None]:
    """Yield the faces that are wanted, in the service's order."""
    from fs_tui.faces.paging.stream import stream_faces

    # A row beyond the first hundred shows whether there are more. With a filter it might be far.
    beyond = 1 if wish.open_ended and wish.query is None else 0
    limit = None if wish.limit is None or wish.query else wish.limit + beyond

    def enough() -> bool:
        reached = wish.limit is not None and tally.passed >= wish.limit
        return reached and (tally.more or not beyond)

    pages = stream_faces(
        gateway,
        wish.group_id,
        start=wish.start,
        limit=limit,
        concurrency=wish.concurrency,
        enough=enough,
    )
    async with aclosing(pages):
        async for page in pages:
            tally.read = page[-1].position
            passing = [row for row in page if wish.query is None or wish.query.matches(row.face)]
            if wanted := _within(wish, passing, tally):
                yield wanted
            if wish.query is not None and tally.passed == wish.limit:
                tally.more = True


def _within(wish: Wish, rows: Sequence[LoadedFace], tally: _Tally) -> Sequence[LoadedFace]:
    """Return as many rows as the limit leaves room for, and note whether that cut any off."""
    room = len(rows) if wish.limit is None else wish.limit - tally.passed
    tally.more = tally.more or len(rows) > room
    kept = rows[:room]
    tally.passed += len(kept)
    return kept


async def _list_ordered(wish: Wish, gateway: Gateway, tally: _Tally) -> None:
    """Load everything into the index, then write it in order."""
    from fs_tui.faces.listing import FaceListing

    listing = FaceListing(gateway, wish.group_id, concurrency=wish.concurrency)
    gateway.listen(listing.on_gateway_event)
    try:
        status = await _loaded(listing)
        if status.stopped is not None and not status.loaded:
            raise status.stopped
        await listing.set_filter(wish.query)
        await listing.set_order(wish.order or Order())

        def told(rows: int) -> None:
            tally.written = rows

        await _write(wish, _ordered(wish, listing, tally), told)
        if not status.complete:
            reason = status.stopped or IncompleteError(status.changed)
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
    wish: Wish, listing: FaceListing, tally: _Tally
) -> AsyncGenerator[Sequence[LoadedFace], None]:
    """Yield the faces that are wanted, in the listing's order."""
    async for rows in listing.chunks(Scope.FILTERED):
        wanted = _within(wish, [row for row in rows if row.position >= wish.start], tally)
        if wanted:
            yield wanted
        if tally.more:
            return


async def _write(
    wish: Wish, rows: AsyncGenerator[Sequence[LoadedFace], None], told: Callable[[int], None]
) -> None:
    """Write rows to standard output, or to a file that appears when it is whole."""
    async with aclosing(rows):
        if wish.path is None:
            await _write_out(wish, rows, told)
        else:
            await _write_file(wish, wish.path, rows, told)


async def _write_out(
    wish: Wish, rows: AsyncIterator[Sequence[LoadedFace]], told: Callable[[int], None]
) -> None:
    """Write rows to standard output; nothing at all when the first request fails."""
    out: _Out | None = None
    written = 0
    try:
        async for chunk in rows:
            out = out or _out(wish, stdout())
            out.write([row.face for row in chunk])
            written += len(chunk)
            told(written)
    except FsTuiError:
        if out is not None:
            out.close()
        raise
    (out or _out(wish, stdout())).close()


async def _write_file(
    wish: Wish,
    path: Path,
    rows: AsyncIterator[Sequence[LoadedFace]],
    told: Callable[[int], None],
) -> None:
    from fs_tui.faces.export import export

    written = 0

    def progressed(faces: int) -> None:
        nonlocal written
        written = faces
        told(faces)

    try:
        result = await export(
            rows,
            path,
            _encoder(wish),
            overwrite=wish.overwrite,
            progress=progressed,
        )
    except (asyncio.CancelledError, SystemExit):
        say(f"fs-tui: stopped; {path}.partial holds {count(written, 'face')}.")
        raise
    if result.error is not None:
        say(f"fs-tui: stopped; {result.path} holds {count(result.rows, 'face')}.")
        raise result.error
    say(f"fs-tui: {result.path} holds {count(result.rows, 'face')}.")


class _Out(Protocol):
    """Takes faces in portions."""

    def write(self, faces: Sequence[Face]) -> None:
        """Write some faces."""

    def close(self) -> None:
        """Write what belongs after the last one."""


def _out(wish: Wish, stream: TextIO) -> _Out:
    if wish.form is Format.TABLE or (wish.form is Format.CSV and stream.isatty()):
        return _Rows(writer(wish.form, wish.fields, stream), wish.fields)
    return _Encoded(_encoder(wish, guard=False), stream)


def _encoder(wish: Wish, *, guard: bool = True) -> Encoder:
    """Return the export's own encoder, so that a pipe gets what a file gets."""
    match wish.form:
        case Format.CSV:
            return CsvEncoder(wish.fields, guard=guard)
        case Format.JSONL:
            return JsonLinesEncoder(wish.fields)
        case _:
            return JsonEncoder(wish.fields)


class _Encoded:
    """A form for programs."""

    def __init__(self, encoder: Encoder, stream: TextIO) -> None:
        self._encoder = encoder
        self._stream = stream
        self._stream.write(encoder.head())

    def write(self, faces: Sequence[Face]) -> None:
        self._stream.write(self._encoder.rows(faces))
        self._stream.flush()

    def close(self) -> None:
        self._stream.write(self._encoder.foot())
        self._stream.flush()


class _Rows:
    """The form for people, and what a terminal may not have raw."""

    def __init__(self, out: Writer, fields: Sequence[str]) -> None:
        self._out = out
        self._fields = fields

    def write(self, faces: Sequence[Face]) -> None:
        self._out.write(tuple(face_record(face, self._fields).values()) for face in faces)

    def close(self) -> None:
        self._out.close()


def _cut_short(error: FsTuiError, tally: _Tally, verb: str, rows: int) -> FsTuiError:
    """Return how a listing ends that an error stopped: incomplete, once something was read."""
    # What a full disk took is not read again by a later --start.
    if isinstance(error, FileError):
        return error
    if not (tally.read or rows or isinstance(error, IncompleteError)):
        return error
    reason = error.detail if isinstance(error, IncompleteError) else str(error)
    counted = f"{count(rows, 'face')} {'was' if rows == 1 else 'were'}"
    # What ended by itself says what to do: where the service lists no further, --start is refused.
    ended = isinstance(error, IncompleteError) and error.hint
    # A count takes no --start.
    goes_on = tally.read and verb == "written" and not ended
    hint = f"Go on with --start {tally.read + 1}." if goes_on else error.hint
    return IncompleteError(f"{reason} ({counted} {verb})", hint=hint)


def _say_more(wish: Wish, tally: _Tally) -> None:
    """Say that the first hundred is not all."""
    if wish.query is None or wish.order is not None:
        what = f"these are the first {tally.written} faces, and there are more"
    else:
        what = f"these are the first {tally.written} that match; read up to face {tally.read}"
    say(f"fs-tui: {what}. --all writes every one, --limit N as many as you say.")
