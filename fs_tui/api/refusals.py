"""Owns the reading of refusals: an answer's error code and HTTP status, as one of our errors.

The code decides. Only an answer without a code, or with one that no document names, is judged by
its status (API.md section 3).
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING

from fs_tui.errors import (
    ArgumentError,
    AuthenticationError,
    AuthorizationError,
    EndpointNotFoundError,
    FaceNotFoundError,
    FsTuiError,
    LibraryExistsError,
    LibraryNotFoundError,
    LibraryQuotaError,
    LimitError,
    ProtocolError,
    RequestTooLargeError,
    ServiceError,
    ServiceFailureError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["read_http_date", "read_retry_after", "refusal"]

_BY_CODE: Mapping[str, type[ServiceError]] = MappingProxyType(
    {
        "AUTHENTICATION_ERROR": AuthenticationError,
        "AUTHORIZATION_ERROR": AuthorizationError,
        "MISSING_ARGUMENTS": ArgumentError,
        "BAD_ARGUMENTS": ArgumentError,
        "CONCURRENCY_LIMIT_EXCEEDED": LimitError,
        "API_NOT_FOUND": EndpointNotFoundError,
        "Request Entity Too Large": RequestTooLargeError,
        "INTERNAL_ERROR": ServiceFailureError,
        "INVALID_OUTER_ID": LibraryNotFoundError,
        "INVALID_GROUP_ID": LibraryNotFoundError,
        "INVALID_FACE_TOKEN": FaceNotFoundError,
        "GROUP_EXIST": LibraryExistsError,
        "GROUP_EXCEEDED": LibraryQuotaError,
    }
)

_BY_STATUS: Mapping[int, type[ServiceError]] = MappingProxyType(
    {
        HTTPStatus.UNAUTHORIZED: AuthenticationError,
        HTTPStatus.FORBIDDEN: AuthorizationError,
        HTTPStatus.NOT_FOUND: EndpointNotFoundError,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: RequestTooLargeError,
    }
)

_HINTS: Mapping[str, str] = MappingProxyType(
    {
        "INVALID_SIGN": "The secret does not belong to this key: 'fs-tui auth status' says where"
        " the pair comes from; correct it there.",
        "EXPIRED_SIGN": "Check this machine's clock with 'fs-tui doctor'.",
        "IP_NOT_ALLOWED": "Ask the account's owner to allow this machine's address.",
        "DENIED": "Ask the account's owner for access to this service.",
        "API_KEY_BE_DISCONTINUED": "The key was switched off: ask the account's owner for another.",
        "LIMIT_REACHED": "The account's allowance is used up: ask its owner.",
    }
)
"""What to do about the reasons of AUTHORIZATION_ERROR that are known."""

_LONGEST_CODE = 500

_LONGEST_WAIT = 86_400.0
"""Seconds; nobody means more, and a timer would not take every number."""


def refusal(
    code: str, status: int, *, request_id: str | None = None, retry_after: float | None = None
) -> FsTuiError:
    """Return the error that an answer stands for.

    Args:
        code: The raw error code; empty when the answer carried none.
        status: The HTTP status.
        request_id: The service's name for the request.
        retry_after: Seconds that the service asked to wait.
    """
    code = code[:_LONGEST_CODE]
    error = _refusal(code, status, request_id)
    error.retry_after = retry_after
    if retry_after and isinstance(error, LimitError | ServiceFailureError):
        error.hint = f"It asks to wait {retry_after:.0f} s before the next try."
    return error


def _refusal(code: str, status: int, request_id: str | None) -> FsTuiError:
    without_code = f"It answered with HTTP {status} and without an error code."
    kind = _BY_CODE.get(code.partition(":")[0].strip()) or _kind_by_status(code, status)
    if kind is None:
        return ProtocolError(without_code, http_status=status, request_id=request_id)
    detail = None if code else without_code
    error = kind(code, http_status=status, request_id=request_id, detail=detail)
    if isinstance(error, AuthorizationError):
        error.hint = _HINTS.get(error.reason, error.hint)
    elif isinstance(error, ArgumentError) and error.reason:
        error.hint = error.hint.replace("an argument", f"the argument '{error.reason}'", 1)
    return error


def _kind_by_status(code: str, status: int) -> type[ServiceError] | None:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return LimitError
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ServiceFailureError
    if code and status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return ServiceError
    return _BY_STATUS.get(status)


def read_retry_after(value: str | None, now: float) -> float | None:
    """Read a Retry-After header as seconds from `now` (Unix seconds by the service's clock).

    It may be a number of seconds or an HTTP date; a moment that is past is 0, and what is beyond a
    day is a day. None when it is missing or unreadable.
    """
    if value is None:
        return None
    if value.strip().isdecimal():
        seconds = float(value)
    elif (moment := read_http_date(value)) is not None:
        seconds = moment - now
    else:
        return None
    return min(max(0.0, seconds), _LONGEST_WAIT)


def read_http_date(value: str | None) -> float | None:
    """Read a Date header as Unix seconds; None when it is missing or unreadable."""
    if value is None:
        return None
    try:
        return parsedate_to_datetime(value).timestamp()
    except (ValueError, OverflowError):
        return None
