"""Owns the exchange: connections, signed attempts with deadlines, retries, records, the clock.

call ──► attempt ──► sign, send, read, decode ──► model
           ▲  │
           │  ├──► EXPIRED_SIGN and the clock is off ──► sign once more with the right time
  wait ────┘  │
    ▲         └──► an error that passes ──┐
    └─────────────────────────────────────┘
"""

from __future__ import annotations

import asyncio
import random
import time
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from fs_tui.api.certificates import trust, trust_nobody
from fs_tui.api.clock import ServiceClock
from fs_tui.api.exchange import Exchange, Form
from fs_tui.api.failures import forget_frames
from fs_tui.api.http import httpx
from fs_tui.api.http_client import open_connections
from fs_tui.api.lookups import DaemonExecutor
from fs_tui.api.proxies import Way, find_way
from fs_tui.api.retries import RetryRule
from fs_tui.endpoint import normalised
from fs_tui.errors import ConnectError, FsTuiError, ServiceError, UnforeseenError
from fs_tui.models import ClockDrift, RetryWait

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from fs_tui.api import wire
    from fs_tui.api.signing import Signer
    from fs_tui.gateway import Event, Listener

__all__ = ["PATH", "Transport", "TransportOptions"]

_T = TypeVar("_T")

PATH = "/finauth/search/group/"
"""What every call's path begins with."""


class TransportOptions(NamedTuple):
    """How the service is called. All times are seconds.

    Attributes:
        connect_timeout: To reach the service and to agree on TLS, each.
        read_timeout: Between two pieces of an answer, and to send a piece of the request.
        total_timeout: One attempt, from connecting to the last byte.
        retry_budget: No further attempt is begun after so long; 0 means one attempt only.
        retry_wait: The first wait between two attempts; it doubles, plus a random part as long.
        retry_wait_max: The longest wait, unless Retry-After asks for more.
        sign_lifetime: How long a sign is good.
        ca_bundle: A PEM file of certificates that are trusted beside the system's.
        connections: The most calls at once, and connections that are kept.
        answer_limit: The most bytes of an answer, unpacked.
        clock: Unix seconds; what signs and records take the time from.
    """

    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    total_timeout: float = 60.0
    retry_budget: float = 30.0
    retry_wait: float = 0.5
    retry_wait_max: float = 15.0
    sign_lifetime: int = 100
    ca_bundle: Path | None = None
    connections: int = 8
    answer_limit: int = 32 * 1024 * 1024
    clock: Callable[[], float] = time.time


