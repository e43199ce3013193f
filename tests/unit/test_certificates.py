"""Whose certificates are trusted, and what is said where they cannot be read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from fs_tui.api import certificates
from fs_tui.api.certificates import trust, trust_nobody
from fs_tui.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

USELESS = {
    "missing.pem": "No such file",
    "empty.pem": "PEM",
    "folder.pem": "not a file",
    "pipe.pem": "not a file",
    "nul\0.pem": "not a path",
    "\udc80.pem": "No such file",
    "n" * 300: "name too long",
}


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "empty.pem").write_text("no certificate")
    (tmp_path / "folder.pem").mkdir()
    os.mkfifo(tmp_path / "pipe.pem")
    return tmp_path


@pytest.mark.parametrize("name", USELESS)
def test_a_bundle_that_cannot_be_read_is_said(folder: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=f"(?i)ca_bundle.*{USELESS[name]}") as caught:
        trust(folder / name)
    assert "ca_bundle" in caught.value.hint


@pytest.mark.skipif(not certificates._READS_VARIABLES, reason="OpenSSL's variables count elsewhere")
@pytest.mark.parametrize("name", [name for name in USELESS if "\0" not in name])
def test_a_file_of_ssl_cert_file_that_cannot_be_read_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """OpenSSL passes over it in silence, and trusts others or nobody."""
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / name))
    with pytest.raises(SettingsError, match=f"(?i)SSL_CERT_FILE.*{USELESS[name]}") as caught:
        trust(None)
    assert "SSL_CERT_FILE" in caught.value.hint
    trust_nobody()  # where no certificate is needed nothing is said


@pytest.mark.skipif(not certificates._READS_VARIABLES, reason="OpenSSL's variables count elsewhere")
def test_a_folder_of_ssl_cert_dir_that_is_missing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "missing"
    monkeypatch.setenv("SSL_CERT_DIR", str(missing))
    with pytest.raises(SettingsError, match="SSL_CERT_DIR"):
        trust(None)
    monkeypatch.setenv("SSL_CERT_DIR", f"{missing}{os.pathsep}{tmp_path}")
    trust(None)


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "")
    trust(None)


def test_nobody_is_trusted_by_accident() -> None:
    context = trust_nobody()
    assert context.check_hostname
    assert context.get_ca_certs() == []
