"""The five calls of the FaceSearch service as an ASGI app.

request ──► form ──► sign ──► limits ──► the call ──► answer ──► connection ──► client
             └─────────┴────────┴───────────┴── Refusal(code): the documented error body

What it does when it is a good service is here; how it misbehaves, it asks its faults.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fs_tui.models import Library
from fs_tui.sandbox import signature
from fs_tui.sandbox.answers import Answer, Refusal
from fs_tui.sandbox.connection import Connection
from fs_tui.sandbox.extra import missing_extra
from fs_tui.sandbox.failures import CALLS, Call, Failure
from fs_tui.sandbox.faults import SINGAPORE, Faults
from fs_tui.sandbox.population import MAX_LIBRARIES, Population

try:
    import python_multipart  # noqa: F401 - starlette says too late that it is missing
    from starlette.datastructures import Headers
    from starlette.formparsers import MultiPartException, MultiPartParser
    from starlette.requests import ClientDisconnect, Request
except ModuleNotFoundError as error:
    raise missing_extra(error) from error

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from starlette.types import Receive, Scope, Send

__all__ = ["DEMO_API_KEY", "DEMO_API_SECRET", "Received", "Service", "build_app"]

DEMO_API_KEY = "sandbox-key-0123456789"
DEMO_API_SECRET = "sandbox-secret-9876543210"  # noqa: S105 - opens the sandbox and nothing else
"""The credentials of account 0; those of another one end with its number."""

_PREFIX = "/finauth/search/group/"
_MAX_BODY = 1 << 20
_MAX_PAGE = 1000
_DEFAULT_PAGE = 100
_DEFAULT_MODEL = "s21"
_GROUP_ID = re.compile(r"[A-Za-z0-9\-%@#&_]{1,48}")
_MAX_NAME = 60
_MAX_DATA = 128
_LATEST = 253_402_214_400.0  # a day before the end of the year 9999, whatever the zone
_JSON = "application/json;charset=utf-8"
_SILENT_ABOUT_TIME = (403, 404)  # these errors have no time_used (page 000)

Fields = dict[str, str]
Content = dict[str, Any]  # JSON


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
        api_key: The account's.
        api_secret: The account's.
        population: The libraries; created ones are added to it.
        faults: How it misbehaves; may be changed at any time.
        served: How many calls of each name were received.
        received: The latest thousand calls, the newest last.
        under_way: How many calls are being answered now.
        peak: The most calls that were under way at once.
    """

    def __init__(
        self, population: Population, faults: Faults, *, account: int, clock: Callable[[], float]
    ) -> None:
        suffix = f"-{account}" if account else ""
        self.api_key, self.api_secret = DEMO_API_KEY + suffix, DEMO_API_SECRET + suffix
        self.population = population
        self.faults = faults
        self.served: Counter[Call] = Counter()
        self.received: deque[Received] = deque(maxlen=1000)
        self.under_way = 0
        self.peak = 0
        self._clock = clock
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
                to = Connection(scope, receive, send)
                await (failure.effect.sends(answer, to) if failure else to.answer(answer))
        finally:
            self.under_way -= 1

    @property
    def now(self) -> float:
        """Seconds since 1970 by the sandbox's own clock."""
        return min(max(0.0, self._clock() + self.faults.clock_offset), _LATEST)

    async def _answer(self, request: Request) -> tuple[Failure | None, Answer]:
        """What is to be said to a request, and how it is to go wrong."""
        began = time.perf_counter()
        failure: Failure | None = None
        status = 200
        try:
            self.population.pass_time(self._clock())
            call = _call_of(request)
            fields = await _form(request)
            self.served[call] += 1
            self.received.append(Received(call, fields))
            self._check_sign(fields)
            failure = self.faults.draw(call)
            await self.faults.admit(failure, self.under_way)
            content = self._head(began) | self._execute(call, fields, failure)
        except Refusal as refusal:
            status = refusal.status
            head = {} if self.faults.lean_errors else self._head(began)
            if status in _SILENT_ABOUT_TIME:
                head.pop("time_used", None)
            content = head | self.faults.error(refusal.code)
        except _TooLargeError:
            content, failure = {}, Failure("too_large")
        body = json.dumps(self.faults.with_hostile_texts(content)).encode()
        headers = {"content-type": _JSON} | self.faults.headers(self.now, failure)
        answer = Answer(status, body, headers)
        return failure, failure.effect.spoils(failure, answer) if failure else answer

    def _head(self, began: float) -> Content:
        return {
            "request_id": f"{int(self.now)},{uuid.uuid4()}",
            "time_used": round((time.perf_counter() - began) * 1000),
        }

    def _check_sign(self, fields: Fields) -> None:
        _require(fields, "sign", "sign_version")
        if fields["sign_version"] != "hmac_sha1":
            raise Refusal("BAD_ARGUMENTS: sign_version")
        sign = fields["sign"]
        code = signature.refusal(
            sign, api_key=self.api_key, api_secret=self.api_secret, now=self.now
        )
        if code:
            raise Refusal(code)
        self.faults.check_sign(sign)

    def _execute(self, call: Call, fields: Fields, failure: Failure | None) -> Content:
        """Do what was asked, unless the failure comes before."""
        if failure and failure.effect.refuses:
            raise failure.effect.refuses(failure)
        if failure and not failure.effect.executes:
            return {}
        return self._calls[call](self.faults.without_hostile_texts(fields))

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
        if fields["group_id"] not in self.population:
            raise Refusal("INVALID_GROUP_ID")
        return self.faults.page(self.population[fields["group_id"]], start, limit)

    def _face_info(self, fields: Fields) -> Content:
        """Page 002."""
        _require(fields, "group_id", "face_token")
        if fields["group_id"] not in self.population:
            raise Refusal("INVALID_GROUP_ID")
        row = self.population[fields["group_id"]].find(fields["face_token"])
        if row is None:
            raise Refusal("INVALID_FACE_TOKEN")
        return {"info": self.faults.listed([row])[0]}

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


def build_app(
    population: Population | None = None,
    faults: Faults | None = None,
    *,
    account: int = 0,
    clock: Callable[[], float] = time.time,
) -> Service:
    """A fresh sandbox: an ASGI app for httpx.ASGITransport or uvicorn.

    Args:
        population: The libraries that it starts with; the demo's own when not given.
        faults: How it misbehaves; `app.faults` is this object.
        account: Another one has other credentials, and the demo's people under other tokens.
        clock: Seconds since 1970.
    """
    return Service(
        Population(account=account) if population is None else population,
        Faults() if faults is None else faults,
        account=account,
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


def _described(library: Library) -> Content:
    added = library.add_time
    return {
        "group_id": library.group_id,
        "group_name": library.group_name,
        "group_data": library.group_data,
        "model_version": library.model_version,
        "add_time": None if added is None else added.astimezone(SINGAPORE).isoformat(),
    }
