"""FaceSearchClient: the five calls of the service, one short method each."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from fs_tui.api import wire
from fs_tui.api.failures import forget_frames, unforeseen
from fs_tui.api.signing import Signer
from fs_tui.api.transport import PATH, Transport, TransportOptions
from fs_tui.errors import FsTuiError
from fs_tui.models import Face, FacePage, Library, LibraryDraft

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fs_tui.gateway import Listener

__all__ = ["FaceSearchClient", "create_request"]

_T = TypeVar("_T")

_DEFAULTS = TransportOptions()


class FaceSearchClient:
    """The gateway to a FaceSearch service; holds one pool of connections.

    Every method raises FsTuiError and nothing else (and CancelledError).

    Args:
        endpoint: Scheme and host, `https://api-sgp.yljz.com`; http for a loopback host only.
        api_key: Not shown by any repr, error or record.
        api_secret: The same.
        options: Deadlines, budgets, certificates.
        asgi_app: A service inside this process that is called in place of the network.

    Raises:
        SettingsError: The endpoint, a proxy variable or the certificate file cannot be used.
    """

    def __init__(
        self,
        endpoint: str,
        api_key: str,
        api_secret: str,
        *,
        options: TransportOptions = _DEFAULTS,
        asgi_app: Any = None,  # an ASGI app; its type would tie this room to one framework
    ) -> None:
        signer = Signer(api_key, api_secret, lifetime=options.sign_lifetime, clock=options.clock)
        self._transport = Transport(endpoint, signer, options, asgi_app=asgi_app)

    def __repr__(self) -> str:
        return f"<FaceSearchClient {self._transport.endpoint}>"

    @property
    def clock_offset(self) -> float | None:
        """Service time minus local time in seconds, by the newest `Date`; good to a second."""
        return self._transport.measured_offset

    @property
    def warning(self) -> str:
        """What of the environment cannot be used and was left out; empty where nothing was."""
        return self._transport.warning

    def listen(self, listener: Listener) -> None:
        """Add a listener for attempts, waits and the clock; called on the event loop."""
        self._transport.listeners.append(listener)

    async def libraries(self) -> tuple[Library, ...]:
        """All libraries of the account (page 001)."""
        return await self._call("group_list", {}, wire.libraries)

    async def library(self, group_id: str) -> Library:
        """One library's details (page 000); LibraryNotFoundError when there is none."""
        return await self._call("group_info", {"group_id": group_id}, wire.library)

    async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
        """A window of a library's faces (page 003); `start` is 1-based, `limit` 1 to 1000."""
        fields = {"group_id": group_id, "start": str(start), "limit": str(limit)}

        def page(answer: wire.Object) -> FacePage:
            faces, following = wire.faces(answer)
            request_id = wire.optional_text(answer.get("request_id"))
            return FacePage(start, limit, faces, following, request_id)

        return await self._call("list", fields, page)

    async def face(self, group_id: str, face_token: str) -> Face:
        """One face (page 002); FaceNotFoundError when it is not in this library."""
        fields = {"group_id": group_id, "face_token": face_token}
        return await self._call("face_info", fields, wire.face)

    async def create(self, draft: LibraryDraft) -> Library:
        """Create a library (page 004); sent again only where it was surely not executed.

        Raises:
            NetworkError: ConnectError and TLSError mean that nothing was sent; any other one that
                the outcome is unknown (see creation.create_library).
        """
        fields = _create_fields(draft)
        return await self._call("create", fields, wire.created, repeatable=False)

    async def aclose(self) -> None:
        """Close the connections; calls under way are cancelled."""
        # A connection that breaks while it is closed is closed.
        with suppress(Exception):
            await self._transport.aclose()

    async def _call(
        self,
        call: str,
        fields: Mapping[str, str],
        decode: Callable[[wire.Object], _T],
        *,
        repeatable: bool = True,
    ) -> _T:
        """Make one call; the last net under everything that may go wrong with it."""
        try:
            return await self._transport.call(call, fields, decode, repeatable=repeatable)
        except FsTuiError:
            raise
        except Exception as error:
            ours = unforeseen(error, self._transport.endpoint)
            forget_frames(error)
            raise ours from error


def create_request(endpoint: str, draft: LibraryDraft) -> tuple[str, dict[str, str]]:
    """Return the address and the form fields of a create, without key and sign: for a dry run."""
    return f"{endpoint}{PATH}create", _create_fields(draft)


def _create_fields(draft: LibraryDraft) -> dict[str, str]:
    fields = {"group_id": draft.group_id, "group_name": draft.group_name}
    if draft.group_data is not None:
        fields["group_data"] = draft.group_data
    if draft.model_version is not None:
        fields["model_version"] = draft.model_version
    return fields
