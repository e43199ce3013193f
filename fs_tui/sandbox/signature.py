"""The service's side of `hmac_sha1`: reads a sign and says what is wrong with it.

Written from shared/API.md section 2 alone: it shares no code with the client, so that a mistake
cannot agree with itself.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re

__all__ = ["MAX_LIFETIME", "refusal"]

MAX_LIFETIME = 86_400
"""Seconds: a sign that is good for longer is refused."""

_DIGEST_BYTES = 20
_RAW = re.compile(rb"a=([^&]+)&b=([0-9]{1,12})&c=([0-9]{1,12})&d=([0-9]{1,10})")

_INVALID = "AUTHORIZATION_ERROR:INVALID_SIGN"


def refusal(sign: str, *, api_key: str, api_secret: str, now: float) -> str | None:
    """The error code that a sign deserves at `now` (Unix seconds), or None when it is good."""
    try:
        message = base64.b64decode(sign.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return _INVALID
    digest, raw = message[:_DIGEST_BYTES], message[_DIGEST_BYTES:]
    parts = _RAW.fullmatch(raw)
    if parts is None:
        return _INVALID
    key, expire, issued = parts[1], int(parts[2]), int(parts[3])
    if not hmac.compare_digest(key, api_key.encode()):
        return "AUTHENTICATION_ERROR"
    if not hmac.compare_digest(digest, hmac.digest(api_secret.encode(), raw, "sha1")):
        return _INVALID
    if not 0 < expire - issued <= MAX_LIFETIME:
        return _INVALID
    return "AUTHORIZATION_ERROR:EXPIRED_SIGN" if expire <= now else None
