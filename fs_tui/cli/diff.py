"""`fs-tui diff A B`: whether libraries or files hold the same, what differs, what that rests on.

A, B ──► library of this profile, of another one, file ──► what reading costs ──► read A, read B
                                            rows, as they come ◄── merge ◄──────────────┘
"""

from __future__ import annotations

from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import click

from fs_tui.cli.completion import library_ids
from fs_tui.cli.ending import ended, tell
from fs_tui.cli.output_options import output_options
from fs_tui.cli.progress import progress
from fs_tui.cli.whole import reading_options, whole_libraries
from fs_tui.errors import FsTuiError, IncompleteError, LibraryNotFoundError, UsageError
from fs_tui.records import Field, Kind, row_maker
from fs_tui.visible import visible
from fs_tui.words import count, time_span

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence

    from fs_tui.account.comparison import Comparison, Difference
    from fs_tui.account.sides import Key, SideReader
    from fs_tui.cli.context import Options
    from fs_tui.cli.output_options import Output
    from fs_tui.cli.whole import WholeLibrary
    from fs_tui.gateway import Gateway, Session

__all__ = ["diff"]

_DIFFERENT = 5

_SIDE = Field("side", firm=True)

_FIELDS = {
    "user_id": (
        _SIDE,
        Field("user_id", firm=True),
        Field("faces_a", kind=Kind.NUMBER),
        Field("faces_b", kind=Kind.NUMBER),
        Field("first_added_a", kind=Kind.TIME),
        Field("first_added_b", kind=Kind.TIME),
        Field("last_added_a", kind=Kind.TIME),
        Field("last_added_b", kind=Kind.TIME),
    ),
    "face_token": (
        _SIDE,
        Field("face_token", firm=True),
        Field("user_id_a"),
        Field("user_id_b"),
        Field("user_data_a"),
        Field("user_data_b"),
        Field("add_time_a", kind=Kind.TIME),
        Field("add_time_b", kind=Kind.TIME),
    ),
}
"""What is written, by what is compared."""

_ALL_FIELDS = tuple(dict.fromkeys(field for fields in _FIELDS.values() for field in fields))


@click.command(
    epilog="""\b
Examples:
  fs-tui diff clinic_2500 clinic_2500
  fs-tui faces clinic_2500 --all -o clinic.jsonl && fs-tui diff clinic_2500 clinic.jsonl
  fs-tui faces pilot-100 --all --csv | fs-tui diff pilot-100 - --by face_token --jsonl

A side is a library of this profile, PROFILE:ID of another profile, with its own credentials, or a
file: what holds a '/' or ends in .csv, .json, .jsonl or .txt, and - is standard input. id:ID is
always a library. A file has a column user_id (or face_token, by which --by compares), or one id per
line. By user_id the numbers of faces and their first and last times are compared too, where both
sides list faces, or give them as 'people' does; by face_token user id, data and time.
Exit status: 0 no difference, 5 differences, 4 a side could not be read whole: then nothing is
called missing that it might hold.
"""
)
@click.argument("a", shell_complete=library_ids)
@click.argument("b", shell_complete=library_ids)
@click.option(
    "--by",
    type=click.Choice(list(_FIELDS)),
    default="user_id",
    help="Compare by user_id, unless said otherwise, or by face_token.",
)
@click.option("--ignore-case", is_flag=True, help="Take upper and lower case of ids as the same.")
@click.option("--strip", is_flag=True, help="Leave out blanks around ids.")
@click.option("--only-ids", is_flag=True, help="Compare which ids there are, and nothing else.")
@reading_options
@output_options(_ALL_FIELDS)
@click.pass_obj
def diff(
    options: Options,
    *,
    a: str,
    b: str,
    by: str,
    ignore_case: bool,
    strip: bool,
    only_ids: bool,
    max_requests: int | None,
    output: Output,
) -> int:
    """Compare two sides: libraries, libraries of other profiles, files."""
    from fs_tui.account.sides import Key
    from fs_tui.cli.connect import connector, other_connector
    from fs_tui.cli.session import with_sessions
    from fs_tui.cli.settings import load, load_other, profiles

    output = output.of(_FIELDS[by], f"There is no field '{{}}' when comparing by {by}.")
    settings = load(options)
    known = profiles(options) - {settings.profile} if ":" in a + b else frozenset()
    sides = [_side(text, known, settings.profile) for text in (a, b)]
    if a == b == "-":
        raise UsageError("Both sides are standard input.", hint="Write one of them into a file.")
    names = dict.fromkeys(side.profile for side in sides if side.profile is not None)
    connectors = [
        other_connector(options, load_other(options, name))
        if name
        else connector(options, settings)
        for name in names
    ]
    key = Key(by, ignore_case=ignore_case, strip=strip, only_ids=only_ids)
    run = _Run(output, key, settings.concurrency, max_requests)

    async def compare(sessions: Sequence[Session]) -> IncompleteError | None:
        gateways = [session.gateway for session in sessions]
        return await run.compare(sides, dict(zip(names, gateways, strict=True)))

    error = with_sessions(options, connectors, compare, kept=True)
    for sentence in run.summary():
        tell(sentence)
    if error is not None:
        return ended(error)
    return 0 if run.agrees else _DIFFERENT


