"""Owns the way to the service: certificates, proxies, the client."""

from __future__ import annotations

import importlib.util
import ssl
import sys
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import httpx
import truststore

from fs_tui import __version__
from fs_tui.endpoint import is_loopback
from fs_tui.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["open_client", "trust"]


def open_client(
    endpoint: str,
    *,
    timeout: httpx.Timeout,
    connections: int,
    ca_bundle: Path | None = None,
    asgi_app: Any = None,  # an ASGI app; its type would tie this room to one framework
) -> httpx.AsyncClient:
    """Make the one client of a transport; nothing is connected yet.

    Raises:
        SettingsError: The certificate file or a proxy variable cannot be used.
    """
    host = httpx.URL(endpoint).host
    _settle_sniffio()
    try:
        return httpx.AsyncClient(
            transport=None if asgi_app is None else InProcessTransport(asgi_app),
            verify=trust(ca_bundle),
            # A proxy in front of this machine's own service would get the plain signed form.
            trust_env=not is_loopback(host),
            timeout=timeout,
            limits=httpx.Limits(
                max_connections=connections,
                max_keepalive_connections=connections,
                keepalive_expiry=30.0,
            ),
            follow_redirects=False,
            # Each call stands for itself: nothing that the service sets is sent back to it.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            headers={"User-Agent": f"fs-tui/{__version__}", "Accept": "application/json"},
        )
    except (ValueError, ImportError, httpx.InvalidURL):
        # Not chained: the variable may hold a proxy's password.
        raise SettingsError(
            "A proxy variable of the environment cannot be used.",
            hint="Correct HTTPS_PROXY or ALL_PROXY; http and https proxies work.",
        ) from None


def _settle_sniffio() -> None:
    """Let a sniffio that is not installed be missing at once.

    httpcore imports it several times a request to learn which event loop runs, and takes asyncio
    without it. Python does not remember that a module is missing: it would search every folder
    for it each time, a twentieth of what a page of a scan costs. None in `sys.modules` is how the
    import system is told.
    """
    if importlib.util.find_spec("sniffio") is None:
        sys.modules["sniffio"] = None  # type: ignore[assignment]  # the stubs know modules only


def trust(ca_bundle: Path | None) -> ssl.SSLContext:
    """Trust the system's certificates, and those of a file beside them."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_bundle is not None:
        try:
            context.load_verify_locations(cafile=str(ca_bundle))
        except OSError as error:
            raise SettingsError(
                f"The certificates of ca_bundle cannot be read from {ca_bundle}:"
                f" {error.strerror or 'not a PEM file'}.",
                hint="Name a readable PEM file in ca_bundle.",
            ) from error
    return context


class InProcessTransport(httpx.ASGITransport):
    """Calls an ASGI app; an app that breaks off looks like a connection that does."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Call the app with one request."""
        try:
            return await super().handle_async_request(request)
        except Exception as error:  # whatever the app raises, this side sees no answer
            raise httpx.ReadError("The service broke off.", request=request) from error
