"""Builds sessions: finds the credentials, makes the client, and keeps what is asked to be kept.

    Options ──► Settings ──► Lookup ──► Credentials ──► FaceSearchClient ──► Session
                     --demo ──► the sandbox in this process ──┘

Heavy imports and everything that may block happen in daemon threads, so that neither the first
frame nor the exit waits for them.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from fs_tui.endpoint import normalised
from fs_tui.errors import (
    CredentialError,
    CredentialsNotFoundError,
    KeyringBackendError,
    KeyringLockedError,
    KeyringMissingError,
    KeyringTimeoutError,
)
from fs_tui.gateway import ReadOnlyGateway, Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.api.client import FaceSearchClient
    from fs_tui.api.late_client import LateClient
    from fs_tui.cli.context import Options
    from fs_tui.credentials.keychain import Keychain
    from fs_tui.credentials.pair import Credentials, Pair
    from fs_tui.credentials.sources import Lookup
    from fs_tui.settings.options import Settings

__all__ = [
    "DEMO_ENDPOINT",
    "PreparedConnector",
    "connector",
    "keychain",
    "lookup",
    "other_connector",
]

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


PreparedConnector: TypeAlias = "ServiceConnector | DemoConnector"
"""A Connector with what has to happen while the terminal is still ours."""


def connector(
    options: Options, settings: Settings | None = None, *, is_late: bool = False
) -> PreparedConnector:
    """Return how this run gets its session; nothing heavy is imported before `open`.

    Args:
        options: The global options.
        settings: Those of this run; loaded when not given.
        is_late: The service may be called later than something is shown.

    Raises:
        SettingsError: The settings are invalid.
    """
    from fs_tui.cli import settings as cli_settings

    settings = settings or cli_settings.load(options)
    if settings.log:
        from fs_tui.cli import log

        log.start()
    if options.demo:
        return DemoConnector(settings)
    only = options.credential_source or ""
    return ServiceConnector(settings, only, quiet=options.quiet, is_late=is_late)


def other_connector(options: Options, settings: Settings) -> PreparedConnector:
    """Return how this run gets a session of another profile, which has credentials of its own.

    Args:
        options: The global options.
        settings: Those of the profile.
    """
    return ServiceConnector(settings, "", quiet=options.quiet, of_run=False)


def keychain(settings: Settings) -> Keychain:
    """Return the keyring's entry for these settings."""
    from fs_tui.credentials.keychain import Keychain

    return Keychain(settings.endpoint, settings.profile, settings.keyring_backend)


