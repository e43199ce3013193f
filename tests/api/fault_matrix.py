"""Every fault times every call, over a real socket: what the user reads, and that nothing is lost.

`python -m tests.api.fault_matrix` prints the table; test_fault_matrix.py asserts it.

A cell: open ──► the fault begins ──► the wish ──► what is read, in which time
                                                      └──► the fault ends ──► the same wish works
"""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, get_args

import httpx

from fs_tui.api.client import FaceSearchClient
from fs_tui.api.transport import TransportOptions
from fs_tui.creation import create_library
from fs_tui.errors import (
    AuthenticationError,
    AuthorizationError,
    ConnectError,
    ConnectionLostError,
    DeadlineError,
    EndpointNotFoundError,
    FsTuiError,
    LimitError,
    NotCreatedError,
    PagingError,
    ProtocolError,
    ProxyError,
    RequestTooLargeError,
    ServiceError,
    ServiceFailureError,
    TLSError,
)
from fs_tui.faces.listing import FaceListing
from fs_tui.models import LibraryDraft
from fs_tui.sandbox.failures import Call
from fs_tui.sandbox.population import Population
from fs_tui.sandbox.serve import Running, background
from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET
from tests.api.staging import (
    Stage,
    accept,
    answer_at_last,
    behind,
    failing,
    never_accept,
    proxy_down,
    proxy_up,
    refuse,
    setting,
    together,
    untrusted,
)
from tests.api.tunnel import Tunnel, refusing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

__all__ = ["DEADLINE", "FAULTS", "MOST_SENT", "WISHES", "Cell", "Fault", "run_cell"]

PATIENT = TransportOptions(
    connect_timeout=8,
    read_timeout=8,
    total_timeout=9,
    retry_budget=0.15,
    retry_wait=0.03,
    retry_wait_max=0.06,
    answer_limit=2**20,
)
"""For what fails at once, however busy the machine is."""

HASTY = PATIENT._replace(read_timeout=0.5)
"""For what never answers."""

UNHEARD = PATIENT._replace(connect_timeout=0.2)
"""For what is never connected."""

ENDLESS = PATIENT._replace(total_timeout=1)
"""For an answer that never ends."""

FORGIVING = PATIENT._replace(retry_budget=8)
"""For what the next try cures."""

DEADLINE = 10.0
"""Seconds that no cell may exceed. What answers too late takes two, where a create has to ask for
details; the rest is for a busy machine."""

MOST_SENT = 6
"""Calls that no cell may exceed: what waits allow within the budget, and no flood."""

LIBRARY = "clinic_2500"

WISHES = (*get_args(Call), "table")
"""The five calls, and the rows that a screen keeps while it loads more of them."""

SECOND = 101
"""The position that the table wants when it has its first 100 rows."""

DRAFT = LibraryDraft("matrix", "The matrix", "data")


@dataclass(frozen=True)
class Fault:
    """One line of the matrix.

    Attributes:
        name: For people.
        begin: Puts the fault in place before the client is opened.
        reads: What reading calls end with; None where a retry, or nothing, is all it takes.
        create: What a create ends with; None where the library was made.
        end: Takes the fault away; the sandbox's own faults are always cleared.
        table: What stops the table, where that differs from the reading calls.
        options: Of the client.
    """

    name: str
    begin: Callable[[Stage], Awaitable[None]]
    reads: type[FsTuiError] | None
    create: type[FsTuiError] | None
    end: Callable[[Stage], Awaitable[None]] | None = None
    table: type[FsTuiError] | None = None
    options: TransportOptions = PATIENT


@dataclass(frozen=True)
class Cell:
    """What became of one wish under one fault.

    Attributes:
        error: What the user met; None when the wish came true.
        said: The whole text that the user reads.
        seconds: How long the wish took.
        sent: How often the sandbox received the call.
        kept: State before and after are the same, or what the error says.
        recovers: The same wish works when the fault is over, with the same client.
    """

    fault: str
    wish: str
    error: FsTuiError | None
    said: str
    seconds: float
    sent: int
    kept: bool
    recovers: bool


