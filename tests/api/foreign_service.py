"""A second FaceSearch service, written from the vendor's pages alone: five calls, and no HTTP.

Where the pages contradict each other, or say nothing, `Variant` has a switch for each reading.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

from tests.api.foreign_form import FormError, SignError, read_form, read_sign

__all__ = ["BIG", "CALLS", "KEY", "SECRET", "Answer", "Service", "Variant", "Visit"]

KEY = "foreign_api_key_0001"
SECRET = "foreign_api_secret_0001"

BIG = "-50%&off#1@a_b"
"""The library of 2,500, whose id holds every sign that an id may hold."""

_SIZES = {"empty_0": 0, "three": 3, BIG: 2500, "hundred": 100, "thousand@1000": 1000}
_MOST_LIBRARIES = 10
_SINGAPORE = timezone(timedelta(hours=8))
_FOUNDED = datetime(2026, 1, 27, 14, 19, 1, tzinfo=_SINGAPORE)
_PEOPLE = ("Ана Петрова", "李小龙", 'O"Neill, Pat', "नमस्ते", "=1+1", "José 🙂", "plain")
_POSITION = re.compile(r"[1-9]\d*", re.ASCII)
_GROUP_ID = re.compile(r"[A-Za-z0-9\-%@#&_]+")

CALLS = {
    "group_list": ((), ()),
    "group_info": (("group_id",), ()),
    "list": (("group_id",), ("start", "limit")),
    "face_info": (("group_id", "face_token"), ()),
    "create": (("group_name", "group_id"), ("group_data", "model_version")),
}
"""The last part of each path, with its required and its optional parameters."""


@dataclass(frozen=True, slots=True)
class Variant:
    """How this service reads the pages.

    Attributes:
        close: Speak HTTP/1.0, close after each answer and give no length.
        hang_up: Close each connection after its answer, without having said so.
        chunked: Send answers in chunks of odd sizes.
        compress: Compress answers for a client that accepts gzip.
        slow: Seconds before each answer.
        cap: The most rows of an answer, whatever `limit` says.
        next: How `next` is given.
        last_next: What `next` is when nothing follows: left out, the position after the last face,
            null or an empty string.
        refuse_start: Refuse `start` above 1000.
        times: How a face's `add_time` is given.
        unknown_library: The code of group_info for a library that is not there.
        bare_errors: Leave request_id and time_used out of errors.
        error_key: The key of an error's code.
        space: Put a space behind the first colon of a code.
        single_use: Refuse a sign that was seen before.
        lifetime: The most seconds that a sign may live.
        clock: Seconds by which this service's clock is ahead.
        most_at_once: Requests that may be under way at once; 0 is any number.
        odd_json: Answer with unknown fields, escapes and unusual whitespace.
        null_data: Give user_data as null, or not at all, for some faces.
        libraries: No library, the usual five, or as many as there can be.
    """

    close: bool = False
    hang_up: bool = False
    chunked: bool = False
    compress: bool = False
    slow: float = 0
    cap: int = 1000
    next: Literal["absent", "number", "text"] = "absent"
    last_next: Literal["absent", "onward", "null", "empty"] = "absent"
    refuse_start: bool = False
    times: Literal["number", "text"] = "number"
    unknown_library: Literal["INVALID_OUTER_ID", "INVALID_GROUP_ID"] = "INVALID_OUTER_ID"
    bare_errors: bool = False
    error_key: Literal["error", "error_message"] = "error"
    space: bool = True
    single_use: bool = True
    lifetime: int = 100
    clock: int = 0
    most_at_once: int = 0
    odd_json: bool = False
    null_data: bool = False
    libraries: Literal["none", "usual", "ten"] = "usual"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request, as the service saw it.

    Attributes:
        call: The last part of its path.
        fields: Its fields without sign and sign_version.
        code: The error that it was answered with; empty when it succeeded.
        rows: How many faces it was given.
    """

    call: str
    fields: dict[str, str]
    code: str
    rows: int

    @property
    def start(self) -> int:
        """The first position that it asked for."""
        return int(self.fields.get("start", 1))


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON object."""

    status: int
    content: dict[str, object]


class _RefusalError(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass
class Service:
    """The libraries, and what has been asked of them.

    Attributes:
        variant: How it reads the pages.
        visits: Every request so far.
        faults: What no careful client sends, in words; a test expects none.
        libraries: The libraries by id, as group_info gives them.
    """

    variant: Variant = field(default_factory=Variant)
    visits: list[Visit] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    libraries: dict[str, dict[str, object]] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _at_once: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        more = {f"more_{number}": number for number in range(6, 11)}
        sizes = {"none": {}, "usual": _SIZES, "ten": _SIZES | more}[self.variant.libraries]
        for number, group_id in enumerate(sizes):
            self._add(group_id, f"Library no. {number}", "", "s21", _FOUNDED + timedelta(number))

    @property
    def now(self) -> float:
        """The service's own time, in Unix seconds."""
        return time.time() + self.variant.clock

    def answer(self, call: str, content_type: str, body: bytes) -> Answer:
        """Answer a request whose body has been read."""
        with self._lock:
            self._at_once += 1
            crowded = 0 < self.variant.most_at_once < self._at_once
        if not crowded:
            time.sleep(self.variant.slow)
        given: dict[str, str] = {}
        code, rows = "", 0
        try:
            with self._lock:
                given = self._admit(call, content_type, body, crowded=crowded)
                content = getattr(self, f"_{call}")(**given)
            faces = content.get("face_tokens")
            rows = len(faces) if isinstance(faces, list) else 0
            return Answer(200, self._named(content))
        except _RefusalError as refusal:
            code = refusal.code
            return Answer(refusal.status, self._refused(refusal))
        finally:
            with self._lock:
                self._at_once -= 1
                self.visits.append(Visit(call, given, code, rows))

    def faces(self, group_id: str, start: int, rows: int) -> list[dict[str, object]]:
        """The faces at some positions; `start` is 1-based."""
        end = min(start + rows, _SIZES.get(group_id, 0) + 1)
        return [self._face(group_id, position) for position in range(start, end)]

    def blame(self, fault: str) -> None:
        """Note what no careful client sends."""
        with self._lock:
            self.faults.append(fault)

    def _admit(self, call: str, content_type: str, body: bytes, *, crowded: bool) -> dict[str, str]:
        try:
            given = read_form(content_type, body)
        except FormError as error:
            self.faults.append(f"{call}: {error}")
            raise _RefusalError(400, "BAD_ARGUMENTS:form") from None
        self._check_sign(given.pop("sign", ""), given.pop("sign_version", ""))
        required, optional = CALLS[call]
        for name in required:
            if name not in given:
                self.faults.append(f"{call} without {name}")
                raise self._wrong("MISSING_ARGUMENTS", name)
        for name in given.keys() - {*required, *optional}:
            self.faults.append(f"{call} with {name}, which it does not have")
            raise self._wrong("BAD_ARGUMENTS", name)
        if crowded:
            raise _RefusalError(403, "CONCURRENCY_LIMIT_EXCEEDED")
        return given

    def _check_sign(self, text: str, version: str) -> None:
        if version != "hmac_sha1":
            self.faults.append(f"sign_version is {version!r}")
            raise self._wrong("BAD_ARGUMENTS", "sign_version")
        try:
            sign = read_sign(text, KEY, SECRET)
        except SignError as error:
            self.faults.append(f"sign: {error}")
            raise self._denied("INVALID_SIGN") from None
        if not sign.made < sign.expires <= sign.made + self.variant.lifetime:
            self.faults.append(f"a sign that lives {sign.expires - sign.made} s")
            raise self._denied("EXPIRED_SIGN")
        # Dates have whole seconds, so a corrected clock may be ahead by one.
        if not sign.made - 2 <= self.now < sign.expires:
            raise self._denied("EXPIRED_SIGN")
        if text in self._seen:
            self.faults.append("a sign was sent twice")
            if self.variant.single_use:
                raise self._denied("REPLAY_ATTACK")
        self._seen.add(text)

    def _denied(self, reason: str) -> _RefusalError:
        return self._wrong("AUTHORIZATION_ERROR", reason, status=403)

    def _wrong(self, code: str, what: str, *, status: int = 400) -> _RefusalError:
        return _RefusalError(status, f"{code}:{' ' if self.variant.space else ''}{what}")

    def _named(self, content: dict[str, object]) -> dict[str, object]:
        return {"request_id": f"{self.now:.0f},{uuid.uuid4()}", "time_used": 7, **content}

    def _refused(self, refusal: _RefusalError) -> dict[str, object]:
        content: dict[str, object] = {self.variant.error_key: refusal.code}
        return content if self.variant.bare_errors else self._named(content)

    def _find(self, group_id: str, code: str) -> dict[str, object]:
        if group_id not in self.libraries:
            raise _RefusalError(400, code)
        return self.libraries[group_id]

    def _group_list(self) -> dict[str, object]:
        return {"group_infos": list(self.libraries.values())}

    def _group_info(self, group_id: str) -> dict[str, object]:
        return {"info": self._find(group_id, self.variant.unknown_library)}

    def _list(self, group_id: str, start: str = "1", limit: str = "100") -> dict[str, object]:
        for name, text in (("start", start), ("limit", limit)):
            if not _POSITION.fullmatch(text) or (name == "limit" and int(text) > 1000):
                self.faults.append(f"{name} is {text!r}")
                raise self._wrong("BAD_ARGUMENTS", name)
        self._find(group_id, "INVALID_GROUP_ID")
        first = int(start)
        if self.variant.refuse_start and first > 1000:
            raise self._wrong("BAD_ARGUMENTS", "start")
        found = self.faces(group_id, first, min(int(limit), self.variant.cap))
        after = first + len(found)
        return {"face_tokens": found} | self._next(after, more=bool(self.faces(group_id, after, 1)))

    def _next(self, after: int, *, more: bool) -> dict[str, object]:
        if self.variant.next == "absent":
            return {}
        value = after if self.variant.next == "number" else str(after)
        if more or self.variant.last_next == "onward":
            return {"next": value}
        last: dict[str, dict[str, object]] = {
            "absent": {},
            "null": {"next": None},
            "empty": {"next": ""},
        }
        return last[self.variant.last_next]

    def _face_info(self, group_id: str, face_token: str) -> dict[str, object]:
        self._find(group_id, "INVALID_GROUP_ID")
        for face in self.faces(group_id, 1, _SIZES.get(group_id, 0)):
            if face["face_token"] == face_token:
                return {"info": face}
        raise _RefusalError(400, "INVALID_FACE_TOKEN")

    def _create(
        self, group_id: str, group_name: str, group_data: str = "", model_version: str = "s21"
    ) -> dict[str, object]:
        rules = {
            "group_id": bool(_GROUP_ID.fullmatch(group_id)) and len(group_id.encode()) <= 48,
            "group_name": 1 <= len(group_name) <= 60,
            "group_data": len(group_data) <= 128,
            "model_version": bool(model_version),
        }
        for name, kept in rules.items():
            if not kept:
                self.faults.append(f"create with a {name} that the rules refuse")
                raise self._wrong("BAD_ARGUMENTS", name)
        if group_id in self.libraries:
            raise _RefusalError(400, "GROUP_EXIST")
        if len(self.libraries) >= _MOST_LIBRARIES:
            raise _RefusalError(400, "GROUP_EXCEEDED")
        made = datetime.fromtimestamp(int(self.now), _SINGAPORE)
        made_library = self._add(group_id, group_name, group_data, model_version, made)
        return {name: value for name, value in made_library.items() if name != "add_time"}

    def _add(
        self, group_id: str, name: str, data: str, model_version: str, made: datetime
    ) -> dict[str, object]:
        self.libraries[group_id] = {
            "group_id": group_id,
            "group_name": name,
            "group_data": data,
            "model_version": model_version,
            "add_time": made.isoformat(),
        }
        return self.libraries[group_id]

    def _face(self, group_id: str, position: int) -> dict[str, object]:
        added = _FOUNDED.astimezone(UTC) + timedelta(minutes=position, milliseconds=position)
        added_ms = round(added.timestamp() * 1000)
        face: dict[str, object] = {
            "face_token": hashlib.sha256(f"{group_id}/{position}".encode()).hexdigest()[:32],
            "user_id": f"user_{position // 3:04}",
            "user_data": f"{_PEOPLE[position % len(_PEOPLE)]} {position}",
            "add_time": added_ms if self.variant.times == "number" else str(added_ms),
        }
        if self.variant.null_data and position % 3 == 0:
            face["user_data"] = None
        if self.variant.null_data and position % 3 == 1:
            del face["user_data"]
        return face
