"""The protocol that screens, commands and paging speak: the five calls, and nothing of HTTP.

cli  builds  ──►  Gateway (api.client.FaceSearchClient)  ──►  the service, or the sandbox
tui, faces, creation  speak  ──►  Gateway
Gateway  tells  ──►  its listener: RequestRecord, RetryWait, ClockDrift
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from fs_tui.errors import FaceNotFoundError, ReadOnlyError

if TYPE_CHECKING:
    from collections.abc import Callable

    # Not needed to draw the first frame.
    from fs_tui.models import (
        ClockDrift,
        Face,
        FacePage,
        Library,
        LibraryDraft,
        RequestRecord,
        RetryWait,
    )

__all__ = [
    "MAX_PAGE",
    "Connector",
    "Event",
    "Gateway",
    "GoneFacesGateway",
    "Listener",
    "PassingGateway",
    "ReadOnlyGateway",
    "Session",
]

MAX_PAGE = 1000
"""The most rows that one group/list may be asked for (page 003)."""

Event: TypeAlias = "RequestRecord | RetryWait | ClockDrift"
"""What a gateway tells while it works."""

Listener: TypeAlias = "Callable[[Event], None]"
"""Called on the event loop, must return at once."""


class Gateway(Protocol):
    """The five calls. Every method raises FsTuiError and nothing else (and CancelledError).

    Reads are tried again inside, within a budget, where another try can help; create never is,
    except when nothing had been sent.
    """

    def listen(self, listener: Listener) -> None:
        """Add a listener for what happens on the way."""

    async def libraries(self) -> tuple[Library, ...]:
        """All libraries of the account (page 001)."""

    async def library(self, group_id: str) -> Library:
        """One library's details (page 000); LibraryNotFoundError when there is none."""

    async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
        """A window of a library's faces (page 003); `start` is 1-based, `limit` 1 to 1000."""

    async def face(self, group_id: str, face_token: str) -> Face:
        """One face (page 002); FaceNotFoundError when it is not in this library."""

    async def create(self, draft: LibraryDraft) -> Library:
        """Create a library (page 004), sent once.

        Raises:
            NetworkError: ConnectError and TLSError mean that nothing was sent; any other one that
                the outcome is unknown (see creation.create_library).
        """

    async def aclose(self) -> None:
        """Close the connections; calls under way are cancelled."""


class PassingGateway:
    """Passes every call on to another gateway; who extends it does some of them otherwise.

    Attributes:
        service: What is called.
    """

    def __init__(self, gateway: Gateway) -> None:
        self.service = gateway

    def listen(self, listener: Listener) -> None:
        """As of Gateway; so are the others."""
        self.service.listen(listener)

    async def libraries(self) -> tuple[Library, ...]:
        return await self.service.libraries()

    async def library(self, group_id: str) -> Library:
        return await self.service.library(group_id)

    async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
        return await self.service.faces(group_id, start=start, limit=limit)

    async def face(self, group_id: str, face_token: str) -> Face:
        return await self.service.face(group_id, face_token)

    async def create(self, draft: LibraryDraft) -> Library:
        return await self.service.create(draft)

    async def aclose(self) -> None:
        await self.service.aclose()


class ReadOnlyGateway(PassingGateway):
    """Passes on the calls that read; the one that writes never leaves this process."""

    async def create(self, draft: LibraryDraft) -> Library:  # noqa: ARG002 - the protocol's
        """Refuse.

        Raises:
            ReadOnlyError: Always.
        """
        raise ReadOnlyError("libraries cannot be created")


class GoneFacesGateway(PassingGateway):
    """Passes on the calls, and tells which faces the service turns out not to have.

    Args:
        gateway: What is called.
        gone: Gets library and token; must return at once.
    """

    def __init__(self, gateway: Gateway, gone: Callable[[str, str], None]) -> None:
        super().__init__(gateway)
        self._gone = gone

    async def face(self, group_id: str, face_token: str) -> Face:
        """One face."""
        try:
            return await super().face(group_id, face_token)
        except FaceNotFoundError:
            self._gone(group_id, face_token)
            raise


def _is_ready() -> None:
    """Nothing has to be done."""


class Session(NamedTuple):
    """An open gateway and the words that the header shows about it.

    Attributes:
        gateway: Ready to be called.
        endpoint: Scheme and host, for example `https://api-sgp.yljz.com`.
        profile: The profile's name.
        source: Where key and secret came from, in words: `environment`, `keyring`, `this run`, …
        warning: A lasting warning about the source (a plaintext keyring) or the way to the service
            (NO_PROXY); empty when none.
        api_key: Of the account, for the names of what is kept of it; empty where nothing is.
        begin: Readies the gateway, where that waits for its first call.
    """

    gateway: Gateway
    endpoint: str
    profile: str
    source: str
    warning: str = ""
    api_key: str = ""
    begin: Callable[[], None] = _is_ready

    def __repr__(self) -> str:
        """Without the key."""
        return f"<Session {self.endpoint} {self.profile}>"


class Connector(Protocol):
    """How the screens get a session; built in cli, so that tui imports neither api nor keyring."""

    @property
    def endpoint(self) -> str:
        """The endpoint that `open` will use."""

    @property
    def profile(self) -> str:
        """The profile that `open` will use."""

    async def open(self) -> Session:
        """Find the credentials and open a gateway.

        Raises:
            CredentialError: There are none, or the keyring did not give them: connect screen.
            SettingsError: The settings are invalid.
        """

    async def connect(self, *, endpoint: str, api_key: str, api_secret: str, keep: bool) -> Session:
        """Verify typed credentials with a library list; `keep` stores them in the OS keyring.

        Raises:
            FsTuiError: They were refused, the service cannot be reached, or the keyring refused;
                nothing is kept then.
        """

    async def unlock(self) -> Session:
        """Have the desktop ask for the keyring's password, then open; waits up to 30 s.

        What to offer after KeyringLockedError. Cancelling gives up waiting at once.

        Raises:
            CredentialError: It stays locked, or holds nothing for this endpoint and profile.
        """
