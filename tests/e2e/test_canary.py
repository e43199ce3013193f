"""Known secrets and known people go in; people come out on the screen alone, secrets nowhere."""

from __future__ import annotations

import base64
import re
import sys
import urllib.parse
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fs_tui.sandbox.population import CLINIC
from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET
from tests.e2e.sabotage import PLACES
from tests.e2e.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fs_tui.sandbox.serve import Running

ROOT = Path(__file__).parents[2]
USER_ID = "canary-user-4711"
USER_DATA = "canary-data-0815"


@pytest.fixture
def people(sandbox: Running) -> Running:
    """A service whose faces are all of one known person."""
    sandbox.faults.clear()
    sandbox.service.received.clear()
    sandbox.faults.hostile = {"user_id": USER_ID, "user_data": USER_DATA}
    return sandbox


def _environment(running: Running) -> dict[str, str | None]:
    return {
        "FS_TUI_ENDPOINT": running.url,
        "FS_TUI_API_KEY": DEMO_API_KEY,
        "FS_TUI_API_SECRET": DEMO_API_SECRET,
        "PYTHONPATH": str(ROOT),
    }


def _secrets(running: Running) -> list[bytes]:
    """Key, secret and every sign that was sent, as they are and in the forms they travel in."""
    signs = {one.fields["sign"] for one in running.service.received}
    assert signs
    plain = [DEMO_API_KEY, DEMO_API_SECRET, *signs]
    quoted = [urllib.parse.quote_plus(text) for text in plain]
    coded = [base64.b64encode(text.encode()).decode() for text in plain]
    return [text.encode() for text in (*plain, *quoted, *coded)]


PERSONAL = [USER_ID.encode(), USER_DATA.encode()]


def _found(data: bytes, canaries: Iterable[bytes]) -> list[bytes]:
    return [canary for canary in canaries if canary in data]


def _files(terminal: Terminal) -> dict[str, bytes]:
    """Everything that the program has left in its home, its folder for temporary files too."""
    return {
        str(path.relative_to(terminal.home)): path.read_bytes()
        for path in terminal.home.rglob("*")
        if path.is_file()
    }


def _assert_files_are_clean(terminal: Terminal, running: Running) -> None:
    for name, data in _files(terminal).items():
        assert not _found(data, [*_secrets(running), *PERSONAL]), name


def _after_the_screen(terminal: Terminal) -> bytes:
    """What was written when the alternate screen was left: what stays in the scrollback."""
    return bytes(terminal.raw).rpartition(b"\x1b[?1049l")[2]


def _clipboard(terminal: Terminal) -> bytes:
    sent = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", bytes(terminal.raw))
    return b"\n".join(base64.b64decode(text) for text in sent)


def test_a_run_with_all_logs_keeps_secrets_and_people_to_itself(people: Running) -> None:
    """Browses, looks at the request log, copies a curl line, meets an error, and ends."""
    command = ["fs-tui", "--log", "--log-requests", "requests.jsonl"]
    with Terminal(command, env=_environment(people)) as terminal:
        terminal.wait_for("100 faces loaded")
        cmdline = Path(f"/proc/{terminal.process.pid}/cmdline").read_bytes()
        assert not _found(cmdline, _secrets(people))
        terminal.press("tab", "j")
        terminal.wait_for("confirmed by face_info")
        assert USER_ID in terminal.text
        terminal.press("L")
        terminal.wait_for("face_info")
        terminal.wait_quiet()
        terminal.press("c")
        terminal.wait_for(lambda: b"curl" in _clipboard(terminal))
        terminal.press("enter")
        terminal.wait_for("(not shown)")
        terminal.press("escape", "escape")
        people.faults.fail("error", code="INTERNAL_ERROR", times=1, status=418)
        terminal.press("r")
        terminal.wait_quiet()
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert not _found(bytes(terminal.raw), _secrets(people))
        assert not _found(_clipboard(terminal), _secrets(people))
        assert not _found(_after_the_screen(terminal), PERSONAL)
        files = _files(terminal)
        assert "requests.jsonl" in files
        assert any(name.endswith("fs-tui.log") for name in files)
        _assert_files_are_clean(terminal, people)


@pytest.mark.parametrize("place", [place for place in PLACES if place != "httpx call"])
def test_a_crash_tells_nothing(people: Running, place: str) -> None:
    command = [sys.executable, "-m", "tests.e2e.sabotage", place, "--log"]
    with Terminal(command, env=_environment(people)) as terminal:
        terminal.wait_for("100 faces loaded")
        terminal.wait_quiet()
        terminal.press("tab", "j", "?")
        assert terminal.wait_exit() == 1
        terminal.assert_restored()
        said = _after_the_screen(terminal)
        assert b"LookupError" in said
        assert b"Traceback" not in said
        assert not _found(bytes(terminal.raw), _secrets(people))
        assert not _found(said, PERSONAL)
        assert any("crash-" in name for name in _files(terminal))
        _assert_files_are_clean(terminal, people)


def test_what_fails_inside_the_client_is_an_error_that_tells_nothing(people: Running) -> None:
    command = [sys.executable, "-m", "tests.e2e.sabotage", "httpx call", "--log"]
    with Terminal(command, env=_environment(people)) as terminal:
        terminal.wait_for("100 faces loaded")
        terminal.press("tab", "j")
        terminal.wait_for("LookupError in a call")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert not _found(bytes(terminal.raw), _secrets(people))
        assert not _found(_after_the_screen(terminal), PERSONAL)
        _assert_files_are_clean(terminal, people)


def test_a_crash_of_a_command_tells_nothing(people: Running) -> None:
    token = "0" * 32
    command = [sys.executable, "-m", "tests.e2e.sabotage", "httpx call", "face", CLINIC, token]
    with Terminal(command, env=_environment(people)) as terminal:
        assert terminal.wait_exit() == 1
        assert b"LookupError" in terminal.raw
        assert b"Traceback" not in terminal.raw
        assert not _found(bytes(terminal.raw), [*_secrets(people), *PERSONAL])
        _assert_files_are_clean(terminal, people)


def test_a_typed_secret_is_not_shown_nor_left_anywhere(people: Running) -> None:
    """The connect screen: typed, copied and cut in vain, used for this run."""
    with Terminal(["fs-tui", "--log", "--endpoint", people.url]) as terminal:
        terminal.wait_for("API secret")
        terminal.wait_quiet()
        terminal.press(DEMO_API_KEY, "tab", DEMO_API_SECRET)
        for key in ("ctrl+a", "ctrl+c", "ctrl+x"):
            terminal.press(key)
        # Without a keyring this is the choice that stands there.
        terminal.wait_for("● this run only")
        terminal.press("enter")
        terminal.wait_for("100 faces loaded")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        signs_and_secret = [one for one in _secrets(people) if one != DEMO_API_KEY.encode()]
        assert not _found(bytes(terminal.raw), signs_and_secret)
        assert not _clipboard(terminal)
        _assert_files_are_clean(terminal, people)


def test_no_snapshot_of_the_tests_holds_a_secret() -> None:
    """Snapshots and screenshots are committed: the sandbox's own pair stands for a real one."""
    pictures = [*(ROOT / "tests").rglob("*.svg"), *(ROOT / "screenshots").rglob("*.svg")]
    secrets = [DEMO_API_KEY.encode(), DEMO_API_SECRET.encode()]
    for picture in pictures:
        assert not _found(picture.read_bytes(), secrets), picture
