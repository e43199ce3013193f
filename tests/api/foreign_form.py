"""Reads a multipart form as strictly as the documents allow, with nothing but the standard library.

Written from shared/API.md, sections 1 and 2, without a look at the client or the sandbox: a mistake
that those two share shows here.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from dataclasses import dataclass

__all__ = ["FormError", "Sign", "SignError", "read_form", "read_sign"]

_TYPE = re.compile(
    r'multipart/form-data; *boundary=(?P<open>"?)(?P<boundary>[^"]+)(?P=open)', re.IGNORECASE
)
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_NAME = re.compile(r'form-data; name="([a-z_]+)"')
_RAW = re.compile(r"a=([^&]+)&b=([1-9]\d*)&c=([1-9]\d*)&d=(\d{1,10})", re.ASCII)
_DIGEST_BYTES = 20


class FormError(Exception):
    """The body is not a form of text parts; the text says what is wrong with it."""


class SignError(Exception):
    """The sign is not one that this key and secret could have made."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What a sign says.

    Attributes:
        api_key: The account.
        expires: When it ends, in Unix seconds.
        made: When it was made, in Unix seconds.
    """

    api_key: str
    expires: int
    made: int


def read_form(content_type: str, body: bytes) -> dict[str, str]:
    """Return the fields of a form in their order.

    Raises:
        FormError: It is not multipart/form-data, or a part has a filename, a type other than plain
            text, a name twice, or bytes that are not UTF-8.
    """
    kind = _TYPE.fullmatch(content_type)
    if not kind or not _BOUNDARY.fullmatch(kind["boundary"]):
        raise FormError(f"not a form: {content_type!r}")
    fence = b"--" + kind["boundary"].encode()
    # Every fence but the first follows a line end that belongs to the fence.
    before, *parts = (b"\r\n" + body).split(b"\r\n" + fence)
    if before or not parts or parts.pop() not in {b"--", b"--\r\n"}:
        raise FormError("the form does not begin and end with its boundary")
    fields: dict[str, str] = {}
    for part in parts:
        name, value = _read_part(part)
        if name in fields:
            raise FormError(f"{name} is there twice")
        fields[name] = value
    return fields


def _read_part(part: bytes) -> tuple[str, str]:
    head, gap, value = part.partition(b"\r\n\r\n")
    if not gap or not head.startswith(b"\r\n"):
        raise FormError("a part has no head")
    lines = (line.partition(": ") for line in head.decode("ascii")[2:].splitlines())
    headers = {name.lower(): content for name, _, content in lines}
    name = _NAME.fullmatch(headers.pop("content-disposition", ""))
    if not name:
        raise FormError(f"a part is not a text field: {head!r}")
    if headers and headers != {"content-type": "text/plain; charset=utf-8"}:
        raise FormError(f"a part has more than a name: {head!r}")
    try:
        return name[1], value.decode()
    except UnicodeDecodeError:
        raise FormError(f"{name[1]} is not UTF-8") from None


def read_sign(sign: str, api_key: str, api_secret: str) -> Sign:
    """Return what a sign says, when this secret made it.

    Raises:
        SignError: It is not standard padded Base64 on one line, its text is not
            `a=…&b=…&c=…&d=…` with a `d` of up to 10 digits, or its digest is another's.
    """
    try:
        decoded = base64.b64decode(sign, validate=True)
        raw = decoded[_DIGEST_BYTES:].decode("ascii")
    except (binascii.Error, ValueError):
        raise SignError("not Base64 of a digest and a text") from None
    said = _RAW.fullmatch(raw)
    if not said or base64.b64encode(decoded).decode() != sign:
        raise SignError("not of the documented form")
    digest = hmac.digest(api_secret.encode(), decoded[_DIGEST_BYTES:], "sha1")
    if said[1] != api_key or not hmac.compare_digest(digest, decoded[:_DIGEST_BYTES]):
        raise SignError("made with another key or secret")
    return Sign(api_key=said[1], expires=int(said[2]), made=int(said[3]))
