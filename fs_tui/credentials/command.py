"""Runs credential_command: a program that prints key and secret."""

from __future__ import annotations

import codecs
import os
import subprocess
import time
from typing import IO, TYPE_CHECKING

from fs_tui.background import start
from fs_tui.credentials.pair import Pair
from fs_tui.errors import CredentialError
from fs_tui.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["SECONDS", "from_command"]

SECONDS = 30.0
"""How long the command may take; it may have to ask a person."""

_ANSWER_LIMIT = 65_536
_CHUNK = 4096


def from_command(
    command: Sequence[str], tell: Callable[[str], None], *, seconds: float = SECONDS
) -> Pair:
    """Run a program without a shell and return the pair that it prints as JSON.

    Its standard input is ours, so that it can ask at the terminal.

    Args:
        command: The program and its arguments.
        tell: Gets what it writes to standard error as it comes, safe for a terminal.
        seconds: The deadline for all of it.

    Raises:
        CredentialError: It cannot be started, fails, takes too long or prints something else.
    """
    name = f"credential_command '{command[0]}'"
    end = time.monotonic() + seconds
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own configuration, without a shell
            list(command), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise CredentialError(f"{name}: {reason}", hint=_HINT) from error
    assert process.stdout is not None  # noqa: S101 - tells the type checker
    assert process.stderr is not None  # noqa: S101 - the same
    output, messages = process.stdout, process.stderr
    answer = start(lambda: _read(output))
    relay = start(lambda: _relay(messages, tell))
    try:
        printed = answer.result(end - time.monotonic())
        status = process.wait(max(0, end - time.monotonic()))
        relay.result(max(0, end - time.monotonic()))
    except (TimeoutError, subprocess.TimeoutExpired):
        raise CredentialError(f"{name}: no answer within {seconds:g} s", hint=_HINT) from None
    finally:
        process.kill()
        process.wait()
    if status:
        raise CredentialError(f"{name}: it ended with status {status}", hint=_HINT)
    pair = Pair.from_json(printed) if len(printed) <= _ANSWER_LIMIT else None
    if pair is None:
        raise CredentialError(f"{name}: it did not print a key and a secret", hint=_FORM)
    return Pair.checked(
        pair.api_key, pair.api_secret, (f"api_key of {name}", f"api_secret of {name}")
    )


_HINT = "Run the command by hand, and correct credential_command in the profile."
_FORM = """It prints one JSON object: {"api_key": "…", "api_secret": "…"}."""


def _read(stream: IO[bytes]) -> bytes:
    with stream:
        return stream.read(_ANSWER_LIMIT + 1)


def _relay(stream: IO[bytes], tell: Callable[[str], None]) -> None:
    """Show what comes as it comes, question marks at a line's end included."""
    decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
    with stream:
        while chunk := os.read(stream.fileno(), _CHUNK):
            tell("\n".join(visible(line) for line in decode(chunk).split("\n")))
