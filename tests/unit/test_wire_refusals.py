"""Error codes and statuses as our errors (shared/API.md, section 3)."""

from __future__ import annotations

import pytest

from fs_tui import errors
from fs_tui.api.refusals import read_http_date, read_retry_after, refusal

_CODES = [
    ("AUTHENTICATION_ERROR", 401, errors.AuthenticationError),
    ("AUTHENTICATION_ERROR", 403, errors.AuthenticationError),
    ("AUTHORIZATION_ERROR:INVALID_SIGN", 403, errors.AuthorizationError),
    ("AUTHORIZATION_ERROR: EXPIRED_SIGN", 403, errors.AuthorizationError),
    ("AUTHORIZATION_ERROR:SOMETHING_NEW", 403, errors.AuthorizationError),
    ("CONCURRENCY_LIMIT_EXCEEDED", 403, errors.LimitError),
    ("CONCURRENCY_LIMIT_EXCEEDED", 429, errors.LimitError),
    ("CONCURRENCY_LIMIT_EXCEEDED", 500, errors.LimitError),
    ("MISSING_ARGUMENTS: group_id", 400, errors.ArgumentError),
    ("BAD_ARGUMENTS:start", 400, errors.ArgumentError),
    ("API_NOT_FOUND", 404, errors.EndpointNotFoundError),
    ("INTERNAL_ERROR", 500, errors.ServiceFailureError),
    ("INVALID_OUTER_ID", 400, errors.LibraryNotFoundError),
    ("INVALID_GROUP_ID", 400, errors.LibraryNotFoundError),
    ("INVALID_FACE_TOKEN", 400, errors.FaceNotFoundError),
    ("GROUP_EXIST", 400, errors.LibraryExistsError),
    ("GROUP_EXCEEDED", 400, errors.LibraryQuotaError),
    ("Request Entity Too Large", 413, errors.RequestTooLargeError),
    ("NEVER_HEARD_OF", 400, errors.ServiceError),
    ("NEVER_HEARD_OF", 200, errors.ServiceError),
    ("NEVER_HEARD_OF", 403, errors.ServiceError),
    ("NEVER_HEARD_OF", 429, errors.LimitError),
    ("NEVER_HEARD_OF", 503, errors.ServiceFailureError),
    ("NEVER_HEARD_OF", 413, errors.RequestTooLargeError),
]


@pytest.mark.parametrize(("code", "status", "kind"), _CODES)
def test_the_code_decides(code: str, status: int, kind: type[errors.ServiceError]) -> None:
    error = refusal(code, status, request_id="1,a")
    assert type(error) is kind
    assert isinstance(error, errors.ServiceError)
    assert (error.code, error.http_status, error.request_id) == (code, status, "1,a")
    assert code in str(error)
    assert error.title
    assert error.hint


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 413, 429, 500, 503])
@pytest.mark.parametrize(("code", "_", "kind"), [case for case in _CODES if "HEARD" not in case[0]])
def test_a_known_code_wins_over_whatever_status(
    code: str, _: int, kind: type[errors.ServiceError], status: int
) -> None:
    assert type(refusal(code, status)) is kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, errors.AuthenticationError),
        (403, errors.AuthorizationError),
        (404, errors.EndpointNotFoundError),
        (413, errors.RequestTooLargeError),
        (429, errors.LimitError),
        (500, errors.ServiceFailureError),
        (502, errors.ServiceFailureError),
        (504, errors.ServiceFailureError),
        (400, errors.ProtocolError),
        (418, errors.ProtocolError),
    ],
)
def test_without_a_code_the_status_decides_and_is_named(
    status: int, kind: type[errors.FsTuiError]
) -> None:
    error = refusal("", status)
    assert type(error) is kind
    assert f"HTTP {status}" in str(error)


@pytest.mark.parametrize(
    "code", ["BAD_ARGUMENTS:start", "BAD_ARGUMENTS: start", "BAD_ARGUMENTS :  start "]
)
def test_a_space_at_the_colon_comes_and_goes(code: str) -> None:
    error = refusal(code, 400)
    assert isinstance(error, errors.ArgumentError)
    assert error.reason == "start"
    assert "the argument 'start'" in error.hint


def test_only_the_first_colon_splits() -> None:
    error = refusal("AUTHORIZATION_ERROR:DENIED: by rule 7: x", 403)
    assert isinstance(error, errors.AuthorizationError)
    assert error.reason == "DENIED: by rule 7: x"


def test_known_reasons_have_their_own_hint() -> None:
    plain = refusal("AUTHORIZATION_ERROR:SOMETHING_NEW", 403).hint
    reasons = ["INVALID_SIGN", "EXPIRED_SIGN", "IP_NOT_ALLOWED", "DENIED", "LIMIT_REACHED"]
    hints = {refusal(f"AUTHORIZATION_ERROR: {reason}", 403).hint for reason in reasons}
    assert len(hints | {plain}) == len(reasons) + 1


@pytest.mark.parametrize("kind", ["MISSING_ARGUMENTS", "BAD_ARGUMENTS", "NEVER_HEARD_OF"])
def test_the_hints_of_the_reasons_belong_to_one_code_only(kind: str) -> None:
    reason = "DENIED"
    hint = refusal(f"AUTHORIZATION_ERROR:{reason}", 403).hint
    assert hint != refusal(f"{kind}:{reason}", 400).hint


@pytest.mark.parametrize(("code", "status"), [("CONCURRENCY_LIMIT_EXCEEDED", 403), ("", 503)])
def test_what_may_pass_keeps_and_says_what_the_service_asked_to_wait(
    code: str, status: int
) -> None:
    error = refusal(code, status, retry_after=7.0)
    assert error.retry_after == 7.0
    assert "7 s" in error.hint
    assert "0 s" not in refusal(code, status, retry_after=0.0).hint


def test_a_lasting_refusal_keeps_its_own_hint_whatever_it_asks_to_wait() -> None:
    assert refusal("GROUP_EXIST", 400, retry_after=7.0).hint == refusal("GROUP_EXIST", 400).hint


def test_a_code_of_any_length_is_shown_in_bounds() -> None:
    assert len(str(refusal("X" * 1_000_000, 400))) < 1000


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("Wed, 21 Oct 2026 07:28:10 GMT", 10.0),
        ("Wed, 21 Oct 2026 07:27:00 GMT", 0.0),
        ("Wed, 21 Oct 1926 07:27:00 GMT", 0.0),
        ("86400", 86_400.0),
        ("86401", 86_400.0),
        ("9" * 400, 86_400.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400.0),
        (None, None),
        ("", None),
        ("-3", None),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("Wed, 99 Oct 2026 07:28:10 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, expected: float | None) -> None:
    now = read_http_date("Wed, 21 Oct 2026 07:28:00 GMT")
    assert now is not None
    assert read_retry_after(value, now) == expected
