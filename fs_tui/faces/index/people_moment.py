"""Moment: what a people table held at one moment: people, their counts, the periods of their faces.

Whatever has a relation `keys (n, user_id, added_ms)`, with an index over the last two, can stand in
for a private table: the SQL here knows nothing else. Rows are only added to it, and numbered
upward, so that what is asked of a Moment is true of it however many are added meanwhile. Long work
goes in strides, some thousand people each in the order of their ids (by their bytes in UTF-8):
persons of two strides are never the same, so numbers of strides add up, and between two of them the
thread answers others.
A face without a user id is nobody's: its rows stand under the empty id, and in no stride.
"""

# ruff: noqa: S608 - what statements are put together from are constants and numbers of ours
from __future__ import annotations

import json
from collections import Counter
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, NamedTuple

from fs_tui.faces.persons import SECONDS_MS, PeopleOrder, PersonRow

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from fs_tui.faces.index.database import Database
    from fs_tui.faces.index.database_thread import DatabaseThread

__all__ = ["Moment", "Stride"]

_STRIDE = 32_768
"""People that one job of a report looks at: some hundredths of a second."""

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

_ONE_OF = 64
"""People of whom one shows where the others are to be divided into such parts."""

_LEAST, _MOST = 1 - 2**63, 2**63 - 1
"""What SQLite can hold, but for its very least: that is no time, and no count."""

_IN_STRIDE = "user_id > :after AND user_id <= :last"
_NOBODY = "user_id = ''"

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

_PERSON = "SELECT user_id, faces, first, last, {}"
"""A PersonRow of `_GROUPED`; whether it is repeated is looked at only where it is asked for."""

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


