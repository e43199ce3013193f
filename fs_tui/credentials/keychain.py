"""The OS keyring behind a deadline: it may be locked, stopped or absent, and never holds us up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import urlsplit

from fs_tui.background import within
from fs_tui.endpoint import PORTS
from fs_tui.errors import CredentialError, KeyringBackendError, KeyringTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable

    from fs_tui.credentials.pair import Pair

__all__ = ["CALL_SECONDS", "UNLOCK_SECONDS", "Keychain"]

CALL_SECONDS = 3.0
"""How long one reading, writing or deleting may take."""

UNLOCK_SECONDS = 30.0
"""How long a person has to type the keyring's password."""

T = TypeVar("T")


class Keychain(NamedTuple):
    """The keyring's entry for one endpoint and one profile.

    A pair that is kept for one host is never given to another.

    Every method blocks, at most for its deadline, and raises these:
        KeyringMissingError: There is no keyring in this session.
        KeyringLockedError: It is locked.
        KeyringTimeoutError: It did not answer in time.
        KeyringBackendError: The backend cannot be used, or does not do what it is asked.

    Attributes:
        endpoint: Scheme and host.
        profile: The profile's name.
        backend: A backend named in full by the profile; empty for the platform's own.
    """

    endpoint: str
    profile: str
    backend: str = ""

    @property
    def user(self) -> str:
        """The entry's user name: profile and host, with the port where it is not the scheme's."""
        return f"{self.profile}@{urlsplit(self.endpoint).netloc}"

    @property
    def index_user(self) -> str:
        """The user name of the entry beside it that holds the key of the kept indexes."""
        return f"index-key:{self.user}"

    @property
    def _users(self) -> tuple[str, ...]:
        """The names under which the pair may be kept, the present one first.

        Version 0.1 named the port whenever the endpoint had been written with it.
        """
        parts = urlsplit(self.endpoint)
        return (self.user,) if parts.port else (self.user, f"{self.user}:{PORTS[parts.scheme]}")

    @property
    def warning(self) -> str:
        """What to say for as long as this keyring is used; empty for one that protects."""
        if "plaintext" in self.backend.lower() or self.backend.startswith("keyrings.alt."):
            return f"keyring_backend {self.backend} does not protect what it keeps on disk"
        return ""

    def read(self) -> Pair | None:
        """Return the pair that is kept; None when none is. No prompt opens anywhere."""

        def work() -> str | None:
            from fs_tui.credentials import vault

            kept = (vault.read(self.backend, user) for user in self._users)
            return next((text for text in kept if text is not None), None)

        text = self._within(CALL_SECONDS, work)
        if text is None:
            return None
        # Imported in the background: the browser's first frame comes before it.
        from fs_tui.credentials.pair import Pair

        pair = Pair.from_json(text)
        if pair is None:
            raise KeyringBackendError(
                f"the entry '{self.user}' of the service 'fs-tui' was not written by fs-tui",
                hint="Store the pair again with 'fs-tui auth login'.",
            )
        return pair

    def store(self, pair: Pair) -> None:
        """Keep a pair, and read it back."""

        def work() -> None:
            from fs_tui.credentials import vault

            vault.write(self.backend, self.user, pair.to_json())

        self._within(
            CALL_SECONDS, work, "it may be stored all the same: check with 'fs-tui auth status'"
        )

    def delete(self) -> bool:
        """Remove the pair and verify that it is gone; False when there was none."""

        def work() -> bool:
            from fs_tui.credentials import vault

            # Every one of them: else the next reading would find an older pair.
            deleted = [vault.delete(self.backend, user) for user in self._users]
            return any(deleted)

        return self._within(
            CALL_SECONDS, work, "it may be gone all the same: check with 'fs-tui auth status'"
        )

    def read_index_key(self) -> str | None:
        """Return the key of the kept indexes of this entry; None when there is none."""

        def work() -> str | None:
            from fs_tui.credentials import vault

            return vault.read(self.backend, self.index_user)

        return self._within(CALL_SECONDS, work)

    def store_index_key(self, key: str) -> None:
        """Keep the key of the kept indexes, and read it back."""

        def work() -> None:
            from fs_tui.credentials import vault

            vault.write(self.backend, self.index_user, key)

        self._within(CALL_SECONDS, work)

    def delete_index_key(self) -> bool:
        """Remove the key of the kept indexes and verify that it is gone; False without one."""

        def work() -> bool:
            from fs_tui.credentials import vault

            return vault.delete(self.backend, self.index_user)

        return self._within(CALL_SECONDS, work)

    def unlock(self, seconds: float = UNLOCK_SECONDS) -> None:
        """Let the desktop ask for the keyring's password, and wait for that."""

        def work() -> None:
            from fs_tui.credentials import vault

            vault.unlock(self.backend)

        self._within(seconds, work, "it stays locked until its prompt is answered")

    def _within(self, seconds: float, work: Callable[[], T], consequence: str = "") -> T:
        try:
            return within(seconds, work)
        except CredentialError:
            raise
        except TimeoutError:
            detail = f"no answer within {seconds:g} s"
            raise KeyringTimeoutError(
                f"{detail}; {consequence}" if consequence else detail
            ) from None
        except ImportError as error:
            raise KeyringBackendError(
                f"the keyring library cannot be loaded ({type(error).__name__})"
            ) from error
