"""Owns the difference between the local clock and the service's; pure."""

from __future__ import annotations

from fs_tui.errors import AuthenticationError, AuthorizationError, FsTuiError

__all__ = ["ServiceClock"]

_TOLERANCE = 5.0
"""Seconds by which clocks may differ without a word: `Date` is cut to whole seconds, and answers
travel."""

_DAY = 86_400.0
"""The most seconds by which signs are corrected. A sign is good until its own time has passed: one
that is made for a `Date` of another year would be good for as long."""

_FAR = 60.0
"""Seconds of difference beyond which a plain AUTHENTICATION_ERROR may be the clock's doing."""


class ServiceClock:
    """What is known about the service's clock.

    Attributes:
        offset: Seconds that are added to the local time in a sign; 0 until a refusal shows that
            the local clock is off.
        measured: Service time minus local time by the newest answer; None before the first.
    """

    def __init__(self) -> None:
        self.offset = 0.0
        self.measured: float | None = None

    def observe(self, date: float | None, sent: float, received: float) -> float | None:
        """Take the `Date` of one answer.

        Args:
            date: Unix seconds of the header; None when there was none.
            sent: Local Unix seconds when the request went out.
            received: Local Unix seconds when the head of the answer was there.

        Returns:
            Service time minus local time in the middle of the round trip.
        """
        if date is None:
            return None
        # The header cuts the fraction off: half a second is the fair guess.
        self.measured = date + 0.5 - (sent + received) / 2
        return self.measured

    def explains(self, error: FsTuiError, *, seen: float | None, used: float) -> bool:
        """Whether a refusal is the clock's doing, so that a sign with the right time can help.

        Args:
            error: The refusal.
            seen: What `observe` returned for that very answer.
            used: The offset that the refused sign was made with.
        """
        if seen is None:
            return False
        if isinstance(error, AuthorizationError) and error.reason == "EXPIRED_SIGN":
            return abs(seen - used) > _TOLERANCE
        return isinstance(error, AuthenticationError) and abs(seen - used) > _FAR

    def too_far(self, seen: float) -> str:
        """Say why a difference is not corrected; empty where it is."""
        if abs(seen) <= _DAY:
            return ""
        way = "ahead of" if seen > 0 else "behind"
        return (
            f"The answer's Date is {abs(seen) / _DAY:,.1f} days {way} this machine's clock; signs"
            " are corrected by a day at most, so this one was not."
        )

    def correct(self, seen: float) -> bool:
        """Sign with the service's time from now on; whether that is news.

        A difference within the tolerance sets the offset back to 0.
        """
        offset = seen if abs(seen) > _TOLERANCE else 0.0
        is_news = abs(offset - self.offset) > _TOLERANCE
        self.offset = offset
        return is_news
