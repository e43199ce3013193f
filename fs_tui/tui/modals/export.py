"""The export form: which faces, which format, which file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from fs_tui.tui.modals.dialog import Dialog

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ExportCounts", "ExportDialog", "ExportFormat", "ExportRows", "ExportWish"]


class ExportRows(Enum):
    """Which faces are to be exported."""

    MARKED = "marked"
    FILTERED = "filtered"
    LOADED = "loaded"
    ALL = "all"


class ExportFormat(Enum):
    """The file's format; the value is its suffix."""

    CSV = "csv"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True)
class ExportCounts:
    """How many faces each choice has now; None hides it (no filter) or is not known (all)."""

    marked: int = 0
    filtered: int | None = None
    loaded: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What is to be exported; `overwrite` is True when the user agreed to replace the file."""

    rows: ExportRows
    format: ExportFormat
    path: Path
    overwrite: bool


class ExportDialog(Dialog[ExportWish]):
    """Returns the wish. `suggested` is a file name without suffix and without raw ids in it."""

    def __init__(self, counts: ExportCounts, *, suggested: str, folder: Path) -> None:
        super().__init__()
        self._counts = counts
        self._suggested = suggested
        self._folder = folder
