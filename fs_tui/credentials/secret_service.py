"""The Secret Service of Linux desktops, asked without ever opening a prompt on one of them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import secretstorage
from jeepney.auth import AuthenticationError
from keyring.backends.SecretService import Keyring
from keyring.errors import KeyringLocked
from secretstorage import Collection
from secretstorage.exceptions import ItemNotFoundException, SecretServiceNotAvailableException

from fs_tui.background import within
from fs_tui.errors import CredentialError, KeyringMissingError, KeyringTimeoutError

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection

__all__ = ["BUS_SECONDS", "SecretService"]

BUS_SECONDS = 2.0
"""How long the session bus may take to say hello: less than a whole call to the keyring."""

_INSTEAD = "or set FS_TUI_API_KEY_FILE and FS_TUI_API_SECRET_FILE to two files of mode 600"
_START = "'gnome-keyring-daemon --replace --unlock'"
_NO_DESKTOP = f"on a host without a desktop run 'dbus-run-session -- bash' and there {_START}"


class _NoCollectionError(KeyringLocked):
    """The keyring runs and has nothing yet to keep entries in; unlocking makes one."""


class SecretService(Keyring):
    """The backend of the keyring library with its prompts taken away.

    Asked with a locked collection, the original opens a prompt on whatever desktop there is, and
    waits for it. This one says that it is locked.
    """

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is kept; None when nothing is, not even a collection to keep it in."""
        try:
            kept: str | None = super().get_password(service, username)  # type: ignore[no-untyped-call]  # the library's base class has no types
        except _NoCollectionError:
            return None
        return kept

    def get_preferred_collection(self) -> Collection:
        """Return the default collection, unlocked; the caller closes its connection.

        Raises:
            KeyringMissingError: No session bus, or nothing on it that keeps secrets.
            KeyringTimeoutError: The session bus does not answer.
            KeyringLocked: It is locked, or there is none yet.
        """
        collection = _default_collection()
        if collection.is_locked():
            collection.connection.close()
            raise KeyringLocked("the default collection of the Secret Service is locked")
        return collection

    @staticmethod
    def unlocked() -> Collection:
        """Return the default collection after the desktop has asked for its password.

        Raises:
            KeyringMissingError: No session bus, or nothing on it that keeps secrets.
            KeyringTimeoutError: The session bus does not answer.
            KeyringLocked: It stays locked: the prompt was dismissed, or there is no desktop.
        """
        try:
            collection = _default_collection()
        except _NoCollectionError:
            try:
                collection = secretstorage.get_default_collection(_session_bus())
            except ItemNotFoundException:
                raise KeyringLocked("no collection was created: nobody confirmed it") from None
        collection.unlock()
        if collection.is_locked():
            raise KeyringLocked("nobody gave its password, or no desktop could ask for it")
        return collection


def _default_collection() -> Collection:
    bus = _session_bus()
    try:
        return _collection_on(bus)
    except BaseException:
        bus.close()
        raise


def _collection_on(bus: DBusConnection) -> Collection:
    try:
        if secretstorage.check_service_availability(bus):
            return Collection(bus)
        detail, cause = "no program on the session bus keeps secrets", None
    except SecretServiceNotAvailableException as error:
        detail, cause = "the program that keeps secrets cannot be started", error
    except ItemNotFoundException as error:
        raise _NoCollectionError("the Secret Service has no default collection yet") from error
    raise KeyringMissingError(detail, hint=f"Run {_START}, {_INSTEAD}.") from cause


def _session_bus() -> DBusConnection:
    """Return a new connection to the session bus; whatever it does, it is known in time."""
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if not address:
        raise KeyringMissingError(
            "there is no session bus (DBUS_SESSION_BUS_ADDRESS is not set)",
            hint=f"Start it in a session with a keyring; {_NO_DESKTOP}, {_INSTEAD}.",
        )
    try:
        return within(BUS_SECONDS, secretstorage.dbus_init)
    except Exception as error:
        raise _bus_problem(address, error) from error


def _bus_problem(address: str, error: BaseException) -> CredentialError:
    """Return what is wrong with the session bus, whatever the libraries below make of it."""
    if isinstance(error, SecretServiceNotAvailableException):
        error = error.__cause__ or error
    bus = f"the session bus at {address.partition(',')[0]}"
    hint = f"An old tmux keeps an old address: start a new session; {_NO_DESKTOP}, {_INSTEAD}."
    match error:
        case TimeoutError():
            return KeyringTimeoutError(f"{bus} does not answer", hint=hint)
        case FileNotFoundError() | ConnectionRefusedError() | NotADirectoryError():
            fate = "is gone"
        case PermissionError() | AuthenticationError():
            fate = "does not accept this user"
        case ConnectionError():
            fate = "closed the connection"
        case _:
            fate = f"cannot be used ({type(error).__name__})"
    return KeyringMissingError(f"{bus} {fate}", hint=hint)
