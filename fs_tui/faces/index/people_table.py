"""PeopleTable: the user ids and times of faces, grouped by an index over both, in a thread.

faces ──► add ──► keys (n, user_id, added_ms) ──► their index ──► Moment: people, counts

Whatever has such a relation, with such an index, can stand in for a private one: the SQL here knows
nothing else. Rows are only added, and numbered upward, so that what is asked of a Moment is true of
it however many are added meanwhile. Long work goes in strides, some thousand people each in the
order of their ids (by their bytes in UTF-8): persons of two strides are never the same, so numbers
of strides add up, and between two of them the thread answers others.
A face without a user id is nobody's: its rows stand under the empty id, and in no stride.
"""

# ruff: noqa: S608 - what statements are put together from are constants and numbers of ours
from __future__ import annotations

import asyncio
import json
from collections import deque
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, NamedTuple

from fs_tui.faces.index.database_thread import DatabaseThread
from fs_tui.faces.index.key_sample import ALL, KeySample
from fs_tui.faces.persons import SECONDS_MS, PeopleOrder, PersonRow
from fs_tui.tasks import start_task

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from fs_tui.faces.index.database import Database
    from fs_tui.faces.index.key_sample import KeyRange

__all__ = ["Moment", "PeopleTable", "Stride"]

_AT_ONCE = 4
"""Portions that are on their way into the database together."""

_STRIDE = 32_768
"""People that one job of a report looks at: some hundredths of a second."""

_LISTED = 8_192
"""The same where their rows are wanted."""

_BOUNDS = 8
"""Strides of which the bounds are found together."""

_CACHE_KIB = 16_000

_TABLE = "CREATE TABLE keys (n INTEGER PRIMARY KEY, user_id TEXT NOT NULL, added_ms INTEGER)"
_INDEX = "CREATE INDEX IF NOT EXISTS by_person ON keys (user_id, added_ms)"
_NO_INDEX = "DROP INDEX IF EXISTS by_person"

_TREE = (
    "CREATE TABLE keys (n INTEGER NOT NULL, user_id TEXT NOT NULL, added_ms INTEGER,"
    " PRIMARY KEY (user_id, n)) WITHOUT ROWID"
)
"""The same in one tree: in memory it takes a third of the room, 130 MB for five million faces. In a
file each portion would change nearly all of its pages."""

_GROUPED = (
    "SELECT user_id, count(*) AS faces, min(added_ms) AS first, max(added_ms) AS last,"
    " count(added_ms) AS timed FROM keys WHERE {where} AND n <= :upto GROUP BY user_id"
    " HAVING count(*) >= :least"
)
"""People; nothing else is read than the index."""

_NEVER = 2**62
"""Beyond the calendar, and beyond whatever the service may call a time."""

_SORTED = 500_000
"""People that are sorted together in memory, where each takes 56 bytes."""

_PERSON = "SELECT user_id, faces, first, last, {repeated}"
"""A PersonRow of `_GROUPED`; whether it is repeated is looked at only where it is asked for."""

_IN_STRIDE = "user_id > :after AND user_id <= :last"

_REPEATED = f"""CASE
    WHEN timed < 2 THEN 0
    WHEN last - first <= {SECONDS_MS} THEN 1
    WHEN timed = 2 THEN 0
    ELSE EXISTS (
        SELECT 1 FROM (
            SELECT added_ms - lag(added_ms) OVER (ORDER BY added_ms) AS gap FROM keys AS other
            WHERE other.user_id = one.user_id AND other.added_ms IS NOT NULL AND other.n <= :upto
        ) WHERE gap <= {SECONDS_MS}
    )
END"""
"""Whether faces of the person `one` came within seconds of each other."""


_KEY = {
    PeopleOrder.USER_ID: "0",
    PeopleOrder.FACES: "-faces",
    PeopleOrder.FIRST: f"coalesce(first, {_NEVER})",
    PeopleOrder.LAST: f"coalesce(-last, {_NEVER})",
}
"""What people are sorted by, the least first."""


class Stride(NamedTuple):
    """People that follow each other: behind `after`, and up to `last`."""

    after: str
    last: str


