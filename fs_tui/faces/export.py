"""Exports faces as CSV or JSON Lines: encoders for a stream, and files that appear whole or not."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import os
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import lru_cache
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import TYPE_CHECKING, Protocol

from fs_tui import private_files
from fs_tui.errors import FileError, FsTuiError
from fs_tui.faces.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
    from pathlib import Path

    from fs_tui.faces.status import LoadedFace
    from fs_tui.models import Face

__all__ = [
    "FIELDS",
    "CsvEncoder",
    "Encoder",
    "ExportResult",
    "Format",
    "JsonEncoder",
    "JsonLinesEncoder",
    "Scope",
    "encoder",
    "export",
    "face_record",
    "is_taken",
    "suggested_stem",
]

FIELDS = ("face_token", "user_id", "user_data", "add_time")
"""The API's names, in the order of the columns; `add_time` is ISO 8601 in UTC."""


_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - all of it is UTC, and the Z is ours
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Format(Enum):
    """The file's format; the value is its suffix."""

    CSV = "csv"
    JSONL = "jsonl"


class Encoder(Protocol):
    """Turns faces into text; one object for one output."""

    def head(self) -> str:
        """What comes before the first row."""

    def rows(self, faces: Sequence[Face]) -> str:
        """Some rows, each with its line end."""

    def foot(self) -> str:
        """What comes after the last row of a whole output."""


class CsvEncoder:
    r"""RFC 4180: CRLF, quotes where needed, a header line.

    Args:
        fields: Which of FIELDS, in which order.
        guard: Put a `'` before a cell that a spreadsheet would run as a formula (it begins with
            = + - @ tab or CR), as OWASP advises. For files that people open; off gives the raw
            values, for pipes. JSON Lines always has the raw values.
    """

    def __init__(self, fields: Sequence[str] = FIELDS, *, guard: bool = True) -> None:
        self._fields = tuple(fields)
        self._guard = guard

    def head(self) -> str:
        """The header line."""
        return _csv_lines([self._fields])

    def rows(self, faces: Sequence[Face]) -> str:
        """Some rows."""
        rows = (_values(face, self._fields) for face in faces)
        return _csv_lines([[self._cell(value) for value in row] for row in rows])

    def foot(self) -> str:
        """Nothing."""
        return ""

    def _cell(self, value: str | None) -> str:
        if value is None:
            return ""
        return f"'{value}" if self._guard and value.startswith(_FORMULA) else value


class JsonLinesEncoder:
    """One JSON object a line, raw values, UTF-8; a missing `add_time` is null."""

    def __init__(self, fields: Sequence[str] = FIELDS) -> None:
        self._fields = tuple(fields)

    def head(self) -> str:
        """Nothing."""
        return ""

    def rows(self, faces: Sequence[Face]) -> str:
        """Some rows."""
        return "".join(f"{_json(face_record(face, self._fields))}\n" for face in faces)

    def foot(self) -> str:
        """Nothing."""
        return ""


class JsonEncoder:
    """One JSON array, one object a line, raw values; whole only with its foot."""

    def __init__(self, fields: Sequence[str] = FIELDS) -> None:
        self._fields = tuple(fields)
        self._begun = False

    def head(self) -> str:
        """The opening bracket."""
        return "["

    def rows(self, faces: Sequence[Face]) -> str:
        """Some rows."""
        lines = [_json(face_record(face, self._fields)) for face in faces]
        opening = ",\n" if self._begun else "\n"
        self._begun = self._begun or bool(lines)
        return opening + ",\n".join(lines) if lines else ""

    def foot(self) -> str:
        """The closing bracket."""
        return "\n]\n" if self._begun else "]\n"


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What became of an export.

    Attributes:
        path: The file that is there now: the one that was named, or its `.partial`.
        rows: How many faces it holds.
        whole: False when it was stopped or failed on the way.
        error: Why it is not whole; None when it is, or when it was stopped.
    """

    path: Path
    rows: int
    whole: bool
    error: FsTuiError | None = None


def face_record(face: Face, fields: Sequence[str] = FIELDS) -> dict[str, str | None]:
    """One face as an object with the API's names; `add_time` is ISO 8601 in UTC, or None."""
    return dict(zip(fields, _values(face, fields), strict=True))


def encoder(form: Format, fields: Sequence[str] = FIELDS) -> Encoder:
    """The encoder of a format."""
    return CsvEncoder(fields) if form is Format.CSV else JsonLinesEncoder(fields)


