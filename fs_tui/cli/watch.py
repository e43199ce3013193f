"""`fs-tui watch ID`: each new face as it comes, until so many came or somebody ends it."""

from __future__ import annotations

import sys
from contextlib import aclosing, closing
from math import isnan
from typing import TYPE_CHECKING, Any

import click

from fs_tui.cli.completion import library_ids
from fs_tui.cli.ending import tell
from fs_tui.cli.output_options import mask_option
from fs_tui.models import FACE_FIELDS, Face
from fs_tui.records import JSONL, Field, Kind, behind_mask, row_maker

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence

    from fs_tui.cli.context import Options
    from fs_tui.errors import FsTuiError
    from fs_tui.faces.following import FollowEvent
    from fs_tui.faces.index.keeper import Keeper
    from fs_tui.gateway import Gateway, Session

__all__ = ["watch"]

_LOST = (
    "the last known faces are not there any more: the library was created again, or many were"
    " deleted; what was added at the same time is not shown"
)

FIELDS = (Field("event", firm=True), *FACE_FIELDS, Field("count", kind=Kind.NUMBER, firm=True))
_ROW = row_maker(FIELDS)


class _Seconds(click.FloatRange):
    """A number within its range; `nan` compares as if it lay within each."""

    def convert(
        self,
        value: Any,  # whatever click has
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> float:
        number = float(super().convert(value, param, ctx))
        if isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


@click.command(
    epilog="""\b
Examples:
  fs-tui watch clinic_2500 --from 2498 --until 3
  fs-tui watch clinic_2500 --from 2401 --until 100 --every 2 --jsonl | jq -r .user_id

It begins after the last face, which it looks for first, and then sends at most one request in
--every seconds. Faces are sorted by the time at which they were added, so new ones are at the end;
where those before it moved, a line 'shifted' says by how many places: so many were deleted. Where
the library is kept ('keep = true'), some more requests then find out which, and they are written as
'gone'. When the network is lost, it says so and goes on. ctrl-c ends it.
"""
)
@click.argument("group_id", metavar="ID", shell_complete=library_ids)
@click.option(
    "--every",
    type=_Seconds(min=1, max=86_400),
    default=5.0,
    show_default="5",
    metavar="S",
    help="Seconds between two requests, at least.",
)
@click.option(
    "--until", type=click.IntRange(min=1), metavar="N", help="End when N new faces have come."
)
@click.option(
    "--from",
    "first",
    type=click.IntRange(min=1),
    metavar="N",
    help="Treat the faces from position N on as new.",
)
@click.option("--jsonl", is_flag=True, help=f"Write {JSONL.summary}.")
@mask_option
@click.pass_obj
def watch(
    options: Options,
    *,
    group_id: str,
    every: float,
    until: int | None,
    first: int | None,
    jsonl: bool,
    mask: bool,
) -> None:
    """Write each new face of a library as it comes."""
    from fs_tui.cli.keeping import keeper_of
    from fs_tui.cli.session import with_session
    from fs_tui.cli.settings import load
    from fs_tui.faces.following import follow

    settings = load(options)

    def told(trouble: FsTuiError | None) -> None:
        if trouble is None:
            tell("the service answers again")
        else:
            tell(f"{trouble}; trying again until it answers")

    async def write(session: Session) -> None:
        keeper = await keeper_of(settings, session)
        if keeper is not None and keeper.is_kept(group_id):
            # What went before now is no news.
            await _gone(keeper, session.gateway, group_id)
        else:
            keeper = None

        async def gone() -> Sequence[Face]:
            return () if keeper is None else await _gone(keeper, session.gateway, group_id)

        events = follow(session.gateway, group_id, every=every, first=first, told=told)
        fields = behind_mask(FIELDS) if mask else FIELDS
        await _write(_rows(events, until, gone), fields, jsonl=jsonl)

    with_session(options, write, settings)


async def _gone(keeper: Keeper, gateway: Gateway, group_id: str) -> Sequence[Face]:
    """Bring the kept index up to date; the faces that left it."""
    from fs_tui.errors import KeptIndexError
    from fs_tui.faces.sync import sync

    try:
        with closing(keeper.open(group_id)) as kept:
            found = await sync(gateway, group_id, kept) if kept.facts.complete else None
    except KeptIndexError as error:
        tell(f"what is kept of {group_id} is not used: {error.detail}")
        return ()
    return () if found is None else [face for _, face in found.gone]


def _row(one: FollowEvent) -> object:
    """One event, laid flat; None under what it does not have."""
    face = {} if one.face is None else one.face._asdict()
    return _ROW(event=one.event, count=one.count, **face)


async def _told(one: FollowEvent, gone: Callable[[], Awaitable[Sequence[Face]]]) -> list[object]:
    """The rows of an event: of faces that went each its own, where it is known which they are."""
    from fs_tui.faces.following import FollowEvent

    if one.event != "shifted" or (one.count or 0) <= 0:
        return [_row(one)]
    faces = await gone()
    rows = [_row(FollowEvent("gone", face)) for face in faces]
    unknown = (one.count or 0) - len(faces)
    return [*rows, *([_row(FollowEvent("shifted", count=unknown))] if unknown else ())]


async def _rows(
    events: AsyncGenerator[list[FollowEvent], None],
    until: int | None,
    gone: Callable[[], Awaitable[Sequence[Face]]],
) -> AsyncGenerator[list[object], None]:
    """The events as rows, until so many faces have come."""
    left = until
    async with aclosing(events):
        async for some in events:
            rows = []
            if any(one.event == "shifted" and one.count is None for one in some):
                tell(_LOST)
            for one in some:
                rows += await _told(one, gone)
                left = left - 1 if left and one.face else left
                if left == 0:
                    break
            yield rows
            if left == 0:
                return


async def _write(
    chunks: AsyncGenerator[Sequence[object], None],
    fields: tuple[Field, ...],
    *,
    jsonl: bool,
) -> None:
    from fs_tui.cli.output import stdout, write_rows
    from fs_tui.cli.output_options import Output

    if jsonl or not sys.stdout.isatty():
        await write_rows(Output(fields, JSONL if jsonl else None), chunks, noun=("event",))
        return
    # No table: a later face may be wider than the first ones, and each has one line.
    stream = stdout()
    async with aclosing(chunks):
        async for rows in chunks:
            stream.writelines(f"{_line(fields, row)}\n" for row in rows)
            stream.flush()


def _line(fields: tuple[Field, ...], row: object) -> str:
    """One event for people, safe for a terminal."""
    from fs_tui.records import record, text_of
    from fs_tui.visible import visible

    values = record(fields, row)
    if values["face_token"] is None:
        number = values["count"]
        count = "an unknown number of faces" if number is None else f"{number:+,}"
        return f"{values['event']:<8}  {count}"
    firsts = ("event", "add_time", "face_token")
    names = (*firsts, *(field.name for field in FACE_FIELDS if field.name not in firsts))
    texts = [visible(text_of(values[name])) for name in names]
    return f"{texts[0]:<8}  {'  '.join(text or '-' for text in texts[1:])}"
