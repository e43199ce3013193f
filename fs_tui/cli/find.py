"""`fs-tui find EXPR`: faces in all libraries of the account, and what the answer rests on.

exact tokens are asked for ──► what is left costs so much ──► the libraries are read, one by one
           └───────────────────── hits, as they come ────────────────────┘
"""

from __future__ import annotations

from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from fs_tui.account.rows import HIT_FIELDS
from fs_tui.cli.completion import library_ids
from fs_tui.cli.ending import combined, ended, tell, worst
from fs_tui.cli.output_options import output_options
from fs_tui.cli.progress import progress
from fs_tui.cli.whole import reading_options, whole_libraries
from fs_tui.errors import FilterError, IncompleteError, UsageError
from fs_tui.visible import visible

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from fs_tui.account.find import Find, Hit, Searched
    from fs_tui.cli.context import Options
    from fs_tui.cli.output_options import Output
    from fs_tui.errors import FsTuiError
    from fs_tui.faces.query import Query
    from fs_tui.gateway import Gateway

__all__ = ["find"]

_NONE = 5
_NAMED = 10
"""Lines without a hit that are named."""


@click.command(
    epilog="""\b
Examples:
  fs-tui find dewi --library clinic_2500 --library pilot-100
  fs-tui find "token:=$(fs-tui faces pilot-100 --limit 1 --fields face_token | tail -n 1)"
  echo 'user:=user_000007' | fs-tui find --library pilot-100 --from - --jsonl

The filter language is that of 'faces --filter'; an expression that begins with '-' goes after '--'.
token:=TOKEN is asked with one request per library, and nothing is read; a word of 32 hexadecimal
digits is asked first, and looked for in all faces where no library has it. --from takes one
expression per line, and a face that passes any of them is a hit: so nobody's data is an argument.
Exit status: 0 found, 5 proven that there is none, 4 not everything could be read.
"""
)
@click.argument("expression", metavar="[EXPR]", required=False)
@click.option(
    "--library",
    "libraries",
    metavar="ID",
    multiple=True,
    shell_complete=library_ids,
    help="Look in this library only; again for another one.",
)
@click.option(
    "--from",
    "source",
    metavar="FILE",
    help="Take the expressions from FILE, one per line; - is standard input.",
)
@reading_options
@output_options(HIT_FIELDS)
@click.pass_obj
def find(
    options: Options,
    *,
    expression: str | None,
    libraries: tuple[str, ...],
    source: str | None,
    max_requests: int | None,
    output: Output,
) -> int:
    """Find faces in all libraries of the account."""
    from fs_tui.cli.session import with_session
    from fs_tui.cli.settings import load

    lines, queries = _queries(expression, source)
    settings = load(options)
    way = _Way(output, settings.concurrency, max_requests, lines)
    find, error = with_session(
        options,
        lambda session: way.search(session.gateway, queries, libraries),
        settings,
        kept=True,
    )
    if error is not None:
        # A library that nothing could be read of has a status of its own.
        return combined(ended(error), *(one.exit_status for one in _failures(find)))
    tell(way.proof(find))
    return 0 if find.hits else _NONE


def _queries(expression: str | None, source: str | None) -> tuple[list[int], list[Query]]:
    """The expressions, and the lines that they stand in; the command line's own has none.

    Raises:
        UsageError: There are none, or both are given.
        FilterError: One cannot be read.
    """
    from fs_tui.faces.filter_language import parse

    if expression is not None and source is not None:
        raise UsageError("EXPR and --from cannot be combined.", hint="Use one of them.")
    if source is None:
        if expression is None or (query := parse(expression)) is None:
            raise UsageError("There is nothing to look for.", hint="Give EXPR, or --from FILE.")
        return [], [query]
    from fs_tui.account.id_files import read_lines

    lines, queries = [], []
    for line, text in read_lines(source):
        try:
            query = parse(text)
        except FilterError as error:
            raise FilterError(f"line {line:,}: {error.detail}", hint=error.hint) from None
        if query is not None:
            lines.append(line)
            queries.append(query)
    if not queries:
        hint = "Give one expression per line."
        raise UsageError("There is nothing to look for in what --from names.", hint=hint)
    return lines, queries


