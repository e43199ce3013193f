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
    from fs_tui.credentials.vault import Vault

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

        def first(vault: Vault) -> str | None:
            return next((kept for kept in map(vault.read, self._users) if kept is not None), None)

        text = self._ask(first)
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
        late = "it may be stored all the same: check with 'fs-tui auth status'"
        self._ask(lambda vault: vault.write(self.user, pair.to_json()), late)

    def delete(self) -> bool:
        """Remove the pair and verify that it is gone; False when there was none."""
        late = "it may be gone all the same: check with 'fs-tui auth status'"
        # Every one of them: else the next reading would find an older pair.
        return any(self._ask(lambda vault: [vault.delete(user) for user in self._users], late))

    def read_index_key(self) -> str | None:
        """Return the key of the kept indexes of this entry; None when there is none."""
        return self._ask(lambda vault: vault.read(self.index_user))

    def store_index_key(self, key: str) -> None:
        """Keep the key of the kept indexes, and read it back."""
        self._ask(lambda vault: vault.write(self.index_user, key))

    def delete_index_key(self) -> bool:
        """Remove the key of the kept indexes and verify that it is gone; False without one."""
        return self._ask(lambda vault: vault.delete(self.index_user))

    def unlock(self, seconds: float = UNLOCK_SECONDS) -> None:
        """Let the desktop ask for the keyring's password, and wait for that."""
        self._ask(
            lambda vault: vault.unlock(), "it stays locked until its prompt is answered", seconds
        )

    def _ask(
        self, question: Callable[[Vault], T], late: str = "", seconds: float = CALL_SECONDS
    ) -> T:
        """Ask the keyring; what is to be said where it answers too late is up to who asks."""

        def work() -> T:
            # The library is imported in the thread that has a deadline.
            from fs_tui.credentials.vault import Vault

            return question(Vault(self.backend))

        try:
            return within(seconds, work)
        except CredentialError:
            raise
        except TimeoutError:
            detail = f"no answer within {seconds:g} s"
            raise KeyringTimeoutError(f"{detail}; {late}" if late else detail) from None
        except ImportError as error:
            raise KeyringBackendError(
                f"the keyring library cannot be loaded ({type(error).__name__})"
            ) from error