class PeopleTable:
    """Belongs to one event loop. Every method raises ResourceError where there is no room.

    Args:
        scratch: Makes a private database (FaceStore.scratch).
        in_memory: It makes such as never go into a file.
    """

    def __init__(self, scratch: Callable[..., Database], *, in_memory: bool) -> None:
        self._sorted = in_memory
        table = _TREE if in_memory else _TABLE
        self._thread = DatabaseThread(scratch(table, "BEGIN", cache_kib=_CACHE_KIB))
        self._writing: deque[asyncio.Task[None]] = deque()
        self._count = 0

    async def expect(self, faces: int) -> None:
        """So many are to be added now: where they are more than there are, the index comes last."""
        if faces > self._count and not self._sorted:
            await self._write(lambda database: database.run(_NO_INDEX))

    async def add(self, keys: str | Sequence[tuple[str, int | None]]) -> None:
        """Take in user ids and times; returns before they are in, but never runs far ahead.

        Args:
            keys: Pairs, best as a JSON array of arrays: a statement over all of them leaves the
                interpreter to the others meanwhile. In JSON a text ends before a NUL.
        """
        self._start(lambda database: self._insert(database, keys))
        if len(self._writing) >= _AT_ONCE:
            await self._written()

    def _insert(self, database: Database, keys: str | Sequence[tuple[str, int | None]]) -> None:
        if isinstance(keys, str):
            # In the order of the people they lie side by side there.
            database.run(
                "INSERT INTO keys (n, user_id, added_ms) SELECT ? + key,"
                " json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS added"
                " FROM json_each(?) ORDER BY id, added",
                (self._count + 1, keys),
            )
            self._count += database.rows("SELECT changes()")[0][0]
        else:
            insert = "INSERT INTO keys (n, user_id, added_ms) VALUES (?, ?, ?)"
            numbered = enumerate(keys, self._count + 1)
            database.run_each(insert, ((number, *pair) for number, pair in numbered))
            self._count += len(keys)

    async def moment(self) -> Moment:
        """All that was added so far, once it is in and indexed."""
        if self._sorted:
            await self._write(lambda _: None)
        else:
            await self._write(lambda database: database.run(_INDEX))
        return Moment(self._thread, self._count, in_memory=self._sorted)

    async def _write(self, work: Callable[[Database], None]) -> None:
        """Do something, and wait for it and for all that was begun before."""
        self._start(work)
        while self._writing:
            await self._written()

    def _start(self, work: Callable[[Database], None]) -> None:
        """Begin something that changes the database.

        Whoever waits for it may be cancelled, but not the work: it would leave it broken.
        """
        self._writing.append(start_task(self._thread.run(work), name="people"))

    async def _written(self) -> None:
        first = self._writing[0]
        await asyncio.wait([first])
        if self._writing and self._writing[0] is first:
            self._writing.popleft().result()

    async def aclose(self) -> None:
        """Drop everything; who waits for something is cancelled."""
        self._thread.close()
        for task in self._writing:
            task.cancel()
        await asyncio.gather(*self._writing, return_exceptions=True)


