"""How the sandbox misbehaves: options that can be changed while it runs, and failures to come."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field, fields
from typing import Literal, get_args

from fs_tui.errors import UsageError

__all__ = [
    "CALLS",
    "FAULT_OPTIONS",
    "KINDS",
    "Call",
    "Failure",
    "Faults",
    "Kind",
    "parse_options",
    "status_of",
]

Call = Literal["group_list", "group_info", "list", "face_info", "create"]
"""The last part of a call's path."""

CALLS: tuple[Call, ...] = get_args(Call)

Kind = Literal[
    "error",  # `code` with `status`, without doing what was asked
    "error_in_200",  # the same with HTTP 200
    "unknown_code",  # a code that no document names
    "lost_answer",  # what was asked is done, then the connection drops
    "drop",  # the connection drops before anything is done
    "hold",  # waits until `release()`, then answers properly
    "hang",  # never answers
    "hang_amid",  # sends half of the answer, then nothing
    "truncated",  # half of the body, then the end of the connection
    "wrong_length",  # a Content-Length that is shorter than the body
    "html",  # a proxy's page instead of JSON
    "empty",  # no body
    "non_object",  # JSON, but not an object
    "no_container",  # an answer without its `info`, `group_infos`, `face_tokens` or `group_id`
    "redirect",  # 302 to another path
    "oversize",  # more than 32 MiB
    "deep",  # brackets nested 100,000 deep
    "bad_utf8",  # bytes that are not UTF-8
    "too_large",  # 413 in plain text
]

KINDS: tuple[Kind, ...] = get_args(Kind)

NextForm = Literal["number", "string", "absent", "stuck"]
AddTimeForm = Literal["number", "string", "iso", "null"]
ColonForm = Literal["spaced", "tight", "alternating"]

_STATUS = {
    "AUTHENTICATION_ERROR": 401,
    "AUTHORIZATION_ERROR": 403,
    "CONCURRENCY_LIMIT_EXCEEDED": 403,
    "API_NOT_FOUND": 404,
    "INTERNAL_ERROR": 500,
}


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
        after: How many calls pass before the first one that fails.
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

    @property
    def http_status(self) -> int:
        """The status of an error answer of this failure."""
        return status_of(self.code) if self.status is None else self.status


@dataclass(slots=True)
class Faults:
    """What is wrong with the sandbox at the moment; every attribute may be set at any time.

    Safe to change from another thread than the server's. `Faults()` is a good service.

    Attributes:
        page_cap: At most so many rows a page, whatever `limit` says; None is no cap.
        max_start: A `start` above it is refused with BAD_ARGUMENTS: start; None is no bound.
        next: How a page that is not the last one names the next position; `stuck` repeats `start`.
        add_time: The form of a face's add_time.
        colon: Whether a space follows the `:` of an error code.
        latency: Seconds that every call takes longer.
        clock_offset: Seconds by which the sandbox's clock is ahead: its Date and its expiry check.
        refuse_replay: A sign that was used before is refused.
        concurrency: More calls than this at once are refused; None is no limit.
        hostile: Text by field name. Replaces the field in every answer; for group_id and
            face_token it is put behind the true id, so that the ids remain different and usable.
        overlap: The first row of each page but the first repeats the row before it.
        growth: Faces that are added to a library after each page of it.
        deletion: Faces that are deleted at the front of a library after each page of it.
        lean_errors: Errors come without request_id and time_used.
        message_key: The key of the error code, `error` or its older spelling.
        chaos_rate: The share of calls that fail in a random way out of `chaos_kinds`.
        chaos_kinds: The kinds that chaos draws from.
        failures: What will fail; see `fail`.
    """

    page_cap: int | None = None
    max_start: int | None = None
    next: NextForm = "number"
    add_time: AddTimeForm = "number"
    colon: ColonForm = "spaced"
    latency: float = 0.0
    clock_offset: float = 0.0
    refuse_replay: bool = False
    concurrency: int | None = None
    hostile: dict[str, str] = field(default_factory=dict)
    overlap: bool = False
    growth: int = 0
    deletion: int = 0
    lean_errors: bool = False
    message_key: Literal["error", "error_message"] = "error"
    chaos_rate: float = 0.0
    chaos_kinds: tuple[Kind, ...] = tuple(kind for kind in KINDS if kind != "hold")
    seed: int = 1
    failures: list[Failure] = field(default_factory=list)
