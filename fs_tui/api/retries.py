"""Owns the decision whether a failed attempt is followed by another one, and when; pure.

No retry library stands behind it: what such a library adds are its waits, and a hook that answers
with the seconds of `Retry-After` replaces them. The longer of the two needs both at hand, and then
nothing is left of it but the loop in transport.py.
"""

from __future__ import annotations

from typing import NamedTuple

from fs_tui.errors import (
    ConnectError,
    FsTuiError,
    LimitError,
    NetworkError,
    ProxyError,
    ServiceFailureError,
    TLSError,
)

__all__ = ["RetryRule", "may_help"]

_PASSING_STATUSES = frozenset({500, 502, 503, 504})


def may_help(error: FsTuiError, *, repeatable: bool) -> bool:
    """Whether another attempt can succeed and does no harm.

    Args:
        error: What the attempt ended with.
        repeatable: The call only reads. One that writes is sent again only if nothing was sent.
    """
    if isinstance(error, TLSError | ProxyError):
        return False
    if not repeatable:
        return isinstance(error, ConnectError)
    if isinstance(error, ServiceFailureError):
        return error.http_status in _PASSING_STATUSES or error.code.startswith("INTERNAL_ERROR")
    return isinstance(error, NetworkError | LimitError)


class RetryRule(NamedTuple):
    """How long to wait between attempts, and when to give up. All times are seconds.

    Attributes:
        budget: No further attempt is begun after so long.
        first: The first wait; it doubles from attempt to attempt, plus a random part as long.
        longest: The longest wait of our own.
    """

    budget: float
    first: float
    longest: float

    def wait(
        self,
        error: FsTuiError,
        *,
        attempt: int,
        elapsed: float,
        chance: float,
        repeatable: bool = True,
        retry_after: float | None = None,
    ) -> float | None:
        """Return how long to wait before the next attempt, or None to give up.

        Args:
            error: What the attempt ended with.
            attempt: The number of the attempt that failed, from 1.
            elapsed: Since the call began.
            chance: A random number from 0 to 1.
            repeatable: As for `may_help`.
            retry_after: What the service asked for: nothing is sent before, and where it asks for
                less than our own growing wait, that one holds, or we would flood it.
        """
        if not may_help(error, repeatable=repeatable):
            return None
        # The exponent is bounded, so that a long budget cannot overflow it.
        growing = self.first * 2 ** min(attempt - 1, 30)
        wait = max(min(self.longest, growing * (1 + chance)), retry_after or 0.0)
        return wait if elapsed + wait < self.budget else None