class Moment:
    """What a table held at one moment: its first faces.

    Attributes:
        faces: How many there are.
    """

    def __init__(self, thread: DatabaseThread, faces: int, *, in_memory: bool) -> None:
        self.faces = faces
        self._in_memory = in_memory
        self._thread = thread
        self._upto = faces

    async def strides(self, people: int = _STRIDE) -> AsyncGenerator[Stride, None]:
        """All people, so many at a time, in the order of their ids."""
        after = ""
        while bounds := await self._bounds(after, people):
            for last in bounds:
                yield Stride(after, last)
                after = last

    async def _bounds(self, after: str, people: int) -> list[str]:
        """The last ids of the next strides behind an id."""
        behind = "SELECT user_id FROM keys WHERE user_id > ? GROUP BY user_id LIMIT 1 OFFSET ?"
        rest = "SELECT max(user_id) FROM keys WHERE user_id > ?"

        def walk(database: Database) -> list[str]:
            found = [after]
            for _ in range(_BOUNDS):
                rows = database.rows(behind, (found[-1], people - 1))
                ((last,),) = rows or database.rows(rest, (found[-1],))
                if last is None:
                    break
                found.append(last)
            return found[1:]

        return await self._thread.run(walk)

    async def ids(self, stride: Stride, every: int, least: int) -> tuple[list[str], int]:
        """The id of each `every`th person of a stride, and how many persons it has.

        Args:
            stride: Which people.
            every: How far apart the ids are.
            least: Who has fewer faces is left out, and not counted.
        """
        query = (
            "SELECT user_id FROM keys WHERE user_id > ? AND user_id <= ? AND n <= ?"
            " GROUP BY user_id HAVING count(*) >= ? LIMIT 1 OFFSET ?"
        )
        rest = f"SELECT count(*) FROM ({_GROUPED.format(where=_IN_STRIDE)})"

        def walk(database: Database) -> tuple[list[str], int]:
            found: list[str] = []
            after = stride.after
            while rows := database.rows(query, (after, stride.last, self._upto, least, every - 1)):
                after = str(rows[0][0])
                found.append(after)
            left = database.rows(rest, self._named(Stride(after, stride.last), least))[0][0]
            return found, len(found) * every + left

        return await self._thread.run(walk)

    async def people(
        self, places: Sequence[tuple[str, int, int]], *, least: int = 1
    ) -> list[PersonRow]:
        """Some people, a few hundred at most, in the order of their ids where they lie together.

        Args:
            places: For each: the id that lies before (empty for the beginning), how many are passed
                over behind it, and how many follow each other from there.
            least: Who has fewer faces is left out, and not counted.
        """
        query = (
            f"SELECT user_id, faces, first, last, {_REPEATED} FROM"
            f" ({_GROUPED.format(where='user_id > :after')} LIMIT :count OFFSET :skip) AS one"
        )

        def look(database: Database) -> list[PersonRow]:
            found: list[PersonRow] = []
            for after, skip, count in places:
                named = self._named(Stride(after, ""), least)
                rows = database.rows(query, {**named, "skip": skip, "count": count})
                found += (PersonRow(*row)._replace(repeated=bool(row[4])) for row in rows)
            return found

        return await self._thread.run(look)

    async def nobody(self, *, least: int = 1) -> PersonRow | None:
        """The faces without a user id; None where there are fewer."""
        query = _GROUPED.format(where="user_id = ''")
        named = {"least": least, "upto": self._upto}
        rows = await self._thread.run(lambda database: database.rows(query, named))
        return PersonRow(*rows[0][:4]) if rows else None

    async def keys(self, stride: Stride, order: PeopleOrder, least: int) -> str:
        """What the people of a stride are sorted by, as a JSON array, in the order of their ids."""
        grouped = _GROUPED.format(where=_IN_STRIDE)
        query = f"SELECT json_group_array({_KEY[order]}) FROM ({grouped} ORDER BY user_id)"
        return str((await self._rows(query, stride, least))[0][0])

    async def counts(self, stride: Stride) -> tuple[Any, ...]:  # Any: numbers, and None for times
        """Persons, those with 1, 2, 3, 4, 5 to 9, 10 and more faces, repeated; first and last."""
        query = (
            "SELECT count(*), sum(faces = 1), sum(faces = 2), sum(faces = 3), sum(faces = 4),"
            f" sum(faces BETWEEN 5 AND 9), sum(faces >= 10), sum({_REPEATED}),"
            " min(first), max(last)"
            f" FROM ({_GROUPED.format(where=_IN_STRIDE)}) AS one"
        )
        return (await self._rows(query, stride, 1))[0]

    async def extent(self, first_ms: int, last_ms: int) -> tuple[int | None, int | None]:
        """The earliest and the latest time between two; None where there is none."""
        query = (
            "SELECT min(added_ms), max(added_ms) FROM keys"
            " WHERE added_ms BETWEEN ? AND ? AND n <= ?"
        )
        rows = await self._thread.run(
            lambda database: database.rows(query, (first_ms, last_ms, self._upto))
        )
        return rows[0][0], rows[0][1]

    async def numbers(self, expression: str) -> list[int]:
        """What an expression over `added_ms` gives for any face, ascending, without null."""
        query = (
            f"SELECT DISTINCT {expression} AS number FROM keys"
            " WHERE n <= ? AND number IS NOT NULL ORDER BY number"
        )
        rows = await self._thread.run(lambda database: database.rows(query, (self._upto,)))
        return [number for (number,) in rows]

    async def periods(
        self, stride: Stride | None, period: str
    ) -> list[tuple[int | None, int, int]]:
        """The numbers of periods with their faces and persons, of a stride or of nobody.

        Args:
            stride: None for the faces without a user id.
            period: An expression over `added_ms`; null for what belongs to no period.
        """
        where = "user_id = ''" if stride is None else _IN_STRIDE
        query = (
            f"SELECT {period} AS period, count(*), count(DISTINCT nullif(user_id, ''))"
            f" FROM keys WHERE {where} AND n <= :upto GROUP BY period"
        )
        return await self._rows(query, stride, 1)

    async def listed(
        self, order: PeopleOrder, *, least: int = 1, repeated: bool = False
    ) -> AsyncGenerator[list[PersonRow], None]:
        """All people in an order, some thousand at a time, and last the faces without a user id.

        Args:
            order: Which.
            least: Who has fewer faces is left out.
            repeated: Look whether faces of a person came within seconds of each other.
        """
        person = _PERSON.format(repeated=_REPEATED if repeated else "0")
        if order is PeopleOrder.USER_ID:
            async for rows in self._by_id(person, least):
                yield rows
        else:
            for part in await self._parts(order, least) if self._in_memory else [ALL]:
                async for rows in self._by_key(person, order, least, part):
                    yield rows
        if (nobody := await self.nobody(least=least)) is not None:
            yield [nobody]

    async def _parts(self, order: PeopleOrder, least: int) -> list[KeyRange]:
        """What to look for in one pass over the people after the other, to sort only some at once.

        Sorting in memory would take more of it than the people themselves.
        """
        sample = KeySample()
        async with aclosing(self.strides()) as strides:
            async for stride in strides:
                sample.add(json.loads(await self.keys(stride, order, least)))
        return sample.parts(_SORTED)

    async def _by_key(
        self, person: str, order: PeopleOrder, least: int, part: KeyRange
    ) -> AsyncGenerator[list[PersonRow], None]:
        """The people whose keys lie within a part, in an order."""
        grouped = _GROUPED.format(where="user_id > ''")
        key = _KEY[order]
        within = f"{grouped} AND {key} BETWEEN {part.least} AND {part.most}"
        if part.least == part.most:
            # They are found in the order of their ids, and not sorted.
            query = f"{person} FROM ({within} ORDER BY user_id) AS one"
        else:
            query = f"{person} FROM ({within}) AS one ORDER BY {key}, user_id"
        named = self._named(Stride("", ""), least)
        batches = await self._thread.run(lambda database: database.batches(query, named))
        while some := await self._thread.run(lambda _: next(batches, [])):
            yield list(map(PersonRow._make, some))

    async def _by_id(self, person: str, least: int) -> AsyncGenerator[list[PersonRow], None]:
        """All people; the next of them are looked up while some are worked on."""
        grouped = _GROUPED.format(where=_IN_STRIDE)
        query = f"{person} FROM ({grouped}) AS one ORDER BY user_id"
        coming: asyncio.Task[list[tuple[Any, ...]]] | None = None
        try:
            async with aclosing(self.strides(_LISTED)) as strides:
                async for stride in strides:
                    before = coming
                    coming = start_task(self._rows(query, stride, least), name="people")
                    if before is not None:
                        yield list(map(PersonRow._make, await before))
            if coming is not None:
                yield list(map(PersonRow._make, await coming))
        finally:
            if coming is not None:
                coming.cancel()

    async def _rows(self, query: str, stride: Stride | None, least: int) -> list[tuple[Any, ...]]:
        named = self._named(stride or Stride("", ""), least)
        return await self._thread.run(lambda database: database.rows(query, named))

    def _named(self, stride: Stride, least: int) -> dict[str, str | int]:
        return {"after": stride.after, "last": stride.last, "least": least, "upto": self._upto}
