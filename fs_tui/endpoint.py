"""Owns the rule of an endpoint: what may be one, and the one way to write it.

    flag, variable, file, connect screen, client ──► normalised ──► https://host[:port]

The host is in lower case and, where it is international, in its ASCII form; a port that the scheme
implies is left out. So one service has one name, by which its keyring entry is found.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

from fs_tui.errors import SettingsError

__all__ = ["DEFAULT_ENDPOINT", "PORTS", "is_loopback", "normalised"]

DEFAULT_ENDPOINT = "https://api-sgp.yljz.com"

PORTS = {"https": 443, "http": 80}
"""What a scheme implies."""

_WHOLE = re.compile(
    r"(?P<scheme>https?)://(?:\[(?P<v6>[^\]]*)\]|(?P<host>[^/?#@:\\\[\]]*))(?::(?P<port>\d*))?/?",
    re.ASCII | re.IGNORECASE,
)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_LABEL_LIMIT, _HOST_LIMIT = 63, 253
"""Of the name system; in characters."""
_TOO_LONG = "the endpoint's host is too long, as a whole or in a part"
_LAST_PORT = 65535


def normalised(text: str) -> str:
    """Return an endpoint as `scheme://host`, with the port where it is not the scheme's own.

    Raises:
        SettingsError: It is not scheme and host, or it is http and not this machine. The text
            itself is not repeated: it may hold a password.
    """
    text = text.strip()
    if not text.isprintable() or " " in text:
        raise _refused("the endpoint holds a space or a character that cannot be seen")
    match = _WHOLE.fullmatch(text)
    if match is None:
        raise _refused(_what_is_wrong(text))
    scheme = match["scheme"].lower()
    host = _name(match["host"]) if match["v6"] is None else _address(match["v6"])
    if scheme == "http" and not is_loopback(host):
        raise _refused("the endpoint is http, which shows signed calls to the network")
    port = _port(match["port"] or "", PORTS[scheme])
    return f"{scheme}://[{host}]{port}" if ":" in host else f"{scheme}://{host}{port}"


def is_loopback(host: str) -> bool:
    """Whether a host, as it stands in an endpoint but without brackets, is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _what_is_wrong(text: str) -> str:
    """Say why a text is not of the form; the scheme is looked at first, then what follows."""
    scheme, _, rest = text.partition("://")
    if scheme.lower() not in PORTS:
        return "the endpoint does not begin with https:// and a host"
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" in authority:
        return "the endpoint holds a user name or a password"
    if _WHOLE.fullmatch(f"{scheme}://{authority}"):
        return "the endpoint holds more than scheme and host"
    return "the endpoint's host and port cannot be read"


def _name(text: str) -> str:
    """Return a host's name, or its address in the old form, as the name system takes it."""
    host = text.lower() if text.isascii() else _ascii_form(text)
    labels = host.removesuffix(".").split(".")
    host = ".".join(labels)
    if not all(labels):
        raise _refused(
            "the endpoint's host has an empty part" if host else "the endpoint has no host"
        )
    if len(host) > _HOST_LIMIT or max(map(len, labels)) > _LABEL_LIMIT:
        raise _refused(_TOO_LONG)
    if _NUMBER.fullmatch(labels[-1]):
        # The operating system would take `127.1` and `0x7f000001` for addresses.
        try:
            return str(IPv4Address(host))
        except ValueError:
            raise _refused("the endpoint's host looks like an address, and is not one") from None
    if any(label.startswith("xn--") for label in labels):
        _check_ascii_form(host)
    if not all(map(_LABEL.fullmatch, labels)):
        raise _refused("the endpoint's host has a character that no host name can have")
    return host


def _ascii_form(text: str) -> str:
    import idna

    if len(text) > _HOST_LIMIT:
        raise _refused(_TOO_LONG)
    try:
        return idna.encode(text, uts46=True).decode()
    except UnicodeError:
        raise _refused("the endpoint's host is not a valid international name") from None


def _check_ascii_form(host: str) -> None:
    import idna

    try:
        idna.decode(host)
    except UnicodeError:
        raise _refused("the endpoint's host has a part in xn-- that is not a valid name") from None


def _address(text: str) -> str:
    try:
        address = IPv6Address(text)
    except ValueError:
        raise _refused("the endpoint's brackets hold no IPv6 address") from None
    if address.scope_id is not None:
        raise _refused("the endpoint's address names a network interface")
    # Pythons differ in how they write an IPv4 address inside of IPv6; it is the same machine.
    return str(address.ipv4_mapped or address)


def _port(digits: str, implied: int) -> str:
    """Return a port as it is written behind the host; empty for none and for the scheme's own."""
    digits = digits.lstrip("0") or digits[:1]
    if not digits:
        return ""
    # A number of thousands of digits is not worth reading.
    if digits == "0" or len(digits) > len(str(_LAST_PORT)) or int(digits) > _LAST_PORT:
        raise _refused("the endpoint's port is not a number from 1 to 65535")
    return "" if int(digits) == implied else f":{digits}"


def _refused(detail: str) -> SettingsError:
    return SettingsError(
        detail,
        hint=f"Give scheme and host, for example {DEFAULT_ENDPOINT}; http for this machine only.",
    )
