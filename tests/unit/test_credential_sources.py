"""Where key and secret come from, in which order, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from fs_tui.credentials.command import from_command
from fs_tui.credentials.keychain import Keychain
from fs_tui.credentials.pair import Credentials, Pair
from fs_tui.credentials.sources import Lookup, from_environment, from_files
from fs_tui.errors import CredentialError, CredentialsNotFoundError, KeyringBackendError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

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
        ("prompt", "to be typed"),
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
    assert from_environment({"FS_TUI_API_KEY": "", "FS_TUI_API_SECRET": ""}) is None


@pytest.mark.parametrize("secret", ["two words", "línea", "a\nb", "x" * 513, " "])
def test_what_cannot_be_a_secret_is_named_and_not_repeated(secret: str) -> None:
    with pytest.raises(CredentialError, match="FS_TUI_API_SECRET") as caught:
        from_environment({"FS_TUI_API_KEY": KEY, "FS_TUI_API_SECRET": secret})
    assert secret.strip() == "" or secret not in str(caught.value)


def test_files_are_read_to_their_one_line(tmp_path: Path) -> None:
    assert from_files(files(tmp_path)) == Pair(KEY, SECRET)


def test_a_link_to_a_private_file_is_as_good_as_the_file(tmp_path: Path) -> None:
    environ = files(tmp_path)
    link = tmp_path / "link"
    link.symlink_to(environ["FS_TUI_API_KEY_FILE"])
    assert from_files(environ | {"FS_TUI_API_KEY_FILE": str(link)}) == Pair(KEY, SECRET)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o610, 0o602, 0o644, 0o777])
def test_a_file_that_others_can_use_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    environ = files(tmp_path)
    path = tmp_path / "the secret's"
    path.write_text(SECRET)
    path.chmod(mode)
    with pytest.raises(CredentialError) as caught:
        from_files(environ | {"FS_TUI_API_SECRET_FILE": str(path)})
    assert f"mode {mode:04o}" in caught.value.detail
    cure = caught.value.hint.removeprefix("Run: ")
    subprocess.run(cure, shell=True, check=True)  # noqa: S602 - a shell is what the user types it into
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = files(tmp_path)
    monkeypatch.setattr(os, "getuid", lambda: 4321)
    with pytest.raises(CredentialError, match="another user") as caught:
        from_files(environ)
    assert caught.value.hint.startswith("Run: sudo chown $USER ")


def test_only_a_regular_file_is_read_and_a_pipe_does_not_hold_us_up(tmp_path: Path) -> None:
    environ = files(tmp_path)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    for path in (pipe, tmp_path, "/dev/null"):
        with pytest.raises(CredentialError, match="not a regular file"):
            from_files(environ | {"FS_TUI_API_KEY_FILE": str(path)})


def test_a_missing_or_large_file_is_named(tmp_path: Path) -> None:
    environ = files(tmp_path)
    with pytest.raises(CredentialError, match="No such file"):
        from_files(environ | {"FS_TUI_API_KEY_FILE": str(tmp_path / "none")})
    with pytest.raises(CredentialError, match="too large"):
        from_files(files(tmp_path, key="x" * 5000))


def test_a_file_in_the_home_of_nobody_is_named(tmp_path: Path) -> None:
    name = "~nobody-of-this-name/key"
    with pytest.raises(CredentialError, match=name):
        from_files(files(tmp_path) | {"FS_TUI_API_KEY_FILE": name})


def test_a_command_gets_no_shell() -> None:
    code = f"import sys; assert sys.argv[1:] == ['$(id)', '; ls']; {PRINTS}"
    assert from_command((*python(code), "$(id)", "; ls"), print) == Pair(KEY, SECRET)


def test_what_a_command_says_is_shown_as_it_comes_and_safely() -> None:
    said: list[str] = []
    code = f"import sys; sys.stderr.write('Unlock\\x1b[2J me\\nnow? '); {PRINTS}"
    from_command(python(code), said.append)
    text = "".join(said)
    assert "\x1b" not in text
    assert text.startswith("Unlock")
    assert text.endswith("me\nnow? ")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise SystemExit(3)", "ended with status 3"),
        ("print('canary-secret-77d2')", "did not print a key and a secret"),
        ("print('[]')", "did not print"),
        ('print(\'{"api_key": 1, "api_secret": 2}\')', "did not print"),
        ("print('[' * 60000)", "did not print"),
        ('print(\'{"api_key": "k", "api_secret": ""}\')', "api_secret of .* is empty"),
    ],
)
def test_a_command_that_fails_is_named_without_what_it_printed(code: str, said: str) -> None:
    with pytest.raises(CredentialError, match=said) as caught:
        from_command(python(code), lambda _text: None)
    assert "canary" not in str(caught.value)


def test_a_command_that_is_not_there_is_named() -> None:
    with pytest.raises(CredentialError, match="'no-such-program': No such file"):
        from_command(("no-such-program",), print)


@pytest.mark.parametrize(
    "code",
    [
        "import time; time.sleep(60)",
        # The child is gone, and a grandchild keeps the pipes open.
        "import subprocess; subprocess.Popen(['sleep', '5'])",
        "import sys; sys.stdout.write('x' * 1000000)",
    ],
)
def test_a_command_has_a_deadline_whatever_it_leaves_open(code: str) -> None:
    begin = time.monotonic()
    with pytest.raises(CredentialError):
        from_command(python(code), print, seconds=0.5)
    assert time.monotonic() - begin < 3


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
    from fs_tui.credentials import vault

    monkeypatch.setattr(vault, "read", lambda _backend, _user: '"canary-secret-77d2"')
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
