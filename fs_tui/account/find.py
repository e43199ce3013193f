"""Find: the faces that pass in any of several libraries, as they come, and how far each was read.

expressions ──► exact tokens ──► ask: face_info in each library ──► hits
           └──► the others   ──► scan: the faces of each library ──► hits

A word that looks like a token is asked first, and scanned for only where it was not found.
"""

from __future__ import annotations

import re
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from fs_tui.errors import FaceNotFoundError, FsTuiError, UsageError
from fs_tui.faces.paging.stream import stream_faces
from fs_tui.faces.query import ANYWHERE, Text
from fs_tui.models import FACE_TOKEN
from fs_tui.words import count, time_span

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping, Sequence

    from fs_tui.faces.query import Query, Term
    from fs_tui.gateway import Gateway
    from fs_tui.models import Face

__all__ = ["Find", "Hit", "Searched"]

_BARE_TOKEN = re.compile("[0-9a-fA-F]{32}")


class Hit(NamedTuple):
    """A face that passes.

    Attributes:
        group_id: Its library.
        position: Where it was met, 1-based; None where it was asked for by its token.
    """

    group_id: str
    face: Face
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Searched:
    """How far the search through one library has come.

    Attributes:
        group_id: The library.
        read: The highest position that was read.
        hits: Faces that passed.
        scanned: Its faces are read, or were; else it is only asked about tokens.
        whole: All that is to be known of it is known.
        stopped: Why it could not be searched to its end.
    """

    group_id: str
    read: int = 0
    hits: int = 0
    scanned: bool = False
    whole: bool = False
    stopped: FsTuiError | None = None


class Find:
    """One search through several libraries, one after the other; first `ask`, then `scan`.

    Args:
        gateway: Is asked.
        queries: A face that passes one of them is a hit.
        group_ids: The libraries.
        concurrency: Requests that may be under way at once while a library is read.
        changed: Is told how far a library is, after every answer.

    Attributes:
        libraries: How far each library is, by its id, in their order.
        found: Which of the queries have a hit, by their numbers from 0 on.
        started: When the first request was sent, aware, UTC; None before.
        ended: When the last answer came.
    """

    def __init__(
        self,
        gateway: Gateway,
        queries: Sequence[Query],
        group_ids: Iterable[str],
        *,
        concurrency: int = 1,
        changed: Callable[[Searched], None] = lambda _searched: None,
    ) -> None:
        self.libraries = {group_id: Searched(group_id) for group_id in group_ids}
        self.found: set[int] = set()
        self.started: datetime | None = None
        self.ended: datetime | None = None
        self._gateway = gateway
        self._queries = dict(enumerate(queries))
        self._tokens = {
            number: tokens
            for number, query in self._queries.items()
            if (tokens := _tokens_of(query))
        }
        self._concurrency = concurrency
        self._changed = changed
        self._given: set[tuple[str, str]] = set()

    @property
    def to_scan(self) -> tuple[int, ...]:
        """The numbers of the queries that only a scan can answer; known when `ask` has ended."""
        return tuple(
            number
            for number, query in self._queries.items()
            if number not in self._tokens or (_is_bare(query) and number not in self.found)
        )

    async def ask(self) -> AsyncGenerator[Sequence[Hit], None]:
        """The faces that have one of the exact tokens.

        Raises:
            UsageError: This machine is not fit for it; what a library answers is noted.
        """
        numbers: dict[str, list[int]] = {}
        for number, tokens in self._tokens.items():
            for token in tokens:
                numbers.setdefault(token, []).append(number)
        for group_id in self.libraries if numbers else ():
            for token, asking in numbers.items():
                face = await self._face(group_id, token)
                if self.libraries[group_id].stopped is not None:
                    break
                if face is not None and (passed := self._passed(face, asking)):
                    self.found.update(passed)
                    self._given.add((group_id, face.face_token))
                    self._note(group_id, hits=self.libraries[group_id].hits + 1)
                    yield [Hit(group_id, face)]
        if not self.to_scan:
            for group_id, library in self.libraries.items():
                self._note(group_id, whole=library.stopped is None)

    async def scan(self, through: Gateway | None = None) -> AsyncGenerator[Sequence[Hit], None]:
        """The faces of all libraries that pass what `ask` left open, and were not given by it.

        Args:
            through: What is asked for pages, where that is another gateway.

        Raises:
            UsageError: As `ask`.
        """
        numbers = self.to_scan
        for group_id in self.libraries if numbers else ():
            # What could not be asked for there is looked for as well.
            unasked = self.libraries[group_id].stopped is not None
            wanted = _Wanted(
                {n: query for n, query in self._queries.items() if unasked or n in numbers}
            )
            self._note(group_id, scanned=True, stopped=None)
            gateway = through or self._gateway
            runs = stream_faces(gateway, group_id, concurrency=self._concurrency)
            try:
                async with aclosing(runs):
                    async for first, faces in runs:
                        hits = list(self._hits(group_id, first, faces, wanted))
                        known = self.libraries[group_id].hits
                        self._note(group_id, read=first + len(faces) - 1, hits=known + len(hits))
                        if hits:
                            yield hits
            except UsageError:
                raise
            except FsTuiError as error:
                self._note(group_id, stopped=error)
            else:
                self._note(group_id, whole=True)

    @property
    def hits(self) -> int:
        """How many faces passed so far."""
        return sum(library.hits for library in self.libraries.values())

    @property
    def whole(self) -> bool:
        """Whether every library was searched to its proven end."""
        return all(library.whole for library in self.libraries.values())

    def proof(self) -> str:
        """Say what was found and what that rests on, in one line."""
        return "; ".join([*self.gaps, self.answer])

    @property
    def gaps(self) -> list[str]:
        """What was not searched to its end, and why, in words."""
        alike: dict[tuple[int, str], list[str]] = {}
        for library in self.libraries.values():
            if not library.whole:
                reason = "stopped" if library.stopped is None else library.stopped.as_reason
                alike.setdefault((library.read, reason), []).append(library.group_id)
        gaps = []
        # What was not searched at all comes last.
        for (read, reason), group_ids in sorted(alike.items(), key=lambda one: not one[0][0]):
            verb = "were" if group_ids[1:] else "was"
            how = f"read to {read:,}" if read else "not searched"
            gaps.append(f"{', '.join(group_ids)} {verb} {how} ({reason})")
        return gaps

    @property
    def answer(self) -> str:
        """What was found in what was searched, and when that was."""
        libraries = list(self.libraries.values())
        where = count(len(libraries), "library", "libraries")
        if len(libraries) == 1:
            where = libraries[0].group_id
        having = sum(bool(library.hits) for library in libraries)
        if 0 < having < len(libraries):
            where = f"{having} of {where}"
        what = f"{count(self.hits, 'face')} in {where}" if self.hits else f"none in {where}"
        if not self.whole and not self.hits:
            what = "none in what was seen"
        if self.started is not None and self.ended is not None:
            how = "read" if any(library.scanned for library in libraries) else "asked"
            what += f", {how} {time_span(self.started, self.ended)}"
        return what

    async def _face(self, group_id: str, token: str) -> Face | None:
        self._note(group_id)
        error: FsTuiError | None = None
        try:
            return await self._gateway.face(group_id, token)
        except FaceNotFoundError:
            return None
        except UsageError:
            raise
        except FsTuiError as reason:
            error = reason
            return None
        finally:
            self._note(group_id, stopped=error)

    def _hits(
        self, group_id: str, first: int, faces: Sequence[Face], wanted: _Wanted
    ) -> Iterator[Hit]:
        for position, face in enumerate(faces, first):
            if passed := wanted.passed(face):
                self.found.update(passed)
                if (group_id, face.face_token) not in self._given:
                    yield Hit(group_id, face, position)

    def _passed(self, face: Face, numbers: Iterable[int]) -> list[int]:
        return [number for number in numbers if self._queries[number].matches(face)]

    def _note(self, group_id: str, **news: object) -> None:
        self.ended = datetime.now(UTC)
        self.started = self.started or self.ended
        # mypy does not follow keywords into replace.
        self.libraries[group_id] = replace(self.libraries[group_id], **news)  # type: ignore[arg-type]
        self._changed(self.libraries[group_id])


