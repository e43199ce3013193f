"""Reads files of ids, faces and lines: our exports, CSV or JSON with the right column, plain lists.

suffix, else what it begins with ──► CSV, JSON Lines, JSON, or one id a line ──► FileRow, one by one
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import sys
from contextlib import contextmanager
from datetime import datetime
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from fs_tui.errors import FileError
from fs_tui.records import unguarded
from fs_tui.times import milliseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["FILE_SUFFIXES", "STANDARD_INPUT", "FileRow", "read_lines", "read_rows"]

FILE_SUFFIXES = frozenset({".csv", ".json", ".jsonl", ".txt"})
"""What says how a file is to be read."""

STANDARD_INPUT = "-"

_LONGEST_CELL = 16 * 1024 * 1024
"""Characters; csv's own limit of 131,072 would refuse user data that JSON takes."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

_TEXTS = ("face_token", "user_id", "user_data")
_TIMES = ("add_time", "first_added", "last_added")
_COLUMNS = (*_TEXTS, *_TIMES, "faces")


class FileRow(NamedTuple):
    """One row of a file, a face or a person; None is what it does not say.

    Attributes:
        added_ms: When the face, or the first one of the person, was added, in milliseconds since
            1970 UTC.
        last_ms: When the last face of the person was.
        faces: How many the person has.
    """

    face_token: str | None = None
    user_id: str | None = None
    user_data: str | None = None
    added_ms: int | None = None
    last_ms: int | None = None
    faces: int | None = None


def read_rows(path: str, key: str, columns: set[str] | None = None) -> Iterator[FileRow]:
    """Give the rows of a file, one by one; a file of a million lines is never whole in memory.

    Args:
        path: The file, or `-` for standard input.
        key: `face_token` or `user_id`: the column that each row must have, and what a line of a
            plain list is.
        columns: Takes in the names of those columns of a face or a person that the file has.

    Raises:
        FileError: It cannot be read, is no text, lacks the column, or a row is not what it should
            be: the detail names the place.
    """
    with _opened(path) as (start, text, place):
        if columns is not None:
            place.columns = columns
        yield from _reader(PurePath(path).suffix.lower(), start, key)(text, key, place)


def read_lines(path: str) -> Iterator[tuple[int, str]]:
    """Give the lines of a file that are not blank, with their numbers from 1 on.

    Args:
        path: The file, or `-` for standard input.

    Raises:
        FileError: It cannot be read, or is no text.
    """
    with _opened(path) as (_, text, place):
        for place.line, line in enumerate(text, 1):
            if line.strip():
                yield place.line, line.rstrip("\r\n")


