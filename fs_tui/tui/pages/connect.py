"""The first start without credentials: asks for endpoint, key and secret, and verifies them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from fs_tui.endpoint import normalised
from fs_tui.errors import (
    AuthenticationError,
    AuthorizationError,
    CredentialError,
    EndpointNotFoundError,
    FsTuiError,
    KeyringBackendError,
    KeyringLockedError,
    KeyringMissingError,
    NetworkError,
    ProtocolError,
    SettingsError,
)
from fs_tui.gateway import Session
from fs_tui.tui.forms.choice import Choice
from fs_tui.tui.forms.dialog import (
    HEIGHTS,
    TAB_BINDINGS,
    WIDTHS,
    Hint,
    OneAnswer,
    error_text,
)
from fs_tui.tui.forms.field import Field
from fs_tui.tui.forms.form import Form

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.widget import Widget

    from fs_tui.gateway import Connector

__all__ = ["Connect"]

_ASKING: tuple[Hint, ...] = (
    ("enter", "connect", "screen.submit"),
    ("tab", "next", "app.focus_next"),
    ("esc", "quit", "screen.leave"),
)
_NEEDS = (
    "It needs the API key and the API secret of a FaceSearch account: whoever manages the account "
    "has them from the service's console. Without an account, leave and run 'fs-tui --demo'."
)
_UNLOCK: Hint = ("ctrl+o", "unlock", "screen.unlock")


class Connect(OneAnswer[Session | None]):
    """Returns a verified session, or None when the user wants to leave; twice, if they typed.

    Args:
        connector: Verifies, and keeps in the keyring when that was chosen.
        reason: Why no credentials were found (usually a CredentialError).
    """

    DEFAULT_CSS = """
    Connect { align: center middle; }
    Connect .connect--needs, Connect .connect--reason { margin-bottom: 1; }
    Connect .connect--reason { color: $text-muted; }
    Connect.-low .connect--needs, Connect.-low .connect--reason { margin-bottom: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Quit", show=False),
        Binding("enter", "submit", "Connect", show=False),
        Binding("ctrl+o", "unlock", "Unlock the keyring", show=False),
        *TAB_BINDINGS,
    ]
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    AUTO_FOCUS = "#api_key Entry"

    def __init__(self, connector: Connector, reason: FsTuiError | None = None) -> None:
        super().__init__()
        self._connector = connector
        self._reason = reason
        self._locked = isinstance(reason, KeyringLockedError)
        self._endpoint = Field(
            "Endpoint",
            value=connector.endpoint,
            hint="scheme and host; the paths are added",
            check=_endpoint_problem,
            id="endpoint",
        )
        self._key = Field("API key", check=_required("the key"), id="api_key")
        self._secret = Field(
            "API secret",
            check=_required("the secret"),
            hint="shown as dots; cannot be copied",
            secret=True,
            id="api_secret",
        )
        places = [(True, "in the keyring"), (False, "this run only")]
        if isinstance(reason, (KeyringMissingError, KeyringBackendError)):
            del places[0]
        self._keep: Choice[bool] = Choice("Keep", places, id="keep")
        self._warned = False
        self._form = Form(
            "Connect to FaceSearch",
            (_UNLOCK, *_ASKING) if self._locked else _ASKING,
            (self._endpoint, self._key, self._secret, self._keep),
            self.action_submit,
        )

    def compose(self) -> ComposeResult:
        """Say what is needed and why it is asked for, then ask."""
        with self._form:
            yield Static(Content(_NEEDS), markup=False, classes="connect--needs")
            if self._reason is not None:
                yield Static(
                    Content(error_text(self._reason)), markup=False, classes="connect--reason"
                )
            yield self._endpoint
            yield self._key
            yield self._secret
            yield self._keep
            yield self._form.notice

    def on_field_changed(self, event: Field.Changed) -> None:
        """Take the mark from key and secret together: it was about the two."""
        event.stop()
        self._warned = False
        if event.field in {self._key, self._secret}:
            self._mark_pair("")

    def action_submit(self) -> None:
        """Verify what was typed, or go to the first field that has a problem."""
        if not self._form.asking and self._form.filled_in():
            self._form.ask("Verifying with a list of the libraries…", self._verify)

    def action_unlock(self) -> None:
        """Have the desktop ask for the keyring's password, where the keyring is what is missing."""
        if self._locked and not self._form.asking:
            words = "Waiting for the desktop to ask for the keyring's password…"
            self._form.ask(words, self._unlock)

    def action_leave(self) -> None:
        """Cancel the verification, or leave."""
        if self._form.asking:
            self._form.cancel("Cancelled; nothing was kept.")
        elif (self._key.value or self._secret.value) and not self._warned:
            self._warned = True
            self._form.notice.say("esc again quits, and forgets what was typed.")
        else:
            self.dismiss(None)

    async def _unlock(self) -> None:
        try:
            session = await self._connector.unlock()
        except FsTuiError as error:
            self._form.fail("unlock", error, focus=self._key)
        else:
            self.dismiss(session)

    async def _verify(self) -> None:
        try:
            session = await self._connector.connect(
                endpoint=self._endpoint.value,
                api_key=self._key.value.strip(),
                api_secret=self._secret.value.strip(),
                keep=self._keep.value,
            )
        except FsTuiError as error:
            if _is_about_the_pair(error):
                error.hint = "Correct the key or the secret, and connect again."
                self._mark_pair("the key or the secret is wrong")
            self._form.fail("connect", error)
            self._field_to_mend(error).focus()
        else:
            self.dismiss(session)

    def _mark_pair(self, problem: str) -> None:
        for field in (self._key, self._secret):
            field.say(problem)

    def _field_to_mend(self, error: FsTuiError) -> Widget:
        """Where the mistake most likely is; never a field in which the next word would be seen."""
        if isinstance(error, (NetworkError, EndpointNotFoundError, ProtocolError)):
            return self._endpoint.entry
        if isinstance(error, CredentialError):
            return self._keep
        return self._secret.entry


def _is_about_the_pair(error: FsTuiError) -> bool:
    """Whether what was typed is wrong; the hints of such errors are for a stored pair."""
    return isinstance(error, AuthenticationError) or (
        isinstance(error, AuthorizationError) and error.reason == "INVALID_SIGN"
    )


def _required(what: str) -> Callable[[str], str]:
    return lambda text: "" if text.strip() else f"{what} is needed"


def _endpoint_problem(text: str) -> str:
    try:
        normalised(text)
    except SettingsError as error:
        return error.detail
    return ""
