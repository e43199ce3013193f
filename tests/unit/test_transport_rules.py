"""The pure rules of the transport: retries, the clock, the mapping of foreign exceptions."""

from __future__ import annotations

import errno
import socket
import ssl
from typing import TYPE_CHECKING

import httpx
import pytest

from fs_tui import errors
from fs_tui.api.clock import ServiceClock
from fs_tui.api.failures import FOREIGN, forget_frames, translate, unforeseen
from fs_tui.api.refusals import refusal
from fs_tui.api.retries import RetryRule, may_help

if TYPE_CHECKING:
    from collections.abc import Iterator

# --- retries --------------------------------------------------------------------------------------

_RULE = RetryRule(budget=30.0, first=0.5, longest=15.0)

_PASSING: list[errors.FsTuiError] = [
    errors.ConnectError("refused"),
    errors.DeadlineError("silent"),
    errors.ConnectionLostError("gone"),
    refusal("", 429),
    refusal("CONCURRENCY_LIMIT_EXCEEDED", 200),
    refusal("CONCURRENCY_LIMIT_EXCEEDED", 403),
    refusal("INTERNAL_ERROR", 500),
    refusal("INTERNAL_ERROR", 200),
    refusal("", 500),
    refusal("", 502),
    refusal("", 503),
    refusal("", 504),
]

_LASTING: list[errors.FsTuiError] = [
    errors.TLSError("untrusted"),
    errors.ProxyError("407"),
    errors.ProtocolError("half"),
    errors.UnforeseenError("ValueError"),
    refusal("", 501),
    refusal("", 404),
    refusal("AUTHENTICATION_ERROR", 401),
    refusal("AUTHORIZATION_ERROR:EXPIRED_SIGN", 403),
    refusal("AUTHORIZATION_ERROR:LIMIT_REACHED", 403),
    refusal("MISSING_ARGUMENTS: group_id", 400),
    refusal("INVALID_GROUP_ID", 400),
    refusal("GROUP_EXIST", 400),
    refusal("NEVER_HEARD_OF", 400),
    refusal("", 413),
    errors.UsageError("bytes"),
]


@pytest.mark.parametrize("error", _PASSING, ids=str)
def test_reads_are_tried_again_where_it_can_help(error: errors.FsTuiError) -> None:
    assert may_help(error, repeatable=True)


@pytest.mark.parametrize("error", _LASTING, ids=str)
def test_nothing_retries_what_cannot_succeed(error: errors.FsTuiError) -> None:
    assert not may_help(error, repeatable=True)
    assert _RULE.wait(error, attempt=1, elapsed=0, chance=0) is None


@pytest.mark.parametrize("error", [*_PASSING, *_LASTING], ids=str)
def test_create_is_tried_again_only_when_nothing_was_sent(error: errors.FsTuiError) -> None:
    assert may_help(error, repeatable=False) == (type(error) is errors.ConnectError)


def test_waits_double_and_have_a_random_part_and_a_longest() -> None:
    error = _PASSING[0]
    waits = [_RULE.wait(error, attempt=n, elapsed=0, chance=0) for n in (1, 2, 3, 4, 10, 10**6)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 15.0, 15.0]
    assert _RULE.wait(error, attempt=2, elapsed=0, chance=1.0) == 2.0


@pytest.mark.parametrize(
    ("attempt", "asked", "wait"),
    [
        (1, 2.0, 2.0),
        (5, 2.0, 8.0),  # asked for less than our own growing wait
        (1, 0.0, 0.5),
        (4, 0.0, 4.0),
        (1, None, 0.5),
        (10, 20.0, 20.0),  # beyond the longest wait of our own
    ],
)
def test_a_wait_is_the_longer_of_retry_after_and_our_own_growing_one(
    attempt: int, asked: float | None, wait: float
) -> None:
    error = _PASSING[3]
    assert _RULE.wait(error, attempt=attempt, elapsed=0, chance=0, retry_after=asked) == wait


def test_a_retry_after_beyond_the_budget_is_not_cut_short_but_the_end() -> None:
    error = _PASSING[3]
    assert _RULE.wait(error, attempt=1, elapsed=0, chance=0, retry_after=29.0) == 29.0
    assert _RULE.wait(error, attempt=1, elapsed=0, chance=0, retry_after=30.0) is None
    assert _RULE.wait(error, attempt=1, elapsed=1.0, chance=0, retry_after=29.0) is None


