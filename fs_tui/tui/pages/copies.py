"""Copies: puts texts on the clipboard; the plain page and a file are what always works."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fs_tui.errors import ClipboardError, FsTuiError
from fs_tui.tui.host import Job, Offer
from fs_tui.tui.messages import PlainWanted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fs_tui.tui.host import Host
    from fs_tui.tui.messages import CopyWanted
    from fs_tui.tui.terminal.terminal_app import TerminalApp

__all__ = ["Copies"]


class Copies:
    """Copies for whoever asks, and knows what was copied last.

    Args:
        app: Shows the plain page, and has the terminal.
        host: What it runs things in.
    """

    def __init__(self, app: TerminalApp, host: Host) -> None:
        self._app = app
        self._host = host
        self._last: CopyWanted | None = None

    def copy(self, wanted: CopyWanted) -> None:
        """Copy a text, or show it where that is what is wanted."""
        self._last = wanted
        if isinstance(wanted, PlainWanted):
            self._show(wanted)
        else:
            self._host.work(Job.COPY, self._copy(wanted))

    def offers(self) -> Iterable[Offer]:
        """What can be done yet with what was copied last."""
        if (last := self._last) is not None:
            plain = "Show what was copied last as a plain page, to select it with the mouse"
            yield Offer(plain, "", partial(self._show, last))
            to_file = "Write what was copied last to a file of this folder"
            yield Offer(to_file, "", partial(self._write, last))

    async def _copy(self, wanted: CopyWanted) -> None:
        from fs_tui.tui.terminal.clipboard import Clipboard

        clipboard = Clipboard(self._host.options.clipboard, send=self._app.send)
        try:
            self._host.tell(await clipboard.copy(wanted.text, wanted.what))
        except ClipboardError as error:
            self._host.report("copy", error)
            self._show(wanted)

    def _show(self, wanted: CopyWanted) -> None:
        if self._host.masked:
            self._host.tell("What was copied is not shown while the screen is masked: M shows all.")
            return
        from fs_tui.tui.pages.plain import PlainText

        self._app.push_screen(PlainText(wanted.text, what=wanted.what, terminal=self._app))

    def _write(self, wanted: CopyWanted) -> None:
        from fs_tui.tui.terminal.clipboard import write_private

        path = Path.cwd() / f"fs-tui-{datetime.now():%Y%m%d-%H%M%S}.txt"  # noqa: DTZ005  local time is meant
        try:
            write_private(path, wanted.text)
        except FsTuiError as error:
            self._host.report("write", error)
        else:
            self._host.tell(f"Wrote {wanted.what} to {path}, readable by you alone.")
