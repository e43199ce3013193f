"""Where the key of the kept indexes comes from: a file that the environment names, or the keyring.

It is made, at random, when it is needed first, and lies in the keyring beside key and secret.
"""

from __future__ import annotations

import os
import re
import secrets
from typing import TYPE_CHECKING, NamedTuple

from fs_tui.credentials.secret_file import read_secret
from fs_tui.credentials.sources import INDEX_KEY_FILE
from fs_tui.errors import CredentialError, FileError, KeptIndexError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fs_tui.credentials.keychain import Keychain

__all__ = ["IndexKey", "find"]

_DIGITS = 64
_HINT = (
    f"Set {INDEX_KEY_FILE.name} to a file of mode 600 that holds {_DIGITS} hex digits:"
    " openssl rand -hex 32"
)


class IndexKey(NamedTuple):
    """The key of the kept indexes.

    Attributes:
        key: 32 bytes.
        where: Where it lies, in words.
        warning: Who else can read it; empty when nobody can.
    """

    key: bytes
    where: str
    warning: str = ""

    def __repr__(self) -> str:
        return f"IndexKey(where={self.where!r})"


def find(
    keychain: Keychain, environ: Mapping[str, str] = os.environ, *, make: bool = True
) -> IndexKey | None:
    """Return the key; blocks, at most for the deadlines of file and keyring.

    Args:
        keychain: The keyring's entry for the endpoint and the profile.
        environ: The environment.
        make: Make one where there is none; else None is returned then.

    Raises:
        KeptIndexError: The file or the keyring does not give it.
    """
    try:
        if named := environ.get(INDEX_KEY_FILE.name):
            secret = read_secret(INDEX_KEY_FILE.name, named)
            where = f"file {named}"
            return IndexKey(_decoded(secret.text, where), where, secret.warning)
        where = f"keyring, entry '{keychain.index_user}'"
        text = keychain.read_index_key()
        if text is None and make:
            text = secrets.token_hex(_DIGITS // 2)
            keychain.store_index_key(text)
    except FileError as error:
        raise KeptIndexError(f"its key cannot be read: {error}", hint=error.hint) from error
    except CredentialError as error:
        raise KeptIndexError(f"its key cannot be read: {error}", hint=_HINT) from error
    if text is None:
        return None
    return IndexKey(_decoded(text, where), where, keychain.warning)


def _decoded(text: str, where: str) -> bytes:
    digits = text.strip()
    if len(digits) != _DIGITS or re.fullmatch("[0-9A-Fa-f]+", digits) is None:
        raise KeptIndexError(f"its key ({where}) is not {_DIGITS} hex digits", hint=_HINT)
    return bytes.fromhex(digits)
