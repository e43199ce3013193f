"""`fs-tui faces ID`, in one of three ways; the memory that it takes stays flat in each.

--count            the end is proven by a search, and nothing is listed; with a filter all is read
--order FIELD      FaceListing (index, filter) ──► order ──► limit ──┐
else               stream_faces ─────────────────► filter ──► limit ──┴──► output, or FILE
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from fs_tui.cli.completion import library_ids
from fs_tui.cli.ending import tell
from fs_tui.cli.filter_options import filter_options
from fs_tui.cli.output_options import output_options
from fs_tui.cli.progress import progress
from fs_tui.cli.whole import limited, reading_options
from fs_tui.errors import (
    FileError,
    FsTuiError,
    IncompleteError,
    PagingError,
    ResourceError,
    UsageError,
)
from fs_tui.faces.query import Order
from fs_tui.models import FACE_FIELDS
from fs_tui.records import JSON
from fs_tui.words import changed_meanwhile
from fs_tui.words import count as counted

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from fs_tui.cli.context import Options
    from fs_tui.cli.output_options import Output
    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.query import Query
    from fs_tui.faces.status import ListingStatus
    from fs_tui.gateway import Gateway, Session
    from fs_tui.models import Face

__all__ = ["FIRST", "faces"]

FIRST = 100
"""How many faces are listed when neither --limit nor --all says otherwise."""

_ORDERS = ("position", *(field.name for field in FACE_FIELDS if field.ordered))


@click.command(
    epilog="""\b
Examples:
  fs-tui faces clinic_2500
  fs-tui faces clinic_2500 --limit 5 --fields face_token,user_id
  fs-tui faces clinic_2500 --start 2401 --all --jsonl
  fs-tui faces clinic_2500 --all --filter 'after:2025-05 -visitor' --csv
  fs-tui faces clinic_2500 --order -add_time --limit 10
  fs-tui faces clinic_2500 --all -o clinic.csv
  fs-tui faces clinic_2500 --count

--order reads the whole library first; a limit counts what has passed the filter. CSV on standard
output is raw, but on a terminal; with -o, a cell that a spreadsheet would run begins with an
apostrophe, and the name appears when the file is whole; until then it ends in '.partial'.
"""
)
@click.argument("group_id", metavar="ID", shell_complete=library_ids)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Write at most N faces.")
@click.option(
    "--start",
    type=click.IntRange(min=1),
    metavar="N",
    help="Begin at position N; the first face is 1.",
)
@click.option("--all", "everything", is_flag=True, help="Write every face, not the first 100.")
@filter_options
@click.option(
    "--order",
    type=click.Choice([*_ORDERS, *(f"-{name}" for name in _ORDERS)]),
    metavar="FIELD",
    help="Order by position, user_id or add_time; -FIELD from the last to the first.",
)
@click.option("--count", is_flag=True, help="Write only how many faces there are, proven.")
@reading_options
@output_options(FACE_FIELDS)
@click.pass_obj
def faces(
    options: Options,
    *,
    group_id: str,
    limit: int | None,
    start: int | None,
    everything: bool,
    query: Query | None,
    order: str | None,
    count: bool,
    max_requests: int | None,
    output: Output,
) -> None:
    """List the faces of a library, the first 100 unless --limit or --all says otherwise."""
    from fs_tui.cli.session import with_session
    from fs_tui.cli.settings import load
    from fs_tui.faces.paging.positions import MAX_POSITION

    if limit is not None and everything:
        raise UsageError("--limit and --all cannot be combined.", hint="Use one of them.")
    if start is not None and start >= MAX_POSITION:
        raise UsageError(f"No library reaches to face {start:,}.", hint="Give a lower --start.")
    plain = output.path is None and output.fields == FACE_FIELDS and output.form in {None, JSON}
    if count and (limit or start or order or not plain):
        raise UsageError("--count takes no other option than --filter and --json.")
    settings = load(options)
    run = _Run(
        group_id=group_id,
        start=start or 1,
        limit=None if everything or count else limit or FIRST,
        open_ended=not everything and limit is None,
        query=query,
        order=_order(order),
        output=output,
        concurrency=settings.concurrency,
        max_requests=max_requests,
    )
    # What is ordered would lie in a private database, which may go into a plain file.
    kept = True if query is not None and run.order is None else None
    with_session(options, run.count if count else run.write, settings, kept=kept)


def _order(text: str | None) -> Order | None:
    """Return an order; None for the service's own, which needs no index."""
    if text in {None, "position"}:
        return None
    name = text.removeprefix("-")
    return Order("" if name == "position" else name, descending=name != text)