class _Place:
    """Where the reading has come to, and what it has met, for what is said of it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.line = 0
        self.columns: set[str] = set()

    @property
    def after(self) -> str:
        return f" after line {self.line:,}" if self.line else ""

    def wrong(self, what: str, hint: str) -> FileError:
        return FileError(f"{self.name}, line {self.line:,}: {what}", hint=hint)


@contextmanager
def _opened(path: str) -> Iterator[tuple[bytes, IO[str], _Place]]:
    """Lend how a file begins, its text, and where in it one is; say where it cannot be read."""
    with _binary(path) as (name, binary):
        # The first bytes stay in the buffer, so that a pipe can be looked into as well.
        start = binary.peek(4096)[:4096].removeprefix(codecs.BOM_UTF8)
        text = io.TextIOWrapper(binary, encoding="utf-8-sig", newline="")
        place = _Place(name)
        try:
            yield start, text, place
        except UnicodeDecodeError:
            detail = f"{name} is not UTF-8 text{place.after}"
            raise FileError(detail, hint="Save it as UTF-8, or name the right file.") from None
        except (csv.Error, json.JSONDecodeError, RecursionError) as error:
            detail = f"{name} cannot be read{place.after}: {_reason(error)}"
            raise FileError(detail, hint="Correct it there, or export it again.") from None
        finally:
            # Standard input stays open: whether it is a terminal may be asked later.
            text.detach()


@contextmanager
def _binary(path: str) -> Iterator[tuple[str, io.BufferedReader]]:
    if path == STANDARD_INPUT:
        yield "standard input", _buffered(sys.stdin.buffer if sys.stdin else io.BytesIO())
        return
    try:
        with open(path, "rb") as file:  # noqa: PTH123  a path as it was typed
            yield path, file
    except OSError as error:
        detail = f"{path} cannot be read: {error.strerror}"
        raise FileError(detail, hint="Name a file that exists and that you may read.") from None


def _buffered(stream: IO[bytes]) -> io.BufferedReader:
    return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[arg-type]  # a stream of bytes is raw enough


def _reader(
    suffix: str, start: bytes, key: str
) -> Callable[[IO[str], str, _Place], Iterator[FileRow]]:
    """How a file is to be read: as its suffix says, else as it begins."""
    if suffix in FILE_SUFFIXES:
        return {".csv": _csv, ".json": _json, ".jsonl": _json_lines, ".txt": _lines}[suffix]
    head = start.lstrip()
    if head.startswith(b"{"):
        return _json_lines
    if head.startswith(b"["):
        return _json
    first_line = head.split(b"\n", 1)[0].decode("utf-8", "replace")
    names = {name.strip().strip('"') for name in first_line.split(",")}
    return _csv if key in names else _lines


def _lines(text: IO[str], key: str, place: _Place) -> Iterator[FileRow]:
    place.columns.add(key)
    for place.line, line in enumerate(text, 1):
        if value := line.rstrip("\r\n"):
            yield FileRow(face_token=value) if key == "face_token" else FileRow(user_id=value)


def _csv(text: IO[str], key: str, place: _Place) -> Iterator[FileRow]:
    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = csv.reader(text, strict=True)
        names = [name.strip() for name in next(rows, [])]
        if not names:
            return
        places = {name: names.index(name) for name in _COLUMNS if name in names}
        if key not in places:
            known = ", ".join(repr(name) for name in names[:8])
            raise _lacks(place.name, key, known)
        for name in places:
            if names.count(name) > 1:
                place.line = 1
                raise place.wrong(f"the column '{name}' stands there twice", "Leave one of them.")
        place.columns.update(places)
        for row in rows:
            place.line = rows.line_num
            if not row:
                continue
            if len(row) != len(names):
                cells = f"{len(row)} cells where the first line has {len(names)}"
                raise place.wrong(cells, "Quote cells that hold commas.")
            yield _row({name: unguarded(row[at]) for name, at in places.items()}, place)
    finally:
        csv.field_size_limit(limit)


def _json_lines(text: IO[str], key: str, place: _Place) -> Iterator[FileRow]:
    for place.line, line in enumerate(text, 1):
        if line.strip():
            yield _from_object(_parsed(line), key, place)


def _json(text: IO[str], key: str, place: _Place) -> Iterator[FileRow]:
    items = _items(text, place)
    for place.line, item in enumerate(items, 1):
        yield _from_object(item, key, place)


def _items(text: IO[str], place: _Place) -> Iterator[Any]:  # any JSON values
    """The items of an array, one by one: an export of five million faces is never whole here."""
    window = _Window(text)
    if (character := window.character()) != "[":
        if not character:
            return
        hint = "Give an array of objects, or JSON Lines in a file named *.jsonl."
        raise FileError(f"{place.name} holds no JSON array", hint=hint)
    window.at += 1
    try:
        if window.character() != "]":
            yield window.value()
            while window.character() == ",":
                window.at += 1
                yield window.value()
        window.close()
    except json.JSONDecodeError as error:
        # Its place is one in the window.
        detail = f"{place.name} cannot be read{place.after}: {error.msg}"
        raise FileError(detail, hint="Correct it there, or export it again.") from None


class _Window:
    """A part of a JSON text that moves over it.

    Attributes:
        at: Where in the part one is.
    """

    def __init__(self, text: IO[str]) -> None:
        self.at = 0
        self._text = text
        self._part = ""

    def character(self) -> str:
        """The next character that is not blank, and go there; empty at the end."""
        while True:
            self.at = _BLANKS.match(self._part, self.at).end()  # type: ignore[union-attr]  # blanks may be none
            if self.at < len(self._part) or not self._more():
                return self._part[self.at : self.at + 1]

    def value(self) -> Any:  # any JSON value
        """The value that comes now, and go behind it."""
        self.character()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._part, self.at)
            except json.JSONDecodeError:
                if len(self._part) - self.at > _LONGEST_CELL or not self._more():
                    raise
                continue
            # A number may go on behind the part.
            if end < len(self._part) or not self._more():
                self.at = end
                return found

    def close(self) -> None:
        """Go behind the array: nothing comes there."""
        if self.character() != "]":
            raise json.JSONDecodeError("a ',' or ']' is missing", self._part, self.at)
        self.at += 1
        if self.character():
            raise json.JSONDecodeError("something follows the array", self._part, self.at)

    def _more(self) -> bool:
        """Take in as much again, at least; false at the end."""
        more = self._text.read(max(_PART, len(self._part) - self.at))
        self._part, self.at = self._part[self.at :] + more, 0
        return bool(more)


def _parsed(text: str) -> Any:  # any JSON value
    return json.loads(text, parse_int=_number)


def _number(digits: str) -> int | float:
    """A number of JSON; one with thousands of digits is no time, and Python refuses to read it."""
    return int(digits) if len(digits) < 100 else float(digits)  # noqa: PLR2004  far more than a time has


_DECODER = json.JSONDecoder(parse_int=_number)
_BLANKS = re.compile(r"[ \t\r\n]*")
_PART = 1 << 16


def _from_object(item: object, key: str, place: _Place) -> FileRow:
    if not isinstance(item, dict):
        raise place.wrong("this is not a JSON object", "Give an object with a name for each value.")
    if key not in item:
        raise _lacks(f"{place.name}, line {place.line:,}", key, ", ".join(map(repr, item)))
    cells = {name: item[name] for name in _COLUMNS if name in item}
    place.columns.update(cells)
    return _row(cells, place)


def _row(cells: Mapping[str, object], place: _Place) -> FileRow:
    token, user_id, data = (_text(name, cells.get(name), place) for name in _TEXTS)
    if len(cells) == 1:
        return FileRow(token, user_id, data)
    added, first, last = (_milliseconds(name, cells.get(name), place) for name in _TIMES)
    is_person = "faces" in cells and "face_token" not in cells
    faces = _count(cells["faces"], place) if is_person else None
    return FileRow(token, user_id, data, added if first is None else first, last, faces)


def _text(name: str, value: object, place: _Place) -> str | None:
    if value is None or (type(value) is str and value.isascii()):
        return value
    if isinstance(value, bool | list | dict):
        raise place.wrong(f"{name} is not a text", "Put it in quotes.")
    # Half of a surrogate pair is no text: the service's own are told in the same way.
    return _LONE_SURROGATE.sub("\ufffd", str(value))


def _count(value: object, place: _Place) -> int:
    try:
        return _storable(int(str(value)))
    except ValueError:
        raise place.wrong("faces is not a number", "Write how many faces the person has.") from None


def _milliseconds(name: str, value: object, place: _Place) -> int | None:
    """A time as our exports write it, or as the service does: ISO 8601, or epoch milliseconds."""
    if value is None or value == "":
        return None
    text = str(value).strip()
    try:
        if text.lstrip("-").isdigit():
            return _storable(int(text[:20]))
        moment = datetime.fromisoformat(text)
    except ValueError:
        hint = "Write it as 2026-01-27T06:19:01.000Z, or in milliseconds since 1970."
        raise place.wrong(f"{name} is not a time", hint) from None
    if moment.tzinfo is None:
        raise place.wrong(f"{name} has no offset from UTC", "Write it as 2026-01-27T06:19:01Z.")
    return milliseconds(moment)


def _storable(number: int) -> int:
    """A number of 64 bits.

    Raises:
        ValueError: It has more.
    """
    if not -(2**63) <= number < 2**63:
        raise ValueError
    return number


def _lacks(name: str, key: str, known: str) -> FileError:
    other = {"face_token": "user_id", "user_id": "face_token"}[key]
    by_other = f", or compare --by {other}" if repr(other) in known else ""
    return FileError(
        f"{name} has no column '{key}'; it has {known or 'none'}",
        hint=f"Name the column '{key}' in its first line{by_other}.",
    )


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.colno:,}"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