@dataclass(frozen=True, slots=True)
class _Side:
    """What one argument means.

    Attributes:
        name: As it was typed.
        file: A path, or `-`; None for a library.
        profile: Whose library it is; empty for the profile of this run, None for a file.
        group_id: The library.
    """

    name: str
    file: str | None = None
    profile: str | None = None
    group_id: str = ""


def _side(text: str, profiles: frozenset[str], own: str) -> _Side:
    """Read one argument.

    Raises:
        UsageError: It names nothing.
    """
    from fs_tui.account.id_files import FILE_SUFFIXES, STANDARD_INPUT

    forced = text.startswith("id:")
    is_file = (
        text == STANDARD_INPUT or "/" in text or PurePath(text).suffix.lower() in FILE_SUFFIXES
    )
    if is_file and not forced:
        return _Side("standard input" if text == STANDARD_INPUT else text, file=text)
    profile, colon, group_id = text.partition(":")
    if not colon or not (forced or profile in {own, *profiles}):
        profile, group_id = "", text
    if not group_id:
        raise UsageError(f"'{text}' names no library.", hint="Give ID, PROFILE:ID, or a file.")
    return _Side(text, profile="" if forced or profile == own else profile, group_id=group_id)


def _unmeant(side: _Side, error: FsTuiError) -> str:
    """What else may have been meant by a library that is not there."""
    profile, colon, _ = side.group_id.partition(":")
    if not isinstance(error, LibraryNotFoundError):
        return ""
    if colon:
        return f", and there is no profile '{profile}'"
    return f"; the file of that name is ./{side.name}" if Path(side.name).exists() else ""


