"""Owns the HTTP connections of a transport: how they are set up, and what a request says."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING, Any

from fs_tui import __version__
from fs_tui.api.http import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    from fs_tui.api.proxies import Proxy

__all__ = ["form_request", "open_connections"]

_LARGER_THAN_PAGES = 1 << 20
"""Bytes: a page of 1,000 faces has some 150,000."""

_HEADERS = httpx.Headers(
    {
        "User-Agent": f"fs-tui/{__version__}",
        "Accept": "application/json",
        "Accept-Encoding": "gzip, deflate",
    }
)


def open_connections(
    *,
    most: int,
    certificates: ssl.SSLContext,
    proxy: Proxy | None = None,
    asgi_app: Any = None,  # an ASGI app; its type would tie this room to one framework
) -> httpx.AsyncBaseTransport:
    """Make the pool of connections of a transport; nothing is connected yet.

    Not a client: redirects, cookies and authentication, of which each call would have to be kept
    free, take a third of what a request costs.
    """
    _settle_sniffio()
    # glibc takes a block from the system anew each time, and gives it back, as long as none that
    # is larger has been let go: for pages a twentieth of what reading one costs.
    bytes(_LARGER_THAN_PAGES)
    if asgi_app is not None:
        return InProcessTransport(asgi_app)
    return httpx.AsyncHTTPTransport(
        verify=certificates,
        proxy=None if proxy is None else _proxy(proxy, certificates),
        # What the environment says of proxies is read by `proxies`.
        trust_env=False,
        limits=httpx.Limits(
            max_connections=most, max_keepalive_connections=most, keepalive_expiry=30.0
        ),
    )


def form_request(
    url: httpx.URL, fields: Mapping[str, bytes], timeout: httpx.Timeout
) -> httpx.Request:
    """Make a POST of form-data, its body in one piece."""
    request = httpx.Request(
        "POST",
        url,
        headers=_HEADERS,
        # A part is a 'file' without a name: that is how httpx makes plain text parts.
        files={name: (None, value) for name, value in fields.items()},
        extensions={"timeout": timeout.as_dict()},
    )
    # One buffer, and so one write: as a stream every part of every field is its own packet.
    request.read()
    return request


def _proxy(proxy: Proxy, certificates: ssl.SSLContext) -> httpx.Proxy:
    """Return a proxy as httpx takes it; one with TLS is trusted as the service is."""
    needs_tls = proxy.url.scheme == "https"
    return httpx.Proxy(proxy.url, ssl_context=certificates if needs_tls else None)


def _settle_sniffio() -> None:
    """Let a sniffio that is not installed be missing at once.

    httpcore imports it several times a request to learn which event loop runs, and takes asyncio
    without it. Python does not remember that a module is missing: it would search every folder
    for it each time, a twentieth of what a page of a scan costs. None in `sys.modules` is how the
    import system is told.
    """
    if importlib.util.find_spec("sniffio") is None:
        sys.modules["sniffio"] = None  # type: ignore[assignment]  # the stubs know modules only


class InProcessTransport(httpx.ASGITransport):
    """Calls an ASGI app; an app that breaks off looks like a connection that does."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except Exception as error:  # whatever the app raises, this side sees no answer
            raise httpx.ReadError(
                "The service closed the connection early.", request=request
            ) from error
