"""Owns the mapping of foreign exceptions: whatever httpx raises becomes one of our errors, once.

ConnectTimeout, PoolTimeout, ConnectError,
UnsupportedProtocol                           ──► ConnectError, or TLSError: nothing was sent
ReadTimeout, WriteTimeout                     ──► DeadlineError
ReadError, WriteError, CloseError             ──► ConnectionLostError
RemoteProtocolError                           ──► ConnectionLostError if it broke off, else
DecodingError, TooManyRedirects, the rest     ──► ProtocolError
any of them before a proxy has let us through ──► ConnectError if it may pass, else ProxyError

What nobody maps, foreign or ours, `unforeseen` takes, round every call of the client.
"""

from __future__ import annotations

import socket
import ssl
import traceback
from http import HTTPStatus
from typing import TYPE_CHECKING

from fs_tui.api.http import httpx
from fs_tui.errors import (
    ConnectError,
    ConnectionLostError,
    DeadlineError,
    FsTuiError,
    ProtocolError,
    ProxyError,
    TLSError,
    UnforeseenError,
)
from fs_tui.shortage import causes, shortage

if TYPE_CHECKING:
    from fs_tui.api.proxies import Proxy

__all__ = ["FOREIGN", "forget_frames", "translate", "unforeseen"]

FOREIGN = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.CookieConflict,
    httpx.StreamError,
    # TLS may break amid an exchange below httpx's own mapping.
    OSError,
)
"""What an exchange may raise and `translate` takes."""

_PASSING = frozenset({429, 500, 502, 503, 504})
"""Statuses of a proxy that may be others at the next try."""

_BROKEN_OFF = ("server disconnected", "peer closed connection")
"""How h11 and httpcore begin the message of an exchange that ended early; nothing but the text
tells it from an answer that is not HTTP."""


def translate(error: Exception, host: str, proxy: Proxy | None = None) -> FsTuiError:
    """Return our error for a foreign one, to be raised from it.

    Args:
        error: One of `FOREIGN`.
        host: Host and port, for the texts.
        proxy: The proxy that has not let us through yet, where there is one: what failed is its.
    """
    if proxy is not None:
        return _on_the_way(error, host, proxy)
    if isinstance(error, httpx.ConnectError):
        return _connect(error, host)
    if isinstance(error, httpx.RemoteProtocolError) and str(error).lower().startswith(_BROKEN_OFF):
        return ConnectionLostError(_LOST.format(host=host))
    ours, text = next((ours, text) for kind, ours, text in _TABLE if isinstance(error, kind))
    return ours(text.format(host=host, kind=type(error).__name__))


def _on_the_way(error: Exception, host: str, proxy: Proxy) -> FsTuiError:
    """Return our error for what went wrong before a proxy let us through: nothing was sent."""
    if (status := _status(error)) is not None:
        return _turned_away(status, host, proxy)
    met = translate(error, proxy.place)
    if any(isinstance(link, ssl.SSLCertVerificationError) for link in causes(error)):
        hint = met.hint
    elif proxy.url.scheme == "https":
        hint = f"Check {proxy.source}: most proxies are spoken to as http://, not https://."
    else:
        hint = f"Check {proxy.source}, or name {_name(host)} in NO_PROXY if none is needed."
    kind = ProxyError if isinstance(met, TLSError | ProtocolError) else ConnectError
    return kind(f"Calls go through the proxy of {proxy.source}: {met.detail}", hint=hint)


def _turned_away(status: int, host: str, proxy: Proxy) -> FsTuiError:
    """Return our error for a proxy that answered in the service's place."""
    words = f" {HTTPStatus(status).phrase}" if status in set(HTTPStatus) else ""
    detail = (
        f"Calls go through the proxy of {proxy.source}: {proxy.place} answered with"
        f" HTTP {status}{words}."
    )
    if status in _PASSING:
        return ConnectError(detail, hint=f"It may not reach {host}: try again in a moment.")
    if status != HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        hint = f"Ask those who run the proxy to let {_name(host)} through."
    elif proxy.url.userinfo:
        hint = f"Correct the user name and the password in {proxy.source}."
    else:
        hint = f"Put them into {proxy.source}: {proxy.url.scheme}://USER:PASSWORD@HOST:PORT."
    return ProxyError(detail, hint=hint)


