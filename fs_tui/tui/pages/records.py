"""What the app remembers of what it said, without any widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from fs_tui.errors import FsTuiError

__all__ = ["ErrorRecord", "NoteRecord"]


@dataclass(frozen=True, slots=True)
class ErrorRecord:
    """An error that a user was told about.

    Attributes:
        at: When, aware, UTC.
        call: What was being done: a call as in RequestRecord, or a few words of ours (`export`).
        error: The error; its texts may come from outside, raw. It loses its traceback, whose frames
            hold whole answers: a record is kept for as long as the program runs.
        group_id: The library that it was about; empty when none.
        then: What was to follow where it was not the end: another attempt. Empty when nothing was.
    """

    at: datetime
    call: str
    error: FsTuiError
    group_id: str = ""
    then: str = ""

    def __post_init__(self) -> None:
        links: list[BaseException] = []
        link: BaseException | None = self.error
        while link is not None and link not in links:
            links.append(link)
            link.__traceback__ = None
            link = link.__cause__ or link.__context__


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """A message that was no error.

    Attributes:
        at: When, aware, UTC.
        note: What was said.
    """

    at: datetime
    note: str
