"""Where key and secret come from, in order; both are always from one source.

    --credential-source NAME      that one alone
    environment   FS_TUI_API_KEY and FS_TUI_API_SECRET
    file          FS_TUI_API_KEY_FILE and FS_TUI_API_SECRET_FILE
    command       credential_command of the profile
    keyring       the platform's own, or the backend that the profile names
    prompt        nobody has it: the user is asked, for this run only

A source that is set up and does not work is an error; only one that is not set up is passed over.
"""

from __future__ import annotations

import os
import shlex
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from fs_tui.credentials.pair import Credentials, Pair
from fs_tui.errors import CredentialError, CredentialsNotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fs_tui.credentials.keychain import Keychain

__all__ = ["KEY", "KEY_FILE", "SECRET", "SECRET_FILE", "Lookup"]

KEY, SECRET = "FS_TUI_API_KEY", "FS_TUI_API_SECRET"  # the names of variables
KEY_FILE, SECRET_FILE = f"{KEY}_FILE", f"{SECRET}_FILE"

_FILE_LIMIT = 4096


def _nowhere(_text: str) -> None:
    """Show nothing."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """One question for key and secret.

    Attributes:
        keychain: The keyring's entry for the endpoint and the profile.
        command: `credential_command` of the profile; empty when it has none.
        only: The one source to ask; empty for all in order.
        environ: The environment.
        tell: Shows what the command says on its standard error, already safe for a terminal.
    """

    keychain: Keychain
    command: tuple[str, ...] = ()
    only: str = ""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    tell: Callable[[str], None] = _nowhere

    def find(self) -> Credentials:
        """Return the first source's pair; blocks, at most for the deadlines of its sources.

        Raises:
            CredentialsNotFoundError: No source has one.
            CredentialError: A source is set up and does not work; see errors for its leaves.
        """
        for name, ask in self._sources().items():
            if self.only in ("", name) and (pair := ask()) is not None:
                warning = self.keychain.warning if name == "keyring" else ""
                return Credentials(pair, name, warning)
        raise CredentialsNotFoundError(self._missing())

    def _sources(self) -> dict[str, Callable[[], Pair | None]]:
        return {
            "environment": lambda: from_environment(self.environ),
            "file": lambda: from_files(self.environ),
            "command": self._from_command,
            "keyring": self.keychain.read,
        }

    def _from_command(self) -> Pair | None:
        if not self.command:
            return None
        from fs_tui.credentials.command import from_command

        return from_command(self.command, self.tell)

    def _missing(self) -> str:
        return {
            "environment": f"{KEY} and {SECRET} are not set",
            "file": f"{KEY_FILE} and {SECRET_FILE} are not set",
            "command": f"the profile '{self.keychain.profile}' has no credential_command",
            "keyring": f"the keyring holds no entry '{self.keychain.user}'",
            "prompt": "they are to be typed",
        }.get(
            self.only,
            f"not in the environment, in files or from a command, "
            f"and the keyring holds no entry '{self.keychain.user}'",
        )


def from_environment(environ: Mapping[str, str]) -> Pair | None:
    """Return the pair of the two variables; None when neither is set."""
    if not _both_set(environ, KEY, SECRET):
        return None
    return Pair.checked(environ[KEY], environ[SECRET], (KEY, SECRET))


def from_files(environ: Mapping[str, str]) -> Pair | None:
    """Return the pair of the two files; None when neither variable is set.

    Raises:
        CredentialError: A file is not regular, not the user's own, or open to others.
    """
    if not _both_set(environ, KEY_FILE, SECRET_FILE):
        return None
    key, secret = (_read_private(name, environ[name]) for name in (KEY_FILE, SECRET_FILE))
    return Pair.checked(key, secret, (KEY_FILE, SECRET_FILE))


def _both_set(environ: Mapping[str, str], key: str, secret: str) -> bool:
    has_key, has_secret = bool(environ.get(key)), bool(environ.get(secret))
    if has_key != has_secret:
        given, missing = (key, secret) if has_key else (secret, key)
        raise CredentialError(
            f"{given} is set and {missing} is not; both come from one source",
            hint=f"Set {missing} too, or unset {given}.",
        )
    return has_key


def _read_private(name: str, text: str) -> str:
    """Return the content of a file that nobody but its owner can read."""
    path = Path(os.path.expanduser(text))  # noqa: PTH111 - Path's raises for an unknown user
    try:
        # Without O_NONBLOCK a pipe would hold us up before it could be refused.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CredentialError(
            f"{name}: {path}: {reason}", hint=f"Correct {name}, or unset it."
        ) from error
    try:
        # The open file is what is judged: a name could be exchanged in between.
        _refuse_unless_private(name, path, os.fstat(descriptor))
        content = os.read(descriptor, _FILE_LIMIT + 1)
    finally:
        os.close(descriptor)
    if len(content) > _FILE_LIMIT:
        raise CredentialError(f"{name}: {path}: it is too large to be one", hint=_ONE_LINE)
    return content.decode("ascii", errors="replace")


_ONE_LINE = "The file holds the key or the secret in one line and nothing else."


def _refuse_unless_private(name: str, path: Path, info: os.stat_result) -> None:
    quoted = shlex.quote(str(path))
    if not stat.S_ISREG(info.st_mode):
        raise CredentialError(f"{name}: {path}: it is not a regular file", hint=_ONE_LINE)
    if not hasattr(os, "getuid"):
        return
    if info.st_uid != os.getuid():
        raise CredentialError(
            f"{name}: {path}: it belongs to another user", hint=f"Run: sudo chown $USER {quoted}"
        )
    if info.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        mode = stat.S_IMODE(info.st_mode)
        raise CredentialError(
            f"{name}: {path}: other users may use it (mode {mode:04o})",
            hint=f"Run: chmod 600 {quoted}",
        )
