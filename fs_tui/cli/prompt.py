"""Asks for key and secret on the terminal, hidden."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING

from fs_tui.cli.ending import say
from fs_tui.errors import CredentialError

if TYPE_CHECKING:
    from fs_tui.credentials.pair import Pair
    from fs_tui.settings.options import Settings

__all__ = ["ask_pair"]


def ask_pair(settings: Settings) -> Pair:
    """Ask for the key and the secret of an endpoint; neither is shown, nor kept anywhere.

    Raises:
        CredentialError: There is no terminal to ask at, or nothing usable was typed.
    """
    from fs_tui.credentials.pair import Pair

    if sys.stdin is None or not sys.stdin.isatty():
        raise CredentialError(
            "there is no terminal to ask on",
            hint="Set FS_TUI_API_KEY_FILE and FS_TUI_API_SECRET_FILE, or run it in a terminal.",
        )
    say(f"For {settings.endpoint}, profile {settings.profile}; what you type is not shown.")
    try:
        key = getpass.getpass("API key: ")
        secret = getpass.getpass("API secret: ")
    except EOFError:
        raise CredentialError("nothing was typed") from None
    return Pair.checked(key, secret, ("the key", "the secret"))
