"""How the sandbox misbehaves: options that can be changed while it runs, and failures to come."""

from __future__ import annotations

import random
import threading
from concurrent.futures import Future
from dataclasses import MISSING, dataclass, field, fields, replace
from typing import Literal, get_args

from fs_tui.errors import UsageError

__all__ = [
    "CALLS",
    "KINDS",
    "AddTimeForm",
    "Call",
    "ColonForm",
    "Failure",
    "Faults",
    "Kind",
    "NextForm",
    "status_of",
]

Call = Literal["group_list", "group_info", "list", "face_info", "create"]
"""The last part of a call's path."""

CALLS: tuple[Call, ...] = get_args(Call)

Kind = Literal[
    "error",  # `code` with `status`; what was asked is not done
    "error_in_200",  # the same with HTTP 200
    "unknown_code",  # a code that no document names
    "lost_answer",  # what was asked is done, then the connection drops
    "drop",  # the connection ends before anything is done
    "reset",  # the same, by a reset
    "hold",  # waits until `release()`, then answers properly
    "hang",  # never answers
    "hang_amid",  # does what was asked, sends half of the answer, then nothing
    "truncated",  # half of the body, then the end of the connection
    "wrong_length",  # a Content-Length that is shorter than the body
    "html",  # a proxy's page instead of JSON, 200 unless `status` says otherwise
    "empty",  # no body
    "non_object",  # JSON, but not an object
    "no_container",  # without `info`, `group_infos`, `face_tokens` or the created library
    "redirect",  # 302 to another path
    "oversize",  # more than 32 MiB
    "deep",  # brackets nested 100,000 deep
    "bad_utf8",  # bytes that are not UTF-8
    "too_large",  # 413 in plain text
]

KINDS: tuple[Kind, ...] = get_args(Kind)

NextForm = Literal["number", "string", "absent", "stuck"]
AddTimeForm = Literal["number", "string", "iso", "null"]
ColonForm = Literal["documented", "spaced", "tight", "alternating"]

_STATUS = {
    "AUTHENTICATION_ERROR": 401,
    "AUTHORIZATION_ERROR": 403,
    "CONCURRENCY_LIMIT_EXCEEDED": 403,
    "API_NOT_FOUND": 404,
    "INTERNAL_ERROR": 500,
}

_CHAOS_CODES = (
    "INTERNAL_ERROR",
    "CONCURRENCY_LIMIT_EXCEEDED",
    "AUTHORIZATION_ERROR:EXPIRED_SIGN",
    "AUTHORIZATION_ERROR:DENIED",
    "BAD_ARGUMENTS: start",
)


def status_of(code: str) -> int:
    """The HTTP status that goes with an error code (shared/API.md, section 3)."""
    return _STATUS.get(code.partition(":")[0].strip(), 400)


@dataclass(slots=True)
class Failure:
    """One way in which calls to come will fail.

    Attributes:
        kind: What happens.
        call: The call that it happens to; None is every call.
        times: How often it happens; None is until it is cleared.
        after: How many such calls pass before the first one that fails.
        rate: The share of calls that it happens to, 0 to 1.
        code: The error code, for the kinds that answer one.
        status: The HTTP status; None is the usual one of the kind or the code.
        retry_after: The value of a Retry-After header, seconds or an HTTP date.
    """

    kind: Kind
    call: Call | None = None
    times: int | None = 1
    after: int = 0
    rate: float = 1.0
    code: str = "INTERNAL_ERROR"
    status: int | None = None
    retry_after: str | float | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UsageError(f"There is no fault {self.kind!r}.", hint=f"Known: {', '.join(KINDS)}")
        if self.call is not None and self.call not in CALLS:
            raise UsageError(f"There is no call {self.call!r}.", hint=f"Known: {', '.join(CALLS)}")