class _Run:
    """One comparison.

    Args:
        output: Where the differences go.
        key: By what the sides are compared.
        concurrency: Requests that may be under way at once.
        most: Requests for pages that may be sent.
    """

    def __init__(self, output: Output, key: Key, concurrency: int, most: int | None) -> None:
        self._output = output
        self._key = key
        self._make_row = row_maker(_FIELDS[key.name])
        self._concurrency = concurrency
        self._most = most
        self._sides: list[SideReader] = []
        self._comparison: Comparison | None = None

    @property
    def agrees(self) -> bool:
        """Whether no difference was found."""
        return self._comparison is not None and self._comparison.counts.agree

    async def compare(
        self, sides: Sequence[_Side], gateways: Mapping[str, Gateway]
    ) -> IncompleteError | None:
        """Read both sides and write what differs; returns why that is not everything.

        Raises:
            FsTuiError: A side could not be read at all.
        """
        from fs_tui.account.sides import SideReader, compare
        from fs_tui.cli.output import write_rows

        wanted = [(gateways[one.profile], one.group_id) for one in sides if one.profile is not None]
        async with AsyncExitStack() as stack:
            self._sides = [SideReader(side.name, self._key) for side in sides]
            for reader in self._sides:
                stack.callback(reader.close)
            whole = whole_libraries(wanted, concurrency=self._concurrency, max_requests=self._most)
            libraries = iter(await stack.enter_async_context(whole) if wanted else ())
            for side, reader in zip(sides, self._sides, strict=True):
                await self._read(side, reader, libraries)
            self._comparison = compare(self._key, *self._sides)
            try:
                await write_rows(self._output, self._rows(self._comparison), noun=("difference",))
            except IncompleteError as error:
                return error
        return None

    async def _read(
        self, side: _Side, reader: SideReader, libraries: Iterator[WholeLibrary]
    ) -> None:
        words = f"Reading {visible(side.name)}"
        noun = "rows" if side.file else "faces"
        try:
            with progress(words, None, shown=True, noun=noun) as done:
                if side.file is not None:
                    await reader.read_file(side.file, done=done)
                else:
                    gateway = next(libraries).gateway
                    await reader.read_library(
                        gateway, side.group_id, concurrency=self._concurrency, done=done
                    )
        except FsTuiError as error:
            if side.file is None:
                tell(f"{side.name} could not be read{_unmeant(side, error)}")
            raise

    async def _rows(self, comparison: Comparison) -> AsyncGenerator[Sequence[object], None]:
        """Yield what differs.

        Raises:
            IncompleteError: A side was not read to its end.
        """
        found = False
        async with aclosing(comparison.differences()) as differences:
            async for some in differences:
                found = True
                yield [self._row(difference) for difference in some]
        gaps = [
            f"{side.name} was read to {side.rows:,} ({side.shortfall.as_reason})"
            for side in self._sides
            if side.shortfall is not None
        ]
        if gaps:
            if not found:
                # What was read is written, and that is none: a document is one all the same.
                yield ()
            hints = [side.shortfall.hint for side in self._sides if side.shortfall is not None]
            raise IncompleteError("; ".join(gaps), hint=hints[0])

    def _row(self, difference: Difference) -> object:
        """A difference as it is written; None is what a side does not hold, or does not tell."""
        values: dict[str, object] = {"side": difference.side.value}
        values[self._key.name] = difference.shown
        items = (difference.a, difference.b)
        for letter, side, item in zip("ab", self._sides, items, strict=True):
            if item is None:
                continue
            if side.tells_faces:
                values[f"faces_{letter}"] = item.size
            for name, value in zip(self._key.values, item.values, strict=True):
                if name in side.told or not self._key.is_token:
                    values[f"{name}_{letter}"] = value
        return self._make_row(**values)

    def summary(self) -> list[str]:
        """What was found, and what of each side that rests on."""
        if self._comparison is None:
            return []
        counts = self._comparison.counts
        noun = self._key.name.replace("_", " ")
        parts = [
            f"{count(counts.equal, noun)} equal",
            f"{counts.only_a:,} only in A",
            f"{counts.only_b:,} only in B",
            f"{counts.differs:,} {'differs' if counts.differs == 1 else 'differ'}",
        ]
        if counts.unseen:
            parts.append(f"{counts.unseen:,} not seen in what was read")
        found = f"{', '.join(parts)}; {self._compared(self._comparison)}"
        return [
            found,
            *(
                f"{letter}, {_read(side, self._key, sized=self._comparison.sized)}"
                for letter, side in zip("AB", self._sides, strict=True)
            ),
        ]

    def _compared(self, comparison: Comparison) -> str:
        told = ["faces"] * comparison.sized
        told += [self._key.values[place] for place in comparison.told]
        words = [f"compared by {self._key.name}: {', '.join(told) or 'ids only'}"]
        words += ["ignoring case"] * self._key.ignore_case
        words += ["without blanks around ids"] * self._key.strip
        return ", ".join(words)


def _read(side: SideReader, key: Key, *, sized: bool) -> str:
    """What was read of a side, how completely, and when."""
    parts = [f"{side.name}: {count(side.rows, 'face' if side.lists_faces else 'row')}"]
    repeated = side.rows - side.nameless - side.keys
    if repeated and not (sized and side.lists_faces):
        verb = "repeats" if repeated == 1 else "repeat"
        parts.append(f"{repeated:,} of them {verb} a {key.name}")
    if side.nameless:
        parts.append(f"{side.nameless:,} without a {key.name}{'' if sized else ' left out'}")
    short = side.shortfall
    parts.append("all of them" if short is None else f"incomplete ({short.as_reason})")
    parts.append(f"read {time_span(side.started, side.ended)}")
    return ", ".join(parts)
