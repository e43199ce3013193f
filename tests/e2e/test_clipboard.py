"""The ways to the clipboard: a real tmux, the terminal's escape sequence, tools of a desktop."""

from __future__ import annotations

import base64
import os
import re
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from fs_tui.credentials.sources import all_variables
from fs_tui.errors import ClipboardError, FileError
from fs_tui.tui.terminal.clipboard import Clipboard, write_private
from tests.e2e.terminal import Terminal, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT = "tokén-ü-'$(x)'\n二"
"""With what a shell, or a wrong encoding, would spoil."""

COPYING = f"""
import asyncio, sys
from fs_tui.tui.terminal.clipboard import Clipboard
print(asyncio.run(Clipboard("auto", send=sys.stdout.write).copy({TEXT!r}, "the token")))
sys.stdin.readline()
"""


@pytest.fixture
def socket(tmp_path: Path) -> Iterator[Path]:
    """The socket of a tmux server of the test's own, ended with the test."""
    path = tmp_path / "tmux"
    yield path
    subprocess.run(  # noqa: S603 - the tests' own command
        ["tmux", "-S", path, "kill-server"],  # noqa: S607
        check=False,
        capture_output=True,
    )


@pytest.mark.needs("tmux")
def test_in_tmux_with_default_options_the_text_arrives_in_its_buffer(socket: Path) -> None:
    script = socket.with_suffix(".py")
    script.write_text(COPYING)
    inside = [sys.executable, str(script)]
    with Terminal(
        ["tmux", "-S", str(socket), "-f", "/dev/null", "new-session", *inside]
    ) as terminal:
        terminal.wait_for("Copied the token into tmux's buffer, and sent to its terminal.")
        shown = subprocess.run(  # noqa: S603
            ["tmux", "-S", socket, "show-buffer"],  # noqa: S607
            check=True,
            capture_output=True,
        ).stdout
        assert shown.decode() == TEXT
        terminal.wait_for(lambda: terminal.controls["OSC 52"])
        sent = re.findall(rb"\x1b\]52;[^;]*;([A-Za-z0-9+/=]+)", bytes(terminal.raw))
        assert base64.b64decode(sent[0]).decode() == TEXT


class Sent(list[str]):
    """What a driver was asked to write."""

    def text(self) -> str:
        """Return what a terminal would put on its clipboard."""
        frame = re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", "".join(self))
        assert frame is not None
        return base64.b64decode(frame[1]).decode()


@pytest.mark.parametrize("environ", [{"SSH_CONNECTION": "1 2 3 4", "DISPLAY": ":0"}, {}])
async def test_without_tmux_the_terminal_is_asked(environ: dict[str, str]) -> None:
    sent = Sent()
    notice = await Clipboard("auto", send=sent.append, environ=environ).copy(TEXT, "the token")
    assert sent.text() == TEXT
    assert notice == "Sent the token to the terminal."


async def test_what_no_terminal_accepts_is_not_sent() -> None:
    sent = Sent()
    clipboard = Clipboard("osc52", send=sent.append, environ={})
    await clipboard.copy("x" * 74_994, "the page")
    sent.clear()
    with pytest.raises(ClipboardError, match="74,995 bytes"):
        await clipboard.copy("x" * 74_995, "the page")
    assert not sent


async def test_switched_off_nothing_is_sent() -> None:
    sent = Sent()
    with pytest.raises(ClipboardError, match="switched off"):
        await Clipboard("off", send=sent.append, environ={}).copy(TEXT, "the token")
    assert not sent


def test_an_unknown_way_is_refused() -> None:
    with pytest.raises(ClipboardError, match="teleport"):
        Clipboard("teleport", send=print)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that comes first in PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def _tool(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("variable", "tool"),
    [("WAYLAND_DISPLAY", "wl-copy"), ("DISPLAY", "xclip"), ("DISPLAY", "xsel")],
)
async def test_a_desktop_uses_its_tool_and_no_argument_shows_the_text(
    tools: Path, tmp_path: Path, variable: str, tool: str
) -> None:
    _tool(tools, tool, f'cat > "{tmp_path}/took"; echo "$@" > "{tmp_path}/arguments"')
    environ = {"PATH": str(tools), variable: ":0"}
    clipboard = Clipboard("auto", send=pytest.fail, environ=environ)
    assert await clipboard.copy(TEXT, "the token") == f"Copied the token with {tool}."
    assert (tmp_path / "took").read_text() == TEXT
    assert "tok" not in (tmp_path / "arguments").read_text()


@pytest.mark.parametrize(("way", "tool"), [("native", "xclip"), ("tmux", "tmux")])
async def test_a_tool_that_lives_on_holds_none_of_our_credentials(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, tool: str
) -> None:
    for variable in all_variables():
        monkeypatch.setenv(variable.name, "canary-77d2")
    _tool(tools, tool, f'cat > /dev/null; env > "{tmp_path}/environment"')
    environ = {"PATH": str(tools), "DISPLAY": ":0"}
    await Clipboard(way, send=pytest.fail, environ=environ).copy(TEXT, "the token")
    handed = (tmp_path / "environment").read_text()
    assert "PATH=" in handed
    assert "API" not in handed


async def test_a_native_tool_that_is_missing_is_said() -> None:
    with pytest.raises(ClipboardError, match="no wl-copy"):
        await Clipboard("native", send=pytest.fail, environ={}).copy(TEXT, "the token")


async def test_an_old_tmux_gets_the_text_without_its_terminal(tools: Path, tmp_path: Path) -> None:
    _tool(tools, "tmux", f'[ "$2" = -w ] && exit 1; cat > "{tmp_path}/took"')
    notice = await Clipboard("tmux", send=pytest.fail, environ={}).copy(TEXT, "the token")
    assert notice == "Copied the token into tmux's buffer."
    assert (tmp_path / "took").read_text() == TEXT


async def test_a_tool_that_refuses_is_named(tools: Path) -> None:
    _tool(tools, "tmux", "exit 7")
    with pytest.raises(ClipboardError, match="tmux ended with status 7"):
        await Clipboard("tmux", send=pytest.fail, environ={}).copy(TEXT, "the token")


async def test_a_tool_that_hangs_is_ended(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fs_tui.tui.terminal.clipboard._DEADLINE", 0.5)
    _tool(tools, "xsel", f'echo $$ > "{tmp_path}/pid"; exec sleep 60')
    clipboard = Clipboard("native", send=pytest.fail, environ={"PATH": str(tools), "DISPLAY": ":0"})
    # More than a pipe holds, so that the tool has to read.
    with pytest.raises(ClipboardError, match="did not take the text"):
        await clipboard.copy("x" * 1_000_000, "the page")
    assert not running(int((tmp_path / "pid").read_text()))


def test_a_file_for_a_text_is_new_and_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "faces.txt"
    write_private(path, TEXT)
    assert path.read_text() == TEXT
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileError, match="there already"):
        write_private(path, "other")
    assert path.read_text() == TEXT
    with pytest.raises(FileError, match="cannot be written"):
        write_private(tmp_path / "missing" / "faces.txt", TEXT)
