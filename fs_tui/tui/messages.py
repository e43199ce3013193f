"""What screens and dialogues ask of the app; messages bubble up to it from anywhere."""

from __future__ import annotations

from textual.message import Message

__all__ = ["CopyWanted", "PlainWanted"]


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


class PlainWanted(CopyWanted):
    """The user wants a text on the plain page, to select it with the mouse."""
