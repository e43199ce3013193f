"""`fs-tui index`: what is kept of libraries on this machine; brings it up to date, removes it."""

from __future__ import annotations

from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING

import click

from fs_tui.cli.completion import library_ids
from fs_tui.cli.ending import say_error, tell, worst
from fs_tui.cli.output_options import output_options
from fs_tui.cli.whole import request_options
from fs_tui.errors import FsTuiError, KeptIndexError, LibraryNotFoundError, UsageError
from fs_tui.records import Field, Kind, row_maker
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from fs_tui.cli.context import Options
    from fs_tui.cli.output_options import Output
    from fs_tui.cli.whole import WholeLibrary
    from fs_tui.faces.index.keeper import Keeper, KeptSummary
    from fs_tui.faces.index.kept import KeptFile
    from fs_tui.faces.index.kept_facts import KeptFacts
    from fs_tui.faces.listing import FaceListing
    from fs_tui.gateway import Gateway, Session
    from fs_tui.settings.options import Settings

__all__ = ["index"]

STATUS_FIELDS = (
    Field("group_id", firm=True),
    Field("faces", kind=Kind.NUMBER, firm=True),
    Field("complete", firm=True),
    Field("contents_as_of", kind=Kind.TIME, firm=True),
    Field("positions_seen", kind=Kind.TIME),
    Field("doubt"),
    Field("bytes", kind=Kind.NUMBER),
    Field("endpoint"),
    Field("key"),
    Field("file"),
)

SYNC_FIELDS = (
    Field("group_id", firm=True),
    Field("faces", kind=Kind.NUMBER, firm=True),
    Field("added", kind=Kind.NUMBER),
    Field("gone", kind=Kind.NUMBER),
    Field("complete", firm=True),
    Field("contents_as_of", kind=Kind.TIME, firm=True),
    Field("said"),
)

_STATUS_ROW, _SYNC_ROW = row_maker(STATUS_FIELDS), row_maker(SYNC_FIELDS)

_EVERYTHING = click.option(
    "--all-libraries", "everything", is_flag=True, help="All that is kept, or all of the account."
)


@click.group(
    no_args_is_help=False,
    epilog="""\b
Examples:
  fs-tui index status
  fs-tui index status --json
  fs-tui index forget --expired

Nothing is kept unless the profile says 'keep = true', or 'fs-tui index sync' is asked to; what is
kept is read by every command and the browser, unless the profile says 'keep = false'. It is
encrypted; its key lies in the keyring, or in the file that FS_TUI_INDEX_KEY_FILE names: 64 hex
digits, made with 'openssl rand -hex 32'.
""",
)
def index() -> None:
    """Show, update or remove the kept indexes of libraries."""


@index.command()
@click.argument("group_ids", metavar="[ID]...", nargs=-1, shell_complete=library_ids)
@_EVERYTHING
@output_options(STATUS_FIELDS)
@click.pass_obj
def status(
    options: Options, *, group_ids: tuple[str, ...], everything: bool, output: Output
) -> None:
    """Show what is kept: library, faces, as of when, size, where the key is. Asks no service."""
    from fs_tui.cli.output import write_all
    from fs_tui.cli.unhandled import run

    settings = _settings(options, group_ids, everything=everything, needed=False)
    keeper = _keeper(settings, "")
    found = [] if keeper is None else list(keeper.summaries())
    shown = [
        one
        for one in found
        if not group_ids or (one.facts is not None and one.facts.group_id in group_ids)
    ]
    rows = [_status_row(one, keeper.where) for one in shown if keeper is not None]
    run(write_all(output, rows, noun=("index", "indexes")))
    for group_id in group_ids:
        if group_id not in {one.facts.group_id for one in shown if one.facts is not None}:
            tell(f"nothing is kept of {group_id}")
    if not found:
        _say_nothing()


def _status_row(summary: KeptSummary, key: str) -> object:
    """A kept file; nothing else is known of one that cannot be read."""
    row = partial(_STATUS_ROW, bytes=summary.size, key=key, file=str(summary.path))
    if (facts := summary.facts) is None:
        return row(complete="", doubt=f"it cannot be read: {summary.trouble}")
    return row(
        group_id=facts.group_id,
        faces=facts.prefix,
        complete="yes" if facts.complete else "no",
        contents_as_of=facts.contents_as_of,
        positions_seen=facts.looked_at,
        doubt=facts.doubt,
        endpoint=facts.endpoint,
    )


