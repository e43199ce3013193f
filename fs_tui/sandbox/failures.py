"""Failures of single calls: each kind is declared once, with what is said about it and done.

A call that fails goes through these steps; each kind replaces one or two of them.

wait ──► the call, or a refusal instead ──► answer, or a spoilt one ──► sent, or sent badly
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, get_args

from fs_tui.errors import UsageError
from fs_tui.sandbox.answers import Answer, Refusal
from fs_tui.sandbox.documents import random_document

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from fs_tui.sandbox.connection import Connection

__all__ = ["CALLS", "KINDS", "Call", "Failure", "Kind", "check_kind"]

Call = Literal["group_list", "group_info", "list", "face_info", "create"]
"""The last part of a call's path."""

CALLS: tuple[Call, ...] = get_args(Call)


@dataclass(slots=True)
class Failure:
    """One way in which calls to come will fail."""

    __pydantic_config__: ClassVar = {"extra": "forbid", "allow_inf_nan": False}

    kind: Annotated[str, "what happens"]
    call: Annotated[Call | None, "the call that it happens to; none is every call"] = None
    times: Annotated[int | None, "how often; always is until it is cleared"] = 1
    after: Annotated[int, "how many such calls pass before"] = 0
    rate: Annotated[float, "the share of calls that it happens to, 0 to 1"] = 1.0
    code: Annotated[str, "the error code, for the kinds that answer one"] = "INTERNAL_ERROR"
    status: Annotated[int | None, "the HTTP status; none is that of the kind or the code"] = None
    retry_after: Annotated[str | int | float | None, "seconds, an HTTP date, or anything"] = None
    text: Annotated[str | None, "the body of `body`, the Location of `redirect`"] = None
    seed: Annotated[int | None, "of what is drawn; none draws one for each call"] = None

    def __post_init__(self) -> None:
        """Refuse what there is not, by whatever way it comes."""
        check_kind(self.kind)
        if self.call is not None and self.call not in CALLS:
            raise UsageError(f"There is no call {self.call!r}.", hint=f"Known: {', '.join(CALLS)}")

    @property
    def effect(self) -> Kind:
        """What its kind does."""
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of failure is.

    Attributes:
        about: For people.
        executes: Whether what was asked is done all the same.
        waits: Whether the call waits for `release` first.
        refuses: The refusal that is answered instead.
        spoils: Makes the bad answer out of the good one.
        sends: Sends an answer badly.
        chaos: Whether chaos draws it unless told otherwise.
    """

    about: str
    executes: bool = False
    waits: bool = False
    refuses: Callable[[Failure], Refusal] | None = None
    spoils: Callable[[Failure, Answer], Answer] = lambda _, answer: answer
    sends: Callable[[Answer, Connection], Awaitable[None]] = lambda answer, to: to.answer(answer)
    chaos: bool = True


def check_kind(kind: str) -> None:
    """Refuse a kind that there is not.

    Raises:
        UsageError: It names those that there are.
    """
    if kind not in KINDS:
        raise UsageError(f"There is no fault {kind!r}.", hint=f"Known: {', '.join(KINDS)}")


async def _hang(_: Answer, to: Connection) -> None:
    await to.left()


async def _hang_amid(answer: Answer, to: Connection) -> None:
    await to.begin(answer, length=len(answer.body))
    await to.go_on(_half(answer))
    await to.left()


async def _drip(answer: Answer, to: Connection) -> None:
    await to.begin(answer, length=len(answer.body))
    for at in range(len(answer.body)):
        if await to.left_within(_DRIP_SECONDS):
            return
        await to.go_on(answer.body[at : at + 1])
    await to.go_on(b"", more=False)


async def _truncate(answer: Answer, to: Connection) -> None:
    await to.cut(answer, length=len(answer.body), body=_half(answer))


async def _shorten_length(answer: Answer, to: Connection) -> None:
    await to.cut(answer, length=len(answer.body) // 2, body=answer.body)


async def _swell(answer: Answer, to: Connection) -> None:
    await to.begin(answer, length=None)
    await to.stream([*[b" " * _MEBIBYTE] * _OVERSIZE_MEBIBYTES, answer.body])


def _half(answer: Answer) -> bytes:
    return answer.body[: len(answer.body) // 2]


def _without_container(_: Failure, answer: Answer) -> Answer:
    content = json.loads(answer.body)
    left = {name: value for name, value in content.items() if name not in _CONTAINERS}
    return replace(answer, body=json.dumps(left).encode())


def _compressed(_: Failure, answer: Answer) -> Answer:
    swollen = b" " * (_OVERSIZE_MEBIBYTES * _MEBIBYTE) + answer.body
    return answer.but(answer.status, gzip.compress(swollen), content_encoding="gzip")


_DRIP_SECONDS = 0.1
_DEPTH, _DEEP_ENOUGH = 100_000, 600
_MEBIBYTE = 1 << 20
_OVERSIZE_MEBIBYTES = 33
_HTML = b"<!DOCTYPE html><html><head><title>Gateway</title></head><body>It works!</body></html>"
_CONTAINERS = (
    "info",
    "group_infos",
    "face_tokens",
    "group_id",
    "group_name",
    "group_data",
    "model_version",
)

KINDS: Mapping[str, Kind] = {
    "error": Kind(
        "`code` with `status`",
        refuses=lambda f: Refusal(f.code, f.status),
    ),
    "error_in_200": Kind(
        "`code` with HTTP 200",
        refuses=lambda f: Refusal(f.code, 200),
    ),
    "unknown_code": Kind(
        "a code that no document names",
        refuses=lambda _: Refusal("TEAPOT_EMPTY: third shelf", 418),
    ),
    "lost_answer": Kind(
        "what was asked is done, then the connection drops",
        executes=True,
        sends=lambda _, to: to.drop(),
    ),
    "drop": Kind(
        "the connection ends before anything is done",
        sends=lambda _, to: to.drop(),
    ),
    "reset": Kind(
        "the same, by a reset",
        sends=lambda _, to: to.drop(reset=True),
    ),
    "hold": Kind(
        "waits until it is released, then answers properly",
        executes=True,
        waits=True,
        chaos=False,
    ),
    "hang": Kind(
        "never answers",
        sends=_hang,
    ),
    "hang_amid": Kind(
        "does what was asked, sends half of the answer, then nothing",
        executes=True,
        sends=_hang_amid,
    ),
    "drip": Kind(
        "does what was asked, sends ten bytes of the answer a second",
        executes=True,
        sends=_drip,
    ),
    "truncated": Kind(
        "half of the body, then the end of the connection",
        executes=True,
        sends=_truncate,
    ),
    "wrong_length": Kind(
        "a Content-Length that is shorter than the body",
        executes=True,
        sends=_shorten_length,
    ),
    "html": Kind(
        "a proxy's page instead of JSON, with 200 or `status`",
        spoils=lambda f, a: a.but(f.status or 200, _HTML, content_type="text/html"),
    ),
    "redirect": Kind(
        "302 or `status`, to `text` or another path",
        spoils=lambda f, a: a.but(f.status or 302, b"", location=f.text or "/elsewhere"),
    ),
    "too_large": Kind(
        "413 in plain text",
        spoils=lambda f, a: a.but(
            f.status or 413, b"Request Entity Too Large", content_type="text/plain"
        ),
    ),
    "body": Kind(
        "`text` as the body, with 200 or `status`",
        spoils=lambda f, a: a.but(f.status or 200, (f.text or "").encode("utf-8", "surrogatepass")),
        chaos=False,
    ),
    "empty": Kind(
        "no body",
        executes=True,
        spoils=lambda _, a: replace(a, body=b""),
    ),
    "non_object": Kind(
        "JSON, but not an object",
        executes=True,
        spoils=lambda _, a: replace(a, body=b"[]"),
    ),
    "no_container": Kind(
        "without info, group_infos, face_tokens or the created library",
        executes=True,
        spoils=_without_container,
    ),
    "deep": Kind(
        "brackets nested 100,000 deep",
        executes=True,
        spoils=lambda _, a: replace(a, body=b'{"info":' + b"[" * _DEPTH + b"]" * _DEPTH + b"}"),
    ),
    "deep_surrogate": Kind(
        "half a surrogate pair, and brackets nested 600 deep, beside proper containers",
        executes=True,
        spoils=lambda _, a: replace(
            a,
            body=b'{"x":"\\ud800","y":'
            + (b"[" * _DEEP_ENOUGH + b"]" * _DEEP_ENOUGH + b",")
            + a.body.removeprefix(b"{"),
        ),
    ),
    "bad_utf8": Kind(
        "bytes that are not UTF-8",
        executes=True,
        spoils=lambda _, a: replace(a, body=a.body[:-1] + b',"x":"\xff\xfe\xc3"}'),
    ),
    "random_document": Kind(
        "a random JSON document, of a proper shape or not, drawn from `seed`",
        executes=True,
        spoils=lambda f, a: replace(a, body=random_document(a.body, f.seed or 0)),
        chaos=False,
    ),
    "oversize": Kind(
        "more than 32 MiB",
        executes=True,
        sends=_swell,
        chaos=False,
    ),
    "compressed_oversize": Kind(
        "more than 32 MiB in a few kilobytes of gzip",
        executes=True,
        spoils=_compressed,
        chaos=False,
    ),
}
"""Every kind by its name."""
