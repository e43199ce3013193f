"""All errors and notes of this run."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from fs_tui.errors import FsTuiError
from fs_tui.times import iso
from fs_tui.tui.browser.detail import Card
from fs_tui.tui.pages.record_page import RecordPage
from fs_tui.tui.pages.records import ErrorRecord, NoteRecord
from fs_tui.tui.table.table_columns import Column
from fs_tui.words import local_time

if TYPE_CHECKING:
    from fs_tui.tui.forms.dialog import Hint

__all__ = ["Errors", "Said"]

Said = ErrorRecord | NoteRecord


class Errors(RecordPage[Said]):
    """Shows what was said, oldest first: a deque that the app fills. Posts CopyWanted."""

    TITLE_WORDS = "Messages of this run"
    NOUN = "message"
    COLUMNS = (
        Column("at", "Time", 8, 8, weight=0, priority=9),
        Column("call", "Call", 10, 12, weight=0, priority=8),
        Column("what", "What happened", 24, 56, weight=4, priority=9),
        Column("code", "Code", 12, 40, weight=3, priority=7),
        Column("status", "HTTP", 4, 4, weight=0, priority=6),
        Column("request_id", "Request id", 12, 48, weight=1, priority=5),
    )
    HINTS: ClassVar[tuple[Hint, ...]] = (
        ("/", "filter", "screen.filter"),
        ("y", "copy", "screen.copy_error"),
        ("esc", "back", "screen.back"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy_error", "Copy", show=False),
    ]

    def cells(self, record: Said) -> tuple[str, ...]:
        """Return one text a column, raw."""
        error = record.error if isinstance(record, ErrorRecord) else None
        return (
            record.at.astimezone().strftime("%H:%M:%S"),
            record.call if isinstance(record, ErrorRecord) else "",
            _what(record),
            _attribute(error, "code"),
            _attribute(error, "http_status"),
            _attribute(error, "request_id"),
        )

    def card(self, record: Said) -> Card:
        """Return everything that is known about an error."""
        return Card(
            "Note" if isinstance(record, NoteRecord) else "Error",
            tuple((label, (text,)) for label, text in _facts(record)),
        )

    def action_copy_error(self) -> None:
        """Copy all that is known about the error, for a ticket."""
        if self.current is not None:
            facts = _facts(self.current)
            self.copy("\n".join(f"{label}: {text}" for label, text in facts if text), "the message")


def _what(record: Said) -> str:
    if isinstance(record, NoteRecord):
        return record.note
    return f"{record.error.title}; {record.then}" if record.then else record.error.title


def _facts(record: Said) -> list[tuple[str, str]]:
    when = [("time", local_time(record.at)), ("UTC", iso(record.at))]
    if isinstance(record, NoteRecord):
        return [("what", record.note), *when]
    error = record.error
    return [
        ("what", error.title),
        ("detail", error.detail),
        ("then", record.then) if record.then else ("to do", error.hint),
        *when,
        ("call", record.call),
        ("library", record.group_id),
        ("code", _attribute(error, "code")),
        ("HTTP", _attribute(error, "http_status")),
        ("id", _attribute(error, "request_id")),
    ]


def _attribute(error: BaseException | None, name: str) -> str:
    """Return what only some kinds of error have, themselves or in what they come from."""
    value = getattr(error, name, None)
    if value is None and isinstance(error, FsTuiError):
        return _attribute(error.__cause__, name)
    return "" if value is None else str(value)