@dataclass(slots=True, kw_only=True)
class _Run:
    """What is to be listed, and how far that has come.

    Attributes:
        group_id: The library.
        start: The position of the first face, 1-based.
        limit: The most rows to write; None is all.
        open_ended: Neither --limit nor --all was given: say so when there are more.
        query: What a face must pass; None lets all pass.
        order: The order of the rows; None is the service's own, which needs no index.
        output: Where the rows go.
        concurrency: Requests that may be under way at once.
        max_requests: Pages that may be asked for; None sets no limit.
        read: The highest position that was read; 0 before the first page.
        passed: Faces that passed the filter and the limit.
        written: Rows that are on their way to the reader.
        more: There are more than the limit let through.
    """

    group_id: str
    start: int
    limit: int | None
    open_ended: bool
    query: Query | None
    order: Order | None
    output: Output
    concurrency: int
    max_requests: int | None
    read: int = 0
    passed: int = 0
    written: int = 0
    more: bool = False

    async def write(self, session: Session) -> None:
        """List the faces as they are asked for.

        Raises:
            IncompleteError: What was read is written, and it is not all; the detail says why.
            FsTuiError: Nothing was read.
        """
        gateway = limited(session.gateway, self.max_requests)
        if self.order is None:
            await self._write_streamed(gateway)
        else:
            await self._write_ordered(gateway, self.order)
        if self.open_ended and self.more:
            self._say_more()

    async def count(self, session: Session) -> None:
        """Write how many faces there are; with a filter, how many of all of them pass it.

        Raises:
            IncompleteError: The number cannot be proven.
            FsTuiError: A request failed.
        """
        from fs_tui.cli.output import stdout, write_document
        from fs_tui.faces.paging.stream import count_faces

        gateway = limited(session.gateway, self.max_requests)
        if self.query is None:
            total = await count_faces(gateway, self.group_id)
        else:
            total = await self._count_passing(gateway)
        if self.output.form is not None:
            write_document({"group_id": self.group_id, "count": total})
        else:
            stdout().write(f"{total}\n")

    async def _count_passing(self, gateway: Gateway) -> int:
        with progress("Counting", None, shown=True) as done:
            try:
                async with aclosing(self._streamed(gateway)) as passing:
                    async for _ in passing:
                        done(self.read)
            except FsTuiError as error:
                raise self._cut_short(error, "counted", self.passed) from error
        return self.passed

    async def _write_streamed(self, gateway: Gateway) -> None:
        """Let rows go from the pages to the output."""
        from fs_tui.cli.output import write_rows

        with progress("Reading", self.limit, shown=not self.output.is_on_terminal) as done:

            def told(rows: int) -> None:
                self.written = rows
                done(rows if self.limit else self.read - self.start + 1)

            try:
                await write_rows(self.output, self._streamed(gateway), noun=("face",), told=told)
            except FsTuiError as error:
                raise self._cut_short(error, "written", self.written) from error

    async def _streamed(self, gateway: Gateway) -> AsyncGenerator[Sequence[Face], None]:
        """Yield the faces that are wanted, in the service's order."""
        from fs_tui.faces.paging.stream import stream_faces

        # One row beyond the first hundred shows whether there are more; behind a filter it is far.
        beyond = 1 if self.open_ended and self.query is None else 0
        limit = None if self.limit is None or self.query else self.limit + beyond

        def enough() -> bool:
            reached = self.limit is not None and self.passed >= self.limit
            return reached and (self.more or not beyond)

        pages = stream_faces(
            gateway,
            self.group_id,
            start=self.start,
            limit=limit,
            concurrency=self.concurrency,
            enough=enough,
        )
        async with aclosing(pages):
            async for first, faces in pages:
                self.read = first + len(faces) - 1
                passing = faces if self.query is None else list(filter(self.query.matches, faces))
                wanted = self._within_limit(passing)
                if wanted or not self.passed:
                    # What was read is written, and that may be none: a document is one all the
                    # same, whatever comes then.
                    yield wanted
                if self.query is not None and self.passed == self.limit:
                    self.more = True

    def _within_limit(self, faces: Sequence[Face]) -> Sequence[Face]:
        """Return as many faces as the limit leaves room for; note whether that cut any off."""
        room = len(faces) if self.limit is None else self.limit - self.passed
        self.more = self.more or len(faces) > room
        kept = faces[:room]
        self.passed += len(kept)
        return kept

    async def _write_ordered(self, gateway: Gateway, order: Order) -> None:
        """Load everything into the index, then write it in order."""
        from fs_tui.cli.output import write_rows
        from fs_tui.faces.listing import FaceListing

        def told(rows: int) -> None:
            self.written = rows

        async with aclosing(
            FaceListing(gateway, self.group_id, concurrency=self.concurrency)
        ) as listing:
            gateway.listen(listing.on_gateway_event)
            status = await _loaded(listing)
            if isinstance(status.stopped, ResourceError) or (status.stopped and not status.loaded):
                raise status.stopped
            await listing.set_filter(self.query)
            await listing.set_order(order)
            await write_rows(self.output, self._ordered(listing), noun=("face",), told=told)
            if not status.complete:
                moved = IncompleteError(
                    changed_meanwhile(status.changed), hint="Read it once more."
                )
                raise self._cut_short(status.stopped or moved, "written", self.written)

    async def _ordered(self, listing: FaceListing) -> AsyncGenerator[Sequence[Face], None]:
        """Yield the faces that are wanted, in the listing's order."""
        from fs_tui.faces.scopes import Scope

        async for rows in listing.chunks(Scope.FILTERED):
            faces = [row.face for row in rows if row.position >= self.start]
            if wanted := self._within_limit(faces):
                yield wanted
            if self.more:
                return

    def _cut_short(self, error: FsTuiError, verb: str, rows: int) -> FsTuiError:
        """Return how a listing ends that an error stopped: incomplete, once something was read."""
        # What a full disk took is not read again by a later --start.
        if isinstance(error, FileError):
            return error
        if not (self.read or rows or isinstance(error, IncompleteError)):
            return error
        were = f"{counted(rows, 'face')} {'was' if rows == 1 else 'were'}"
        # What ended by itself says what to do: where the service lists no further, --start is
        # refused.
        ended = isinstance(error, PagingError) or (
            isinstance(error, IncompleteError) and error.hint
        )
        # A count takes no --start.
        goes_on = self.read and verb == "written" and not ended
        hint = f"Go on with --start {self.read + 1}." if goes_on else error.hint
        return IncompleteError(f"{error.as_reason} ({were} {verb})", hint=hint)

    def _say_more(self) -> None:
        """Say that the first hundred is not all."""
        if self.query is None or self.order is not None:
            what = f"these are the first {self.written} faces, and there are more"
        else:
            what = f"these are the first {self.written} that match; read up to face {self.read}"
        tell(f"{what}. --all writes every one, --limit N as many as you say")


async def _loaded(listing: FaceListing) -> ListingStatus:
    """Load the whole library; return what is known then."""
    with progress("Reading", None, shown=True) as done:
        end = listing.subscribe(lambda status: done(status.loaded))
        try:
            listing.scan()
            return await listing.finished()
        finally:
            end()
