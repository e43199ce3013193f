"""Where key and secret come from, in order; both are always from one source.

    SOURCES ──► Lookup.find ──► Credentials
       └──► --credential-source, `fs-tui doctor`, the man page

A source that is set up and does not work is an error; only one that is not set up is passed over.
A new source is one more entry of SOURCES. The command line reads them before the first frame: what
asking needs is imported when it is asked.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from fs_tui.environment import PREFIX, VARIABLES, Variable
from fs_tui.errors import CredentialError, CredentialsNotFoundError, FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fs_tui.credentials.keychain import Keychain
    from fs_tui.credentials.pair import Credentials, Pair

__all__ = ["INDEX_KEY_FILE", "SOURCES", "Lookup", "Source", "all_variables"]


class Source(NamedTuple):
    """One place that may have key and secret.

    Attributes:
        name: What it is called; `--credential-source` takes it.
        missing: Says what is not there, when it has none.
        ask: Returns what it has, with a lasting warning about where that lies, if there is one;
            None when it is not set up; raises CredentialError when it is, and does not work. None
            for one that only a person answers.
        variables: The variables that set it up.
        needs_terminal: Whether asking may put a question to the terminal.
    """

    name: str
    missing: Callable[[Lookup], str]
    ask: Callable[[Lookup], tuple[Pair, str] | None] | None
    variables: tuple[Variable, ...] = ()
    needs_terminal: Callable[[Lookup], bool] = lambda _lookup: False


class Lookup(NamedTuple):
    """One question for key and secret.

    Attributes:
        keychain: The keyring's entry for the endpoint and the profile.
        command: `credential_command` of the profile; empty when it has none.
        only: The one source to ask; empty for all in order.
        environ: The environment.
        tell: Shows what the command says on its standard error, already safe for a terminal.
        of_run: It is for the profile of this run. What variables say is for that one alone.
    """

    keychain: Keychain
    command: tuple[str, ...] = ()
    only: str = ""
    environ: Mapping[str, str] = os.environ
    tell: Callable[[str], None] = lambda _text: None
    of_run: bool = True

    def __repr__(self) -> str:
        """Without the environment, which may hold key and secret."""
        return f"<Lookup {self.keychain}>"

    def find(self) -> Credentials:
        """Return the first source's pair; blocks, at most for the deadlines of its sources.

        Raises:
            CredentialsNotFoundError: No source has one.
            CredentialError: A source is set up and does not work; see errors for its leaves.
        """
        from fs_tui.credentials.pair import Credentials

        for source in self.sources():
            if source.ask is not None and (found := source.ask(self)) is not None:
                pair, warning = found
                return Credentials(pair, source.name, warning)
        raise CredentialsNotFoundError(self._missing())

    def sources(self) -> Iterator[Source]:
        """Yield the sources that are asked, in order."""
        return (
            source
            for source in SOURCES
            if self.only in ("", source.name) and (self.of_run or not source.variables)
        )

    @property
    def needs_terminal(self) -> bool:
        """Whether the answer may have to be given at the terminal."""
        return any(source.needs_terminal(self) for source in self.sources())

    def _missing(self) -> str:
        *others, last = (source for source in self.sources() if source.ask or self.only)
        if not others:
            return last.missing(self)
        return f"not in: {', '.join(source.name for source in others)}; {last.missing(self)}"


def _from_environment(lookup: Lookup) -> tuple[Pair, str] | None:
    names = _both_set(lookup, _VARIABLES)
    if names is None:
        return None
    from fs_tui.credentials.pair import Pair

    key, secret = (lookup.environ[name] for name in names)
    return Pair.checked(key, secret, names), ""


def _from_files(lookup: Lookup) -> tuple[Pair, str] | None:
    names = _both_set(lookup, _FILES)
    if names is None:
        return None
    from fs_tui.credentials.pair import Pair
    from fs_tui.credentials.secret_file import read_secret

    try:
        key, secret = (read_secret(name, lookup.environ[name]) for name in names)
    except FileError as error:
        raise CredentialError(error.detail, hint=error.hint or None) from error
    warned: dict[str, list[str]] = {}
    for name, file in zip(names, (key, secret), strict=True):
        if file.warning:
            warned.setdefault(file.warning, []).append(name)
    # What is wrong comes first: a narrow title cuts the rest off.
    warning = "; ".join(f"{text}: {', '.join(which)}" for text, which in warned.items())
    return Pair.checked(key.text, secret.text, names), warning


def _both_set(lookup: Lookup, variables: tuple[Variable, Variable]) -> tuple[str, str] | None:
    """Return the names of two variables that are set; None when neither is."""
    key, secret = (variable.name for variable in variables)
    has_key, has_secret = bool(lookup.environ.get(key)), bool(lookup.environ.get(secret))
    if has_key != has_secret:
        given, missing = (key, secret) if has_key else (secret, key)
        raise CredentialError(
            f"{given} is set and {missing} is not; both come from one source",
            hint=f"Set {missing} too, or unset {given}.",
        )
    return (key, secret) if has_key else None


def _not_set(variables: tuple[Variable, ...]) -> str:
    names = " and ".join(variable.name for variable in variables)
    return f"{names} {'are' if len(variables) > 1 else 'is'} not set"


def _from_command(lookup: Lookup) -> tuple[Pair, str] | None:
    if not lookup.command:
        return None
    from fs_tui.credentials.command import from_command

    return from_command(lookup.command, lookup.tell), ""


def _from_keyring(lookup: Lookup) -> tuple[Pair, str] | None:
    pair = lookup.keychain.read()
    return None if pair is None else (pair, lookup.keychain.warning)


_VARIABLES = (
    Variable(f"{PREFIX}API_KEY", "The API key; goes with the secret."),
    Variable(f"{PREFIX}API_SECRET", "The API secret; goes with the key."),
)
_FILES = (
    Variable(f"{PREFIX}API_KEY_FILE", "A file of mode 0600, or a pipe, that holds the API key."),
    Variable(f"{PREFIX}API_SECRET_FILE", "The same for the API secret."),
)

INDEX_KEY_FILE = Variable(
    f"{PREFIX}INDEX_KEY_FILE",
    "A file of mode 0600, or a pipe, that holds the key of the kept indexes: 64 hex digits.",
)

SOURCES = (
    Source("environment", lambda _: _not_set(_VARIABLES), _from_environment, _VARIABLES),
    Source("file", lambda _: _not_set(_FILES), _from_files, _FILES),
    Source(
        "command",
        lambda lookup: f"the profile '{lookup.keychain.profile}' has no credential_command",
        _from_command,
        needs_terminal=lambda lookup: bool(lookup.command),
    ),
    Source(
        "keyring",
        lambda lookup: f"the keyring holds no entry '{lookup.keychain.user}'",
        _from_keyring,
        # A backend of the user's choice may ask for its password there.
        needs_terminal=lambda lookup: bool(lookup.keychain.backend),
    ),
    Source("prompt", lambda _: "they are typed at a prompt", None),
)


def all_variables() -> tuple[Variable, ...]:
    """Return every variable of our own: those of the settings, and those of the sources."""
    of_sources = (variable for source in SOURCES for variable in source.variables)
    return (*VARIABLES, *of_sources, INDEX_KEY_FILE)
