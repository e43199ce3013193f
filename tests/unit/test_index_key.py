"""The key of kept indexes: a checked file, or an entry of the keyring beside key and secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fs_tui.credentials import index_key
from fs_tui.credentials.keychain import Keychain
from fs_tui.credentials.vault import Vault
from fs_tui.errors import KeptIndexError, KeyringLockedError

if TYPE_CHECKING:
    from pathlib import Path

KEYCHAIN = Keychain("https://fs.example", "staging")
DIGITS = "0123456789abcdef" * 4


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A keyring that works."""
    entries: dict[str, str] = {}
    monkeypatch.setattr(Vault, "read", lambda _, user: entries.get(user))
    monkeypatch.setattr(Vault, "write", lambda _, user, text: entries.update({user: text}))
    monkeypatch.setattr(Vault, "delete", lambda _, user: entries.pop(user, None) is not None)
    return entries


def _file(folder: Path, text: str, mode: int = 0o600) -> dict[str, str]:
    path = folder / "index.key"
    path.write_text(text)
    path.chmod(mode)
    return {"FS_TUI_INDEX_KEY_FILE": str(path)}


def test_a_key_is_made_once_and_lies_beside_the_credentials(keyring: dict[str, str]) -> None:
    assert index_key.find(KEYCHAIN, {}, make=False) is None
    found = index_key.find(KEYCHAIN, {})
    assert found is not None
    assert list(keyring) == ["index-key:staging@fs.example"]
    assert len(found.key) == 32
    assert index_key.find(KEYCHAIN, {}) == found
    assert found.key.hex() not in repr(found)
    assert KEYCHAIN.delete_index_key()
    assert not KEYCHAIN.delete_index_key()


def test_a_file_goes_before_the_keyring(tmp_path: Path, keyring: dict[str, str]) -> None:
    found = index_key.find(KEYCHAIN, _file(tmp_path, f"{DIGITS}\n"))
    assert found is not None
    assert found.key == bytes.fromhex(DIGITS)
    assert str(tmp_path) in found.where
    assert not keyring


@pytest.mark.parametrize("text", ["", "x" * 64, DIGITS[:-1], DIGITS + "0", "\uff10" * 64])
def test_what_is_not_64_hex_digits_is_no_key(tmp_path: Path, text: str) -> None:
    with pytest.raises(KeptIndexError, match="64 hex digits") as refused:
        index_key.find(KEYCHAIN, _file(tmp_path, text))
    assert not text or text not in str(refused.value)


def test_a_file_that_others_can_read_is_refused_as_those_of_credentials(tmp_path: Path) -> None:
    with pytest.raises(KeptIndexError) as refused:
        index_key.find(KEYCHAIN, _file(tmp_path, DIGITS, 0o644))
    assert "chmod 600" in refused.value.hint


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(KeptIndexError, match="No such file"):
        index_key.find(KEYCHAIN, {"FS_TUI_INDEX_KEY_FILE": str(tmp_path / "missing")})


def test_a_locked_keyring_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(_vault: Vault, _user: str) -> str:
        raise KeyringLockedError

    monkeypatch.setattr(Vault, "read", locked)
    with pytest.raises(KeptIndexError, match="The keyring is locked"):
        index_key.find(KEYCHAIN, {})


def test_an_entry_that_is_no_key_is_a_sentence(keyring: dict[str, str]) -> None:
    keyring[KEYCHAIN.index_user] = "something else"
    with pytest.raises(KeptIndexError, match="64 hex digits"):
        index_key.find(KEYCHAIN, {})
