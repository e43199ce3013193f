"""The first start without credentials: asks for endpoint, key and secret, and verifies them."""

from __future__ import annotations

from textual.screen import Screen

from fs_tui.errors import FsTuiError
from fs_tui.gateway import Connector, Session

__all__ = ["Connect"]


class Connect(Screen[Session | None]):
    """Returns a verified session, or None when the user wants to leave.

    Args:
        connector: Verifies, and keeps in the keyring when that was chosen.
        reason: Why no credentials were found (usually a CredentialError).
    """

    def __init__(self, connector: Connector, reason: FsTuiError | None = None) -> None:
        super().__init__()
        self._connector = connector
        self._reason = reason
