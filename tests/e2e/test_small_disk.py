"""A temporary folder of one megabyte: a real one, which only the program itself sees."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from fs_tui.sandbox.population import CAMPUS, CITY
from tests.e2e.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.commands import Commands

_ON_SMALL_DISK = 'mount -t tmpfs -o size=1m none "$TMPDIR" && exec "$0" "$@"'

pytestmark = pytest.mark.needs("unshare", "mount")


@pytest.fixture
def small_disk(tmp_path: Path) -> tuple[str, dict[str, str]]:
    """What runs a program with a small temporary folder, and its environment."""
    unshare = shutil.which("unshare") or ""
    if subprocess.run([unshare, "-rm", "true"], check=False, capture_output=True).returncode:  # noqa: S603 - found in PATH
        pytest.skip("this machine lets no program have mounts of its own")
    folder = tmp_path / "small"
    folder.mkdir()
    return unshare, {"TMPDIR": str(folder)}


@pytest.mark.parametrize(
    "args", [["--limit", "400000", "--order", "user_id"], ["--all", "--order", "-add_time"]]
)
def test_a_listing_that_finds_no_room_says_so_and_ends_with_status_2(
    commands: Commands, small_disk: tuple[str, dict[str, str]], args: list[str]
) -> None:
    unshare, env = small_disk
    line = f"exec {unshare} -rm sh -c '{_ON_SMALL_DISK}' fs-tui \"$@\""
    words = " ".join(["faces", CITY, *args])
    ran = commands.shell(f"set -- {words}; {line}", env=env)
    assert ran.status == 2
    assert ran.out == ""
    assert f"no room for temporary files in {env['TMPDIR']}; set TMPDIR" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("size", ["200k", "300k", "700k", "2m"])
def test_an_index_that_finds_no_room_says_so_and_ends_with_status_2(
    commands: Commands, small_disk: tuple[str, dict[str, str]], tmp_path: Path, size: str
) -> None:
    """Whatever of it is written when the disk is full, nothing waits for it for ever."""
    unshare, env = small_disk
    key = tmp_path / "index.key"
    key.touch(0o600)
    key.write_text("0123456789abcdef" * 4)
    small = env["TMPDIR"]
    more = {"XDG_CACHE_HOME": small, "FS_TUI_INDEX_KEY_FILE": str(key)}
    inside = f'mount -t tmpfs -o size={size} none "$XDG_CACHE_HOME" && exec "$0" "$@"'
    words = f"index sync '{CAMPUS}' --max-requests 300"
    line = f"set -- {words}; exec {unshare} -rm sh -c '{inside}' fs-tui \"$@\""
    ran = commands.shell(line, env=more)
    assert "Traceback" not in ran.err
    assert f"no room for the kept index in {small}" in ran.err
    assert ran.status == 2


@pytest.mark.timeout(240)
def test_the_browser_pauses_the_scan_says_so_and_keeps_what_it_shows(
    small_disk: tuple[str, dict[str, str]],
) -> None:
    unshare, env = small_disk
    command = [unshare, "-rm", "sh", "-c", _ON_SMALL_DISK, "fs-tui", "--demo", "--library", CITY]
    with Terminal(command, env=env) as terminal:
        terminal.wait_for("100 faces loaded")
        terminal.wait_for("confirmed by face_info")
        shown = set(re.findall(r"E\d{7}", terminal.text))
        terminal.press("a")
        terminal.wait_for("Load the whole library?")
        terminal.press("y")
        # It takes some hundred thousand faces: more than the memory for them holds.
        terminal.wait_for("no room for temporary files", timeout=150)
        terminal.wait_for("paused")
        # The messages take some rows away.
        assert len(shown & set(re.findall(r"E\d{7}", terminal.text))) > 10
        terminal.press("j", "j", "k")
        terminal.wait_quiet()
        assert terminal.process.poll() is None
        assert "fault" not in terminal.text
        terminal.press("r")
        terminal.wait_for("100 faces loaded, more may exist")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        terminal.assert_restored()
