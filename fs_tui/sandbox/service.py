"""The five calls of the FaceSearch service as an ASGI app.

request ──► form ──► sign ──► limits ──► the call ──► answer ──► breakage ──► client
             └─────────┴────────┴───────────┴── Refusal(code): the documented error body
"""

from __future__ import annotations

import asyncio
import json
import re
import time
import uuid
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, NoReturn

from fs_tui.models import Library
from fs_tui.sandbox import breakage, signature
from fs_tui.sandbox.breakage import Answer
from fs_tui.sandbox.extra import missing_extra
from fs_tui.sandbox.faults import CALLS, Call, Failure, Faults, status_of
from fs_tui.sandbox.population import MAX_LIBRARIES, FaceRow, Population

try:
    import python_multipart  # noqa: F401 - starlette says too late that it is missing
    from starlette.datastructures import Headers
    from starlette.formparsers import MultiPartException, MultiPartParser
    from starlette.requests import ClientDisconnect, Request
except ModuleNotFoundError as error:
    raise missing_extra(error) from error

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Mapping

    from starlette.types import Receive, Scope, Send

__all__ = ["DEMO_API_KEY", "DEMO_API_SECRET", "Received", "Refusal", "Service", "build_app"]

DEMO_API_KEY = "sandbox-key-0123456789"
DEMO_API_SECRET = "sandbox-secret-9876543210"  # noqa: S105 - opens the sandbox and nothing else

_PREFIX = "/finauth/search/group/"
_MAX_BODY = 1 << 20
_MAX_PAGE = 1000
_DEFAULT_PAGE = 100
_DEFAULT_MODEL = "s21"
_GROUP_ID = re.compile(r"[A-Za-z0-9\-%@#&_]{1,48}")
_MAX_NAME = 60
_MAX_DATA = 128
_IDS = ("group_id", "face_token")
_SINGAPORE = timezone(timedelta(hours=8))
_JSON = "application/json;charset=utf-8"
_SILENT_ABOUT_TIME = (403, 404)  # these errors have no time_used (page 000)

Fields = dict[str, str]
Content = dict[str, Any]  # JSON


