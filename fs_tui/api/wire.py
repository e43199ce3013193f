"""Owns the shapes: what each endpoint answers, as models; refuses what is not documented.

bytes ──► read_object ──► error_code ──► (none) ──► libraries · library · faces · face · created
                │             └──► refusals.py makes it one of our errors
                └──► ProtocolError
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from fs_tui.api.times import milliseconds
from fs_tui.errors import ProtocolError
from fs_tui.models import FACE_FIELDS, Face, FaceRows, Library
from fs_tui.records import Kind
from fs_tui.times import moment_of

__all__ = [
    "Object",
    "created",
    "error_code",
    "face",
    "faces",
    "libraries",
    "library",
    "optional_number",
    "optional_text",
    "read_object",
]

Object = Mapping[str, Any]
"""A JSON object as it came: its values are anything, and every use of one checks it."""


_LARGEST = 2**53
"""Whole numbers of this size and more are not the same to every reader of JSON."""

_LONG = 65_536
"""Bytes from which an answer is worth the import of the fast road: a first page is shorter."""

_LONGEST_NUMBER = 4300
"""Digits of the longest whole number that Python reads."""

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
"""One escape of a JSON text, or a pair of them that is one character."""


def read_object(body: bytes) -> Object:
    """Read a body as one JSON object.

    Raises:
        ProtocolError: It is empty, not UTF-8, not JSON, nested too deeply, or not an object. The
            text says what it looks like, and nothing of what it holds.
    """
    answer = _parse(body)
    if not isinstance(answer, dict):
        raise ProtocolError(f"The answer is {_kind(answer)}, not a JSON object.")
    return answer


def error_code(answer: Object) -> str:
    """Return the error code of an answer, raw; empty when it carries none."""
    for key in ("error", "error_message"):
        if value := answer.get(key):
            return _text(value)
    return ""


def libraries(answer: Object) -> tuple[Library, ...]:
    """Read group_list (page 001)."""
    return tuple(_library(row) for row in _rows(answer, "group_infos"))


def library(answer: Object) -> Library:
    """Read group_info (page 000)."""
    return _library(_info(answer))


def created(answer: Object) -> Library:
    """Read create (page 004): flat, known by its `group_id`, and without an add_time."""
    _held(answer, "group_id")
    return _library(answer)


def face(answer: Object) -> Face:
    """Read face_info (page 002)."""
    return _face(_info(answer))


def faces(answer: Object) -> tuple[Sequence[Face], int | None]:
    """Read list (page 003): the rows, and `next` where it is given."""
    rows = answer.get("face_tokens")
    if not isinstance(rows, FaceRows):  # as the fast road has read them
        rows = tuple(_face(row) for row in _rows(answer, "face_tokens"))
    return rows, _next(answer.get("next"))


def optional_text(value: object) -> str | None:
    """Read a text that may be missing, as request_id may (API.md section 4, 10)."""
    return _text(value) or None


def optional_number(value: object) -> int | None:
    """Read a number that may be missing or be text, as time_used may."""
    if isinstance(value, str):
        value = _number(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if abs(value) < _LARGEST else None


def _parse(body: bytes) -> object:
    if len(body) >= _LONG:
        from fs_tui.api.pages import read_page

        if (page := read_page(body)) is not None:
            return page
    try:
        text = body.decode("utf-8-sig")
        # An escaped half of a surrogate pair is valid JSON and no text: it can neither be stored
        # nor printed.
        if _SURROGATE.search(text):
            text = _ESCAPE.sub(_whole, text)
        return json.loads(text, parse_int=_whole_number, parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise ProtocolError("The answer is not UTF-8.") from None
    except RecursionError:
        raise ProtocolError("The answer is nested too deeply.") from None
    except ValueError:
        # Not chained: a JSONDecodeError carries the whole answer.
        raise ProtocolError(f"The answer is {_looks_like(body)}, not JSON.") from None


def _library(row: Object) -> Library:
    added = milliseconds(row.get("add_time"))
    return Library(
        group_id=_text(row.get("group_id")),
        group_name=_text(row.get("group_name")),
        group_data=_text(row.get("group_data")),
        model_version=_text(row.get("model_version")),
        add_time=None if added is None else moment_of(added),
    )


def _face(row: Object) -> Face:
    face = Face(*(_READERS[field.kind](row.get(field.name)) for field in FACE_FIELDS))
    if not face.face_token:
        raise ProtocolError("A face of the answer has no 'face_token'.")
    return face


def _held(answer: Object, key: str) -> Any:  # what JSON can hold
    if key not in answer:
        raise ProtocolError(f"The answer holds no '{key}'.")
    return answer[key]


def _info(answer: Object) -> Object:
    value = _held(answer, "info")
    if not isinstance(value, dict):
        raise ProtocolError(f"'info' in the answer is {_kind(value)}, not an object.")
    return value


def _rows(answer: Object, key: str) -> list[Object]:
    rows = _held(answer, key)
    if not isinstance(rows, list):
        raise ProtocolError(f"'{key}' in the answer is {_kind(rows)}, not a list.")
    if not set(map(type, rows)) <= {dict}:
        strange = next(row for row in rows if not isinstance(row, dict))
        raise ProtocolError(f"'{key}' in the answer holds {_kind(strange)}, not only objects.")
    return rows


def _next(value: object) -> int | None:
    """Read `next`: a number or a numeric text. Absent, null or empty, it says nothing."""
    if value is None or value == "":
        return None
    number = _number(value) if isinstance(value, str) else value
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int) or abs(number) >= _LARGEST:
        raise ProtocolError("'next' in the answer is not a whole number that a position can be.")
    return number


def _text(value: object) -> str:
    """Take a value as text: a number in a text's place is that number's digits."""
    if isinstance(value, str):
        return value
    try:
        return "" if value is None else json.dumps(value, ensure_ascii=False)
    except RecursionError:
        raise ProtocolError("The answer is nested too deeply.") from None


def _number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _whole_number(digits: str) -> int | str:
    """Take a number that Python does not read as its digits: it is no reason to refuse the rest."""
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _whole(escape: re.Match[str]) -> str:
    """Put U+FFFD where an escape is half of a surrogate pair."""
    return r"\ufffd" if escape["lone"] else escape[0]


def _refuse_constant(name: str) -> NoReturn:
    """NaN and Infinity are Python's JSON, not JSON."""
    raise ValueError(name)


def _kind(value: object) -> str:
    if value is None:
        return "null"
    names = {dict: "an object", list: "a list", str: "a text", bool: "a boolean"}
    return names.get(type(value), "a number")


def _looks_like(body: bytes) -> str:
    head = body[:512].lstrip().lower()
    if not head:
        return "empty"
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<body")):
        return "an HTML page"
    if head.startswith((b"{", b"[")):
        return "cut off or damaged"
    return "plain text"


_READERS: dict[Kind, Callable[[object], Any]] = {  # what Face holds
    Kind.TEXT: _text,
    Kind.NUMBER: optional_number,
    Kind.TIME: milliseconds,
}
