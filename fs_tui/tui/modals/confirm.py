"""A question with two answers."""

from __future__ import annotations

from textual.screen import ModalScreen

__all__ = ["Confirm"]


class Confirm(ModalScreen[bool]):
    """Returns True for yes; esc, `n` and the first focus are no."""

    def __init__(
        self, question: str, *, detail: str = "", yes: str = "Yes", no: str = "No"
    ) -> None:
        super().__init__()
        self._question = question
        self._detail = detail
        self._yes = yes
        self._no = no
