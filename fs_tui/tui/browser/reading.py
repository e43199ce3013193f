"""Much reading is said before it begins, and asked for: the quota is the account's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fs_tui.words import count, duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import App

__all__ = ["is_much", "reading_words", "wants_reading"]


def is_much(requests: int | None) -> bool:
    """Whether so many requests, or a number that nobody knows, are asked for first."""
    from fs_tui.account.cost import MANY

    return requests is None or requests > MANY


def reading_words(requests: int, page_seconds: float, unknown: Sequence[str] = ()) -> str:
    """Say what reading takes.

    Args:
        requests: How many.
        page_seconds: From one answer to the next.
        unknown: The libraries of unknown length.
    """
    if unknown:
        names = ", ".join(unknown)
        return f"The length of {names} is not known: this may take many requests of the account's."
    return (
        f"This takes about {count(requests, 'request')} and {duration(requests * page_seconds)}."
        " The quota is the account's, and production uses it too."
    )


async def wants_reading(app: App[None], question: str, words: str) -> bool:
    """Ask whether that much is to be read."""
    from fs_tui.tui.dialogs.confirm import Confirm

    answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def answered(yes: bool | None) -> None:  # noqa: FBT001  as Textual calls it
        if not answer.done():
            answer.set_result(bool(yes))

    app.push_screen(Confirm(question, detail=words, yes="Read", no="Leave it"), answered)
    return await answer
