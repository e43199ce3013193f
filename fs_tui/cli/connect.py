"""Builds sessions: finds the credentials, makes the client, and keeps what is asked to be kept.

    Options ──► Settings ──► Lookup ──► Credentials ──► FaceSearchClient ──► Session
                     --demo ──► the sandbox in this process ──┘

Heavy imports and everything that may block happen in daemon threads, so that neither the first
frame nor the exit waits for them.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from fs_tui.endpoint import normalised
from fs_tui.errors import (
    CredentialsNotFoundError,
    KeyringBackendError,
    KeyringLockedError,
    KeyringMissingError,
    KeyringTimeoutError,
)
from fs_tui.gateway import Connector, ReadOnlyGateway, Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.api.client import FaceSearchClient
    from fs_tui.cli.context import Options
    from fs_tui.credentials.keychain import Keychain
    from fs_tui.credentials.pair import Credentials, Pair
    from fs_tui.credentials.sources import Lookup
    from fs_tui.gateway import Gateway
    from fs_tui.settings.options import Settings

__all__ = ["DEMO_ENDPOINT", "PreparedConnector", "connector", "keep", "keychain", "lookup"]

DEMO_ENDPOINT = "https://demo.invalid"
"""What the demo is called where an endpoint is shown: a name that can never be reached."""

T = TypeVar("T")

_NOT_THERE = (
    CredentialsNotFoundError,
    KeyringBackendError,
    KeyringLockedError,
    KeyringMissingError,
    KeyringTimeoutError,
)


class PreparedConnector(Connector, Protocol):
    """A Connector with what has to happen while the terminal is still ours."""

    def prepare(self, *, ask: bool = False) -> None:
        """Do what needs the terminal, before the screen is taken.

        It runs credential_command, and asks a keyring that the profile names, which may put its
        questions to the terminal. What it finds is used by `open`.

        Args:
            ask: Also ask for key and secret, when `--credential-source prompt` says so.

        Raises:
            CredentialError: The command failed.
        """


def connector(options: Options, settings: Settings | None = None) -> PreparedConnector:
    """Return how this run gets its session; nothing heavy is imported before `open`.

    Args:
        options: The global options.
        settings: Those of this run; loaded when not given.

    Raises:
        SettingsError: The settings cannot be used.
    """
    from fs_tui.cli import settings as cli_settings

    settings = settings or cli_settings.load(options)
    if settings.log:
        from fs_tui.cli import log

        log.start()
    if options.demo:
        return DemoConnector(settings)
    return ServiceConnector(settings, options.credential_source or "", quiet=options.quiet)


def keychain(settings: Settings) -> Keychain:
    """Return the keyring's entry for these settings."""
    from fs_tui.credentials.keychain import Keychain

    return Keychain(settings.endpoint, settings.profile, settings.keyring_backend)


def lookup(settings: Settings, only: str = "", *, quiet: bool = False) -> Lookup:
    """Return the question for key and secret for these settings."""
    from fs_tui.credentials.sources import Lookup

    question = Lookup(keychain(settings), settings.credential_command, only)
    return question if quiet else replace(question, tell=_tell)


def keep(entry: Keychain, pair: Pair) -> None:
    """Store a pair in the keyring; a locked one is unlocked first. Blocks up to 30 s.

    Raises:
        CredentialError: The keyring did not take it; see Keychain.
    """
    try:
        entry.store(pair)
    except KeyringLockedError:
        entry.unlock()
        entry.store(pair)


async def in_background(work: Callable[[], T]) -> T:
    """Await blocking work; cancelling leaves it behind in its daemon thread."""
    from fs_tui.background import start

    return await asyncio.wrap_future(start(work))


