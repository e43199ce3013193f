"""What tests of the browser share."""

from __future__ import annotations

import pytest

from fs_tui.tui.terminal.clipboard import Clipboard


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What reaches the clipboard."""
    texts: list[str] = []

    async def copy(_self: Clipboard, text: str, what: str) -> str:
        texts.append(text)
        return f"Sent {what} to the terminal."

    monkeypatch.setattr(Clipboard, "copy", copy)
    return texts
