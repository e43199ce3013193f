"""Owns the HTTP client of a transport: how it is set up, and what it must not do by itself."""

from __future__ import annotations

import importlib.util
import sys
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

from fs_tui import __version__
from fs_tui.api.http import httpx

if TYPE_CHECKING:
    import ssl

    from fs_tui.api.proxies import Proxy

__all__ = ["LOCATION", "open_client"]

LOCATION = "fs_tui.location"
"""The extension of a response that holds its `Location`, empty where it has none."""


def open_client(
    *,
    timeout: httpx.Timeout,
    connections: int,
    certificates: ssl.SSLContext,
    proxy: Proxy | None = None,
    asgi_app: Any = None,  # an ASGI app; its type would tie this room to one framework
) -> httpx.AsyncClient:
    """Make the one client of a transport; nothing is connected yet."""
    _settle_sniffio()
    return httpx.AsyncClient(
        transport=None if asgi_app is None else InProcessTransport(asgi_app),
        verify=certificates,
        proxy=None if proxy is None else _proxy(proxy, certificates),
        # What the environment says of proxies is read by `proxies`.
        trust_env=False,
        timeout=timeout,
        limits=httpx.Limits(
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=30.0,
        ),
        follow_redirects=False,
        event_hooks={"response": [_set_location_aside]},
        # Each call stands for itself: nothing that the service sets is sent back to it.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        headers={"User-Agent": f"fs-tui/{__version__}", "Accept": "application/json"},
    )


def _proxy(proxy: Proxy, certificates: ssl.SSLContext) -> httpx.Proxy:
    """Return a proxy as httpx takes it; one with TLS is trusted as the service is."""
    needs_tls = proxy.url.scheme == "https"
    return httpx.Proxy(proxy.url, ssl_context=certificates if needs_tls else None)


async def _set_location_aside(response: httpx.Response) -> None:
    """Keep httpx from working out where a redirect leads: a host that is none is its error."""
    response.extensions[LOCATION] = response.headers.pop("location", "")


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
            raise httpx.ReadError("The service broke off.", request=request) from error