class _Wanted:
    """Some queries, sorted so that each face is compared with few of them."""

    def __init__(self, queries: Mapping[int, Query]) -> None:
        self._queries = queries
        self._exact: dict[str, dict[str, list[int]]] = {}
        self._others: list[int] = []
        for number, query in queries.items():
            field, texts = _exact_of(query)
            for text in texts:
                self._exact.setdefault(field, {}).setdefault(text, []).append(number)
            if not texts:
                self._others.append(number)

    def passed(self, face: Face) -> list[int]:
        """The numbers of the queries that a face passes."""
        passed = [number for number in self._others if self._queries[number].matches(face)]
        for field, texts in self._exact.items():
            numbers = texts.get(getattr(face, field), ())
            passed += [number for number in numbers if self._queries[number].matches(face)]
        return passed


def _tokens_of(query: Query) -> tuple[str, ...]:
    """The tokens that alone can pass a query; none where others can as well."""
    field, texts = _exact_of(query)
    if field == FACE_TOKEN.name and all(texts):
        return texts
    return (_bare(query),) if _is_bare(query) else ()


def _exact_of(query: Query) -> tuple[str, tuple[str, ...]]:
    """A field, and the few values that it must have for a face to pass."""
    for term in query.terms:
        texts = _texts(term)
        fields = {field for text in texts for field in text.fields}
        if texts and len(fields) == 1:
            return fields.pop(), tuple(dict.fromkeys(text.text for text in texts))
    return "", ()


def _texts(term: Term) -> list[Text]:
    """The choices of a term, where each of them is a text that a field holds and nothing else."""
    whole = [choice for choice in term.choices if isinstance(choice, Text) and choice.whole]
    return whole if len(whole) == len(term.choices) and not term.excluded else []


def _is_bare(query: Query) -> bool:
    """Whether a query is one word that looks like a token."""
    return bool(_BARE_TOKEN.fullmatch(_bare(query)))


def _bare(query: Query) -> str:
    term, *others = query.terms
    choice, *more = term.choices
    if others or more or term.excluded or not isinstance(choice, Text):
        return ""
    return choice.text if choice.fields == ANYWHERE and not choice.whole else ""
