"""A recorded request as a curl line that holds no secret."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fs_tui.models import RequestRecord

__all__ = ["curl_line"]

_PATH = "/finauth/search/group/"
_VARIABLES = {
    "sign": "FS_TUI_SIGN",
    "api_key": "FS_TUI_API_KEY",
    "api_secret": "FS_TUI_API_SECRET",
}
"""Form fields that are never written out, and the shell variable that stands for each."""


def curl_line(record: RequestRecord, endpoint: str) -> str:
    """Return one line for a POSIX shell that sends the same form again.

    The sign is taken from the shell variable FS_TUI_SIGN. `--form-string` takes a value as it is:
    with `--form` an id that begins with `@` would send a file.

    Args:
        record: What was sent.
        endpoint: Scheme and host.
    """
    words = ["curl"]
    for name, value in record.form:
        words += ["--form-string", _argument(name, value)]
    words.append(_quoted(endpoint + _PATH + record.call))
    return " ".join(words)


def _argument(name: str, value: str) -> str:
    if variable := _VARIABLES.get(name):
        return f'"{name}=${{{variable}}}"'
    return _quoted(f"{name}={value}")


def _quoted(text: str) -> str:
    """Quote a word; control and format characters are spelled, so that a paste stays one line.

    A newline at the very end is lost: command substitution drops it.
    """
    if text.isprintable():
        return shlex.quote(text)
    spelled = "".join(
        sign if sign.isprintable() and sign not in "\\'" else _octal(sign) for sign in text
    )
    return f"\"$(printf '%b' '{spelled}')\""


def _octal(sign: str) -> str:
    return "".join(f"\\0{byte:03o}" for byte in sign.encode("utf-8", "replace"))