_ERROR = failing("error", code="INTERNAL_ERROR")
_PAST = "Wed, 21 Oct 2015 07:28:00 GMT"
_failing_now = failing("error", code="INTERNAL_ERROR", retry_after=0)

FAULTS = (
    Fault("connection refused", refuse, ConnectError, ConnectError, answer_at_last),
    Fault(
        "connection never accepted",
        never_accept,
        ConnectError,
        ConnectError,
        accept,
        options=UNHEARD,
    ),
    Fault("certificate untrusted", untrusted, TLSError, TLSError),
    Fault("connection reset", failing("reset"), ConnectionLostError, NotCreatedError),
    Fault("connection dropped", failing("drop"), ConnectionLostError, NotCreatedError),
    Fault("answer lost", failing("lost_answer"), ConnectionLostError, None),
    Fault("hang before the answer", failing("hang"), DeadlineError, NotCreatedError, options=HASTY),
    Fault("hang amid the answer", failing("hang_amid"), DeadlineError, None, options=HASTY),
    Fault("truncated body", failing("truncated"), ConnectionLostError, None),
    Fault("wrong length", failing("wrong_length"), ProtocolError, None),
    Fault("HTML", failing("html"), ProtocolError, NotCreatedError),
    Fault("413 in plain text", failing("too_large"), RequestTooLargeError, RequestTooLargeError),
    Fault("empty body", failing("empty"), ProtocolError, None),
    Fault("not an object", failing("non_object"), ProtocolError, None),
    Fault("container missing", failing("no_container"), ProtocolError, None),
    Fault("larger than the limit", failing("oversize"), ProtocolError, None),
    Fault(
        "larger than the limit when inflated", failing("compressed_oversize"), ProtocolError, None
    ),
    Fault("nested deeply", failing("deep"), ProtocolError, None),
    Fault("not UTF-8", failing("bad_utf8"), ProtocolError, None),
    Fault(
        "error in a 200",
        failing("error_in_200", code="AUTHORIZATION_ERROR: DENIED"),
        AuthorizationError,
        AuthorizationError,
    ),
    Fault("unknown code", failing("unknown_code"), ServiceError, ServiceError),
    Fault(
        "401",
        failing("error", code="AUTHENTICATION_ERROR"),
        AuthenticationError,
        AuthenticationError,
    ),
    Fault(
        "403",
        failing("error", code="AUTHORIZATION_ERROR:IP_NOT_ALLOWED"),
        AuthorizationError,
        AuthorizationError,
    ),
    Fault(
        "404", failing("error", code="API_NOT_FOUND"), EndpointNotFoundError, EndpointNotFoundError
    ),
    Fault(
        "429",
        failing("error", code="CONCURRENCY_LIMIT_EXCEEDED", status=429),
        LimitError,
        LimitError,
    ),
    Fault(
        "429 with Retry-After",
        failing("error", code="CONCURRENCY_LIMIT_EXCEEDED", status=429, retry_after=30),
        LimitError,
        LimitError,
    ),
    Fault(
        "429 once",
        failing("error", code="CONCURRENCY_LIMIT_EXCEEDED", status=429, times=1),
        None,
        LimitError,
        options=FORGIVING,
    ),
    Fault("500", _ERROR, ServiceFailureError, NotCreatedError),
    Fault("500 once", failing("error", times=1), None, NotCreatedError, options=FORGIVING),
    Fault("502 in HTML", failing("html", status=502), ServiceFailureError, NotCreatedError),
    Fault(
        "429 with a Retry-After of 0",
        failing("error", code="CONCURRENCY_LIMIT_EXCEEDED", status=429, retry_after=0),
        LimitError,
        LimitError,
    ),
    Fault(
        "403 with a Retry-After that is past",
        failing("error", code="CONCURRENCY_LIMIT_EXCEEDED", status=403, retry_after=_PAST),
        LimitError,
        LimitError,
    ),
    Fault("500 with a Retry-After of 0", _failing_now, ServiceFailureError, NotCreatedError),
    Fault("redirect", failing("redirect"), ProtocolError, NotCreatedError),
    Fault("redirect to //", failing("redirect", text="//evil"), ProtocolError, NotCreatedError),
    Fault(
        "redirect to no host",
        failing("redirect", text="https://xn--/"),
        ProtocolError,
        NotCreatedError,
    ),
    Fault("dripping answer", failing("drip"), DeadlineError, None, options=ENDLESS),
    Fault("half a surrogate, nested", failing("deep_surrogate"), None, None),
    Fault(
        "a Date of the year 9999",
        together(
            setting("date", value="Fri, 31 Dec 9999 23:59:59 GMT"),
            failing("error", code="AUTHORIZATION_ERROR:EXPIRED_SIGN"),
        ),
        AuthorizationError,
        AuthorizationError,
    ),
    Fault("proxy down", proxy_down, ConnectError, ConnectError, proxy_up),
    Fault(
        "proxy silent",
        behind(partial(Tunnel, None)),
        ConnectError,
        ConnectError,
        proxy_up,
        options=UNHEARD._replace(connect_timeout=1, read_timeout=1),
    ),
    Fault("proxy hangs up", behind(partial(Tunnel, b"")), ConnectError, ConnectError, proxy_up),
    Fault("proxy 407", behind(partial(refusing, "407 Who")), ProxyError, ProxyError, proxy_up),
    Fault("proxy 403", behind(partial(refusing, "403 No")), ProxyError, ProxyError, proxy_up),
    Fault("proxy 502", behind(partial(refusing, "502 Bad")), ConnectError, ConnectError, proxy_up),
    Fault(
        "proxy that is none",
        behind(partial(Tunnel, b"SSH-2.0\r\n\r\n")),
        ProxyError,
        ProxyError,
        proxy_up,
    ),
    Fault("next does not move", setting("next", value="stuck"), None, None, table=PagingError),
    Fault("start ignored", setting("ignore_start", value=True), None, None, table=PagingError),
    Fault("duplicated tokens", setting("overlap", value=True), None, None),
)


