"""credential_command: what it may print, how it may end, and what it may leave behind."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from fs_tui.credentials.command import from_command
from fs_tui.credentials.pair import Pair
from fs_tui.credentials.sources import all_variables
from fs_tui.errors import CredentialError
from tests.e2e.terminal import running

if TYPE_CHECKING:
    from pathlib import Path

KEY, SECRET = "canary-key-1f0a", "canary-secret-77d2"
PRINTS = f"import json; print(json.dumps({{'api_key': {KEY!r}, 'api_secret': {SECRET!r}}}))"
AT_ONCE = 20.0
"""Seconds on a busy machine; below the deadline that a command has, and what they sleep."""


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-S", "-c", code)


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
        "print('{\"api_key\":', flush=True); import time; time.sleep(60)",
        "import os; os.close(1); os.close(2); import time; time.sleep(60)",
    ],
)
def test_a_command_without_an_answer_has_a_deadline(code: str) -> None:
    begin = time.monotonic()
    with pytest.raises(CredentialError, match=r"no answer within 0\.5 s"):
        from_command(python(code), print, seconds=0.5)
    assert time.monotonic() - begin < AT_ONCE


def test_a_command_that_prints_without_end_is_stopped() -> None:
    with pytest.raises(CredentialError, match="did not print a key and a secret"):
        from_command(("yes",), print)


def shell(script: str) -> tuple[str, ...]:
    """Return a command of the shell in which $A is the answer."""
    answer = json.dumps({"api_key": KEY, "api_secret": SECRET})
    return ("sh", "-c", f"A='{answer}'; {script}")


@pytest.mark.parametrize(
    "script",
    [
        'echo "$A"; sleep 30 &',
        'sleep 30 & echo "$A"',
        '(sleep 30; echo too late) & echo "$A"',
        'echo "$A"; (while :; do echo noise; done) &',
        'echo "$A"; (while :; do echo noise >&2; done) &',
        '(while :; do echo noise >&2; done) & echo "$A"',
    ],
)
def test_what_a_command_leaves_behind_is_not_waited_for(script: str) -> None:
    begin = time.monotonic()
    assert from_command(shell(script), lambda _text: None) == Pair(KEY, SECRET)
    assert time.monotonic() - begin < AT_ONCE


def test_what_a_command_leaves_behind_is_not_killed(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    from_command(shell(f'sleep 30 >/dev/null 2>&1 & echo $! > {pid}; echo "$A"'), print)
    agent = int(pid.read_text())
    assert running(agent)
    os.kill(agent, signal.SIGKILL)


@pytest.mark.parametrize("pause", ["", "sleep 0.1;"])
def test_the_first_whole_object_is_the_answer(pause: str) -> None:
    script = (
        f'printf "  %.20s" "$A"; {pause} printf %s "${{A#????????????????????}}"; {pause} echo bye'
    )
    assert from_command(shell(script), print) == Pair(KEY, SECRET)


def test_a_command_that_has_answered_and_goes_on_is_ended(tmp_path: Path) -> None:
    begin = time.monotonic()
    pid = tmp_path / "pid"
    found = from_command(shell(f'echo $$ > {pid}; echo "$A"; exec sleep 30'), print)
    assert found == Pair(KEY, SECRET)
    assert time.monotonic() - begin < AT_ONCE
    assert not running(int(pid.read_text()))


def test_an_object_that_is_no_pair_is_known_at_once() -> None:
    begin = time.monotonic()
    with pytest.raises(CredentialError, match="did not print a key and a secret"):
        from_command(shell('echo \'{"error": "locked"}\'; sleep 30'), print)
    assert time.monotonic() - begin < AT_ONCE


@pytest.mark.parametrize("script", ["exit 3", "sleep 30 & exit 3"])
def test_a_command_that_fails_is_known_at_once(script: str) -> None:
    begin = time.monotonic()
    with pytest.raises(CredentialError, match="ended with status 3"):
        from_command(shell(script), print)
    assert time.monotonic() - begin < AT_ONCE


def test_a_command_that_fails_behind_its_answer_has_failed() -> None:
    late = "import sys, time; sys.stdout.flush(); time.sleep(0.1); sys.exit(3)"
    with pytest.raises(CredentialError, match="ended with status 3"):
        from_command(python(f"{PRINTS}; {late}"), print)


def test_a_byte_order_mark_before_the_answer_is_passed_over() -> None:
    assert from_command(shell("printf '\\357\\273\\277%s' \"$A\""), print) == Pair(KEY, SECRET)


def test_a_command_gets_none_of_our_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in all_variables():
        monkeypatch.setenv(variable.name, "canary")
    said: list[str] = []
    from_command(shell('env | cut -d= -f1 >&2; echo "$A"'), said.append)
    names = "".join(said).split()
    assert {name for name in names if name.startswith("FS_TUI_")} == {
        *("FS_TUI_CONFIG", "FS_TUI_ENDPOINT", "FS_TUI_PROFILE")
    }
    assert "PATH" in names
