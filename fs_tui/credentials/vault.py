"""The backends of the keyring library; imported only when a keyring is asked, in a daemon thread.

Every function blocks for as long as the keyring likes: callers set the deadline (see keychain).
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

__all__ = ["delete", "read", "unlock", "write"]

_SERVICE = "fs-tui"


def read(backend: str, user: str) -> str | None:
    """Return what is kept for `user`; None when nothing is.

    Args:
        backend: A backend's full name; empty for the platform's own.
        user: The name of the entry.

    Raises:
        KeyringMissingError: There is no keyring to ask.
        KeyringLockedError: It is locked; nobody was asked to unlock it.
        KeyringBackendError: The backend cannot be loaded, or failed.
    """
    with _errors(backend):
        return _open(backend).get_password(_SERVICE, user)


def write(backend: str, user: str, text: str) -> None:
    """Keep `text` for `user`, and read it back; raises like `read`."""
    with _errors(backend):
        keyring = _open(backend)
        keyring.set_password(_SERVICE, user, text)
        kept = keyring.get_password(_SERVICE, user) == text
    if not kept:
        raise _misbehaves(backend, "stored the pair and does not return it")


def delete(backend: str, user: str) -> bool:
    """Remove what is kept for `user` and verify it; False when nothing was. Raises like `read`."""
    if read(backend, user) is None:
        return False
    # Whether it is gone is seen below.
    with _errors(backend), suppress(PasswordDeleteError):
        _open(backend).delete_password(_SERVICE, user)
    if read(backend, user) is not None:
        raise _misbehaves(backend, "did not delete the pair")
    return True


def unlock(backend: str) -> None:
    """Let the desktop ask for the keyring's password; raises like `read`.

    A keyring that does not exist yet is created, for which the desktop asks too.
    """
    with _errors(backend):
        if _is_secret_service(backend):
            from fs_tui.credentials.secret_service import SecretService

            SecretService.unlocked().connection.close()
        else:
            _open(backend).get_password(_SERVICE, "")


_FREEDESKTOP = "keyring.backends.SecretService.Keyring"

_OWN, _OWN_NAME = {
    "darwin": ("keyring.backends.macOS.Keyring", "the macOS keychain"),
    "win32": ("keyring.backends.Windows.WinVaultKeyring", "the Windows credential store"),
}.get(sys.platform, (_FREEDESKTOP, "the Secret Service"))
"""The platform's own, and what people call it."""


def _is_secret_service(backend: str) -> bool:
    return (backend or _OWN) == _FREEDESKTOP


def _open(backend: str) -> KeyringBackend:
    """Return the named backend, or the platform's own: never what a search would find."""
    if not _is_secret_service(backend):
        return load_keyring(backend or _OWN)
    from fs_tui.credentials.secret_service import SecretService

    return SecretService()  # type: ignore[no-untyped-call]  # the library's base class has no types


@contextmanager
def _errors(backend: str) -> Iterator[None]:
    """Raise a keyring's error as one of ours; its own text is left out, it may hold anything."""
    try:
        yield
    except CredentialError:
        raise
    except KeyringLocked as error:
        raise KeyringLockedError(str(error)) from error
    except Exception as error:
        kind = type(error).__name__
        missing = isinstance(error, ImportError | RuntimeError)
        if missing and not isinstance(error, KeyringError) and not backend:
            raise KeyringMissingError(f"{_OWN_NAME} is not supported here ({kind})") from error
        raise _misbehaves(backend, f"failed with {kind}") from error


def _misbehaves(backend: str, how: str) -> KeyringBackendError:
    """Return the error of a backend; only one that the profile names can be put right there."""
    if not backend:
        return KeyringBackendError(f"{_OWN_NAME} {how}")
    hint = "Correct keyring_backend in the profile, or remove it to use the system's own keyring."
    return KeyringBackendError(f"keyring_backend '{backend}' {how}", hint=hint)
