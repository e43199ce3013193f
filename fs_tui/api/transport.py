"""Owns the exchange: one AsyncClient, deadlines, retries, records, the clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from fs_tui.api.signing import Signer
from fs_tui.gateway import Listener

__all__ = ["Transport", "TransportOptions"]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class TransportOptions:
    """How the service is called. All times are seconds.

    Attributes:
        connect_timeout: To reach the service and to agree on TLS, each.
        read_timeout: Between two pieces of an answer, and to send a piece of the request.
        total_timeout: One attempt, from connecting to the last byte.
        retry_budget: No further attempt is begun after so long; 0 means one attempt only.
        retry_wait: The first wait between two attempts; it doubles, plus a random part as long.
        retry_wait_max: The longest wait, also where Retry-After asks for more.
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
    """One endpoint, one signer, one pool of connections."""

    listeners: list[Listener]
    endpoint: str
    measured_offset: float | None

    def __init__(
        self, endpoint: str, signer: Signer, options: TransportOptions, *, asgi_app: Any = None
    ) -> None:
        raise NotImplementedError

    async def call(
        self,
        call: str,
        fields: Mapping[str, str],
        decode: Callable[[Mapping[str, Any]], _T],
        *,
        repeatable: bool = True,
    ) -> _T:
        """Make one call, with retries."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Close the connections; calls under way are cancelled."""
        raise NotImplementedError