def test_no_attempt_begins_after_the_budget() -> None:
    error = _PASSING[0]
    assert _RULE.wait(error, attempt=1, elapsed=29.4, chance=0) == 0.5
    assert _RULE.wait(error, attempt=1, elapsed=29.5, chance=0) is None
    assert RetryRule(0, 0.5, 15).wait(error, attempt=1, elapsed=0, chance=0) is None


# --- the clock ------------------------------------------------------------------------------------

_EXPIRED = refusal("AUTHORIZATION_ERROR: EXPIRED_SIGN", 403)
_UNKNOWN_KEY = refusal("AUTHENTICATION_ERROR", 401)


def test_the_difference_is_measured_from_the_middle_of_the_round_trip() -> None:
    clock = ServiceClock()
    assert clock.observe(1000.0, sent=990.0, received=1000.0) == 5.5
    assert clock.measured == 5.5
    assert clock.observe(None, sent=1.0, received=2.0) is None
    assert clock.measured == 5.5


@pytest.mark.parametrize(
    ("error", "difference", "explained"),
    [
        (_EXPIRED, 300.0, True),
        (_EXPIRED, -300.0, True),
        (_EXPIRED, 2.0, False),
        (_UNKNOWN_KEY, 61.0, True),
        (_UNKNOWN_KEY, 59.0, False),
        (refusal("AUTHORIZATION_ERROR:DENIED", 403), 300.0, False),
        (refusal("INVALID_GROUP_ID", 400), 300.0, False),
    ],
)
def test_the_clock_is_to_blame_only_when_it_is_off(
    error: errors.FsTuiError, difference: float, *, explained: bool
) -> None:
    assert ServiceClock().explains(error, seen=difference, used=0.0) is explained
    assert not ServiceClock().explains(error, seen=None, used=0.0)
    # What the refused sign was made with counts, not what another call has corrected since.
    assert not ServiceClock().explains(error, seen=difference, used=difference)


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (86_400.0, ""),
        (-86_400.0, ""),
        (86_401.0, "1.0 days ahead"),
        (-864_000.0, "10.0 days behind"),
        (2.5e11, "days ahead"),
    ],
)
def test_a_clock_is_corrected_by_a_day_at_most_and_the_rest_is_said(seen: float, said: str) -> None:
    words = ServiceClock().too_far(seen)
    assert bool(words) == bool(said)
    assert said in words


def test_a_correction_is_news_once_and_again_when_the_clock_is_right() -> None:
    clock = ServiceClock()
    assert clock.correct(300.0)
    assert clock.offset == 300.0
    assert not clock.correct(301.0)
    assert clock.correct(0.4)
    assert clock.offset == 0.0
    assert not clock.correct(-0.4)


# --- foreign exceptions ---------------------------------------------------------------------------

_EXPECTED: dict[type[Exception], type[errors.FsTuiError]] = {
    httpx.HTTPError: errors.ProtocolError,
    httpx.RequestError: errors.ProtocolError,
    httpx.TransportError: errors.ProtocolError,
    httpx.TimeoutException: errors.DeadlineError,
    httpx.ConnectTimeout: errors.ConnectError,
    httpx.ReadTimeout: errors.DeadlineError,
    httpx.WriteTimeout: errors.DeadlineError,
    httpx.PoolTimeout: errors.ConnectError,
    httpx.NetworkError: errors.ConnectionLostError,
    httpx.ConnectError: errors.ConnectError,
    httpx.ReadError: errors.ConnectionLostError,
    httpx.WriteError: errors.ConnectionLostError,
    httpx.CloseError: errors.ConnectionLostError,
    httpx.ProtocolError: errors.ProtocolError,
    httpx.LocalProtocolError: errors.ProtocolError,
    httpx.RemoteProtocolError: errors.ProtocolError,
    httpx.ProxyError: errors.ConnectError,
    httpx.UnsupportedProtocol: errors.ConnectError,
    httpx.DecodingError: errors.ProtocolError,
    httpx.TooManyRedirects: errors.ProtocolError,
    httpx.HTTPStatusError: errors.ProtocolError,
    httpx.InvalidURL: errors.ProtocolError,
    httpx.CookieConflict: errors.ProtocolError,
    httpx.StreamError: errors.ProtocolError,
    httpx.StreamConsumed: errors.ProtocolError,
    httpx.StreamClosed: errors.ProtocolError,
    httpx.ResponseNotRead: errors.ProtocolError,
    httpx.RequestNotRead: errors.ProtocolError,
}


