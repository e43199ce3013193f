"""A recorded request as a line with curl that holds no secret.

python3 -c '…'  ──sign, made anew──►  curl --form 'sign=<-' …

The sign goes through a pipe: an argument of curl would show it to everybody on the machine.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fs_tui.models import RequestRecord

__all__ = ["curl_line"]

_PATH = "/finauth/search/group/"

_CODE = (
    "import base64,hmac,os,secrets,time;"
    'k,s=(os.environ["FS_TUI_API_"+n]for n in("KEY","SECRET"));'
    "t=int(time.time());"
    'r=("a=%s&b=%d&c=%d&d=%d"%(k,t+100,t,secrets.randbelow(2**32))).encode();'
    'print(base64.b64encode(hmac.digest(s.encode(),r,"sha1")+r).decode(),end="")'
)
"""Section 2 of API.md, for any Python from 3.7 on."""

_SIGNED = f"python3 -Ic {shlex.quote(_CODE)} | curl --form 'sign=<-'"
"""Isolated (-I): a time.py in the folder of the shell would else be run with the secret at hand."""


def curl_line(record: RequestRecord, endpoint: str) -> str:
    """Return one line for a POSIX shell that sends the same form again, with a sign of its own.

    Key and secret are taken from the environment, where FS_TUI_API_KEY and FS_TUI_API_SECRET are
    to be. `--form-string` takes a value as it is: with `--form` an id that begins with `@` would
    send a file.

    Args:
        record: What was sent.
        endpoint: Scheme and host.
    """
    words = [_SIGNED]
    for name, value in record.form:
        if name != "sign":
            words += ["--form-string", _quoted(f"{name}={value}")]
    words.append(_quoted(endpoint + _PATH + record.call))
    return " ".join(words)


def _quoted(text: str) -> str:
    """Quote a word; control and format characters are spelled, so that a paste stays one line.

    A newline at the very end is lost: command substitution drops it.
    """
    if text.isprintable():
        return shlex.quote(text)
    spelled = "".join(
        one if one.isprintable() and one not in "\\'" else _octal(one) for one in text
    )
    return f"\"$(printf '%b' '{spelled}')\""


def _octal(character: str) -> str:
    return "".join(f"\\0{byte:03o}" for byte in character.encode("utf-8", "replace"))
