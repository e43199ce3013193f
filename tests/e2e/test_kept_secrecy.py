"""Nothing of a kept library can be read: in files and names, while it sorts, after a kill."""

from __future__ import annotations

import re
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fs_tui.sandbox.population import CITY, Population
from fs_tui.sandbox.serve import background
from tests.e2e.commands import Commands, ended
from tests.e2e.terminal import Terminal
from tests.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KEY = "0123456789abcdef" * 4

MIDDLE = "middle-library"
"""Its rows take more room than any cache of a private database."""

_FACES = 60_000


@pytest.fixture
def commands(tmp_path: Path) -> Iterator[Commands]:
    """A sandbox of the test's own; home, cache and temporary files lie in one folder."""
    with background(Population({CITY: 4_987_654, MIDDLE: _FACES})) as sandbox:
        commands = Commands(sandbox, tmp_path)
        config = tmp_path / "config.toml"
        config.write_text("read_timeout = 60\nkeep = true\n")
        key = tmp_path / "index.key"
        key.touch(0o600)
        key.write_text(f"{KEY}\n")
        (tmp_path / "tmp").mkdir()
        commands.env |= {
            "FS_TUI_INDEX_KEY_FILE": str(key),
            "TMPDIR": str(tmp_path / "tmp"),
            "SQLITE_TMPDIR": str(tmp_path / "tmp"),
        }
        yield commands


def canaries(commands: Commands, group_id: str) -> list[bytes]:
    """What must not be found: ids and data of many faces, tokens, the library, key and secret."""
    rows = commands.sandbox.service.population[group_id].rows(1, 20_000)
    texts = {text for row in rows[::97] for text in row[:3] if len(text) > 6}
    return [text.encode() for text in (*texts, group_id, KEY)]


def readable(content: bytes, wanted: Sequence[bytes]) -> list[bytes]:
    # One after the other: a pattern of all of them takes twenty times as long.
    return [text for text in wanted if text in content]


def files_of(commands: Commands) -> Iterator[tuple[str, bytes]]:
    """Every file below the folder but what the user has written."""
    for path in sorted(commands.folder.rglob("*")):
        if path.is_file() and path.name not in {"config.toml", "index.key"}:
            with suppress(FileNotFoundError):
                yield str(path.relative_to(commands.folder)), path.read_bytes()


def kept_faces(commands: Commands) -> int:
    ran = commands.run("index", "status", "--jsonl")
    return int(re.findall(r'"faces":(\d+)', ran.out)[0])


def test_after_a_kill_amid_a_scan_nothing_can_be_read_and_it_goes_on(commands: Commands) -> None:
    wanted = canaries(commands, CITY)
    process = commands.start("index", "sync", CITY, "--max-requests", "4000")
    sandbox = commands.sandbox.service
    wait_until(lambda: sandbox.served["list"] > 80)
    process.kill()
    process.communicate()
    before = kept_faces(commands)
    for name, content in files_of(commands):
        assert not readable(name.encode() + content, wanted), name
    assert commands.run("index", "sync", CITY, "--max-requests", "40", "--jsonl").status == 4
    assert 1_000 < before < before + 10_000 < kept_faces(commands)


def spills(commands: Commands, *args: str) -> bool:
    """Whether anything could be read in temporary files while a command or the browser ran."""
    texts, found = commands.folder / "tmp" / "canaries", commands.folder / "tmp" / "found"
    texts.write_bytes(b"\n".join(canaries(commands, MIDDLE)[::20]))
    line = [sys.executable, "-m", "tests.e2e.spilling", str(texts), str(found), *args]
    env = {"PYTHONPATH": str(Path(__file__).parents[2])}
    if args[0] == "--library":
        with Terminal(line, env={**commands.env, **env}, cwd=commands.folder) as terminal:
            terminal.wait_for(f"all {_FACES:,} faces loaded")
            terminal.press("enter", "s", "j", "j", "enter")
            terminal.wait_for("ordered")
            terminal.press("p")
            terminal.wait_for("persons")
            terminal.press("q")
            assert terminal.wait_exit() == 0
    else:
        ran = ended(line, {**commands.env, **env}, folder=commands.folder)
        assert ran.status == 0, ran.err
    found_any = found.exists()
    texts.unlink()
    found.unlink(missing_ok=True)
    return found_any


@pytest.mark.skipif(sys.platform != "linux", reason="files without a name are seen in /proc")
def test_while_it_sorts_nothing_can_be_read(commands: Commands) -> None:
    assert commands.run("index", "sync", MIDDLE, "--max-requests", "300").status == 0
    for args in (
        ("people", MIDDLE, "--order", "faces", "--csv"),
        ("people", MIDDLE, "--order", "faces", "--csv", "--filter", "user:6"),
        ("stats", MIDDLE, "--by", "month"),
        ("diff", MIDDLE, MIDDLE),
        ("diff", MIDDLE, MIDDLE, "--by", "face_token"),
        ("--library", MIDDLE),
    ):
        assert not spills(commands, *args), args
    wanted = canaries(commands, MIDDLE)
    for name, content in files_of(commands):
        assert not readable(name.encode() + content, wanted), name


@pytest.mark.skipif(sys.platform != "linux", reason="files without a name are seen in /proc")
@pytest.mark.parametrize("command", ["people", "diff"])
def test_what_is_not_kept_and_goes_into_files_would_be_found_there(
    commands: Commands, command: str
) -> None:
    assert spills(commands, command, *[MIDDLE] * (1 + (command == "diff")), "--fresh")


def test_a_full_disk_is_a_sentence_and_what_was_kept_is_true(commands: Commands) -> None:
    """The limit on a file's size stands for a disk that is full."""
    line = f"ulimit -f 4000; fs-tui index sync {MIDDLE} --max-requests 300"
    ran = commands.shell(line)
    assert ran.status == 2
    assert "Traceback" not in ran.err
    assert "index" in ran.err
    again = commands.run("index", "status", "--jsonl")
    assert again.status == 0
    assert '"complete":"no"' in again.out
    ran = commands.run("index", "sync", MIDDLE, "--max-requests", "300", "--jsonl")
    assert (ran.status, f'"faces":{_FACES}' in ran.out) == (0, True), ran.err


def test_ctrl_c_amid_a_scan_leaves_what_goes_on(commands: Commands) -> None:
    process = commands.start("index", "sync", CITY, "--max-requests", "4000")
    wait_until(lambda: commands.sandbox.service.served["list"] > 80)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, "Traceback" in err) == (130, False)
    assert kept_faces(commands) > 1_000


def test_the_browser_opens_what_it_has_kept(commands: Commands) -> None:
    """The program itself, twice: it reads and keeps, and then has it at once."""
    with commands.terminal("--library", MIDDLE, env=commands.env) as terminal:
        terminal.wait_for("more may exist")
        terminal.press("enter", "a")
        terminal.wait_for(f"all {_FACES:,} faces loaded")
        terminal.press("q")
        assert terminal.wait_exit() == 0
    before = commands.sandbox.service.served["list"]
    with commands.terminal("--library", MIDDLE, env=commands.env) as terminal:
        terminal.wait_for(f"all {_FACES:,} faces loaded")
        terminal.wait_for("positions proven")
        terminal.press("q")
        assert terminal.wait_exit() == 0
    assert commands.sandbox.service.served["list"] - before <= 2
