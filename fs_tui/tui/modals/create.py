"""The form that creates a library: every rule checked while typing, nothing typed is lost."""

from __future__ import annotations

from dataclasses import dataclass

from fs_tui.gateway import Gateway
from fs_tui.models import Library
from fs_tui.tui.modals.dialog import Dialog

__all__ = ["CreateLibrary", "DraftTexts"]


@dataclass(slots=True)
class DraftTexts:
    """The form's texts as typed. The app keeps one; the form writes each keystroke into it and
    empties it after success, so that a form that was left shows them again.
    """

    group_id: str = ""
    group_name: str = ""
    group_data: str = ""
    model_version: str = ""


class CreateLibrary(Dialog[Library]):
    """Returns the created library, or None when the form was left (the texts stay in `texts`)."""

    def __init__(self, gateway: Gateway, texts: DraftTexts) -> None:
        super().__init__()
        self._gateway = gateway
        self._texts = texts
