"""Owns the mapping of foreign exceptions: whatever httpx raises becomes one of our errors, once.

ConnectTimeout, PoolTimeout, ConnectError,
ProxyError, UnsupportedProtocol               ──► ConnectError, or TLSError: nothing was sent
ReadTimeout, WriteTimeout                     ──► DeadlineError
ReadError, WriteError, CloseError             ──► ConnectionLostError
RemoteProtocolError                           ──► ConnectionLostError if it broke off, else
DecodingError, TooManyRedirects, the rest     ──► ProtocolError
"""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import httpx

from fs_tui.errors import (
    ConnectError,
    ConnectionLostError,
    DeadlineError,
    FsTuiError,
    ProtocolError,
    TLSError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["FOREIGN", "forget_frames", "translate"]

FOREIGN = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.CookieConflict,
    httpx.StreamError,
    # TLS may break amid an exchange below httpx's own mapping.
    OSError,
)
"""What an exchange may raise and `translate` takes."""

_BROKEN_OFF = ("server disconnected", "peer closed connection")
"""How h11 and httpcore begin the message of an exchange that ended early; nothing but the text
tells it from an answer that is not HTTP."""


def translate(error: Exception, host: str) -> FsTuiError:
    """Return our error for a foreign one, to be raised from it.

    Args:
        error: One of `FOREIGN`.
        host: Host and port, for the texts.
    """
    for kind, build in _TABLE:
        if isinstance(error, kind):
            return build(error, host)
    return ConnectionLostError(f"The exchange with {host} failed ({type(error).__name__}).")


def forget_frames(error: BaseException) -> None:
    """Drop the tracebacks of a foreign error and of what caused it.

    Their frames hold the signed form and parts of the answer, and an error is kept for the list
    of errors for as long as the program runs.
    """
    for link in _chain(error):
        link.__traceback__ = None


def _connect(error: Exception, host: str) -> FsTuiError:
    for link in _chain(error):
        if isinstance(link, ssl.SSLCertVerificationError):
            return TLSError(f"The certificate of {host} was not accepted: {link.verify_message}.")
        if isinstance(link, ssl.SSLError):
            # Errors that Python raises itself carry no reason, whatever the stubs say.
            reason = getattr(link, "reason", None) or "the handshake failed"
            reason = str(reason).replace("_", " ").lower()
            return TLSError(f"No secure connection to {host}: {reason}.")
    for link in _chain(error):
        if isinstance(link, socket.gaierror):
            return ConnectError(f"The name {host} cannot be resolved.")
        if isinstance(link, ConnectionRefusedError):
            return ConnectError(f"{host} refuses connections.")
    for link in _chain(error):
        if isinstance(link, OSError) and link.strerror:
            return ConnectError(f"No connection to {host}: {link.strerror}.")
    return ConnectError(f"No connection to {host}.")


def _connect_timeout(_error: Exception, host: str) -> FsTuiError:
    return ConnectError(f"No connection to {host} in time.")


def _pool_timeout(_error: Exception, host: str) -> FsTuiError:
    return ConnectError(f"No connection to {host} became free in time.")


def _proxy(_error: Exception, host: str) -> FsTuiError:
    return ConnectError(
        f"The proxy did not connect to {host}.",
        hint="Check HTTPS_PROXY and NO_PROXY, or ask the network's keeper.",
    )


def _unsupported(_error: Exception, host: str) -> FsTuiError:
    return ConnectError(f"{host} cannot be reached by this protocol.")


def _deadline(_error: Exception, host: str) -> FsTuiError:
    return DeadlineError(f"{host} was silent for too long.")


def _lost(_error: Exception, host: str) -> FsTuiError:
    return ConnectionLostError(f"{host} broke the connection before the answer was whole.")


def _remote(error: Exception, host: str) -> FsTuiError:
    if str(error).lower().startswith(_BROKEN_OFF):
        return _lost(error, host)
    return ProtocolError(f"What {host} sent is not HTTP.")


def _redirects(_error: Exception, host: str) -> FsTuiError:
    return ProtocolError(f"{host} redirects in a circle.")


def _unpacked(_error: Exception, host: str) -> FsTuiError:
    return ProtocolError(f"The answer of {host} cannot be unpacked.")


def _other(error: Exception, host: str) -> FsTuiError:
    return ProtocolError(f"The exchange with {host} went wrong ({type(error).__name__}).")


_TABLE: tuple[tuple[type[Exception], Callable[[Exception, str], FsTuiError]], ...] = (
    (httpx.ConnectTimeout, _connect_timeout),
    (httpx.PoolTimeout, _pool_timeout),
    (httpx.TimeoutException, _deadline),
    (httpx.ConnectError, _connect),
    (httpx.ProxyError, _proxy),
    (httpx.UnsupportedProtocol, _unsupported),
    (httpx.NetworkError, _lost),
    (httpx.RemoteProtocolError, _remote),
    (httpx.DecodingError, _unpacked),
    (httpx.TooManyRedirects, _redirects),
    (httpx.HTTPError, _other),
    (httpx.InvalidURL, _other),
    (httpx.CookieConflict, _other),
    (httpx.StreamError, _other),
    (OSError, _lost),
)
"""The most specific first."""


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Walk an error, what caused it, and the members of groups."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        link = waiting.pop()
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        if isinstance(link, BaseExceptionGroup):
            waiting.extend(link.exceptions)
        waiting.extend(cause for cause in (link.__cause__, link.__context__) if cause is not None)