def lookup(
    settings: Settings, only: str = "", *, quiet: bool = False, of_run: bool = True
) -> Lookup:
    """Return the question for key and secret for these settings."""
    from fs_tui.credentials.sources import Lookup

    question = Lookup(keychain(settings), settings.credential_command, only, of_run=of_run)
    return question if quiet else question._replace(tell=_tell)


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
        of_run: The settings are those of this run's own profile.
        is_late: The client may be made when it is first called (see LateClient).
    """

    def __init__(
        self,
        settings: Settings,
        only: str,
        *,
        quiet: bool,
        of_run: bool = True,
        is_late: bool = False,
    ) -> None:
        self.endpoint, self.profile = settings.endpoint, settings.profile
        self.settings = settings
        self._only = only
        self._of_run = of_run
        self._is_late = is_late
        self._lookup = lookup(settings, only, quiet=quiet, of_run=of_run)
        self._found: Credentials | None = None

    def prepare(self, *, ask: bool = False) -> None:
        """Do what needs the terminal, before the screen is taken.

        It runs credential_command, and asks a keyring that the profile names, which may put its
        questions to the terminal. What it finds is used by `open`.

        Args:
            ask: Also ask for key and secret, when `--credential-source prompt` says so.

        Raises:
            CredentialError: The command failed.
        """
        if ask and self._only == "prompt":
            from fs_tui.cli.prompt import ask_pair
            from fs_tui.credentials.pair import Credentials

            self._found = Credentials(ask_pair(self.settings), "this run")
        elif self._lookup.needs_terminal:
            try:
                self._found = self._find()
            except _NOT_THERE:
                # `open` says it again, and the connect screen can show it.
                self._found = None

    async def open(self) -> Session:
        """Find the credentials and open a gateway; see Connector."""
        return await in_background(self._open)

    def _open(self) -> Session:
        found = self._found or self._find()

        def session(client: FaceSearchClient | LateClient) -> Session:
            key = found.pair.api_key
            return _session(self.settings, client, found.source, found.warning, key)

        if self._is_late and self.settings.ca_bundle is None:
            from fs_tui.api.late_client import LateClient, is_sure

            if is_sure():
                client = LateClient(lambda: _client(self.settings, found.pair))
                return session(client)._replace(begin=client.begin)
        return session(_client(self.settings, found.pair))

    def _find(self) -> Credentials:
        try:
            return self._lookup.find()
        except CredentialError as error:
            if self._of_run:
                raise
            # The usual hints are for this run's own profile.
            raise CredentialError(
                f"profile '{self.profile}': {error}",
                hint=f"Run 'fs-tui --profile {self.profile} auth login', or set its"
                " credential_command: environment and files serve this run's own profile only.",
            ) from error

    async def connect(self, *, endpoint: str, api_key: str, api_secret: str, keep: bool) -> Session:
        """Verify typed credentials with a library list, then keep them; see Connector."""
        settings, pair = await in_background(lambda: self._typed(endpoint, api_key, api_secret))
        client = await in_background(lambda: _client(settings, pair))
        try:
            await client.libraries()
            if keep:
                await in_background(lambda: _keep(keychain(settings), pair))
        except BaseException:
            await client.aclose()
            raise
        if not keep:
            return _session(settings, client, "this run", api_key=api_key)
        warning = keychain(settings).warning
        if settings.endpoint != self.endpoint:
            elsewhere = (
                f"kept for {settings.endpoint}: set it as endpoint of the profile "
                f"'{settings.profile}' to use it next time"
            )
            warning = _joined(warning, elsewhere)
        return _session(settings, client, "keyring", warning, api_key)

    async def unlock(self) -> Session:
        """Have the keyring unlocked, then open; see Connector."""
        await in_background(lambda: keychain(self.settings).unlock())
        return await self.open()

    def _typed(self, endpoint: str, api_key: str, api_secret: str) -> tuple[Settings, Pair]:
        from fs_tui.credentials.pair import Pair

        pair = Pair.checked(api_key, api_secret, ("the key", "the secret"))
        return self.settings._replace(endpoint=normalised(endpoint)), pair


class DemoConnector:
    """Sessions with the sandbox inside this process: no account, no network, no keyring."""

    endpoint = DEMO_ENDPOINT
    profile = "demo"

    def __init__(self, settings: Settings) -> None:
        self.settings = settings._replace(endpoint=self.endpoint, profile=self.profile)

    def prepare(self, *, ask: bool = False) -> None:
        """Nothing needs the terminal."""

    async def open(self) -> Session:
        """Open a gateway to a new sandbox.

        Raises:
            UsageError: The packages of the demo are not installed.
        """
        return await in_background(self._open)

    def _open(self) -> Session:
        from fs_tui.credentials.pair import Pair
        from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET, build_app

        client = _client(self.settings, Pair(DEMO_API_KEY, DEMO_API_SECRET), build_app())
        return _session(self.settings, client, "demo")

    async def connect(self, *, endpoint: str, api_key: str, api_secret: str, keep: bool) -> Session:  # noqa: ARG002 - the protocol's
        """Open: the demo takes no credentials."""
        return await self.open()

    async def unlock(self) -> Session:
        """Open: the demo asks no keyring."""
        return await self.open()


def _client(settings: Settings, pair: Pair, asgi_app: object = None) -> FaceSearchClient:
    from fs_tui.api.client import FaceSearchClient
    from fs_tui.cli.settings import transport_options

    options = transport_options(settings)
    if settings.log:
        from fs_tui.cli import log

        log.hide(pair.api_key, pair.api_secret)
    return FaceSearchClient(
        settings.endpoint, pair.api_key, pair.api_secret, options=options, asgi_app=asgi_app
    )


def _session(
    settings: Settings,
    client: FaceSearchClient | LateClient,
    source: str,
    warning: str = "",
    api_key: str = "",
) -> Session:
    """Return a session: logged, and without what writes in a read-only run."""
    if settings.log:
        from fs_tui.cli import log

        client.listen(log.note)
    gateway = ReadOnlyGateway(client) if settings.read_only else client
    warning = _joined(warning, client.warning)
    return Session(gateway, settings.endpoint, settings.profile, source, warning, api_key)


def _joined(*warnings: str) -> str:
    return "; ".join(filter(None, warnings))


def _keep(entry: Keychain, pair: Pair) -> None:
    """Store a pair in the keyring; a locked one is unlocked first. Blocks up to 30 s.

    Raises:
        CredentialError: The keyring did not take it; see Keychain.
    """
    try:
        entry.store(pair)
    except KeyringLockedError:
        entry.unlock()
        entry.store(pair)


def _tell(text: str) -> None:
    """Show what credential_command says; it has been made safe."""
    sys.stderr.write(text)
    sys.stderr.flush()