@dataclass(slots=True)
class Faults:
    """What is wrong with the sandbox at the moment; every attribute may be set at any time.

    Safe to change from another thread than the server's. `Faults()` is a good service.

    Attributes:
        page_cap: At most so many rows a page, whatever `limit` says; None is no cap.
        max_start: A `start` above it is refused with BAD_ARGUMENTS: start; None is no bound.
        next: How a page that is not the last one names the next position; `stuck` repeats `start`.
        add_time: The form of a face's add_time.
        colon: The space after the `:` of an error code: as the documents have it, or otherwise.
        latency: Seconds that every call takes longer.
        clock_offset: Seconds by which the sandbox's clock is ahead: its Date and its expiry check.
        refuse_replay: A sign that was used before is refused.
        concurrency: More calls than this at once are refused; None is no limit.
        hostile: Text by field name. Replaces the field in every answer; behind group_id and
            face_token it is appended, so that the ids remain different and usable.
        overlap: The first row of each page but the first repeats the face before it.
        growth: Faces that are added to a library after each page of it.
        deletion: Faces that are deleted at the front of a library after each page of it.
        lean_errors: Errors come without request_id and time_used.
        error_key: The key of the error code, today's or its older spelling.
        chaos: The share of calls that fail in a way drawn from `chaos_kinds`.
        chaos_kinds: What chaos draws from.
        seed: Of every random choice; read when the object is made and by `reseed`.
        failures: What will fail; see `fail`.
    """

    page_cap: int | None = None
    max_start: int | None = None
    next: NextForm = "number"
    add_time: AddTimeForm = "number"
    colon: ColonForm = "documented"
    latency: float = 0.0
    clock_offset: float = 0.0
    refuse_replay: bool = False
    concurrency: int | None = None
    hostile: dict[str, str] = field(default_factory=dict)
    overlap: bool = False
    growth: int = 0
    deletion: int = 0
    lean_errors: bool = False
    error_key: Literal["error", "error_message"] = "error"
    chaos: float = 0.0
    chaos_kinds: tuple[Kind, ...] = tuple(k for k in KINDS if k not in {"hold", "oversize"})
    seed: int = 1
    failures: list[Failure] = field(default_factory=list)
    _lock: threading.Lock = field(
        default_factory=threading.Lock, init=False, repr=False, compare=False
    )
    _held: list[Future[None]] = field(default_factory=list, init=False, repr=False, compare=False)
    _random: random.Random = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.reseed(self.seed)

    def reseed(self, seed: int) -> None:
        """Start the random choices anew."""
        self.seed = seed
        self._random = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret

    def fail(
        self,
        kind: Kind,
        call: Call | None = None,
        *,
        times: int | None = 1,
        after: int = 0,
        rate: float = 1.0,
        code: str = "INTERNAL_ERROR",
        status: int | None = None,
        retry_after: str | float | None = None,
    ) -> None:
        """Let calls to come fail; the arguments are those of `Failure`. The first match wins."""
        failure = Failure(kind, call, times, after, rate, code, status, retry_after)
        with self._lock:
            self.failures.append(failure)

    def clear(self) -> None:
        """Be a good service again, and let go what is held."""
        with self._lock:
            for option in fields(self):
                if not option.init or option.name == "seed":
                    continue
                fresh = (
                    option.default_factory()
                    if option.default_factory is not MISSING
                    else option.default
                )
                setattr(self, option.name, fresh)
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
                return replace(failure)
            if self.chaos and self._random.random() < self.chaos:
                kind = self._random.choice(self.chaos_kinds)
                return Failure(kind, code=self._random.choice(_CHAOS_CODES))
            return None

    @property
    def held(self) -> int:
        """How many calls wait for `release`."""
        return len(self._held)

    def hold(self) -> Future[None]:
        """A future that is done at the next `release`, from whatever thread."""
        gate: Future[None] = Future()
        with self._lock:
            self._held.append(gate)
        return gate

    def let_go(self, gate: Future[None]) -> None:
        """Forget a gate whose call has ended in another way."""
        with self._lock:
            if gate in self._held:
                self._held.remove(gate)

    def release(self) -> None:
        """Let every call that is held go on."""
        with self._lock:
            gates, self._held = self._held, []
        for gate in gates:
            if not gate.done():
                gate.set_result(None)