async def export(
    chunks: AsyncIterator[Sequence[LoadedFace]],
    path: Path,
    form: Format | Encoder,
    *,
    overwrite: bool = False,
    progress: Callable[[int], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> ExportResult:
    """Write faces to `path`, which appears whole (mode 0600) or not at all.

    It is written to `<name>.partial` beside it and renamed at the end. When the source raises,
    `stop` says True, or the task is cancelled, the `.partial` stays and holds whole rows.

    Args:
        chunks: The faces.
        path: The file.
        form: A format, or an encoder with fields and manners of its own.
        overwrite: Whether a file that is there already may be replaced.
        progress: Is told how many faces are written so far.
        stop: Is asked after every chunk whether to end here.

    Raises:
        FileError: The file exists and is not to be replaced, is none, or cannot be written.
        asyncio.CancelledError: After the `.partial` was closed.
    """
    target = _Target(path, encoder(form) if isinstance(form, Format) else form, overwrite)
    whole, error = False, None
    try:
        async with aclosing(_generator(chunks)) as source:
            async for faces in source:
                target.write([loaded.face for loaded in faces])
                if progress is not None:
                    progress(target.rows)
                if stop is not None and stop():
                    break
                await asyncio.sleep(0)
            else:
                await target.finish()
                whole = True
    except FileError:
        raise
    except FsTuiError as reason:
        error = reason
    finally:
        target.close()
    return ExportResult(path if whole else target.partial, target.rows, whole, error)


def is_taken(path: Path) -> bool:
    """Whether there is a file of this name, which an export would replace.

    Raises:
        FileError: What is there is a device, a pipe or a folder: no file is to take its place. Or
            it cannot be looked at: a folder that may not be entered, a name that is too long.
    """
    try:
        taken = path.exists()
        foreign = taken and not path.is_file()
    except OSError as error:
        raise _unreachable(path, error) from error
    if foreign:
        hint = "Choose another name; a command without -o can be redirected to it."
        raise FileError(f"{path} is not a regular file", hint=hint)
    return taken


def suggested_stem(group_id: str, scope: Scope) -> str:
    """A file name without suffix, and without the raw id in it: a date and a short digest."""
    digest = hashlib.sha256(group_id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"faces-{digest}-{scope.value}-{datetime.now(UTC).astimezone():%Y%m%d-%H%M%S}"


class _Target:
    """The file while it is written, under its `.partial` name."""

    def __init__(self, path: Path, form: Encoder, overwrite: bool) -> None:  # noqa: FBT001 - private
        if is_taken(path) and not overwrite:
            raise FileError(f"{path} exists already", hint="Choose another name, or replace it.")
        self.partial = path.with_name(f"{path.name}.partial")
        self.rows = 0
        self._size = 0
        self._path = path
        self._overwrite = overwrite
        self._form = form
        try:
            # An older .partial may have other rights, or be a link to somewhere else.
            self.partial.unlink(missing_ok=True)
            self._file = os.fdopen(private_files.create(self.partial), "wb", buffering=0)
        except OSError as error:
            raise _unreachable(path, error) from error
        self._put(form.head())

    def write(self, faces: Sequence[Face]) -> None:
        """Write some rows, all of them or, on an error, none."""
        self._put(self._form.rows(faces))
        self.rows += len(faces)

    async def finish(self) -> None:
        """Write what belongs after the last row, and give the file its name."""
        self._put(self._form.foot())
        try:
            # A full minute for a slow disk would hold up everything else.
            await asyncio.to_thread(os.fsync, self._file.fileno())
            self._take_name()
        except OSError as error:
            raise self._unusable(error) from error
        except FileError as error:
            raise FileError(f"{error.detail}: see {self.partial.name}", hint=error.hint) from error

    def close(self) -> None:
        """Let go of it; what is written stays."""
        self._file.close()

    def _take_name(self) -> None:
        if is_taken(self._path) and not self._overwrite:
            raise FileError(f"{self._path} came into being meanwhile")
        self.partial.replace(self._path)

    def _put(self, text: str) -> None:
        # Halves of surrogate pairs are no text; JSON escapes them by itself.
        data = memoryview(text.encode("utf-8", "replace"))
        try:
            written = 0
            while written < len(data):
                written += self._file.write(data[written:]) or 0
        except OSError as error:
            # What does not fit must not leave half a row.
            self._file.truncate(self._size)
            raise self._unusable(error) from error
        self._size += len(data)

    def _unusable(self, error: OSError) -> FileError:
        why = error.strerror or "it cannot be written"
        return FileError(f"{self._path}: {why}; {self.partial.name} holds {self.rows:,} faces")


def _unreachable(path: Path, error: OSError) -> FileError:
    return FileError(f"{path}: {error.strerror}", hint="Choose another place.")


async def _generator(
    chunks: AsyncIterator[Sequence[LoadedFace]],
) -> AsyncGenerator[Sequence[LoadedFace], None]:
    """The chunks as something that can be closed."""
    async for faces in chunks:
        yield faces


def _values(face: Face, fields: Sequence[str]) -> list[str | None]:
    return [_value(face, field) for field in fields]


def _value(face: Face, field: str) -> str | None:
    if field != "add_time":
        return str(getattr(face, field))
    return None if face.added_ms is None else _iso(face.added_ms)


def _iso(added_ms: int) -> str | None:
    """ISO 8601 in UTC, to the millisecond; None beyond what a calendar holds."""
    minute, rest = divmod(added_ms, 60_000)
    try:
        return f"{_minute(minute)}:{rest // 1000:02}.{rest % 1000:03}Z"
    except OverflowError:
        return None


@lru_cache(maxsize=256)
def _minute(minute: int) -> str:
    """A minute since 1970 as text; faces come by time, so that the next one is often the same."""
    return (_EPOCH + timedelta(minutes=minute)).isoformat(timespec="minutes")


def _json(record: dict[str, str | None]) -> str:
    """An object on one line: `json.dumps` makes a new encoder a call, which costs half of it."""
    return "{" + ", ".join([f'"{name}": {_json_text(text)}' for name, text in record.items()]) + "}"


def _json_text(value: str | None) -> str:
    if value is None:
        return "null"
    text = encode_basestring(value)
    return text if text.isprintable() else encode_basestring_ascii(value)


def _csv_lines(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()
