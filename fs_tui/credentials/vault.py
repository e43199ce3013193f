"""The backends of the keyring library; imported only when a keyring is asked, in a daemon thread.

Every method blocks for as long as the keyring likes: callers set the deadline (see keychain).
"""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from keyring.core import load_keyring
from keyring.errors import KeyringError, KeyringLocked, PasswordDeleteError

from fs_tui.errors import (
    CredentialError,
    KeyringBackendError,
    KeyringLockedError,
    KeyringMissingError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from keyring.backend import KeyringBackend

__all__ = ["Vault"]

_SERVICE = "fs-tui"


_FREEDESKTOP = "keyring.backends.SecretService.Keyring"

_OWN, _OWN_NAME = {
    "darwin": ("keyring.backends.macOS.Keyring", "the macOS keychain"),
    "win32": ("keyring.backends.Windows.WinVaultKeyring", "the Windows credential store"),
}.get(sys.platform, (_FREEDESKTOP, "the Secret Service"))
"""The platform's own, and what people call it."""


class Vault:
    """The entries of one keyring.

    Every method raises these:
        KeyringMissingError: There is no keyring to ask.
        KeyringLockedError: It is locked; nobody was asked to unlock it, or nobody did.
        KeyringBackendError: The backend cannot be loaded, failed, or does not do what it is asked.

    Args:
        backend: A backend's full name; empty for the platform's own.
    """

    def __init__(self, backend: str) -> None:
        self._named = backend
        self._backend = backend or _OWN

    def read(self, user: str) -> str | None:
        """Return what is kept for `user`; None when nothing is."""
        with self._errors():
            return self._open().get_password(_SERVICE, user)

    def write(self, user: str, text: str) -> None:
        """Keep `text` for `user`, and read it back."""
        with self._errors():
            keyring = self._open()
            keyring.set_password(_SERVICE, user, text)
            kept = keyring.get_password(_SERVICE, user) == text
        if not kept:
            raise self._misbehaves("stored the pair and does not return it")

    def delete(self, user: str) -> bool:
        """Remove what is kept for `user` and verify it; False when nothing was."""
        if self.read(user) is None:
            return False
        # Whether it is gone is seen below.
        with self._errors(), suppress(PasswordDeleteError):
            self._open().delete_password(_SERVICE, user)
        if self.read(user) is not None:
            raise self._misbehaves("did not delete the pair")
        return True

    def unlock(self) -> None:
        """Let the desktop ask for the keyring's password.

        A keyring that does not exist yet is created, for which the desktop asks too.
        """
        with self._errors():
            if self._backend == _FREEDESKTOP:
                from fs_tui.credentials.secret_service import SecretService

                SecretService.unlocked().connection.close()
            else:
                self._open().get_password(_SERVICE, "")

    def _open(self) -> KeyringBackend:
        """Return the named backend, or the platform's own: never what a search would find."""
        if self._backend != _FREEDESKTOP:
            return load_keyring(self._backend)
        from fs_tui.credentials.secret_service import SecretService

        return SecretService()  # type: ignore[no-untyped-call]  # the library's base class has no types

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Raise a keyring's error as one of ours, without its own text: that may hold anything."""
        try:
            yield
        except CredentialError:
            raise
        except KeyringLocked as error:
            raise KeyringLockedError(str(error)) from error
        except Exception as error:
            kind = type(error).__name__
            missing = isinstance(error, ImportError | RuntimeError)
            if missing and not isinstance(error, KeyringError) and not self._named:
                raise KeyringMissingError(f"{_OWN_NAME} is not supported here ({kind})") from error
            raise self._misbehaves(f"failed with {kind}") from error

    def _misbehaves(self, how: str) -> KeyringBackendError:
        """Return the error of a backend; only one that the profile names can be put right there."""
        if not self._named:
            return KeyringBackendError(f"{_OWN_NAME} {how}")
        return KeyringBackendError(
            f"keyring_backend '{self._named}' {how}",
            hint="Correct keyring_backend in the profile,"
            " or remove it to use the system's own keyring.",
        )
