"""What screens and dialogues ask of the app; messages bubble up to it from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from fs_tui.errors import FsTuiError

__all__ = ["CopyWanted", "ErrorMet", "PlainWanted"]


class CopyWanted(Message):
    """The user wants a text on the clipboard; the app copies it and says by which way.

    Attributes:
        text: What is to be copied, raw. Never a secret or a sign; may be personal data.
        what: What it is, for the notice: `the request id`, `the request as curl`.
    """

    def __init__(self, text: str, what: str) -> None:
        super().__init__()
        self.text = text
        self.what = what

    def __rich_repr__(self) -> list[tuple[str, str]]:
        """Name what it is and not the text, which may be personal data."""
        return [("what", self.what)]


class ErrorMet(Message):
    """A dialogue has shown an error; the app keeps it for the list of errors.

    Attributes:
        call: What was being done, as in ErrorRecord.
        error: What happened.
        group_id: The library that it is about; empty when none.
    """

    def __init__(self, call: str, error: FsTuiError, group_id: str = "") -> None:
        super().__init__()
        self.call = call
        self.error = error
        self.group_id = group_id


class PlainWanted(CopyWanted):
    """The user wants a text on the plain page, to select it with the mouse."""
