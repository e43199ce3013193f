"""Copies texts by the way that reaches the user's clipboard, and says no more than is known.

way      what happens                                       what is known afterwards
-------  -------------------------------------------------  ------------------------------
tmux     `tmux load-buffer -w -`                            it is in tmux's buffer
osc52    an escape sequence asks the terminal to copy       it was sent to the terminal
native   wl-copy, xclip, xsel or pbcopy                     the tool took it
off      nothing                                            nothing was copied

`auto` takes tmux inside tmux (whose default options drop the escape sequence of a program), the
escape sequence over SSH, the native tool on a desktop, and the escape sequence everywhere else.
Texts travel by standard input, never as arguments, which every user of the machine can read.
"""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Literal, get_args

from fs_tui import environment, private_files
from fs_tui.errors import ClipboardError, FileError
from fs_tui.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

__all__ = ["Clipboard", "ClipboardWay", "write_private"]

ClipboardWay = Literal["auto", "tmux", "osc52", "native", "off"]

_MAX_OSC52 = 74_994
"""Bytes: 100,000 in Base64 with its frame, the least that terminals of our time accept."""

_MAX_PIPED = 4 * 1024 * 1024
"""Bytes for a program on this machine."""

_DEADLINE = 3.0
"""Seconds for a clipboard program to take the text."""


class Clipboard:
    """One run's way to the clipboard.

    Args:
        way: The setting `clipboard`.
        send: Writes to the terminal: the driver's `write`.
        environ: The environment; says where the program runs.
    """

    def __init__(
        self, way: str, *, send: Callable[[str], None], environ: Mapping[str, str] = os.environ
    ) -> None:
        if way not in get_args(ClipboardWay):
            raise ClipboardError(f"The setting clipboard = {way!r} is not known.")
        self._way = way
        self._send = send
        self._environ = environ

    async def copy(self, text: str, what: str) -> str:
        """Copy a text and return the sentence that says what is known about it.

        Args:
            text: Raw; may be personal data, so it is in no error and no log.
            what: What it is, for the sentence: `the face token`.

        Raises:
            ClipboardError: Nothing was copied.
        """
        data = text.encode(errors="surrogatepass")
        what = visible(what, limit=60)
        match self.way():
            case "tmux":
                return await self._copy_by_tmux(data, what)
            case "native":
                return await self._copy_by_tool(data, what)
            case "osc52":
                return self._copy_by_terminal(data, what)
            case _:
                raise ClipboardError(
                    "Copying is switched off.", hint="Set clipboard = 'auto' in the configuration."
                )

    def way(self) -> str:
        """Return the way that will be taken: `tmux`, `osc52`, `native` or `off`."""
        if self._way != "auto":
            return self._way
        if self._environ.get("TMUX"):
            return "tmux"
        if self._environ.get("SSH_CONNECTION") or _tool(self._environ) is None:
            return "osc52"
        return "native"

    async def _copy_by_tmux(self, data: bytes, what: str) -> str:
        try:
            await _feed(["tmux", "load-buffer", "-w", "-"], data)
        except ClipboardError:
            # Before 3.2 there was no -w.
            await _feed(["tmux", "load-buffer", "-"], data)
            return f"Copied {what} into tmux's buffer."
        return f"Copied {what} into tmux's buffer, and sent to its terminal."

    async def _copy_by_tool(self, data: bytes, what: str) -> str:
        tool = _tool(self._environ)
        if tool is None:
            raise ClipboardError("There is no wl-copy, xclip, xsel or pbcopy with a display here.")
        await _feed(tool, data)
        return f"Copied {what} with {tool[0]}."

    def _copy_by_terminal(self, data: bytes, what: str) -> str:
        if len(data) > _MAX_OSC52:
            raise ClipboardError(f"{len(data):,} bytes are more than a terminal accepts.")
        self._send(f"\x1b]52;c;{base64.b64encode(data).decode()}\x07")
        return f"Sent {what} to the terminal."


def _tool(environ: Mapping[str, str]) -> Sequence[str] | None:
    """Return the command of this desktop; None when there is none."""
    tools: list[Sequence[str]] = []
    if sys.platform == "darwin":
        tools.append(["pbcopy"])
    if environ.get("WAYLAND_DISPLAY"):
        tools.append(["wl-copy"])
    if environ.get("DISPLAY"):
        tools.append(["xclip", "-selection", "clipboard"])
        tools.append(["xsel", "--clipboard", "--input"])
    return next((tool for tool in tools if shutil.which(tool[0], path=environ.get("PATH"))), None)


async def _feed(command: Sequence[str], data: bytes) -> None:
    """Run a clipboard program with a text on its standard input."""
    if len(data) > _MAX_PIPED:
        raise ClipboardError(f"{len(data):,} bytes are too much for a clipboard.")
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=environment.for_children(),
            stdin=asyncio.subprocess.PIPE,
            # xclip and wl-copy live on to serve the text: they must hold nothing of ours open.
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise ClipboardError(f"{command[0]} cannot be run.") from error
    try:
        async with asyncio.timeout(_DEADLINE):
            await process.communicate(data)
    except TimeoutError as error:
        raise ClipboardError(f"{command[0]} did not take the text in {_DEADLINE:.0f} s.") from error
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode:
        raise ClipboardError(f"{command[0]} ended with status {process.returncode}.")


def write_private(path: Path, text: str) -> None:
    """Write a text into a new file that only its owner can read.

    Raises:
        FileError: There is something at that path already, or it cannot be written.
    """
    try:
        with os.fdopen(private_files.create(path), "wb") as file:
            file.write(text.encode(errors="surrogatepass"))
    except FileExistsError as error:
        raise FileError(f"{path} is there already.", hint="Choose another name.") from error
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror}.") from error
