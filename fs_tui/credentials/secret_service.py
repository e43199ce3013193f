"""The Secret Service of Linux desktops, asked without ever opening a prompt on one of them."""

from __future__ import annotations

import secretstorage
from keyring.backends.SecretService import Keyring
from keyring.errors import KeyringLocked, NoKeyringError
from secretstorage import Collection
from secretstorage.exceptions import ItemNotFoundException, SecretServiceNotAvailableException

from fs_tui.credentials.vault import NoCollectionError

__all__ = ["SecretService"]


class SecretService(Keyring):
    """The backend of the keyring library with its prompts taken away.

    Asked with a locked collection, the original opens a prompt on whatever desktop there is, and
    waits for it. This one says that it is locked.
    """

    def get_preferred_collection(self) -> Collection:
        """Return the default collection, unlocked; the caller closes its connection.

        Raises:
            NoKeyringError: No session bus, or nothing on it that keeps secrets.
            KeyringLocked: It is locked.
            NoCollectionError: There is none yet.
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
            NoKeyringError: No session bus, or nothing on it that keeps secrets.
            KeyringLocked: It stays locked: the prompt was dismissed, or there is no desktop.
        """
        try:
            collection = _default_collection()
        except NoCollectionError:
            try:
                collection = secretstorage.get_default_collection(secretstorage.dbus_init())
            except ItemNotFoundException:
                raise KeyringLocked("no collection was created: nobody confirmed it") from None
        collection.unlock()
        if collection.is_locked():
            raise KeyringLocked("nobody gave its password, or no desktop could ask for it")
        return collection


def _default_collection() -> Collection:
    try:
        bus = secretstorage.dbus_init()
    except SecretServiceNotAvailableException as error:
        raise NoKeyringError("there is no session bus (DBUS_SESSION_BUS_ADDRESS)") from error
    try:
        if not secretstorage.check_service_availability(bus):
            raise NoKeyringError("no program on the session bus keeps secrets")
        return Collection(bus)
    except SecretServiceNotAvailableException as error:
        bus.close()
        raise NoKeyringError("the program that keeps secrets cannot be started") from error
    except ItemNotFoundException as error:
        bus.close()
        raise NoCollectionError("the Secret Service has no default collection yet") from error
