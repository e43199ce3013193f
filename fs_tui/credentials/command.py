"""Runs credential_command: a program that prints key and secret."""

from __future__ import annotations

import codecs
import json
import os
import subprocess
import time
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from typing import TYPE_CHECKING

from fs_tui import environment
from fs_tui.credentials.pair import Pair
from fs_tui.errors import CredentialError
from fs_tui.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["SECONDS", "from_command"]

SECONDS = 30.0
"""How long the command may take; it may have to ask a person."""

_ANSWER_LIMIT = 65_536
"""Bytes; also what a pipe holds, so that one reading empties it."""

_TICK = 0.05
"""Seconds after which it is looked whether the process has ended."""

_GRACE = 1.0
"""Seconds that it has to end after its answer; its status is not known before."""


def from_command(
    command: Sequence[str], tell: Callable[[str], None], *, seconds: float = SECONDS
) -> Pair:
    """Run a program without a shell and return the pair that it prints as JSON.

    Its standard input is ours, so that it can ask at the terminal. Its answer is there when it
    has ended or has printed a whole JSON object: what it leaves behind is not waited for.

    Args:
        command: The program and its arguments.
        tell: Gets what it writes to standard error as it comes, safe for a terminal.
        seconds: The deadline for all of it.

    Raises:
        CredentialError: It cannot be started, fails, takes too long or prints something else.
    """
    name = f"credential_command '{command[0]}'"
    try:
        printed, status = _run(command, tell, time.monotonic() + seconds)
    except TimeoutError:
        raise CredentialError(f"{name}: no answer within {seconds:g} s", hint=_HINT) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise CredentialError(f"{name}: {reason}", hint=_HINT) from error
    if status:
        raise CredentialError(f"{name}: it ended with status {status}", hint=_HINT)
    pair = Pair.from_object(_object(printed)) if len(printed) <= _ANSWER_LIMIT else None
    if pair is None:
        raise CredentialError(f"{name}: it did not print a key and a secret", hint=_FORM)
    return Pair.checked(
        pair.api_key, pair.api_secret, (f"api_key of {name}", f"api_secret of {name}")
    )


_HINT = "Run the command by hand, and correct credential_command in the profile."
_FORM = """It prints one JSON object: {"api_key": "…", "api_secret": "…"}."""


def _run(
    command: Sequence[str], tell: Callable[[str], None], end: float
) -> tuple[bytes, int | None]:
    """Return what a program prints, and its status; None when it has answered and goes on."""
    with subprocess.Popen(  # noqa: S603 - the user's own configuration, without a shell
        list(command),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment.for_children(),
    ) as process:
        try:
            printed = _listen(process, tell, end)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE)
            return printed, process.poll()
        finally:
            process.kill()


def _listen(process: subprocess.Popen[bytes], tell: Callable[[str], None], end: float) -> bytes:
    """Return what it has printed when it has ended, or printed a whole object or far too much.

    The ends of its pipes are not waited for: a child that it leaves behind keeps them open.
    """
    printed = bytearray()
    decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
    with DefaultSelector() as selector:
        for stream in filter(None, (process.stdout, process.stderr)):
            selector.register(stream, EVENT_READ)
        while True:
            # What it wrote before it ended can be read in one go then.
            ended = process.poll() is not None
            left = end - time.monotonic()
            if not ended and left <= 0:
                raise TimeoutError
            for key, _ in selector.select(0 if ended else min(_TICK, left)):
                piece = os.read(key.fd, _ANSWER_LIMIT)
                if not piece:
                    selector.unregister(key.fileobj)
                elif key.fileobj is process.stdout:
                    printed += piece
                else:
                    # As it comes, a question at a line's end included.
                    tell("\n".join(visible(line) for line in decode(piece).split("\n")))
            if ended or len(printed) > _ANSWER_LIMIT or _object(printed) is not None:
                return bytes(printed)


def _object(printed: bytes | bytearray) -> dict[str, object] | None:
    """Return the JSON object that an output begins with; None while there is no whole one."""
    text = printed.decode("utf-8-sig", errors="replace").lstrip()
    try:
        found, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