def _status(error: Exception) -> int | None:
    """Return the status that a proxy refused a tunnel with; only the text holds it."""
    number = str(error).partition(" ")[0]
    is_status = isinstance(error, httpx.ProxyError) and number.isdecimal()
    return int(number) if is_status else None


def _name(host: str) -> str:
    """Return a host without its port."""
    return httpx.URL(f"//{host}").raw_host.decode()


def unforeseen(error: Exception, host: str) -> FsTuiError:
    """Return our error for one that nobody mapped, to be raised from it.

    It names the kind and the place in the program, and nothing of its text.
    """
    place = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        module = str(frame.f_globals.get("__name__"))
        if module.startswith("fs_tui."):
            place = f" ({module}, line {line})"
    if (short := shortage(error)) is not None:
        return short
    return UnforeseenError(f"{type(error).__name__} in a call to {host}{place}.")


def forget_frames(error: BaseException) -> None:
    """Drop the tracebacks of a foreign error and of what caused it.

    Their frames hold the signed form and parts of the answer, and an error is kept for the list
    of errors for as long as the program runs.
    """
    for link in causes(error):
        link.__traceback__ = None


def _connect(error: Exception, host: str) -> FsTuiError:
    links = [link for link in causes(error) if isinstance(link, OSError)]
    for link in links:
        if isinstance(link, ssl.SSLCertVerificationError):
            return TLSError(f"The certificate of {host} was not accepted: {link.verify_message}.")
        if isinstance(link, ssl.SSLError):
            # Errors that Python raises itself carry no reason, whatever the stubs say.
            reason = getattr(link, "reason", None) or "the handshake failed"
            reason = str(reason).replace("_", " ").lower()
            return TLSError(
                f"No secure connection to {host}: {reason}.",
                hint="Check its scheme and port: what answers there may not speak TLS.",
            )
    if (short := shortage(error)) is not None:
        return ConnectError(f"No connection to {host}: {short.detail}.", hint=short.hint)
    detail = f"No connection to {host}."
    for link in links:
        if isinstance(link, socket.gaierror):
            return ConnectError(f"The name {host} cannot be resolved.")
        if isinstance(link, ConnectionRefusedError):
            return ConnectError(f"{host} refuses connections.")
        if link.strerror:
            detail = f"No connection to {host}: {link.strerror}."
    return ConnectError(detail)


_LOST = "{host} broke the connection before the answer was whole."

_TABLE: tuple[tuple[type[Exception], type[FsTuiError], str], ...] = (
    (httpx.ConnectTimeout, ConnectError, "No connection to {host} in time."),
    (httpx.PoolTimeout, ConnectError, "No connection to {host} became free in time."),
    (httpx.TimeoutException, DeadlineError, "{host} sent nothing for too long."),
    (httpx.ProxyError, ConnectError, "The proxy did not connect to {host}."),
    (httpx.UnsupportedProtocol, ConnectError, "{host} cannot be reached by this protocol."),
    (httpx.NetworkError, ConnectionLostError, _LOST),
    (httpx.RemoteProtocolError, ProtocolError, "What {host} sent is not HTTP."),
    (httpx.DecodingError, ProtocolError, "The answer of {host} cannot be decompressed."),
    (httpx.TooManyRedirects, ProtocolError, "{host} redirects in a circle."),
    (OSError, ConnectionLostError, _LOST),
    (Exception, ProtocolError, "The exchange with {host} went wrong ({kind})."),
)
"""The most specific first."""