# --- playing a cell -------------------------------------------------------------------------------


async def run_cell(sandbox: Running, fault: Fault, wish: str) -> Cell:
    """Play one cell on a sandbox that runs."""
    sandbox.faults.clear()
    sandbox.service.population = Population()
    call: Call = "list" if wish == "table" else wish  # type: ignore[assignment] # WISHES names them
    async with AsyncExitStack() as exits:
        stage = Stage(sandbox, call, sandbox.url, fault.options, exits)
        if wish == "table":
            return await _play_table(stage, fault)
        await fault.begin(stage)
        before = [library.group_id for library in sandbox.service.population]
        served = sandbox.service.served[call]
        async with _client(stage.url, stage.options) as client:
            error, seconds = await _attempt(client, wish)
            sent = sandbox.service.served[call] - served
            after = [library.group_id for library in sandbox.service.population]
            made = [DRAFT.group_id] if wish == "create" and error is None else []
            await _end(stage, fault, client)
            recovers = await _recovers(client, stage, wish, is_made=bool(made))
    said = _text(error)
    return Cell(fault.name, wish, error, said, seconds, sent, after == before + made, recovers)


async def _play_table(stage: Stage, fault: Fault) -> Cell:
    """A table with its first rows loaded wants later ones, and keeps the first."""
    url = stage.url
    async with _client(url, PATIENT) as good:
        token = (await good.faces(LIBRARY, start=1, limit=100)).faces[0].face_token
    await fault.begin(stage)
    # The listing is opened on a service that works; where the fault is the way itself, the first
    # rows cannot be had, and none is what it keeps.
    reaches = stage.url == url
    if reaches:
        stage.sandbox.faults.clear()
    served = stage.sandbox.service.served["list"]
    async with (
        _client(stage.url, stage.options) as client,
        aclosing(FaceListing(client, LIBRARY)) as listing,
    ):
        if reaches:
            await listing.goto(1)
            await fault.begin(stage)
        before = listing.rows(0, listing.row_count())
        began = time.monotonic()
        await listing.goto(SECOND)
        await listing.finished()
        seconds = time.monotonic() - began
        error = listing.status.stopped
        said = _text(error) if error else listing.status.changed
        after = listing.rows(0, len(before))
        kept = all(old in (None, new) for old, new in zip(before, after, strict=True))
        sent = stage.sandbox.service.served["list"] - served
        await _end(stage, fault, client)
        if stage.cure is not None:
            async with (
                _client(stage.url, stage.cure) as trusting,
                aclosing(FaceListing(trusting, LIBRARY)) as again,
            ):
                recovers = await again.goto(SECOND) is not None
        else:
            listing.retry()
            await listing.goto(1)
            first = listing.face(1)
            recovers = first is not None and first.face.face_token == token
            recovers = recovers and await listing.goto(SECOND) is not None
    return Cell(fault.name, "table", error, said, seconds, sent, kept, recovers)