class Refusal(Exception):  # noqa: N818 - an answer, not a mistake
    """The call is answered with an error code."""

    def __init__(
        self, code: str, status: int | None = None, *, retry_after: str | float | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status_of(code) if status is None else status
        self.retry_after = retry_after


class _TooLargeError(Exception):
    """The request's body is larger than the service takes."""


@dataclass(frozen=True, slots=True)
class Received:
    """A call as it arrived, for tests to look at.

    Attributes:
        call: The last part of the path.
        fields: The form, sign included.
    """

    call: Call
    fields: Fields = field(repr=False)


class Service:
    """The sandbox as an ASGI app.

    Attributes:
        population: The libraries; created ones are added to it.
        faults: How it misbehaves; may be changed at any time.
        served: How many calls of each name were received.
        received: The latest thousand calls, the newest last.
        under_way: How many calls are being answered now.
        peak: The most calls that were under way at once.
    """

    def __init__(
        self, population: Population, faults: Faults, *, clock: Callable[[], float]
    ) -> None:
        self.population = population
        self.faults = faults
        self.served: Counter[Call] = Counter()
        self.received: deque[Received] = deque(maxlen=1000)
        self.under_way = 0
        self.peak = 0
        self._clock = clock
        self._signs: set[str] = set()
        self._colons = 0
        self._calls: Mapping[Call, Callable[[Fields], Content]] = {
            "group_list": self._group_list,
            "group_info": self._group_info,
            "list": self._list,
            "face_info": self._face_info,
            "create": self._create,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3); knows neither lifespan nor websockets."""
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        self.under_way += 1
        self.peak = max(self.peak, self.under_way)
        # The client may leave before its request is complete: then nobody waits for an answer.
        try:
            with suppress(ClientDisconnect):
                failure, answer = await self._answer(Request(scope, receive))
                kind = failure.kind if failure else None
                await breakage.deliver(kind, answer, scope, receive, send)
        finally:
            self.under_way -= 1

    @property
    def now(self) -> float:
        """Seconds since 1970 by the sandbox's own clock."""
        return self._clock() + self.faults.clock_offset

    async def _answer(self, request: Request) -> tuple[Failure | None, Answer]:
        """What is to be said to a request, and how it is to go wrong."""
        began = time.perf_counter()
        failure: Failure | None = None
        try:
            self.population.pass_time(self._clock())
            call = _call_of(request)
            fields = await _form(request)
            self.served[call] += 1
            self.received.append(Received(call, fields))
            self._check_sign(fields)
            failure = self.faults.draw(call)
            await self._wait(failure)
            content = self._execute(call, fields, failure)
            status, retry_after = 200, None
        except Refusal as refusal:
            content = {self.faults.error_key: self._spelled(refusal.code)}
            status, retry_after = refusal.status, refusal.retry_after
        except _TooLargeError:
            too_large = Failure("too_large")
            return too_large, breakage.spoil(too_large, Answer(413, b"", self._headers(None)))
        head = self._head(status, began, failed=self.faults.error_key in content)
        body = json.dumps(self._dressed(head | content)).encode()
        answer = Answer(status, body, self._headers(retry_after))
        return failure, breakage.spoil(failure, answer) if failure else answer

    def _head(self, status: int, began: float, *, failed: bool) -> Content:
        if failed and self.faults.lean_errors:
            return {}
        head: Content = {"request_id": f"{int(self.now)},{uuid.uuid4()}"}
        if status not in _SILENT_ABOUT_TIME:
            head["time_used"] = round((time.perf_counter() - began) * 1000)
        return head

    def _headers(self, retry_after: str | float | None) -> dict[str, str]:
        headers = {"content-type": _JSON, "date": formatdate(self.now, usegmt=True)}
        if retry_after is not None:
            headers["retry-after"] = str(retry_after)
        return headers

    def _spelled(self, code: str) -> str:
        """The code with or without a space after its first `:`."""
        name, colon, rest = code.partition(":")
        form = self.faults.colon
        if not colon or form == "documented":
            return code
        self._colons += 1
        spaced = form == "spaced" or (form == "alternating" and self._colons % 2 == 1)
        return f"{name}: {rest.strip()}" if spaced else f"{name}:{rest.strip()}"

    def _check_sign(self, fields: Fields) -> None:
        _require(fields, "sign", "sign_version")
        if fields["sign_version"] != "hmac_sha1":
            raise Refusal("BAD_ARGUMENTS: sign_version")
        sign = fields["sign"]
        code = signature.refusal(
            sign, api_key=DEMO_API_KEY, api_secret=DEMO_API_SECRET, now=self.now
        )
        if code:
            raise Refusal(code)
        if self.faults.refuse_replay:
            if sign in self._signs:
                raise Refusal("AUTHORIZATION_ERROR:REPLAY_ATTACK")
            self._signs.add(sign)

    async def _wait(self, failure: Failure | None) -> None:
        """Take the time and the place that a call takes; there are places for so many only."""
        limit = self.faults.concurrency
        if limit is not None and self.under_way > limit:
            raise Refusal("CONCURRENCY_LIMIT_EXCEEDED")
        if self.faults.latency:
            await asyncio.sleep(self.faults.latency)
        if failure and failure.kind == "hold":
            gate = self.faults.hold()
            try:
                await asyncio.wrap_future(gate)
            finally:
                self.faults.let_go(gate)

    def _execute(self, call: Call, fields: Fields, failure: Failure | None) -> Content:
        """Do what was asked, unless the failure comes before."""
        match failure.kind if failure else None:
            case "error":
                _refuse(failure)
            case "error_in_200":
                _refuse(failure, status=200)
            case "unknown_code":
                raise Refusal("TEAPOT_EMPTY: third shelf", 418)
            case kind if kind in breakage.UNDONE:
                return {}
        for name in _IDS:
            if name in fields:
                fields[name] = fields[name].removesuffix(self.faults.hostile.get(name, ""))
        return self._calls[call](fields)

    def _dressed(self, content: Content) -> Content:
        """The content with the hostile texts in it, at whatever depth."""
        hostile = self.faults.hostile
        if not hostile:
            return content
        for name, value in content.items():
            if isinstance(value, dict):
                self._dressed(value)
            elif isinstance(value, list):
                for item in value:
                    self._dressed(item)
            elif name in hostile:
                content[name] = f"{value}{hostile[name]}" if name in _IDS else hostile[name]
        return content

    def _group_list(self, _fields: Fields) -> Content:
        """Page 001."""
        return {"group_infos": [_described(library) for library in self.population]}

    def _group_info(self, fields: Fields) -> Content:
        """Page 000."""
        _require(fields, "group_id")
        library = self.population.library(fields["group_id"])
        if library is None:
            raise Refusal("INVALID_OUTER_ID")
        return {"info": _described(library)}

    def _list(self, fields: Fields) -> Content:
        """Page 003."""
        _require(fields, "group_id")
        start = _integer(fields, "start", 1)
        limit = _integer(fields, "limit", _DEFAULT_PAGE, highest=_MAX_PAGE)
        faults = self.faults
        if fields["group_id"] not in self.population:
            raise Refusal("INVALID_GROUP_ID")
        if faults.max_start is not None and start > faults.max_start:
            raise Refusal("BAD_ARGUMENTS: start")
        faces = self.population[fields["group_id"]]
        limit = limit if faults.page_cap is None else min(limit, faults.page_cap)
        rows = faces.rows(start, limit)
        if faults.overlap and rows and start > 1:
            rows[:1] = faces.rows(start - 1, 1)
        content: Content = {"face_tokens": self._listed(rows)}
        if start - 1 + len(rows) < len(faces) and rows and faults.next != "absent":
            following = start if faults.next == "stuck" else start + len(rows)
            content["next"] = str(following) if faults.next == "string" else following
        faces.grow(faults.growth)
        faces.delete_at(range(1, faults.deletion + 1))
        return content

    def _face_info(self, fields: Fields) -> Content:
        """Page 002."""
        _require(fields, "group_id", "face_token")
        if fields["group_id"] not in self.population:
            raise Refusal("INVALID_GROUP_ID")
        row = self.population[fields["group_id"]].find(fields["face_token"])
        if row is None:
            raise Refusal("INVALID_FACE_TOKEN")
        return {"info": self._listed([row])[0]}

    def _create(self, fields: Fields) -> Content:
        """Page 004."""
        _require(fields, "group_name", "group_id")
        data = fields.get("group_data", "")
        model = fields.get("model_version", _DEFAULT_MODEL)
        for name, good in (
            ("group_id", _GROUP_ID.fullmatch(fields["group_id"])),
            ("group_name", 1 <= len(fields["group_name"]) <= _MAX_NAME),
            ("group_data", len(data) <= _MAX_DATA),
            ("model_version", model),
        ):
            if not good:
                raise Refusal(f"BAD_ARGUMENTS: {name}")
        if fields["group_id"] in self.population:
            raise Refusal("GROUP_EXIST")
        if len(self.population) >= MAX_LIBRARIES:
            raise Refusal("GROUP_EXCEEDED")
        now = datetime.fromtimestamp(int(self.now), UTC)
        library = Library(fields["group_id"], fields["group_name"], data, model, now)
        self.population.add(library)
        described = _described(library)
        del described["add_time"]
        return described

    def _listed(self, rows: Iterable[FaceRow]) -> list[Content]:
        form = self.faults.add_time
        listed: list[Content] = [
            {"face_token": token, "user_id": user_id, "user_data": user_data, "add_time": added}
            for token, user_id, user_data, added in rows
        ]
        if form != "number":
            for face in listed:
                face["add_time"] = _time_in(form, face["add_time"])
        return listed


def build_app(
    population: Population | None = None,
    faults: Faults | None = None,
    *,
    clock: Callable[[], float] = time.time,
) -> Service:
    """A fresh sandbox: an ASGI app for httpx.ASGITransport or uvicorn.

    Args:
        population: The libraries that it starts with; the demo's own when not given.
        faults: How it misbehaves; `app.faults` is this object.
        clock: Seconds since 1970.
    """
    return Service(
        Population() if population is None else population,
        Faults() if faults is None else faults,
        clock=clock,
    )


def _call_of(request: Request) -> Call:
    name = request.url.path.removeprefix(_PREFIX)
    if request.method != "POST" or request.url.path == name or name not in CALLS:
        raise Refusal("API_NOT_FOUND")
    return name


async def _form(request: Request) -> Fields:
    """The text parts of a multipart form; a part with a filename is no parameter.

    A body in another format holds no parameter, so that the first one is said to be missing.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY:
            raise _TooLargeError
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return {}
    try:
        form = await MultiPartParser(Headers(scope=request.scope), _once(bytes(body))).parse()
    except MultiPartException:
        return {}
    pairs = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    await form.close()
    fields = dict(pairs)
    for name in fields:
        if sum(name == other for other, _ in pairs) > 1:
            raise Refusal(f"BAD_ARGUMENTS: {name}")
    return fields


async def _once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body


def _require(fields: Fields, *names: str) -> None:
    for name in names:
        if name not in fields:
            raise Refusal(f"MISSING_ARGUMENTS: {name}")


def _integer(fields: Fields, name: str, default: int, *, highest: int | None = None) -> int:
    text = fields.get(name, str(default))
    # Eighteen digits fit into 64 bits, and are more faces than there can be.
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise Refusal(f"BAD_ARGUMENTS: {name}")
    number = int(text)
    if number < 1 or (highest is not None and number > highest):
        raise Refusal(f"BAD_ARGUMENTS: {name}")
    return number


def _refuse(failure: Failure | None, *, status: int | None = None) -> NoReturn:
    assert failure is not None  # noqa: S101 - matched by its kind
    raise Refusal(
        failure.code,
        failure.status if status is None else status,
        retry_after=failure.retry_after,
    )


def _described(library: Library) -> Content:
    added = library.add_time
    return {
        "group_id": library.group_id,
        "group_name": library.group_name,
        "group_data": library.group_data,
        "model_version": library.model_version,
        "add_time": None if added is None else added.astimezone(_SINGAPORE).isoformat(),
    }


def _time_in(form: str, milliseconds: int | None) -> str | None:
    if milliseconds is None:
        return None
    if form == "string":
        return str(milliseconds)
    if form == "iso":
        moment = datetime.fromtimestamp(milliseconds / 1000, _SINGAPORE)
        return moment.isoformat(timespec="milliseconds")
    return None