@dataclass(frozen=True, slots=True)
class _Way:
    """How the search is carried out.

    Attributes:
        output: Where the hits go.
        concurrency: Requests that may be under way at once.
        most: Requests for pages that may be sent.
        lines: The lines in which the expressions stand.
    """

    output: Output
    concurrency: int
    most: int | None
    lines: Sequence[int]

    async def search(
        self, gateway: Gateway, queries: Sequence[Query], named: Sequence[str]
    ) -> tuple[Find, IncompleteError | None]:
        """Search and write what is found; returns why the search is not whole, too."""
        from fs_tui.account.find import Find
        from fs_tui.cli.output import write_rows
        from fs_tui.faces.kept_gateway import KeptGateway

        ids = named or [library.group_id for library in await gateway.libraries()]
        with ExitStack() as stack:
            bars = _Bars(stack, len(set(ids)), shown=not self.output.is_on_terminal)
            find = Find(gateway, queries, ids, concurrency=self.concurrency, changed=bars.told)
            try:
                await write_rows(self.output, self._hits(find, gateway), noun=("face",))
            except IncompleteError as error:
                return find, error
        if not find.hits and isinstance(gateway, KeptGateway) and gateway.as_kept:
            # What was edited in place since is not seen.
            said = f"{self.proof(find)}, as {', '.join(gateway.as_kept)} was kept"
            return find, IncompleteError(said, hint="--fresh asks the service for everything.")
        return find, None

    async def _hits(self, find: Find, gateway: Gateway) -> AsyncGenerator[Sequence[Hit], None]:
        """Yield the hits as they come.

        Raises:
            FsTuiError: Nothing could be searched, or not everything.
        """
        async with aclosing(find.ask()) as asked:
            async for hits in asked:
                yield hits
        if find.to_scan and find.libraries:
            wanted = [(gateway, group_id) for group_id in find.libraries]
            async with (
                whole_libraries(
                    wanted, concurrency=self.concurrency, max_requests=self.most
                ) as whole,
                aclosing(find.scan(whole[0].gateway)) as scanned,
            ):
                async for hits in scanned:
                    yield hits
        if find.whole:
            return
        failures = _failures(find)
        if len(failures) == len(find.libraries):
            raise worst(failures)
        if not find.hits:
            # What was read is written, and that is none: a document is one all the same.
            yield ()
        stopped = [one.stopped for one in find.libraries.values() if one.stopped is not None]
        raise IncompleteError(self.proof(find), hint=stopped[0].hint if stopped else "")

    def proof(self, find: Find) -> str:
        """What was found and what that rests on; which lines have no hit, where others have."""
        unmet = [line for number, line in enumerate(self.lines) if number not in find.found]
        if not unmet or not find.found:
            return find.proof()
        named = ", ".join(f"{line:,}" for line in unmet[:_NAMED])
        more = f" and {len(unmet) - _NAMED:,} more" if len(unmet) > _NAMED else ""
        return f"{find.proof()}; nothing for {'lines' if unmet[1:] else 'line'} {named}{more}"


def _failures(find: Find) -> list[FsTuiError]:
    """Why libraries could not be searched at all."""
    libraries = find.libraries.values()
    return [one.stopped for one in libraries if one.stopped is not None and not one.read]


class _Bars:
    """A bar for the library that is being searched.

    Args:
        stack: Ends the last one.
        libraries: How many there are.
        shown: False shows none.
    """

    def __init__(self, stack: ExitStack, libraries: int, *, shown: bool) -> None:
        self._stack = stack
        self._libraries = libraries
        self._shown = shown
        self._begun: list[str] = []
        self._done: Callable[[int], None] = lambda _faces: None

    def told(self, searched: Searched) -> None:
        """Show how far a library is that is read."""
        if not searched.scanned or searched.whole:
            return
        if searched.group_id not in self._begun:
            self._stack.close()
            self._begun.append(searched.group_id)
            words = f"Reading {visible(searched.group_id)}, {len(self._begun)} of {self._libraries}"
            self._done = self._stack.enter_context(progress(words, None, shown=self._shown))
        self._done(searched.read)