@asynccontextmanager
async def _client(url: str, options: TransportOptions) -> AsyncIterator[FaceSearchClient]:
    client = FaceSearchClient(url, DEMO_API_KEY, DEMO_API_SECRET, options=options)
    async with aclosing(client):
        yield client


async def _wish(client: FaceSearchClient, wish: str, *, in_doubt: bool = False) -> object:
    """One wish, the way that commands and screens have it."""
    if wish == "group_list":
        return await client.libraries()
    if wish == "group_info":
        return await client.library(LIBRARY)
    if wish == "list":
        return await client.faces(LIBRARY, start=201, limit=100)
    if wish == "face_info":
        return await client.face(LIBRARY, _token())
    return await create_library(client, DRAFT, in_doubt=in_doubt)


def _token() -> str:
    return Population()[LIBRARY].rows(1, 1)[0][0]


async def _attempt(client: FaceSearchClient, wish: str) -> tuple[FsTuiError | None, float]:
    began = time.monotonic()
    error: FsTuiError | None = None
    try:
        await _wish(client, wish)
    except FsTuiError as met:
        error = met
    return error, time.monotonic() - began


async def _end(stage: Stage, fault: Fault, client: FaceSearchClient) -> None:
    """End the fault; the client, with all it has met, waits from now on as for a busy machine."""
    stage.sandbox.faults.clear()
    if fault.end is not None:
        await fault.end(stage)
    transport = client._transport
    transport._options = stage.options._replace(total_timeout=PATIENT.total_timeout)
    transport._timeout = httpx.Timeout(PATIENT.read_timeout)


async def _recovers(client: FaceSearchClient, stage: Stage, wish: str, *, is_made: bool) -> bool:
    """Whether the same wish works now; a library that was made is there."""
    if stage.cure is not None:
        async with _client(stage.url, stage.cure) as trusting:
            return bool(await _wish(trusting, wish))
    if is_made:
        return (await client.library(DRAFT.group_id)).group_name == DRAFT.group_name
    return bool(await _wish(client, wish, in_doubt=True))


def _text(error: FsTuiError | None) -> str:
    return "" if error is None else f"{error} » {error.hint}"


# --- the table ------------------------------------------------------------------------------------


async def _print_all() -> None:
    """Play every cell and print what the user reads, equal cells of a fault together."""
    began = time.monotonic()
    lost = 0
    with background() as sandbox:
        for fault in FAULTS:
            said: dict[str, list[Cell]] = {}
            for wish in WISHES:
                cell = await run_cell(sandbox, fault, wish)
                text = re.sub(r"127\.0\.0\.1:\d+", "HOST", cell.said) or "(the wish came true)"
                said.setdefault(text, []).append(cell)
                lost += not (cell.kept and cell.recovers)
            print(f"\n{fault.name}")  # noqa: T201 - a command for people
            for text, cells in said.items():
                names = ", ".join(cell.wish for cell in cells)
                slowest = max(cell.seconds for cell in cells)
                print(f"  {slowest:5.2f} s  {names}\n           {text}")  # noqa: T201 - the same
    count = len(FAULTS) * len(WISHES)
    seconds = time.monotonic() - began
    print(f"\n{count} cells in {seconds:.0f} s; something was lost in {lost} of them.")  # noqa: T201 - the same


if __name__ == "__main__":
    asyncio.run(_print_all())