_ALL = Stride("", "")
"""Where a query asks for no stride."""


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

    async def strides(self) -> AsyncGenerator[Stride, None]:
        """All people, some thousand at a time, in the order of their ids."""
        behind = "SELECT {} FROM keys WHERE user_id > :after"
        nth = f"{behind.format('user_id')} GROUP BY user_id LIMIT 1 OFFSET {_STRIDE - 1}"
        query = f"SELECT coalesce(({nth}), ({behind.format('max(user_id)')}))"
        after = ""
        while (last := (await self._rows(query, Stride(after, "")))[0][0]) is not None:
            yield Stride(after, last)
            after = last

    async def _each(
        self, query: str, least: int = 1
    ) -> AsyncGenerator[list[tuple[Any, ...]], None]:  # Any: as Database.rows
        """What a query says of each stride."""
        async for stride in self.strides():
            yield await self._rows(query, stride, least)

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
            f"{_PERSON.format(_REPEATED)} FROM"
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
        rows = await self._rows(_GROUPED.format(where=_NOBODY), least=least)
        return PersonRow(*rows[0][:4]) if rows else None

    async def keys(self, order: PeopleOrder, least: int) -> AsyncGenerator[str, None]:
        """What people are sorted by, as JSON arrays, in the order of their ids."""
        grouped = _GROUPED.format(where=_IN_STRIDE)
        query = f"SELECT json_group_array({_KEY[order]}) FROM ({grouped} ORDER BY user_id)"
        async for ((keys,),) in self._each(query, least):
            yield str(keys)

    async def counts(self) -> AsyncGenerator[tuple[Any, ...], None]:  # Any: as Database.rows
        """Numbers of some people each time, and the first and last time of their faces or None.

        Persons, those with 1, 2, 3, 4, 5 to 9, 10 and more faces, and those that are repeated.
        """
        query = (
            "SELECT count(*), sum(faces = 1), sum(faces = 2), sum(faces = 3), sum(faces = 4),"
            f" sum(faces BETWEEN 5 AND 9), sum(faces >= 10), sum({_REPEATED}),"
            " min(first), max(last)"
            f" FROM ({_GROUPED.format(where=_IN_STRIDE)}) AS one"
        )
        async for (counts,) in self._each(query):
            yield counts

    async def extent(self, first_ms: int, last_ms: int) -> tuple[int | None, int | None]:
        """The earliest and the latest time between two; None where there is none."""
        query = (
            "SELECT min(added_ms), max(added_ms) FROM keys"
            f" WHERE added_ms BETWEEN {first_ms} AND {last_ms} AND n <= :upto"
        )
        ((first, last),) = await self._rows(query)
        return first, last

    async def numbers(self, expression: str) -> list[int]:
        """What an expression over `added_ms` gives for any face, ascending, without null."""
        query = (
            f"SELECT DISTINCT {expression} AS number FROM keys"
            " WHERE n <= :upto AND number IS NOT NULL ORDER BY number"
        )
        return [number for (number,) in await self._rows(query)]

    async def periods(self, period: str) -> AsyncGenerator[list[tuple[int | None, int, int]], None]:
        """Numbers of periods with faces and persons, of some people each time; they add up.

        Args:
            period: An expression over `added_ms`; null for what belongs to no period.
        """
        query = (
            f"SELECT {period} AS period, count(*), count(DISTINCT nullif(user_id, ''))"
            " FROM keys WHERE {where} AND n <= :upto GROUP BY period"
        )
        yield await self._rows(query.format(where=_NOBODY))
        async for rows in self._each(query.format(where=_IN_STRIDE)):
            yield rows

    async def listed(
        self, order: PeopleOrder, *, least: int = 1, repeated: bool = False
    ) -> AsyncGenerator[list[PersonRow], None]:
        """All people in an order, some thousand at a time, and last the faces without a user id.

        Args:
            order: Which.
            least: Who has fewer faces is left out.
            repeated: Look whether faces of a person came within seconds of each other.
        """
        person = _PERSON.format(_REPEATED if repeated else 0)
        grouped, key = _GROUPED.format(where="user_id > ''"), _KEY[order]
        for first, last in await self._parts(order, least):
            within = f"{grouped} AND {key} BETWEEN {first} AND {last}"
            if first == last:
                # They are found in the order of their ids, and not sorted.
                query = f"{person} FROM ({within} ORDER BY user_id) AS one"
            else:
                query = f"{person} FROM ({within}) AS one ORDER BY {key}, user_id"
            async with aclosing(self._batches(query, least)) as batches:
                async for some in batches:
                    yield list(map(PersonRow._make, some))
        if (nobody := await self.nobody(least=least)) is not None:
            yield [nobody]

    async def _batches(
        self, query: str, least: int
    ) -> AsyncGenerator[list[tuple[Any, ...]], None]:  # Any: as Database.rows
        """An answer; the next rows are looked up while some are worked on."""
        named = self._named(_ALL, least)
        batches = await self._thread.run(lambda database: database.batches(query, named))
        coming = self._thread.begin(lambda _: next(batches, []))
        try:
            while some := await coming:
                coming = self._thread.begin(lambda _: next(batches, []))
                yield some
        finally:
            coming.cancel()
            # There: here it would wait for whatever the thread is doing.
            self._thread.begin(lambda _: batches.close())

    async def _parts(self, order: PeopleOrder, least: int) -> list[tuple[int, int]]:
        """Between which keys to look for people in one pass over them after the other.

        In memory only some are sorted at once: all would take more of it than the people do.
        """
        if order is PeopleOrder.USER_ID:
            # The key of all of them: nothing is sorted.
            return [(0, 0)]
        if not self._in_memory:
            return [(_LEAST, _MOST)]
        sample: list[int] = []
        people = 0
        async for some in self.keys(order, least):
            keys = json.loads(some)
            sample += keys[::_ONE_OF]
            people += len(keys)
        return divided(sample, -(-people // _SORTED))

    async def _rows(
        self, query: str, stride: Stride = _ALL, least: int = 1
    ) -> list[tuple[Any, ...]]:  # Any: as Database.rows
        named = self._named(stride, least)
        return await self._thread.run(lambda database: database.rows(query, named))

    def _named(self, stride: Stride, least: int) -> dict[str, str | int]:
        return {"after": stride.after, "last": stride.last, "least": least, "upto": self._upto}


def divided(sample: list[int], count: int) -> list[tuple[int, int]]:
    """About so many ranges that ascend, together all numbers, each of as many of a sample.

    But a number that very many are has a range to itself, however many.
    """
    sample.sort()
    cuts = Counter(sample[len(sample) * part // count] for part in range(1, count))
    found: list[tuple[int, int]] = []
    first = _LEAST
    for cut, times in cuts.items():
        if times > 1 and first < cut:
            found.append((first, cut - 1))
            first = cut
        found.append((first, cut))
        first = cut + 1
    return [*found, (first, _MOST)]
