"""Exports faces as CSV or JSON Lines: encoders for a stream, and files that appear whole or not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from fs_tui.faces.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Sequence
    from pathlib import Path

    from fs_tui.errors import FsTuiError
    from fs_tui.faces.status import LoadedFace
    from fs_tui.models import Face

__all__ = [
    "FIELDS",
    "CsvEncoder",
    "Encoder",
    "ExportResult",
    "Format",
    "JsonLinesEncoder",
    "Scope",
    "encoder",
    "export",
    "face_record",
    "suggested_stem",
]

FIELDS = ("face_token", "user_id", "user_data", "add_time")
"""The API's names, in the order of the columns; `add_time` is ISO 8601 in UTC."""


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


class CsvEncoder:
    r"""RFC 4180: CRLF, quotes where needed, a header line.

    Args:
        fields: Which of FIELDS, in which order.
        guard: Put a `'` before a cell that a spreadsheet would run as a formula (it begins with
            = + - @ tab or CR). For files that people open; off gives the raw values.
    """

    def __init__(self, fields: Sequence[str] = FIELDS, *, guard: bool = True) -> None:
        raise NotImplementedError

    def head(self) -> str:
        """The header line."""
        raise NotImplementedError

    def rows(self, faces: Sequence[Face]) -> str:
        """Some rows."""
        raise NotImplementedError


class JsonLinesEncoder:
    """One JSON object a line, raw values, UTF-8; a missing `add_time` is null."""

    def __init__(self, fields: Sequence[str] = FIELDS) -> None:
        raise NotImplementedError

    def head(self) -> str:
        """Nothing."""
        raise NotImplementedError

    def rows(self, faces: Sequence[Face]) -> str:
        """Some rows."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What became of an export.

    Attributes:
        path: The file that is there now: the one that was named, or its `.partial`.
        rows: How many faces it holds.
        whole: False when it was stopped or failed on the way.
        error: Why it is not whole; None when it is, or when it was cancelled.
    """

    path: Path
    rows: int
    whole: bool
    error: FsTuiError | None = None


def face_record(face: Face, fields: Sequence[str] = FIELDS) -> dict[str, str | None]:
    """One face as an object with the API's names; `add_time` is ISO 8601 in UTC, or None."""
    raise NotImplementedError


def encoder(form: Format, fields: Sequence[str] = FIELDS) -> Encoder:
    """The encoder of a format."""
    raise NotImplementedError


async def export(
    chunks: AsyncIterable[Sequence[LoadedFace]],
    path: Path,
    form: Format,
    *,
    overwrite: bool = False,
    progress: Callable[[int], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> ExportResult:
    """Write faces to `path`, which appears whole (mode 0600) or not at all.

    It is written to `<name>.partial` beside it and renamed at the end. When the source raises,
    `stop` says True, or the task is cancelled, the `.partial` stays and holds whole rows.

    Raises:
        FileError: The file exists and is not to be replaced, or cannot be created or written.
        asyncio.CancelledError: After the `.partial` was closed.
    """
    raise NotImplementedError


def suggested_stem(group_id: str, scope: Scope) -> str:
    """A file name without suffix, and without the raw id in it: a date and a short digest."""
    raise NotImplementedError
