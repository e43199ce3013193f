"""The backends of the keyring library; imported only when a keyring is asked, in a daemon thread.

Every function blocks for as long as the keyring likes: callers set the deadline (see keychain).
"""

from __future__ import annotations

import sys
from contextlib import closing
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
    try:
        return _open(backend).get_password(_SERVICE, user)
    except Exception as error:
        raise _ours(error, backend) from error


def write(backend: str, user: str, text: str) -> None:
    """Keep `text` for `user`, and read it back; raises like `read`."""
    try:
        keyring = _open(backend)
        keyring.set_password(_SERVICE, user, text)
        kept = keyring.get_password(_SERVICE, user) == text
    except Exception as error:
        raise _ours(error, backend) from error
    if not kept:
        raise _misbehaves(backend, "took the pair and does not give it back")


def delete(backend: str, user: str) -> bool:
    """Remove what is kept for `user` and verify it; False when nothing was. Raises like `read`."""
    if read(backend, user) is None:
        return False
    try:
        _open(backend).delete_password(_SERVICE, user)
    except PasswordDeleteError:
        # Whether it is gone is seen below.
        pass
    except Exception as error:
        raise _ours(error, backend) from error
    if read(backend, user) is not None:
        raise _misbehaves(backend, "did not delete the pair")
    return True


def unlock(backend: str) -> None:
    """Let the desktop ask for the keyring's password; raises like `read`.

    A keyring that does not exist yet is created, for which the desktop asks too.
    """
    try:
        if _is_secret_service(backend):
            from fs_tui.credentials.secret_service import SecretService

            with closing(SecretService.unlocked().connection):
                return
        _open(backend).get_password(_SERVICE, "")
    except Exception as error:
        raise _ours(error, backend) from error


_FREEDESKTOP = "keyring.backends.SecretService.Keyring"

_OWN = {
    "darwin": "keyring.backends.macOS.Keyring",
    "win32": "keyring.backends.Windows.WinVaultKeyring",
}.get(sys.platform, _FREEDESKTOP)
"""The platform's own."""


def _is_secret_service(backend: str) -> bool:
    return (backend or _OWN) == _FREEDESKTOP


def _open(backend: str) -> KeyringBackend:
    """Return the named backend, or the platform's own: never what a search would find."""
    if not _is_secret_service(backend):
        return load_keyring(backend or _OWN)
    from fs_tui.credentials.secret_service import SecretService

    return SecretService()  # type: ignore[no-untyped-call]  # the library's base class has no types


def _ours(error: Exception, backend: str) -> CredentialError:
    """Return a keyring's error as one of ours; its own text is left out, it may hold anything."""
    if isinstance(error, CredentialError):
        return error
    if isinstance(error, KeyringLocked):
        return KeyringLockedError(str(error))
    kind = type(error).__name__
    missing = isinstance(error, ImportError | RuntimeError) and not isinstance(error, KeyringError)
    if missing and not backend:
        return KeyringMissingError(f"{_name(backend)} is not supported here ({kind})")
    return _misbehaves(backend, f"failed with {kind}")


def _misbehaves(backend: str, how: str) -> KeyringBackendError:
    """Return the error of a backend; only one that the profile names can be put right there."""
    hint = (
        "Correct keyring_backend in the profile, or remove it to use the system's own keyring."
        if backend
        else None
    )
    return KeyringBackendError(f"{_name(backend)} {how}", hint=hint)


def _name(backend: str) -> str:
    if backend:
        return f"keyring_backend '{backend}'"
    return {"darwin": "the macOS keychain", "win32": "the Windows credential store"}.get(
        sys.platform, "the Secret Service"
    )
