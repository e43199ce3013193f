"""Owns the sign: the canonical string and its HMAC-SHA1, with clock and chance passed in.

raw  = a={api_key}&b={expire}&c={now}&d={nonce}
sign = Base64( HMAC-SHA1(api_secret, raw) ‖ raw )

A sign covers neither path nor body: whoever holds it may call anything until it expires, and the
key can be read from it. It is as secret as the secret.
"""

from __future__ import annotations

import hmac
import secrets
import time
from base64 import b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SIGN_VERSION", "Signer", "sign"]

SIGN_VERSION = "hmac_sha1"

_NONCES = 2**32
"""`d` is an unsigned decimal of up to 10 digits; 32 bits fit in whatever the service reads it."""


def sign(api_key: str, api_secret: str, *, expire: int, now: int, nonce: str) -> str:
    """Compute one sign.

    Args:
        api_key: Becomes a readable part of the sign.
        api_secret: The key of the HMAC.
        expire: Absolute Unix seconds; greater than `now`.
        now: Absolute Unix seconds.
        nonce: Up to 10 decimal digits; leading zeros count.

    Returns:
        Standard Base64 with padding, on one line.
    """
    raw = f"a={api_key}&b={expire}&c={now}&d={nonce}".encode()
    return b64encode(hmac.digest(api_secret.encode(), raw, "sha1") + raw).decode()


class Signer:
    """Holds one pair of key and secret, shows neither, and signs with it.

    Args:
        api_key: The account's key.
        api_secret: The account's secret.
        lifetime: Seconds for which a sign is good; at least 1. The vendor's samples use 100.
        clock: Unix seconds.
        random_below: A number from 0 up to, not including, the one given.
    """

    def __init__(
        self,
        api_key: str,
        api_secret: str,
        *,
        lifetime: int = 100,
        clock: Callable[[], float] = time.time,
        random_below: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        self._api_key = api_key
        self._api_secret = api_secret
        self._lifetime = lifetime
        self._clock = clock
        self._random_below = random_below

    def __repr__(self) -> str:
        return "<Signer>"

    def sign(self, *, offset: float = 0.0) -> str:
        """Make a new sign.

        Args:
            offset: Seconds that the service's clock is ahead of the local one.
        """
        now = int(self._clock() + offset)
        nonce = str(self._random_below(_NONCES))
        return sign(
            self._api_key, self._api_secret, expire=now + self._lifetime, now=now, nonce=nonce
        )

    def redact(self, text: str) -> str:
        """Take key and secret out of a text that came from outside."""
        for secret in (self._api_secret, self._api_key):
            if secret and secret in text:
                text = text.replace(secret, "[redacted]")
        return text