@index.command()
@click.argument("group_ids", metavar="[ID]...", nargs=-1, shell_complete=library_ids)
@_EVERYTHING
@click.option("--full", is_flag=True, help="Read everything again: contents are as of now then.")
@request_options
@output_options(SYNC_FIELDS)
@click.pass_obj
def sync(
    options: Options,
    *,
    group_ids: tuple[str, ...],
    everything: bool,
    full: bool,
    max_requests: int | None,
    output: Output,
) -> None:
    """Bring kept indexes up to date, or begin them.

    What is kept of a library is compared with its end: what came is added, what is gone is taken
    out. What is not kept yet, or only in part, is read.
    """
    from fs_tui.cli.session import with_session

    settings = _settings(options, group_ids, everything=everything, needed=True)

    async def work(session: Session) -> None:
        from fs_tui.cli.connect import in_background
        from fs_tui.cli.output import write_all
        from fs_tui.cli.whole import read_shown, whole_libraries
        from fs_tui.faces.status import describe

        keeper = await in_background(lambda: _keeper(settings, session.api_key, make=True))
        assert keeper is not None  # noqa: S101 - it was to be made
        if settings.keep is False:
            tell("what is kept now is not read, as the profile says keep = false")
        libraries = await session.gateway.libraries()
        made = {library.group_id: library.add_time for library in libraries}
        ids = list(made) if everything else list(dict.fromkeys(group_ids))
        absent, failures = await _absent(session.gateway, made, ids)
        rows = [_SYNC_ROW(group_id=one, complete="no", said="no such library") for one in absent]
        for group_id in absent:
            removed = keeper.is_kept(group_id) and keeper.forget(group_id)
            also = ": what was kept of it is removed" if removed else ""
            tell(f"there is no library {group_id}{also}")
        async with AsyncExitStack() as stack:
            there = {one: made.get(one) for one in ids if one not in absent}
            kept, unopened = _opened(keeper, there, stack)
            failures += unopened
            wanted = [(session.gateway, group_id) for group_id in kept]
            if full:
                # Nothing is dropped before it is known that all is wanted again, and is there.
                async with whole_libraries(
                    wanted, concurrency=settings.concurrency, max_requests=max_requests
                ):
                    pass
                for group_id in kept.keys() & made.keys():
                    kept[group_id].clear()
            whole_before = {one for one, file in kept.items() if file.facts.complete}

            def listing(gateway: Gateway, group_id: str, **how: Any) -> FaceListing:
                from fs_tui.faces.kept_listing import KeptListing

                return KeptListing(gateway, group_id, kept[group_id], **how)

            reading = whole_libraries(
                wanted,
                concurrency=settings.concurrency,
                max_requests=max_requests,
                make=listing,
                announced=full,
            )
            whole = await stack.enter_async_context(reading) if kept else []
            for library in whole:
                await read_shown(library)
                is_news = library.group_id in whole_before
                rows.append(_sync_row(library, kept[library.group_id].facts, is_news=is_news))
                tell(f"{library.group_id}: {describe(library.listing.status)}")
                failures += [] if library.shortfall is None else [library.shortfall]
            await write_all(output, rows, noun=("index", "indexes"))
        _end(failures)

    with_session(options, work, settings)


async def _absent(
    gateway: Gateway, made: dict[str, datetime | None], ids: Sequence[str]
) -> tuple[set[str], list[FsTuiError]]:
    """Which libraries are not there, and the refusals; `made` takes in what else is found out.

    Those that are not listed are asked for: both answers say so, or it is not called absent.
    """
    absent: set[str] = set()
    refusals: list[FsTuiError] = []
    for group_id in ids:
        if group_id in made:
            continue
        try:
            made[group_id] = (await gateway.library(group_id)).add_time
        except LibraryNotFoundError as error:
            absent.add(group_id)
            refusals.append(error)
    return absent, refusals


