"""How the sandbox misbehaves: each option is declared and does its work here, the service asks.

Options hold until they are cleared; failures happen to single calls (see failures). Everything may
be changed at any time, also from another thread than the server's.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import formatdate
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from fs_tui.models import FACE_FIELDS
from fs_tui.sandbox.answers import Refusal
from fs_tui.sandbox.failures import KINDS, Call, Failure, check_kind

if TYPE_CHECKING:
    from fs_tui.sandbox.faces import FaceRow, FaceSet

__all__ = ["SINGAPORE", "FaultOptions", "Faults"]

SINGAPORE = timezone(timedelta(hours=8))
"""The zone in which the service writes its times."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FACE_NAMES = [field.name for field in FACE_FIELDS]
_IDS = ("group_id", "face_token")

_CHAOS_CODES = (
    "INTERNAL_ERROR",
    "CONCURRENCY_LIMIT_EXCEEDED",
    "AUTHORIZATION_ERROR:EXPIRED_SIGN",
    "AUTHORIZATION_ERROR:DENIED",
    "BAD_ARGUMENTS: start",
)


@dataclass(slots=True)
class FaultOptions:
    """Every option with its type, its value in a good service, and a line for people."""

    __pydantic_config__: ClassVar = {"extra": "forbid", "allow_inf_nan": False}

    page_cap: Annotated[int | None, "at most N rows per page, whatever limit says"] = None
    max_start: Annotated[int | None, "a start above N is refused"] = None
    ignore_start: Annotated[bool, "yes: every page is the first one"] = False
    next: Annotated[
        Literal["number", "string", "absent", "stuck", "backward"],
        "how a page names the next position: number, string, absent, stuck or backward",
    ] = "number"
    overlap: Annotated[bool, "yes: each page repeats the face before it"] = False
    growth: Annotated[int, "N faces are added at the end after each page"] = 0
    insertion: Annotated[
        int, "N faces are added before the last one, as old as it, after each page"
    ] = 0
    deletion: Annotated[int, "N faces are deleted at the front after each page"] = 0
    add_time: Annotated[
        Literal["number", "string", "iso", "null"],
        "the form of a face's time: number, string, iso or null",
    ] = "number"
    colon: Annotated[
        Literal["documented", "spaced", "tight", "alternating"],
        "the space in an error code: documented, spaced, tight or alternating",
    ] = "documented"
    lean_errors: Annotated[bool, "yes: errors without request_id and time_used"] = False
    error_key: Annotated[
        Literal["error", "error_message"], "the key of a code: error or error_message"
    ] = "error"
    hostile: Annotated[
        dict[str, str],
        "FIELD:TEXT, or FIELD for a nasty text of our own, instead of the field in every answer "
        "(behind ids, which remain usable); again for another field",
    ] = field(default_factory=dict)
    latency: Annotated[float, "seconds that every call takes longer"] = 0.0
    concurrency: Annotated[int | None, "more than N calls at once are refused"] = None
    calls_per_second: Annotated[int | None, "more than N calls in a second are refused"] = None
    clock_offset: Annotated[float, "seconds by which the clock is ahead"] = 0.0
    date: Annotated[str | None, "the text of the Date header; empty leaves it out"] = None
    refuse_replay: Annotated[bool, "yes: a sign is good for one call"] = False
    chaos: Annotated[float, "share of calls that fail at random, 0 to 1"] = 0.0
    chaos_kinds: Annotated[tuple[str, ...], "what chaos draws from"] = tuple(
        name for name, kind in KINDS.items() if kind.chaos
    )
    seed: Annotated[int, "of the random choices"] = 1
    failures: Annotated[list[Failure], "what will fail, the first that matches wins"] = field(
        default_factory=list
    )

    def __post_init__(self) -> None:
        """Refuse kinds that there are not."""
        for kind in self.chaos_kinds:
            check_kind(kind)


