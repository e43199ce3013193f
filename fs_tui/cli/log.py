"""The log: off unless asked for, private, redacted; and the report of a crash.

Into the log go: requests without form fields, warnings and errors of the libraries. Texts of
exceptions go nowhere: they may hold anything.
"""

from __future__ import annotations

import logging
import os
import platform
import re
import time
import traceback
from typing import TYPE_CHECKING, TextIO

from fs_tui import __version__, private_files
from fs_tui.settings.state import private_state_folder, state_folder
from fs_tui.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fs_tui.gateway import Event

__all__ = ["hide", "note", "outline", "start", "write_crash"]

_LOG = logging.getLogger("fs_tui")
_KEPT_BYTES = 4 << 20
_LINE_LIMIT = 2000
_REDACTED = "[redacted]"
_LONG = re.compile(r"[A-Za-z0-9+/_=-]{64,}")
"""A sign is standard Base64 of more than 64 characters; no other word of a log is as long."""
_NAMED = re.compile(r"(?i)\b(api_?key|api_?secret|sign|user_id|user_data)(['\"]?\s*[=:]\s*).*")


def start() -> Path:
    """Write a redacted log from now on; return its file (0600). Calling it again changes nothing.

    Raises:
        FileError: The state folder or the file cannot be written.
    """
    if (running := _handler()) is not None:
        return running.path
    from fs_tui.errors import FileError

    try:
        handler = _File(private_state_folder() / "fs-tui.log")
    except OSError as error:
        raise FileError(
            f"{state_folder()}: {error.strerror}", hint="Make it writable, or start without --log."
        ) from error
    for name, level in (("fs_tui", logging.INFO), ("", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(level)
    _LOG.propagate = False
    _LOG.info("fs-tui %s, Python %s", __version__, platform.python_version())
    return handler.path


def hide(*secrets: str) -> None:
    """Let these texts never appear in the log, whoever writes them."""
    if (running := _handler()) is not None:
        running.redacting.hidden.update(secrets)


def note(event: Event) -> None:
    """Log what a gateway tells; a listener for `Gateway.listen`."""
    from fs_tui.cli.request_log import log_line
    from fs_tui.models import RequestRecord

    if isinstance(event, RequestRecord):
        _LOG.info("request %s", log_line(event))
    else:
        _LOG.info("%s", type(event).__name__)


def write_crash(error: BaseException) -> Path | None:
    """Write where the program failed: types and lines, no texts, no locals. None if it cannot."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    lines = (
        f"fs-tui {__version__}, Python {platform.python_version()}, {platform.platform()}",
        *outline(error),
    )
    try:
        path = private_state_folder() / f"crash-{stamp}-{os.getpid()}.txt"
        with os.fdopen(private_files.create(path), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    except OSError:
        return None
    return path


def outline(error: BaseException) -> Iterator[str]:
    """Yield the types of an error and of its causes, each with its places in the program."""
    seen: set[int] = set()
    waiting: list[tuple[str, BaseException]] = [("", error)]
    while waiting:
        why, one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield f"{why}{type(one).__module__}.{type(one).__qualname__}"
        for frame in traceback.extract_tb(one.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(("in it: ", below) for below in one.exceptions)
        if one.__cause__ is not None:
            waiting.append(("caused by: ", one.__cause__))
        elif one.__context__ is not None:
            waiting.append(("while handling: ", one.__context__))


def _handler() -> _File | None:
    return next((one for one in _LOG.handlers if isinstance(one, _File)), None)


class _File(logging.StreamHandler[TextIO]):
    """Appends to a private file; a large one of before is put aside."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.exists() and path.stat().st_size > _KEPT_BYTES:
            path.replace(path.with_suffix(".log.1"))
        super().__init__(os.fdopen(private_files.append(path), "a", encoding="utf-8", buffering=1))
        self.redacting = _Redacting()
        self.setFormatter(self.redacting)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Do nothing: a full disk must not end the work, nor write onto the screen."""


class _Redacting(logging.Formatter):
    """Makes one safe line of each record, whatever it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: set[str] = set()

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; of an exception only types and places."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        line = f"{stamp} {record.levelname} {record.name} {self._redacted(record)}"
        if record.exc_info and record.exc_info[1] is not None:
            line += "".join(f"\n  {place}" for place in outline(record.exc_info[1]))
        return line

    def _redacted(self, record: logging.LogRecord) -> str:
        """Return a record's message without what is, or looks like, a secret or personal data."""
        try:
            text = record.getMessage()
        except Exception as error:  # noqa: BLE001 - a library's own mistake in its arguments
            text = f"a message that cannot be formatted ({type(error).__name__})"
        if not record.name.startswith("fs_tui"):
            # asyncio, for one, says in the first line what happened, and below it shows values.
            text = text.partition("\n")[0]
        for secret in self.hidden:
            text = text.replace(secret, _REDACTED)
        text = _LONG.sub(_REDACTED, text)
        text = _NAMED.sub(rf"\1\2{_REDACTED}", text)
        return visible(text, limit=_LINE_LIMIT)