def _opened(
    keeper: Keeper, made: Mapping[str, datetime | None], stack: AsyncExitStack
) -> tuple[dict[str, KeptFile], list[FsTuiError]]:
    """Open the indexes of some libraries; returns those that can be, and why others cannot."""
    kept: dict[str, KeptFile] = {}
    failures: list[FsTuiError] = []
    for group_id, when in made.items():
        try:
            kept[group_id] = keeper.open(group_id, when)
        except KeptIndexError as error:
            failures.append(KeptIndexError(f"{group_id}: {error.detail}", hint=error.hint))
        else:
            stack.callback(kept[group_id].close)
            for note in kept[group_id].notes:
                tell(note)
    return kept, failures


def _sync_row(library: WholeLibrary, facts: KeptFacts, *, is_news: bool) -> object:
    """What the index of a library holds, and, where it was whole, what came and went since.

    One that holds what the service does not list any more is not the whole library.
    """
    from fs_tui.faces.status import describe

    status = library.listing.status
    kept = status.kept
    news = kept if is_news and kept is not None and kept.up_to_date else None
    return _SYNC_ROW(
        group_id=status.group_id,
        faces=facts.prefix,
        added=None if news is None else news.added,
        gone=None if news is None else news.gone,
        complete="yes" if library.shortfall is None else "no",
        contents_as_of=facts.contents_as_of,
        said=describe(status),
    )


def _end(failures: Sequence[FsTuiError]) -> None:
    """Say why some are not whole; the worst one ends the command."""
    if not failures:
        return
    last = worst(failures)
    for failure in failures:
        if failure is not last:
            say_error(failure)
    raise last


@index.command()
@click.argument("group_ids", metavar="[ID]...", nargs=-1, shell_complete=library_ids)
@_EVERYTHING
@click.option("--expired", is_flag=True, help="Those that were not used for keep_days; for cron.")
@click.pass_obj
def forget(
    options: Options, *, group_ids: tuple[str, ...], everything: bool, expired: bool
) -> None:
    """Remove kept indexes from this machine. The key stays: 'fs-tui auth logout' removes it."""
    from fs_tui.cli.keeping import index_folder
    from fs_tui.faces.index.keeper import expire

    settings = _settings(options, group_ids, everything=everything, needed=not expired)
    if expired:
        if group_ids or everything:
            raise UsageError("--expired takes neither ID nor --all-libraries.")
        removed = expire(index_folder(), settings.keep_days)
        tell(f"{count(removed, 'expired index', 'expired indexes')} removed")
        return
    keeper = _keeper(settings, "")
    if keeper is None:
        _say_nothing()
        return
    if everything:
        tell(f"{count(keeper.forget_all(), 'index', 'indexes')} removed")
        return
    for group_id in group_ids:
        if keeper.forget(group_id):
            tell(f"the index of {group_id} is removed")
        elif unread := sum(one.facts is None for one in keeper.summaries()):
            unread_ones = count(unread, "index", "indexes")
            raise KeptIndexError(
                f"{unread_ones} cannot be read, and may be that of {group_id}",
                hint="'fs-tui index forget --all-libraries' removes all.",
            )
        else:
            tell(f"nothing is kept of {group_id}")


def _say_nothing() -> None:
    """Say that nothing is kept that could be read, and what else lies there."""
    from fs_tui.cli.keeping import index_folder
    from fs_tui.faces.index.keeper import count_of

    others = count_of(index_folder(), "*")
    also = f" with this key; {count(others, 'index', 'indexes')} of others" if others else ""
    tell(f"nothing is kept{also}")


def _settings(
    options: Options, group_ids: Sequence[str], *, everything: bool, needed: bool
) -> Settings:
    from fs_tui.cli.settings import load

    if options.demo:
        raise UsageError("The demo keeps nothing.", hint="Omit --demo.")
    if group_ids and everything:
        raise UsageError("ID and --all-libraries cannot be combined.", hint="Use one of them.")
    if needed and not (group_ids or everything):
        raise UsageError("No library is named.", hint="Give an ID, or --all-libraries.")
    return load(options)


def _keeper(settings: Settings, api_key: str, *, make: bool = False) -> Keeper | None:
    from fs_tui.cli.keeping import find_keeper, index_folder
    from fs_tui.faces.index.keeper import count_of

    if not make and not count_of(index_folder(), "*"):
        # No keyring is asked in vain.
        return None
    return find_keeper(settings, api_key, make=make)
