"""Random JSON documents: true answers with parts of them changed, or anything that JSON can be."""

from __future__ import annotations

import json
from random import Random
from typing import Any

__all__ = ["random_document"]

_MOST_ITEMS = 4
_DEEPEST = 700
_CONTAINER_SHARE = 0.4
_DAMAGED_SHARE = 0.4

_TEXTS = (
    "",
    "0",
    "-1",
    "101",
    "null",
    "\ud800",
    "\udc00\ud800",
    "a\x00b",
    "\x1b[31m",
    "\u202eabc",
    "[/red]",
    "=1+1",
    "2026-01-27T14:19:01+08:00",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+14:00",
    "INTERNAL_ERROR",
    "x" * 5_000,
)
_NUMBERS = (0, -1, 1, 2**31, 2**53 + 1, 2**63, 2**64, 10**400, -(10**30), 0.5, -0.0, 1e308)
_KEYS = (
    "info",
    "group_infos",
    "face_tokens",
    "group_id",
    "group_name",
    "group_data",
    "face_token",
    "user_id",
    "user_data",
    "add_time",
    "next",
    "error",
    "error_message",
    "request_id",
    "time_used",
    "",
)


def random_document(true: bytes, seed: int) -> bytes:
    """A body instead of the true one; many are valid JSON, and some even the documented shape.

    Args:
        true: The body of the true answer.
        seed: The same seed gives the same document.
    """
    random = Random(seed)  # noqa: S311 - to be repeated, not to be secret
    draw = random.random()
    if draw < 0.5:  # noqa: PLR2004 - shares of what is drawn, here and below
        document = _changed(random, json.loads(true), random.choice((0.02, 0.1, 0.5)))
    elif draw < 0.8:  # noqa: PLR2004
        document = {random.choice(_KEYS): _value(random, 3) for _ in range(6)}
    else:
        document = _value(random, 4)
    return _damaged(random, json.dumps(document).encode())


def _changed(random: Random, value: Any, rate: float) -> Any:  # JSON
    """The value with this share of its parts replaced, left out or doubled."""
    if random.random() < rate:
        return _value(random, 2)
    if isinstance(value, list):
        return [
            _changed(random, item, rate)
            for item in value
            for _ in range(random.choice((0, 2)) if random.random() < rate else 1)
        ]
    if isinstance(value, dict):
        return {
            random.choice(_KEYS) if random.random() < rate / 2 else name: _changed(
                random, item, rate
            )
            for name, item in value.items()
            if random.random() >= rate / 2
        }
    return value


def _value(random: Random, depth: int) -> Any:  # JSON
    if depth and random.random() < _CONTAINER_SHARE:
        items = [_value(random, depth - 1) for _ in range(random.randrange(_MOST_ITEMS))]
        if random.random() < 0.5:  # noqa: PLR2004 - as often a list as an object
            return items
        return {random.choice(_KEYS): item for item in items}
    return random.choice((random.choice(_TEXTS), random.choice(_NUMBERS), None, True, False))


def _damaged(random: Random, body: bytes) -> bytes:
    """The body, or, now and then, something that is no longer JSON or hardly is."""
    at = random.randrange(len(body) + 1)
    depth = random.randrange(1, _DEEPEST)
    damaged = (
        body[:at],
        body[:at] + bytes([random.randrange(256)]) + body[at + 1 :],
        body + body,
        b"\xef\xbb\xbf" + body,
        b'{"x":"\\ud800","info":' + b"[" * depth + body + b"]" * depth + b"}",
        body.replace(b"null", b"NaN").replace(b": 1", b": -Infinity1"),
        body.replace(b'"', b'"\\u0000', 3),
    )
    return random.choice(damaged) if random.random() < _DAMAGED_SHARE else body
