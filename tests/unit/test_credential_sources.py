"""Where key and secret come from, in which order, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fs_tui.credentials.keychain import Keychain
from fs_tui.credentials.pair import Credentials, Pair
from fs_tui.credentials.sources import SOURCES, Lookup, all_variables
from fs_tui.errors import CredentialError, CredentialsNotFoundError, KeyringBackendError

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY, SECRET = "canary-key-1f0a", "canary-secret-77d2"
PRINTS = f"import json; print(json.dumps({{'api_key': {KEY!r}, 'api_secret': {SECRET!r}}}))"


class FakeKeychain(Keychain):
    """A keyring that needs none."""

    def read(self) -> Pair | None:
        return Pair("keyring-key-000", "keyring-secret")


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-S", "-c", code)


def lookup(environ: Mapping[str, str], *, command: tuple[str, ...] = (), only: str = "") -> Lookup:
    entry = FakeKeychain("https://api.example:8443", "staging")
    return Lookup(entry, command, only, environ)


def files(folder: Path, key: str = KEY, secret: str = SECRET) -> dict[str, str]:
    environ = {}
    for name, text in (("FS_TUI_API_KEY_FILE", key), ("FS_TUI_API_SECRET_FILE", secret)):
        path = folder / name
        path.write_text(text + "\n")
        path.chmod(0o600)
        environ[name] = str(path)
    return environ


BOTH = {"FS_TUI_API_KEY": "env-key-00000", "FS_TUI_API_SECRET": "env-secret"}


def test_the_first_source_that_is_set_up_wins(tmp_path: Path) -> None:
    filed = files(tmp_path)
    command = python(PRINTS)
    assert lookup(BOTH | filed, command=command).find().source == "environment"
    assert lookup(filed, command=command).find().source == "file"
    assert lookup({}, command=command).find().source == "command"
    assert lookup({}).find().source == "keyring"


@pytest.mark.parametrize("only", ["environment", "file", "command", "keyring"])
def test_the_named_source_is_asked_alone(tmp_path: Path, only: str) -> None:
    wanted = lookup(BOTH | files(tmp_path), command=python(PRINTS), only=only)
    assert wanted.find().source == only


@pytest.mark.parametrize(
    ("only", "said"),
    [
        ("environment", "FS_TUI_API_KEY and FS_TUI_API_SECRET are not set"),
        ("file", "FS_TUI_API_KEY_FILE and FS_TUI_API_SECRET_FILE are not set"),
        ("command", "'staging' has no credential_command"),
        ("prompt", "typed at a prompt"),
    ],
)
def test_a_named_source_that_has_nothing_is_no_reason_to_ask_another(only: str, said: str) -> None:
    with pytest.raises(CredentialsNotFoundError, match=said):
        lookup({}, only=only).find()


@pytest.mark.parametrize("suffix", ["", "_FILE"])
@pytest.mark.parametrize("given", ["KEY", "SECRET"])
def test_half_a_source_is_an_error_and_is_not_completed_from_another(
    tmp_path: Path, suffix: str, given: str
) -> None:
    everything = files(tmp_path) if suffix else BOTH
    other = {"KEY": "SECRET", "SECRET": "KEY"}[given]
    half = {f"FS_TUI_API_{given}{suffix}": everything[f"FS_TUI_API_{given}{suffix}"]}
    with pytest.raises(CredentialError, match=f"FS_TUI_API_{other}{suffix} is not"):
        lookup(half, command=python(PRINTS)).find()


def test_an_empty_variable_is_not_set() -> None:
    assert lookup({"FS_TUI_API_KEY": "", "FS_TUI_API_SECRET": ""}).find().source == "keyring"


@pytest.mark.parametrize("secret", ["two words", "línea", "a\nb", "x" * 513, " "])
def test_what_cannot_be_a_secret_is_named_and_not_repeated(secret: str) -> None:
    with pytest.raises(CredentialError, match="FS_TUI_API_SECRET") as caught:
        lookup({"FS_TUI_API_KEY": KEY, "FS_TUI_API_SECRET": secret}).find()
    assert secret.strip() == "" or secret not in str(caught.value)


def test_files_are_read_to_their_one_line(tmp_path: Path) -> None:
    assert lookup(files(tmp_path)).find() == Credentials(Pair(KEY, SECRET), "file")


def test_a_file_that_cannot_be_used_is_no_reason_to_ask_another_source(tmp_path: Path) -> None:
    environ = files(tmp_path)
    path = Path(environ["FS_TUI_API_SECRET_FILE"])
    path.chmod(0o644)
    with pytest.raises(CredentialError) as caught:
        lookup(environ).find()
    assert caught.value.hint == f"Run: chmod 600 {path}"


def test_a_warning_about_a_file_lasts_as_long_as_the_pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = files(tmp_path)
    monkeypatch.setattr(os, "getuid", lambda: 4321)
    found = lookup(environ).find()
    assert found.pair == Pair(KEY, SECRET)
    assert found.warning == f"it belongs to another user: {', '.join(environ)}"


@pytest.mark.parametrize("name", ["FS_TUI_API_KEY", "FS_TUI_API_SECRET"])
def test_a_byte_order_mark_is_no_part_of_key_or_secret(name: str) -> None:
    marked = BOTH | {name: f"\ufeff{BOTH[name]}"}
    assert lookup(marked).find() == lookup(BOTH).find()


def test_the_command_line_the_doctor_and_the_man_page_know_every_source() -> None:
    from fs_tui.cli.context import GLOBAL_OPTIONS
    from fs_tui.cli.manpage import manpage

    option = next(one for one in GLOBAL_OPTIONS if one.name == "credential_source")
    assert option.type.choices == tuple(source.name for source in SOURCES)  # type: ignore[attr-defined] # click's Choice
    page = manpage()
    for variable in all_variables():
        assert variable.name in page


def test_the_entry_is_named_after_profile_and_host() -> None:
    assert Keychain("https://api.example:8443", "staging").user == "staging@api.example:8443"


@pytest.mark.parametrize(
    ("backend", "protects"),
    [
        ("", True),
        ("keyring.backends.libsecret.Keyring", True),
        ("keyrings.alt.file.PlaintextKeyring", False),
        ("somewhere.PlainTextKeyring", False),
    ],
)
def test_a_plaintext_keyring_carries_a_warning(backend: str, *, protects: bool) -> None:
    assert (Keychain("https://api.example", "p", backend).warning == "") is protects


def test_a_foreign_entry_is_not_taken_for_a_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    from fs_tui.credentials.vault import Vault

    monkeypatch.setattr(Vault, "read", lambda _vault, _user: '"canary-secret-77d2"')
    with pytest.raises(KeyringBackendError, match="not written by fs-tui") as caught:
        Keychain("https://api.example", "p").read()
    assert "canary" not in str(caught.value)


def test_a_pair_shows_itself_nowhere() -> None:
    pair = Pair(KEY, SECRET)
    shown = f"{pair!r} {pair} {Credentials(pair, 'file')!r} {lookup(BOTH)!r}"
    for secret in (KEY, SECRET, *BOTH.values()):
        assert secret not in shown
    assert pair.tail == "…1f0a"
    assert Pair("short", SECRET).tail == "…"


def test_a_pair_survives_its_own_json() -> None:
    assert Pair.from_json(Pair(KEY, SECRET).to_json()) == Pair(KEY, SECRET)
    assert json.loads(Pair(KEY, SECRET).to_json()) == {"api_key": KEY, "api_secret": SECRET}


def test_the_keyring_is_imported_only_when_it_is_asked() -> None:
    code = (
        "import sys\n"
        "from fs_tui.credentials.keychain import Keychain\n"
        "from fs_tui.credentials.sources import Lookup\n"
        "Lookup(Keychain('https://api.example', 'p')).find()\n"
        "sys.exit(any(name.split('.')[0] in ('keyring', 'secretstorage') for name in sys.modules))"
    )
    # The interpreter that runs the tests, with a fixed text.
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | BOTH, check=False)  # noqa: S603
    assert done.returncode == 0


def test_what_variables_say_is_for_the_profile_of_the_run_alone(tmp_path: Path) -> None:
    of_run = lookup(BOTH | files(tmp_path))
    other = of_run._replace(of_run=False)
    assert (of_run.find().source, other.find().source) == ("environment", "keyring")
    assert [source.name for source in other.sources()] == ["command", "keyring", "prompt"]