class Faults(FaultOptions):
    """What is wrong with the sandbox at the moment; `Faults()` is a good service.

    Args:
        options: Those that differ from a good service's.
    """

    __slots__ = ("_arrived", "_colons", "_held", "_lock", "_random", "_signs")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._lock = threading.Lock()
        self._held: list[Future[None]] = []
        self._signs: set[str] = set()
        self._arrived: deque[float] = deque()
        self._colons = 0
        self.reseed(self.seed)

    def reseed(self, seed: int) -> None:
        """Start the random choices anew."""
        self.seed = seed
        self._random = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret

    def fail(self, kind: str, call: Call | None = None, **options: Any) -> None:
        """Let calls to come fail; the options are the fields of `Failure`."""
        failure = Failure(kind, call, **options)
        with self._lock:
            self.failures.append(failure)

    def clear(self) -> None:
        """Be a good service again, and let go what is held."""
        good = FaultOptions(seed=self.seed)
        with self._lock:
            for option in fields(FaultOptions):
                setattr(self, option.name, getattr(good, option.name))
        self.release()

    def draw(self, call: Call) -> Failure | None:
        """The failure of this one call, used up once; None when it is to succeed."""
        with self._lock:
            for failure in self.failures:
                if failure.call not in {None, call}:
                    continue
                if failure.after:
                    failure.after -= 1
                    continue
                if failure.rate < 1 and self._random.random() >= failure.rate:
                    continue
                if failure.times is not None:
                    failure.times -= 1
                    if failure.times <= 0:
                        self.failures.remove(failure)
                if failure.seed is None:
                    return replace(failure, seed=self._random.getrandbits(32))
                return replace(failure)
            if self.chaos and self._random.random() < self.chaos:
                kind, code = (self._random.choice(of) for of in (self.chaos_kinds, _CHAOS_CODES))
                return Failure(kind, code=code, seed=self._random.getrandbits(32))
            return None

    # --- calls that wait ----------------------------------------------------------------------

    @property
    def held(self) -> int:
        """How many calls wait for `release`."""
        return len(self._held)

    def release(self) -> None:
        """Let every call that is held go on."""
        with self._lock:
            waiting, self._held = self._held, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def _hold(self) -> None:
        """Wait for the next `release`, from whatever thread."""
        future: Future[None] = Future()
        with self._lock:
            self._held.append(future)
        try:
            await asyncio.wrap_future(future)
        finally:
            with self._lock:
                if future in self._held:
                    self._held.remove(future)

    # --- what the service asks, in the order of a call ----------------------------------------

    def check_sign(self, sign: str) -> None:
        """Refuse a good sign that was seen before, where signs are good for one call."""
        if not self.refuse_replay:
            return
        if sign in self._signs:
            raise Refusal("AUTHORIZATION_ERROR:REPLAY_ATTACK")
        self._signs.add(sign)

    async def admit(self, failure: Failure | None, under_way: int) -> None:
        """Take the time and the place that a call takes; there are places for so many only."""
        if self.concurrency is not None and under_way > self.concurrency:
            raise Refusal("CONCURRENCY_LIMIT_EXCEEDED")
        if self.calls_per_second is not None:
            now = time.monotonic()
            while self._arrived and self._arrived[0] <= now - 1:
                self._arrived.popleft()
            if len(self._arrived) >= self.calls_per_second:
                raise Refusal("CONCURRENCY_LIMIT_EXCEEDED")
            self._arrived.append(now)
        if self.latency:
            await asyncio.sleep(self.latency)
        if failure and failure.effect.waits:
            await self._hold()

    def without_hostile_texts(self, fields: dict[str, str]) -> dict[str, str]:
        """The form with the ids as the population knows them."""
        return {
            name: value.removesuffix(self.hostile.get(name, "")) if name in _IDS else value
            for name, value in fields.items()
        }

    def page(self, faces: FaceSet, start: int, limit: int) -> dict[str, Any]:
        """What a page of a library holds: rows, and where the next ones are."""
        if self.max_start is not None and start > self.max_start:
            raise Refusal("BAD_ARGUMENTS: start")
        start = 1 if self.ignore_start else start
        limit = limit if self.page_cap is None else min(limit, self.page_cap)
        rows = faces.rows(start, limit)
        if self.overlap and rows and start > 1:
            rows[:1] = faces.rows(start - 1, 1)
        content: dict[str, Any] = {"face_tokens": self.listed(rows)}
        following = start + len(rows)
        if following <= len(faces) and rows and self.next != "absent":
            content["next"] = {
                "string": str(following),
                "stuck": start,
                "backward": max(start - len(rows), 1),
            }.get(self.next, following)
        faces.grow(self.growth)
        if self.insertion:
            faces.grow(self.insertion, len(faces))
        faces.delete_at(range(1, self.deletion + 1))
        return content

    def listed(self, rows: list[FaceRow]) -> list[dict[str, Any]]:
        """Faces as an answer has them."""
        listed: list[dict[str, Any]] = [dict(zip(_FACE_NAMES, row, strict=True)) for row in rows]
        if self.add_time != "number":
            for face in listed:
                face["add_time"] = self._time(face["add_time"])
        return listed

    def _time(self, milliseconds: int | None) -> str | None:
        if milliseconds is None or self.add_time == "null":
            return None
        if self.add_time == "string":
            return str(milliseconds)
        try:
            moment = (_EPOCH + timedelta(milliseconds=milliseconds)).astimezone(SINGAPORE)
        except OverflowError:  # no year of Python's
            return str(milliseconds)
        return moment.isoformat(timespec="milliseconds")

    def error(self, code: str) -> dict[str, Any]:
        """The body that tells an error code, with or without a space after its first `:`."""
        name, colon, rest = code.partition(":")
        if colon and self.colon != "documented":
            self._colons += 1
            spaced = self.colon == "spaced" or (self.colon == "alternating" and self._colons % 2)
            code = f"{name}:{' ' if spaced else ''}{rest.strip()}"
        return {self.error_key: code}

    def with_hostile_texts(self, content: dict[str, Any]) -> dict[str, Any]:
        """The content with the hostile texts in it, at whatever depth."""
        for name, value in content.items() if self.hostile else ():
            if isinstance(value, dict):
                self.with_hostile_texts(value)
            elif isinstance(value, list):
                for item in value:
                    self.with_hostile_texts(item)
            elif name in self.hostile:
                text = self.hostile[name]
                content[name] = f"{value}{text}" if name in _IDS else text
        return content

    def headers(self, now: float, failure: Failure | None) -> dict[str, str]:
        """Date and Retry-After, where they are to be said."""
        headers = {}
        if self.date is None:
            headers["date"] = formatdate(now, usegmt=True)
        elif self.date:
            headers["date"] = self.date
        if failure and failure.retry_after is not None:
            headers["retry-after"] = str(failure.retry_after)
        return headers