class ServiceConnector:
    """Sessions with the service of the settings.

    Args:
        settings: Of this run.
        only: The one source to ask for key and secret; empty for all in order.
        quiet: Show nothing of what credential_command says.
    """

    def __init__(self, settings: Settings, only: str, *, quiet: bool = False) -> None:
        self._settings = settings
        self._only = only
        self._lookup = lookup(settings, only, quiet=quiet)
        self._found: Credentials | None = None

    @property
    def endpoint(self) -> str:
        """The endpoint that `open` will use."""
        return self._settings.endpoint

    @property
    def profile(self) -> str:
        """The profile that `open` will use."""
        return self._settings.profile

    def prepare(self, *, ask: bool = False) -> None:
        """Do what needs the terminal; see PreparedConnector."""
        if ask and self._only == "prompt":
            from fs_tui.cli.prompt import ask_pair
            from fs_tui.credentials.pair import Credentials

            self._found = Credentials(ask_pair(self._settings), "this run")
        elif self._lookup.needs_terminal:
            try:
                self._found = self._lookup.find()
            except _NOT_THERE:
                # `open` says it again, and the connect screen can show it.
                self._found = None

    async def open(self) -> Session:
        """Find the credentials and open a gateway; see Connector."""
        return await in_background(self._open)

    def _open(self) -> Session:
        found = self._found or self._lookup.find()
        gateway = _client(self._settings, found.pair)
        return self._session(gateway, self._settings.endpoint, found.source, found.warning)

    async def connect(self, *, endpoint: str, api_key: str, api_secret: str, keep: bool) -> Session:
        """Verify typed credentials with a library list, then keep them; see Connector."""
        settings, pair = await in_background(lambda: self._typed(endpoint, api_key, api_secret))
        gateway = await in_background(lambda: _client(settings, pair))
        try:
            await gateway.libraries()
            if keep:
                await in_background(lambda: _keep(settings, pair))
        except BaseException:
            await gateway.aclose()
            raise
        if not keep:
            return self._session(gateway, settings.endpoint, "this run", "")
        warnings = [keychain(settings).warning]
        if settings.endpoint != self._settings.endpoint:
            warnings.append(
                f"kept for {settings.endpoint}: set it as endpoint of the profile "
                f"'{settings.profile}' to use it next time"
            )
        warning = "; ".join(filter(None, warnings))
        return self._session(gateway, settings.endpoint, "keyring", warning)

    async def unlock(self) -> Session:
        """Have the keyring unlocked, then open; see Connector."""
        await in_background(lambda: keychain(self._settings).unlock())
        return await self.open()

    def _typed(self, endpoint: str, api_key: str, api_secret: str) -> tuple[Settings, Pair]:
        from fs_tui.credentials.pair import Pair

        pair = Pair.checked(api_key, api_secret, ("the key", "the secret"))
        return replace(self._settings, endpoint=normalised(endpoint)), pair

    def _session(
        self, gateway: FaceSearchClient, endpoint: str, source: str, warning: str
    ) -> Session:
        warning = "; ".join(filter(None, (warning, gateway.warning)))
        lent = _lent(gateway, self._settings)
        return Session(lent, endpoint, self._settings.profile, source, warning)


class DemoConnector:
    """Sessions with the sandbox inside this process: no account, no network, no keyring."""

    endpoint = DEMO_ENDPOINT
    profile = "demo"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def prepare(self, *, ask: bool = False) -> None:
        """Nothing needs the terminal."""

    async def open(self) -> Session:
        """Open a gateway to a new sandbox.

        Raises:
            UsageError: The packages of the demo are not installed.
        """
        return await in_background(self._open)

    def _open(self) -> Session:
        from fs_tui.api.client import FaceSearchClient
        from fs_tui.cli.settings import transport_options
        from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET, build_app

        gateway = FaceSearchClient(
            DEMO_ENDPOINT,
            DEMO_API_KEY,
            DEMO_API_SECRET,
            options=transport_options(self._settings),
            asgi_app=build_app(),
        )
        return Session(_lent(gateway, self._settings), DEMO_ENDPOINT, self.profile, "demo")

    async def connect(self, *, endpoint: str, api_key: str, api_secret: str, keep: bool) -> Session:  # noqa: ARG002 - the protocol's
        """Open: the demo takes no credentials."""
        return await self.open()

    async def unlock(self) -> Session:
        """Open: the demo asks no keyring."""
        return await self.open()


def _client(settings: Settings, pair: Pair) -> FaceSearchClient:
    from fs_tui.api.client import FaceSearchClient
    from fs_tui.cli import log
    from fs_tui.cli.settings import transport_options

    log.hide(pair.api_key, pair.api_secret)
    return FaceSearchClient(
        settings.endpoint, pair.api_key, pair.api_secret, options=transport_options(settings)
    )


def _keep(settings: Settings, pair: Pair) -> None:
    keep(keychain(settings), pair)


def _lent(gateway: Gateway, settings: Settings) -> Gateway:
    """Return a gateway as a session has it: logged, and without what writes in a read-only run."""
    if settings.log:
        from fs_tui.cli import log

        gateway.listen(log.note)
    return ReadOnlyGateway(gateway) if settings.read_only else gateway


def _tell(text: str) -> None:
    """Show what credential_command says; it has been made safe."""
    sys.stderr.write(text)
    sys.stderr.flush()
