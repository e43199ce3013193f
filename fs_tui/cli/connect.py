"""Builds sessions: finds the credentials, makes the client, and keeps what is asked to be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from fs_tui.cli.context import Options
    from fs_tui.gateway import Connector, Session
    from fs_tui.settings import Settings

__all__ = ["PreparedConnector", "connector"]


class PreparedConnector(Protocol):
    """A gateway.Connector with what the browser's start needs beside it."""

    def prepare(self) -> None:
        """Do what needs the terminal, before the screen is taken: run credential_command.

        Raises:
            CredentialError: The command failed.
        """


def connector(options: Options, settings: Settings | None = None) -> Connector:
    """Return how this run gets its session; nothing heavy is imported before `open`.

    Raises:
        SettingsError: The settings cannot be used (not loaded again when given).
    """
    raise NotImplementedError
