"""Owns the question which proxy stands before the service; reads the environment's variables.

httpx reads them too. It breaks on entries of NO_PROXY that others take and on variables that are
not even used for this service, and its errors do not say which variable it was.
"""

from __future__ import annotations

import ipaddress
import os
import re
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies

from fs_tui.api.http import httpx
from fs_tui.endpoint import PORTS, is_loopback
from fs_tui.errors import SettingsError

__all__ = ["Proxy", "Way", "find_way"]

_POSSIBLE = range(1, 65_536)

_ENTRY = re.compile(
    r"((?P<scheme>https?|all)://)?(\[(?P<six>[^]]+)\]|(?P<host>[^:]+?))(:(?P<port>\d{1,5}))?/?"
)
"""One entry of NO_PROXY, unless it is an IPv6 address without brackets."""

_HOST = re.compile(rb"[\w.:-]+")

_NAME = re.compile(r"(?:\*?\.)?((?:[\w-]+\.)*[\w-]+)\.?", re.ASCII)


class Proxy(NamedTuple):
    """A proxy that calls go through.

    Attributes:
        url: May hold a user name and a password.
        place: Scheme, host and port, for the texts.
        source: The variable that names it.
    """

    url: httpx.URL
    place: str
    source: str

    def __repr__(self) -> str:
        """Without name and password."""
        return f"<Proxy {self.place}>"


class Way(NamedTuple):
    """The way to the service.

    Attributes:
        proxy: None where calls go straight to it.
        warning: What of NO_PROXY cannot be used, and is left out; empty where all can.
    """

    proxy: Proxy | None = None
    warning: str = ""


def find_way(endpoint: str) -> Way:
    """Find the proxy before an endpoint of scheme and host, by the variables of the environment.

    A service on this machine has none: a proxy would get the plain signed form.

    Raises:
        SettingsError: The variable that counts for this endpoint names no proxy that can be used.
    """
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    # With the system's own settings where the environment has none.
    named = getproxies()
    kind = next((kind for kind in (parts.scheme, "all") if named.get(kind)), None)
    if kind is None or is_loopback(host):
        return Way()
    unusable: list[str] = []
    for entry in filter(None, re.split(r"[\s,]+", named.get("no", ""))):
        excluded = _excludes(entry, parts.scheme, host, parts.port)
        if excluded:
            return Way()
        if excluded is None:
            # Nobody puts a password here, but somebody may.
            unusable.append(f"'{entry.rpartition('@')[2]}'")
    warning = ""
    if unusable:
        words = ", ".join(unusable)
        warning = f"{_source('no')} holds what is no host, address or network, left out: {words}"
    return Way(_read(named[kind], _source(kind)), warning)


def _source(kind: str) -> str:
    """Return the variable that urllib has read; it prefers the one in small letters."""
    name = f"{kind}_proxy"
    others = (other for other in os.environ if other.lower() == name and os.environ[other])
    return name if os.environ.get(name) else next(others, "the system's settings")


def _read(text: str, source: str) -> Proxy:
    """Read the address of a proxy; without a scheme it is http, as everybody has it."""
    try:
        url = httpx.URL(text if "://" in text else f"http://{text}")
        wrong = _wrong(url)
    except (httpx.InvalidURL, ValueError):
        wrong = "it is not an address"
    if wrong:
        # Not chained and not repeated: it may hold a password.
        raise SettingsError(
            f"{source} names a proxy that cannot be used: {wrong}.",
            hint=f"Set {source} to http://HOST:PORT or https://HOST:PORT, or unset it.",
        )
    return Proxy(url, f"{url.scheme}://{url.netloc.decode()}", source)


def _wrong(url: httpx.URL) -> str:
    """Say what is wrong with the address of a proxy; empty when nothing is."""
    if url.scheme not in PORTS:
        return f"the scheme is '{url.scheme}', and only http and https proxies work"
    if not url.raw_host:
        return "it has no host"
    if not _HOST.fullmatch(url.raw_host):
        # httpx writes what no host has with percent signs.
        return "it is not an address"
    if url.port is not None and url.port not in _POSSIBLE:
        return f"there is no port {url.port}"
    return ""


def _excludes(entry: str, scheme: str, host: str, port: int | None) -> bool | None:
    """Whether an entry of NO_PROXY means a host; None when it means nothing.

    It is `*`, a name, which stands for all names below it too, an address or a network, with a
    scheme or a port or without.
    """
    if entry == "*":
        return True
    found = _ENTRY.fullmatch(entry.lower())
    if found is None:
        return _lies_in(entry, host)
    only_port = int(found["port"] or 0)
    if only_port and only_port not in _POSSIBLE:
        return None
    meant = _lies_in(found["six"] or found["host"], host)
    if meant is None and found["host"]:
        meant = _lies_below(found["host"], host)
    if not meant:
        return meant
    return found["scheme"] in {None, "all", scheme} and only_port in {
        0,
        port or PORTS[scheme],
    }


def _lies_in(network: str, host: str) -> bool | None:
    """Whether a host is an address of a network; None when that is no network."""
    try:
        there = ipaddress.ip_network(network, strict=False)
    except ValueError:
        return None
    try:
        return ipaddress.ip_address(host) in there
    except ValueError:
        return False


def _lies_below(name: str, host: str) -> bool | None:
    """Whether a host has a name, or one that ends in it; None when that is no name."""
    found = _NAME.fullmatch(name)
    return None if found is None else f".{host}".endswith(f".{found[1]}")