class Transport:
    """One endpoint, one signer, one pool of connections.

    Attributes:
        endpoint: Scheme and host.
        listeners: Told of each attempt, wait and correction of the clock.

    Raises:
        SettingsError: The endpoint, a proxy variable or the certificate file cannot be used.
    """

    def __init__(
        self,
        endpoint: str,
        signer: Signer,
        options: TransportOptions,
        *,
        asgi_app: Any = None,  # an ASGI app; its type would tie this room to one framework
    ) -> None:
        self.endpoint = normalised(endpoint)
        self.listeners: list[Listener] = []
        self.rule = RetryRule(options.retry_budget, options.retry_wait, options.retry_wait_max)
        self._options = options
        self._signer = signer
        self._clock = ServiceClock()
        self._url = cache(lambda call: httpx.URL(f"{self.endpoint}{PATH}{call}"))
        needs_tls = asgi_app is None and self.endpoint.startswith("https:")
        self._way = find_way(self.endpoint) if needs_tls else Way()
        # Waiting for a free connection counts towards the whole attempt only.
        self._timeout = httpx.Timeout(
            options.read_timeout, connect=options.connect_timeout, pool=options.total_timeout
        )
        self._connections = open_connections(
            most=options.connections,
            certificates=trust(options.ca_bundle) if needs_tls else trust_nobody(),
            proxy=self._way.proxy,
            asgi_app=asgi_app,
        )
        self._callers: set[asyncio.Task[Any]] = set()  # tasks of anybody, with any result
        self._is_closed = False
        self._is_fresh = True

    @property
    def warning(self) -> str:
        """What of the environment cannot be used and was left out; empty where nothing was."""
        return self._way.warning

    @property
    def measured_offset(self) -> float | None:
        """Service time minus local time in seconds, by the newest answer with a `Date`."""
        return self._clock.measured

    async def call(
        self,
        call: str,
        fields: Mapping[str, str],
        decode: Callable[[wire.Object], _T],
        *,
        repeatable: bool = True,
    ) -> _T:
        """Make one call, with retries.

        Args:
            call: The last part of the path.
            fields: The parameters but for the sign.
            decode: What reads the answer.
            repeatable: The call only reads, so that it may be sent again.

        Raises:
            FsTuiError: And nothing else, but for CancelledError.
        """
        if self._is_closed:
            raise ConnectError("This session is closed.", hint="Start again.")
        if self._is_fresh:
            self._is_fresh = False
            asyncio.get_running_loop().set_default_executor(DaemonExecutor())
        attempts = _Attempts(self, call, fields, repeatable=repeatable)
        caller = asyncio.current_task()
        if caller is not None:
            self._callers.add(caller)
        try:
            while True:
                try:
                    return await self._attempt(attempts, decode)
                except FsTuiError as error:
                    wait = attempts.next_wait(error)
                    if wait is None:
                        raise
                await asyncio.sleep(wait)
                attempts.end_wait()
        finally:
            attempts.end_wait()
            if caller is not None:
                self._callers.discard(caller)

    async def aclose(self) -> None:
        """Close the connections; calls under way are cancelled."""
        self._is_closed = True
        for caller in self._callers - {asyncio.current_task()}:
            caller.cancel()
        # One turn of the loop lets them leave their connections.
        await asyncio.sleep(0)
        await self._connections.aclose()

    def tell(self, event: Event) -> None:
        for listener in self.listeners:
            listener(event)

    async def _attempt(self, attempts: _Attempts, decode: Callable[[wire.Object], _T]) -> _T:
        """Send a call once, or once more with the service's time if the clock was to blame.

        A refused sign was not executed, so this holds for a create as well.
        """
        exchange = self._begin(attempts)
        try:
            return await self._run(attempts, exchange, decode)
        except ServiceError as refused:
            if not self._is_clock_to_blame(refused, exchange):
                raise
        return await self._run(attempts, self._begin(attempts), decode)

    def _begin(self, attempts: _Attempts) -> Exchange:
        """Sign anew: every attempt has its own sign."""
        attempts.number += 1
        offset = self._clock.offset
        form = Form(
            self._url(attempts.call),
            attempts.fields,
            self._signer,
            offset=offset,
            timeout=self._timeout,
        )
        return Exchange(form, clock=self._options.clock, clock_used=offset, proxy=self._way.proxy)

    async def _run(
        self, attempts: _Attempts, exchange: Exchange, decode: Callable[[wire.Object], _T]
    ) -> _T:
        """Run one exchange under its deadline and tell what became of it."""
        deadline = self._options.total_timeout
        outcome = "Cancelled"
        try:
            async with asyncio.timeout(deadline):
                limit = self._options.answer_limit
                result = await exchange.run(self._connections, decode, limit=limit)
            outcome = ""
        except TimeoutError as error:
            forget_frames(error)
            late = exchange.late(error, deadline)
            outcome = late.title
            raise late from error
        except FsTuiError as error:
            outcome = error.title
            raise
        except Exception:
            outcome = UnforeseenError.title
            raise
        finally:
            attempts.retry_after = exchange.retry_after
            self._clock.observe(exchange.date, exchange.sent_at, exchange.received_at)
            self.tell(exchange.record(attempts.call, attempts.group_id, attempts.number, outcome))
        return result

    def _is_clock_to_blame(self, refused: ServiceError, exchange: Exchange) -> bool:
        """Whether a sign with the service's time can help; corrects the clock if so."""
        seen = self._clock.observe(exchange.date, exchange.sent_at, exchange.received_at)
        if seen is None or not self._clock.explains(refused, seen=seen, used=exchange.clock_used):
            return False
        if said := self._clock.too_far(seen):
            refused.hint = f"{said} {refused.hint}"
            return False
        if self._clock.correct(seen):
            self.tell(ClockDrift(self._clock.offset))
        return True


class _Attempts:
    """One call with all its attempts.

    Args:
        transport: What is told of the waits.
        call: The last part of the path.
        fields: The parameters but for the sign.
        repeatable: The call only reads, so that it may be sent again.

    Attributes:
        number: The attempt that is under way, or was the last; from 1.
        retry_after: Seconds that the service asked to wait after it.
        waits_for: Why it waits; empty while it does not.
    """

    def __init__(
        self, transport: Transport, call: str, fields: Mapping[str, str], *, repeatable: bool
    ) -> None:
        self.call, self.fields = call, fields
        self.number = 0
        self.retry_after: float | None = None
        self.waits_for = ""
        self._transport = transport
        self._repeatable = repeatable
        self._begun = time.monotonic()

    @property
    def group_id(self) -> str:
        """The library that is asked for; empty where none is."""
        return self.fields.get("group_id", "")

    def next_wait(self, error: FsTuiError) -> float | None:
        """Decide about another attempt, and announce the wait for it; None is to give up."""
        wait = self._transport.rule.wait(
            error,
            attempt=self.number,
            elapsed=time.monotonic() - self._begun,
            chance=random.random(),  # noqa: S311 - spreads attempts, guards nothing
            repeatable=self._repeatable,
            retry_after=self.retry_after,
        )
        if wait is not None:
            self.waits_for = error.title
            self._tell(wait, error)
        return wait

    def end_wait(self) -> None:
        """Announce that a wait is over, by its end or by a cancel."""
        if self.waits_for:
            self._tell(0.0)
            self.waits_for = ""

    def _tell(self, seconds: float, error: FsTuiError | None = None) -> None:
        self._transport.tell(
            RetryWait(self.call, self.group_id, self.number, seconds, self.waits_for, error)
        )