def _all_of_httpx() -> Iterator[type[Exception]]:
    for value in vars(httpx).values():
        if isinstance(value, type) and issubclass(value, Exception):
            yield value


@pytest.mark.parametrize("kind", list(_all_of_httpx()))
def test_no_exception_of_httpx_is_unmapped(kind: type[Exception]) -> None:
    error = kind.__new__(kind, "message")
    Exception.__init__(error, "message")
    assert isinstance(error, FOREIGN)
    ours = translate(error, "host:443")
    assert type(ours) is _EXPECTED[kind]
    assert "host:443" in str(ours)
    assert "message" not in str(ours)


def _caused(outer: Exception, *causes: BaseException) -> Exception:
    link: BaseException = outer
    for cause in causes:
        link.__cause__ = cause
        link = cause
    return outer


def test_a_refused_certificate_is_a_tls_error_that_says_why() -> None:
    refused = ssl.SSLCertVerificationError(1, "certificate verify failed")
    refused.verify_message = "self-signed certificate"
    ours = translate(_caused(httpx.ConnectError("x"), OSError(), refused), "host")
    assert type(ours) is errors.TLSError
    assert "self-signed certificate" in str(ours)
    assert "ca_bundle" in ours.hint


def test_what_speaks_no_tls_is_no_matter_of_certificates() -> None:
    handshake = ssl.SSLError(1, "[SSL] wrong version number")
    ours = translate(_caused(httpx.ConnectError("x"), handshake), "host")
    assert type(ours) is errors.TLSError
    assert "ca_bundle" not in ours.hint
    assert "scheme" in ours.hint


def test_a_failed_connection_says_why() -> None:
    for cause, says in (
        (socket.gaierror(-2, "Name or service not known"), "cannot be resolved"),
        (ConnectionRefusedError(111, "Connection refused"), "refuses connections"),
        (OSError(113, "No route to host"), "No route to host"),
        (OSError(errno.EMFILE, "Too many open files"), "may not open more files"),
    ):
        group = _caused(OSError("All attempts failed"), ExceptionGroup("many", [cause]))
        assert says in str(translate(_caused(httpx.ConnectError("x"), group), "host"))


def test_a_limit_of_this_machine_says_how_it_is_raised() -> None:
    failed = _caused(httpx.ConnectError("x"), OSError(errno.EMFILE, "Too many open files"))
    assert "ulimit" in translate(failed, "host").hint


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Server disconnected without sending a response.", errors.ConnectionLostError),
        (
            "peer closed connection without sending complete message body",
            errors.ConnectionLostError,
        ),
        ("illegal status line", errors.ProtocolError),
    ],
)
def test_breaking_off_is_told_from_nonsense(message: str, kind: type[errors.FsTuiError]) -> None:
    assert type(translate(httpx.RemoteProtocolError(message), "host")) is kind


def test_a_foreign_error_keeps_no_frames() -> None:
    """Frames hold the signed form, and errors are kept for the list of errors."""

    def inner() -> None:
        raise OSError("inner")

    def outer() -> None:
        try:
            inner()
        except OSError as error:
            raise httpx.ReadError("outer") from error

    with pytest.raises(httpx.ReadError) as caught:
        outer()
    error = caught.value
    forget_frames(error)
    assert error.__traceback__ is None
    assert error.__cause__ is not None
    assert error.__cause__.__traceback__ is None


def test_what_nobody_maps_is_named_by_kind_and_place_and_not_by_its_text() -> None:
    with pytest.raises(TypeError) as caught:
        refusal(None, 400)  # type: ignore[arg-type]  # to fail inside fs_tui
    ours = unforeseen(caught.value, "https://host")
    assert isinstance(ours, errors.UnforeseenError)
    assert "TypeError" in ours.detail
    assert "fs_tui.api.refusals, line " in ours.detail
    assert "https://host" in ours.detail
    assert "subscriptable" not in ours.detail


def test_what_this_machine_is_short_of_is_said_instead() -> None:
    assert isinstance(unforeseen(MemoryError(), "https://host"), errors.ResourceError)
